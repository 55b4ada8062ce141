"""The labels of PHI."""

from __future__ import annotations

from typing import Final

LABELS: Final = (
    "PATIENT",
    "DOCTOR",
    "USERNAME",
    "PROFESSION",
    "HOSPITAL",
    "ORGANIZATION",
    "STREET",
    "CITY",
    "STATE",
    "COUNTRY",
    "ZIP",
    "LOCATION-OTHER",
    "AGE",
    "DATE",
    "PHONE",
    "FAX",
    "EMAIL",
    "URL",
    "IPADDR",
    "SSN",
    "MEDICALRECORD",
    "HEALTHPLAN",
    "ACCOUNT",
    "LICENSE",
    "VEHICLE",
    "DEVICE",
    "BIOID",
    "IDNUM",
)
"""The labels of the 2014 i2b2/UTHealth shared task (Stubbs and Uzuner 2015), which refine the
eighteen identifiers of HIPAA's Safe Harbor (45 CFR 164.514(b)(2)); for us PATIENT are relatives and
friends too."""

NAMES: Final = ("PATIENT", "DOCTOR")
"""The labels of people's names."""
