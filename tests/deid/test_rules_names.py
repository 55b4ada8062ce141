from __future__ import annotations

import pytest

from pipeline.deid.rules import RulesAnnotator
from tests.deid.finding import find


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("Seen by Dr. Quill today.", "DOCTOR", "Quill"),
        ("d/w dr desai re: plan", "DOCTOR", "desai"),
        ("d/w dr hand re: plan", "DOCTOR", "hand"),
        ("DR. WENDELBORN WAS PAGED", "DOCTOR", "WENDELBORN"),
        ("Dr. Meilin O'Dell-Vega agrees.", "DOCTOR", "Meilin O'Dell-Vega"),
        ("Dr. Luis de la Cruz agrees.", "DOCTOR", "Luis de la Cruz"),
        ("Dr. Will Farrow agrees.", "DOCTOR", "Will Farrow"),
        ("Dr. Quill's note", "DOCTOR", "Quill"),
        ("Nurse Adebayo gave it.", "DOCTOR", "Adebayo"),
        ("Report to Ada Quill, RN.", "DOCTOR", "Ada Quill"),
        ("Bo K. Farrow MD\n", "DOCTOR", "Bo K. Farrow"),
        ("Electronically signed by Ada Quill", "DOCTOR", "Ada Quill"),
        ("Attending: Nowicka, Bo J.\n", "DOCTOR", "Nowicka, Bo J."),
        ("cc: Ngozi Farrow", "DOCTOR", "Ngozi Farrow"),
        ("Mrs. Trinh was tearful.", "PATIENT", "Trinh"),
        ("mr. trinh was tearful", "PATIENT", "trinh"),
        ("Ms. Rose Wing left.", "PATIENT", "Rose Wing"),
        ("Pt Name: Eloise Farrow", "PATIENT", "Eloise Farrow"),
        ("PATIENT: FARROW, ELOISE M.", "PATIENT", "FARROW, ELOISE M."),
        ("Patient Name . . . . FARROW, ELOISE", "PATIENT", "FARROW, ELOISE"),
        ("Her daughter Latoya drove.", "PATIENT", "Latoya"),
        ("spoke w/ daughter latoya", "PATIENT", "latoya"),
        ("His wife, Irenka, called.", "PATIENT", "Irenka"),
        ("sister May is here", "PATIENT", "May"),
        ("FARROW, ELOISE   71 kg", "PATIENT", "FARROW, ELOISE"),
        ("P. Venkatesan", "DOCTOR", "P. Venkatesan"),
        ('Name: Ignacio "Nacho" Farrow', "PATIENT", 'Ignacio "Nacho" Farrow'),
        ("Deputy Brandt was there.", "PATIENT", "Brandt"),
        ("list printed, sign RZ", "DOCTOR", "RZ"),
        ("site marked by QTH\n", "DOCTOR", "QTH"),
    ],
)
def test_finds_names_by_form_and_cue(
    rules: RulesAnnotator, text: str, label: str, name: str
) -> None:
    assert find(rules, text) == [(label, name)]


@pytest.mark.parametrize(
    "text",
    [
        "Parkinson disease, Crohn's, Hodgkin lymphoma",
        "Babinski down, Romberg negative",
        "Foley catheter to gravity",
        "Swan-Ganz catheter, Bair Hugger",
        "Wilson disease and Bell's palsy",
        "Murphy's sign and McBurney's point",
        "Dr. to see in the morning, MD aware",
        "RN notified, MD at bedside",
        "wife states he fell; daughter at bedside",
        "Patient: stable. Attending: aware.",
        "will follow, may need it, drew labs",
        "mother very upset",
        "E. coli and S. aureus grew; C. difficile negative",
        "R. Hand x-ray, L. Foot film",
        "ms contin 30 mg",
        "PT consulted, OT to follow, SW aware",
        "DO NOT GIVE, NPO AFTER MIDNIGHT",
        "Sister Mary Joseph node",
        "Allergies: Penicillin, Sulfa",
        "signed consent in chart",
    ],
)
def test_leaves_eponyms_and_words_alone(rules: RulesAnnotator, text: str) -> None:
    assert find(rules, text) == []


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("a 67-year-old woman", "67"),
        ("67 yo F", "67"),
        ("67 y.o. male", "67"),
        ("67yoM", "67"),
        ("92F here", "92"),
        ("M/67", "67"),
        ("Age: 67", "67"),
        ("AGE..: 67", "67"),
        ("aged 4", "4"),
        ("in his early 90s", "early 90s"),
        ("in her mid-40s", "40s"),
        ("a 3 day old boy", "3"),
        ("18-month-old", "18"),
        ("sixty-two y/o", "sixty-two"),
        ("twelve-year-old", "twelve"),
        ("father died at 58", "58"),
        ("brother (44) well", "44"),
    ],
)
def test_marks_only_the_digits_or_words_of_an_age(
    rules: RulesAnnotator, text: str, age: str
) -> None:
    assert find(rules, text) == [("AGE", age)]


