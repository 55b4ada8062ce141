"""Vehicles by their number, plate or tail number."""

from __future__ import annotations

import re

from pipeline.deid.rules.rule import Rule, leads_of, words

_MAKES = (
    "pickup truck van car sedan suv jeep taxi vehicle driver, drives_the subaru toyota honda ford"
    " chevy chevrolet dodge nissan buick corolla camry civic tacoma silverado forester altima"
    " f-?150 ram placard"
)
_PLATE = (
    r"(?:[A-Z]{2} )?(?:[A-Z]{1,3}[- ]\d{2,5}[A-Z]?|\d[A-Z]{2,3}[- ]?\d{2,4}|\d{1,3}[- ]?[A-Z]{2,3}"
    r"|\d[A-Z0-9]{2}-?[A-Z0-9]{3}|\d{7})"
)


def has_vin_checksum(number: str) -> bool:
    """Say whether seventeen characters pass the North American check of a vehicle's number."""
    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
    weights = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
    rest = sum(int(values.get(c, c)) * w for c, w in zip(number, weights, strict=True)) % 11
    return number[8] == ("X" if rest == 10 else str(rest))


def _vin(match: re.Match[str]) -> bool:
    """Accept what passes the check, or mixes letters and digits as such numbers do."""
    value = match["VEHICLE"]
    mixed = sum(c.isdigit() for c in value) >= 5 and sum(c.isalpha() for c in value) >= 3
    return mixed or has_vin_checksum(value)


RULES = (
    Rule(
        "VIN 1HGCM82633A004352",
        r"(?<!\w)(?P<VEHICLE>[A-HJ-NPR-Z0-9]{17})(?!\w)",
        0.95,
        check=_vin,
    ),
    Rule(
        "plate ABC 123, tag ABC-123, VIN ends 123456, tail N123AB",
        r"(?i:\b(?:licen[sc]e |lic\.? )?plates?|\btags?|\bvin(?: (?:ends?|ending|last 8|#))?"
        r"(?: in)?|\btail|\blic(?= [A-Z]{2} ))(?: (?i:no\.?|number|#|is|of))?[ :#.]{1,4}"
        r"(?P<VEHICLE>(?:[A-Z]{2,3}[ -])?[A-Z0-9]{1,8}(?:[ -][A-Z0-9]{1,5}){0,2})(?!\w)",
        0.85,
        cues=("plate", "tag", "vin", "tail", "lic"),
        check=lambda m: any(c.isdigit() for c in m["VEHICLE"]),
        leads="lic pla tag vin tai",
    ),
    Rule(
        "tail number N123AB",
        r"(?<![\w-])(?P<VEHICLE>N\d{3}[A-Z]{2}|N\d{4}[A-Z])(?!\w)",
        0.8,
        leads="n",
    ),
    Rule(
        "blue Corolla QZB 347, pickup QAB 2031, Subaru Forester 4QXN301",
        rf"(?i:\b{words(_MAKES)})(?: [A-Z][a-z]+)?[ ]?\(?#?[ ]?(?P<VEHICLE>{_PLATE})(?!\w)",
        0.8,
        leads=leads_of(_MAKES),
    ),
)
