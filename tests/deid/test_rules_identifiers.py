from __future__ import annotations

import pytest

from pipeline.deid.rules import RulesAnnotator
from pipeline.deid.rules.identifiers import (
    has_dea_checksum,
    has_npi_checksum,
)
from pipeline.deid.rules.vehicles import has_vin_checksum
from tests.deid.finding import find


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("MRN 4482139, seen", "MEDICALRECORD", "4482139"),
        ("MRN: 00-52-81-36.", "MEDICALRECORD", "00-52-81-36"),
        ("Med Rec # A7031182", "MEDICALRECORD", "A7031182"),
        ("MR#: H-7714X", "MEDICALRECORD", "H-7714X"),
        ("chart no. AB-1234", "MEDICALRECORD", "AB-1234"),
        ("Pt ID: KV-30418", "MEDICALRECORD", "KV-30418"),
        ("SSN 123-45-6789", "SSN", "123-45-6789"),
        ("ssn xxx-xx-6789", "SSN", "xxx-xx-6789"),
        ("SS# 123456789", "SSN", "123456789"),
        ("last four of SSN 6789", "SSN", "6789"),
        ("acct 0044-771", "ACCOUNT", "0044-771"),
        ("FIN 311820946", "ACCOUNT", "311820946"),
        ("member ID QRA310826604", "HEALTHPLAN", "QRA310826604"),
        ("policy ZC-118-8841", "HEALTHPLAN", "ZC-118-8841"),
        ("Medicare 1EG4-TE5-MK72", "HEALTHPLAN", "1EG4-TE5-MK72"),
        ("NPI 1234567893", "LICENSE", "1234567893"),
        ("DEA AB1234563", "LICENSE", "AB1234563"),
        ("Lic. 073318", "LICENSE", "073318"),
        ("S/N BQ20F1183", "DEVICE", "BQ20F1183"),
        ("lot 81F40K implanted", "DEVICE", "81F40K"),
        ("VIN 1HGCM82633A004352", "VEHICLE", "1HGCM82633A004352"),
        ("plate ABC 1234 outside", "VEHICLE", "ABC 1234"),
        ("in a blue Corolla QZB 347 today", "VEHICLE", "QZB 347"),
        ("tail N308QX landed", "VEHICLE", "N308QX"),
        ("questions to p31209", "PHONE", "31209"),
        ("nurse x4-3306", "PHONE", "4-3306"),
        ("fingerprint card FP-2277-0841", "BIOID", "FP-2277-0841"),
        ("accession S20-40316", "IDNUM", "S20-40316"),
        ("case # 20-1187", "IDNUM", "20-1187"),
        ("job 6610482 dictated", "IDNUM", "6610482"),
        ("specimen MR19-7021 sent", "IDNUM", "MR19-7021"),
        ("bed 12 is clean", "IDNUM", "12"),
        ("bed 9-A is clean", "IDNUM", "9-A"),
        ("unit W0507 22 118204 hung", "IDNUM", "W0507 22 118204"),
        ("call 555-201-0143", "PHONE", "555-201-0143"),
        ("call (555) 201-0143 now", "PHONE", "(555) 201-0143"),
        ("cell 555.201.0143", "PHONE", "555.201.0143"),
        ("555-201-0143", "PHONE", "555-201-0143"),
        ("ph 201-0143", "PHONE", "201-0143"),
        ("pager 4471", "PHONE", "4471"),
        ("ext. 2218", "PHONE", "2218"),
        ("+44 20 7946 0143", "PHONE", "+44 20 7946 0143"),
        ("fax 555-201-0144", "FAX", "555-201-0144"),
        ("F 555.201.0144", "FAX", "555.201.0144"),
        ("mail a.quill+x@mail.example.org.", "EMAIL", "a.quill+x@mail.example.org"),
        ("see https://portal.example.org/x?y=1.", "URL", "https://portal.example.org/x?y=1"),
        ("see www.example.org/a", "URL", "www.example.org/a"),
        ("from 10.20.30.40 at", "IPADDR", "10.20.30.40"),
        ("from fe80::1c2b:77ff at", "IPADDR", "fe80::1c2b:77ff"),
        ("user: aquill2", "USERNAME", "aquill2"),
        ("printed by aquill2", "USERNAME", "aquill2"),
    ],
)
def test_finds_identifiers_by_their_cues(
    rules: RulesAnnotator, text: str, label: str, value: str
) -> None:
    assert find(rules, text) == [(label, value)]


@pytest.mark.parametrize(
    "text",
    [
        "MR of the lumbar spine",
        "chart reviewed in full",
        "dlp 911 and kvp 120",
        "CPT 93295, ICD-10 I25.10, NDC 0169-4132-12",
        "6 Fr sheath, 20 g needle, size 8 shoe",
        "1500 mL over 2 h, 0.9% NS at 125",
        "lot of pain, tagged cells",
        "plate was applied with screws",
        "bed rest, chair for meals, bed alarm on",
        "PT 12.3, INR 1.1, PTT 28",
        "range 4.5-11.0 and 150-400",
        "template was drawn, iris normal",
        "policy discussed; group therapy 2 times",
        "case was complicated",
        "version 9.8.4",
        "CD4 210, B12 400, T12 fracture",
    ],
)
def test_leaves_clinical_numbers_alone(rules: RulesAnnotator, text: str) -> None:
    assert find(rules, text) == []


def test_check_digits() -> None:
    assert has_npi_checksum("1234567893")
    assert not has_npi_checksum("1234567890")
    assert has_dea_checksum("AB1234563")
    assert not has_dea_checksum("AB1234564")
    assert has_vin_checksum("1HGCM82633A004352")
    assert not has_vin_checksum("1HGCM82634A004352")