@pytest.mark.parametrize(
    "text",
    [
        "16 F catheter",
        "temp 99 F",
        "walked 40 m",
        "HR in the 90s",
        "3 days of fever",
        "for 10 years",
        "q 2 y",
        "100/60 m",
    ],
)
def test_leaves_other_amounts_alone(rules: RulesAnnotator, text: str) -> None:
    assert [f for f in find(rules, text) if f[0] == "AGE"] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12 Elm St, Apt 4", [("STREET", "12 Elm St, Apt 4")]),
        ("1500 East Harbor Street", [("STREET", "1500 East Harbor Street")]),
        ("PO Box 412", [("STREET", "PO Box 412")]),
        ("RR 3 Box 46", [("STREET", "RR 3 Box 46")]),
        ("lives on Quarry Gap Road", [("STREET", "Quarry Gap Road")]),
        (
            "Springfield, IL 62704",
            [("CITY", "Springfield"), ("STATE", "IL"), ("ZIP", "62704")],
        ),
        ("Barre, Vermont", [("CITY", "Barre"), ("STATE", "Vermont")]),
        ("moved here from Hope, MD", [("CITY", "Hope"), ("STATE", "MD")]),
        ("dictated by Hope, MD", [("DOCTOR", "Hope")]),
        ("moved to Tucson", [("CITY", "Tucson")]),
        ("from Kenya", [("COUNTRY", "Kenya")]),
        ("born in Ohio", [("STATE", "Ohio")]),
        ("in Alder County", [("LOCATION-OTHER", "Alder County")]),
        ("Rm 512B", [("LOCATION-OTHER", "Rm 512B")]),
        ("to trauma bay 2", [("LOCATION-OTHER", "trauma bay 2")]),
        ("at Larkway Bridge", [("LOCATION-OTHER", "Larkway Bridge")]),
        ("RN at Quarry Hill Women's Health", [("HOSPITAL", "Quarry Hill Women's Health")]),
        ("she is an ICU nurse", [("PROFESSION", "ICU nurse")]),
        ("at Larch Knoll Medical Center", [("HOSPITAL", "Larch Knoll Medical Center")]),
        ("LARCH KNOLL HOSPITAL", [("HOSPITAL", "LARCH KNOLL HOSPITAL")]),
        ("works at Walgreens", [("ORGANIZATION", "Walgreens")]),
        ("at Larkfield Middle School", [("ORGANIZATION", "Larkfield Middle School")]),
        ("a school bus driver", [("PROFESSION", "school bus driver")]),
        ("Occupation: apple farmer", [("PROFESSION", "apple farmer")]),
    ],
)
def test_finds_places_and_occupations(
    rules: RulesAnnotator, text: str, found: list[tuple[str, str]]
) -> None:
    assert find(rules, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "the Pain Clinic and the Emergency Department",
        "Outpatient Surgery Center",
        "Coumadin Clinic follow up",
        "New York Heart Association class II",
        "Minnesota tube and Boston bivalve",
        "needle driver and laser operator",
        "circle of Willis",
        "2 puffs dr ordered",
        "Ann Arbor stage II",
        "room air, room temperature",
        "in Trendelenburg, from Lasix to Bumex",
        "St elevation, ST. changes",
        "Jane was told, MD",
    ],
)
def test_leaves_departments_and_devices_alone(rules: RulesAnnotator, text: str) -> None:
    assert find(rules, text) == []
