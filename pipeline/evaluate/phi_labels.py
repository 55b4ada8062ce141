"""The labels of other corpora and tools for PHI in terms of ours, which are i2b2-2014's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pipeline.deid.labels import LABELS

I2B2_LABELS: Final[Mapping[str, str]] = {
    "DEPARTMENT": "HOSPITAL",
    "ROOM": "LOCATION-OTHER",
    "LOCATION": "LOCATION-OTHER",
    "LOCATION_OTHER": "LOCATION-OTHER",
    "NAME": "PATIENT",
    "ID": "IDNUM",
}
"""Types in i2b2's XML that aren't ours already."""

PRESIDIO_LABELS: Final[Mapping[str, str]] = {
    "PERSON": "PATIENT",
    "FIRST_NAME": "PATIENT",
    "LAST_NAME": "PATIENT",
    "GPE": "CITY",
    "LOCATION": "LOCATION-OTHER",
    "LOC": "LOCATION-OTHER",
    "FAC": "LOCATION-OTHER",
    "STREET_ADDRESS": "STREET",
    "ADDRESS": "STREET",
    "ZIP_CODE": "ZIP",
    "US_STATE": "STATE",
    "ORG": "ORGANIZATION",
    "DATE_TIME": "DATE",
    "DATE_OF_BIRTH": "DATE",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL",
    "DOMAIN_NAME": "URL",
    "IP_ADDRESS": "IPADDR",
    "MAC_ADDRESS": "DEVICE",
    "US_SSN": "SSN",
    "US_MBI": "HEALTHPLAN",
    "US_HEALTH_INSURANCE_MEMBER_ID": "HEALTHPLAN",
    "US_DRIVER_LICENSE": "LICENSE",
    "MEDICAL_LICENSE": "LICENSE",
    "US_NPI": "LICENSE",
    "CREDIT_CARD": "ACCOUNT",
    "IBAN_CODE": "ACCOUNT",
    "CRYPTO": "ACCOUNT",
    "US_BANK_NUMBER": "ACCOUNT",
    "ABA_ROUTING_NUMBER": "ACCOUNT",
    "US_PASSPORT": "IDNUM",
    "US_ITIN": "IDNUM",
    "ID": "IDNUM",
}
"""Presidio's entity types that aren't ours already."""


def our_label(theirs: str, table: Mapping[str, str]) -> str:
    """Give a foreign type our label.

    Args:
        theirs: The type; ours are known in any case.
        table: ``I2B2_LABELS`` or ``PRESIDIO_LABELS``.

    Returns:
        Our label, or the type as it is if none of ours fits: what a corpus marks is scored under
        its own name then, since to drop it would flatter the recall.
    """
    name = theirs.upper()
    return name if name in LABELS else table.get(name, theirs)
