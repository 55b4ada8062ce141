"""Registered dates of birth: whole in any form, and in part where a birth is spoken of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date

from pipeline.deid.known_numbers import MONTH, MONTHS, read_dates
from pipeline.note import PhiSpan

_READ = str.maketrans("OolI", "0011")
"""Letters that scanners read for digits: a date without the digits of the year isn't looked at."""
_CUE = re.compile(
    r"(?:birth ?(?:da(?:y|te)|year)|date of birth|year of birth|b-?day|\bborn|\bdob|\bd\.o\.b\.?"
    r"|\byob|\bbd|(?<![\w.])b\.)[^\w\n'’]{0,12}(?:(?:on|in|is|was|of|the|year) ){0,3}['’]?",
    re.IGNORECASE,
)
_DAY = re.compile(r"(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})(?![\d/-])")
_YEAR = re.compile(r"(?:[A-Za-z'’]+,? ){0,3}(?P<year>\d{4}|(?<=['’])\d\d)(?![\d/-])")
_NAMED = re.compile(
    rf"(?:(?P<month>{MONTH})\s?(?:(?P<year>\d{{4}})|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?)"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]?(?P<month2>{MONTH}))(?!\w)",
    re.IGNORECASE,
)
_SHORT = re.compile(r"(?P<short>\d{6})(?!\d)")
_MONTH_YEAR = re.compile(r"(?P<a>\d{1,2})/(?P<year>\d{4})(?![\d/-])")


def find_birth_dates(text: str, births: Collection[date]) -> Iterator[PhiSpan]:
    """Find dates of birth in raw text.

    Whole dates anywhere; only the day, month and year, or year where a birth is named before it.

    Args:
        text: Raw text.
        births: The patient's dates of birth.
    """
    read = text.translate(_READ)
    if any(f"{birth.year % 100:02}" in read for birth in births):
        for start, end, days in read_dates(text):
            if any(day in births for day in days):
                yield PhiSpan(start, end, "DATE", 1.0, ("known",))
    for cue in _CUE.finditer(text):
        for pattern in (_DAY, _YEAR, _NAMED, _SHORT, _MONTH_YEAR):
            match = pattern.match(text, cue.end())
            if match and any(_is_part(match, day) for day in births):
                start = match.start("year") if pattern is _YEAR else match.start()
                yield PhiSpan(start, match.end(), "DATE", 1.0, ("known",))


def _is_part(match: re.Match[str], birth: date) -> bool:
    """Say whether a part of a date is one of a date of birth."""
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    if short := groups.get("short"):
        forms = ("%m%d%y", "%d%m%y", "%y%m%d", "%m%Y")
        return any(birth.strftime(form) == short for form in forms)
    year = groups.get("year")
    if year is not None and int(year) != (birth.year if len(year) == 4 else birth.year % 100):
        return False
    if month := groups.get("month") or groups.get("month2"):
        day = groups.get("day") or groups.get("day2")
        number = MONTHS[month.lower().rstrip(".")]
        return number == birth.month and (day is None or int(day) == birth.day)
    if "b" in groups:
        pair = (int(groups["a"]), int(groups["b"]))
        return pair in ((birth.month, birth.day), (birth.day, birth.month))
    return "a" not in groups or int(groups["a"]) == birth.month
