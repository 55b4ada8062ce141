"""The forms in which clinicians write dates, as patterns with the parts of a date named.

Group names are a part of a date (``year``, ``month``, ``day``, ``quarter``, ``season``, ``decade``)
and the number of the date in a range, 0 or 1. ``lead1`` and ``tail0`` are empty groups: where the
one month of ``March 14-17`` and ``14-17 March`` would stand for the other date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pipeline.deid.date_words import MONTH, ORDINAL, SEASON, WEEKDAY


class Granularity(StrEnum):
    """How exact a written date is."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    WEEKDAY = "weekday"
    NAMED_DAY = "named day"
    """A holiday or other words, with a year."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a date.

    Attributes:
        granularity: How exact it is.
        pattern: What a whole surface must match.
    """

    granularity: Granularity
    pattern: re.Pattern[str]


_MONTH_NO: Final = r"(?P<month0>0?[1-9]|1[0-2])"
_DAY_NO: Final = r"(?P<day0>0?[1-9]|[12][0-9]|3[01])"
_LATE_DAY: Final = r"(?P<day0>1[3-9]|2[0-9]|3[01])"
_YEAR_4: Final = r"(?P<year0>(?:1[89]|20)[0-9]{2})"
_YEAR: Final = r"(?P<year0>(?:1[89]|20)[0-9]{2}|['’]?[0-9]{2})"
_YEAR_1: Final = _YEAR.replace("year0", "year1")
_SURE_YEAR: Final = r"(?P<year0>(?:1[89]|20)[0-9]{2}|['’][0-9]{2})"
_NO_DAY: Final = r"(?P<year0>3[2-9]|[4-9][0-9])"
"""Two digits that can be a year, not a day."""
_MONTH: Final = f"(?P<month0>{MONTH})"
_DAY: Final = r"(?P<day0>(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?)"
_DAY_1: Final = _DAY.replace("day0", "day1")
_ON: Final = rf"(?:{WEEKDAY}\.?,?\s+)?"
_CLOCK: Final = (
    r"(?:(?:(?:T|\s?@\s?|,?\s+(?:at\s+)?)[0-9]{1,2}:[0-9]{2}|(?:T|\s?@\s?)[0-9]{4})(?::?[0-9]{2}"
    r"(?:\.[0-9]{1,6})?)?(?:\s?[ap]\.?m\.?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?(?:\s?h(?:ou)?rs?)?)?"
)
_AFTER: Final = rf"(?:,?\s+\(?{WEEKDAY}\.?\)?)?{_CLOCK}"
_ABOUT: Final = (
    r"(?:(?:the|early|mid|late|last|this|next|past|year|beginning\s+of|start\s+of|middle\s+of"
    r"|end\s+of)[\s-]+){0,2}"
)
_OF_YEAR: Final = r"(?:,\s*|\s+)(?:of\s+|de\s+)?"
_TO: Final = r"\s?(?:[-–—&]|to|through|thru|and)\s?"

BETWEEN: Final = re.compile(
    r"\s*(?:[-–—/&,]|(?<=[\s0-9])(?:to|through|thru|until|till|and)(?=[\s0-9]))\s*",
    re.ASCII | re.IGNORECASE,
)
"""What stands between the two dates of a range."""


def _forms(granularity: Granularity, *patterns: str) -> tuple[Form, ...]:
    flags = re.ASCII | re.IGNORECASE
    return tuple(Form(granularity, re.compile(pattern, flags)) for pattern in patterns)


_NUMERIC: Final = _forms(
    Granularity.DAY,
    rf"{_ON}{_MONTH_NO}(?P<mark>\s?[/\\]\s?|[-.\s]){_DAY_NO}(?P=mark){_YEAR}{_AFTER}",
    rf"{_ON}{_LATE_DAY}(?P<mark>\s?[/\\]\s?|[-.\s]){_MONTH_NO}(?P=mark){_YEAR}{_AFTER}",
    rf"{_ON}{_YEAR_4}(?P<mark>[-/.]){_MONTH_NO}(?P=mark){_DAY_NO}{_AFTER}",
    r"(?P<year0>(?:19|20)[0-9]{2})(?P<month0>0[1-9]|1[0-2])(?P<day0>0[1-9]|[12][0-9]|3[01])"
    r"(?:T?[0-2][0-9][0-5][0-9](?:[0-5][0-9])?Z?)?",
    rf"(?P<month0>0[1-9]|1[0-2])(?P<day0>0[1-9]|[12][0-9]|3[01]){_YEAR_4}",
    rf"{_ON}{_MONTH_NO}(?:\s?/\s?|[-.]){_DAY_NO}{_AFTER}",
    rf"{_ON}{_LATE_DAY}(?:\s?/\s?|[-.]){_MONTH_NO}{_AFTER}",
)
_WORDED: Final = _forms(
    Granularity.DAY,
    rf"{_ON}{_MONTH}(?:\.?\s*|\.?\s+the\s+){_DAY}(?:{_OF_YEAR}{_YEAR})?{_AFTER}",
    rf"{_ON}{_MONTH}(?P<mark>[-/.]){_DAY}(?:(?P=mark){_YEAR})?{_AFTER}",
    rf"{_ON}(?:the\s+)?{_DAY}(?:\s+(?:day\s+)?(?:of\s+|de\s+)|\s*[-./]\s*|\s*){_MONTH}\.?"
    rf"(?:(?:\s*[-./,]\s*|\s+(?:of|de)\s+|\s*){_YEAR})?{_AFTER}",
    rf"{_YEAR_4}[-/\s]{_MONTH}[-/\s]{_DAY}{_AFTER}",
    rf"{_ON}{_MONTH}\.?\s+{_DAY}{_TO}(?P<lead1>){_DAY_1}"
    rf"(?:{_OF_YEAR}{_YEAR_1})?",
    rf"(?:the\s+)?{_DAY}(?P<tail0>){_TO}{_DAY_1}(?:\s+of\s+|\s+de\s+|\s*)"
    rf"(?P<month1>{MONTH})\.?(?:{_OF_YEAR}{_YEAR_1})?",
)
_COARSE: Final = (
    *_forms(
        Granularity.MONTH,
        rf"{_MONTH_NO}(?:\s?[/-]\s?|\.){_YEAR_4}",
        rf"{_YEAR_4}[-/](?P<month0>0[1-9]|1[0-2])",
        rf"{_MONTH_NO}[/-](?:{_NO_DAY})",
        rf"{_MONTH_NO}[/-](?P<year0>['’][0-9]{{2}})",
        rf"{_ABOUT}{_MONTH}\.?(?:(?:,?\s+(?:of\s+|de\s+)?|\s*[-/,]\s*|\s*){_SURE_YEAR})?",
        rf"{_ABOUT}{_MONTH}\.?[\s-]{_NO_DAY}",
    ),
    *_forms(
        Granularity.YEAR,
        rf"{_ABOUT}{_SURE_YEAR}",
        rf"FY[\s-]?{_YEAR}",
        rf"{_YEAR_4}\s?[-–/]\s?(?P<year1>['’]?[0-9]{{2}})",
    ),
    *_forms(
        Granularity.QUARTER,
        rf"{_ABOUT}Q(?P<quarter0>[1-4])(?:(?:\s*|\s+of\s+|[-/]){_YEAR})?",
        rf"{_ABOUT}(?P<quarter0>[1-4])Q(?:(?:\s*|\s+of\s+|[-/]){_YEAR})?",
        rf"{_YEAR_4}[-/\s]?Q(?P<quarter0>[1-4])",
        rf"{_ABOUT}(?P<quarter0>{ORDINAL})\s+quarter(?:{_OF_YEAR}{_SURE_YEAR})?",
    ),
    *_forms(
        Granularity.SEASON,
        rf"{_ABOUT}(?P<season0>{SEASON})(?:\s+(?:term|semester))?(?:{_OF_YEAR}{_SURE_YEAR})?",
    ),
    *_forms(
        Granularity.DECADE,
        rf"{_ABOUT}(?P<decade0>(?:1[89]|20)[0-9]0)['’]?s",
        rf"{_ABOUT}['’]?(?P<decade0>[0-9]0)['’]?s",
    ),
    *_forms(
        Granularity.WEEKDAY,
        # Not Sun alone: it is a surname too, and a weekday is released as it stands.
        rf"(?!sun\.?$){_ABOUT}{WEEKDAY}\.?(?:\s*(?:[-–/,&]|and|or|to|thru|through)\s*{WEEKDAY}\.?)"
        r"{0,6}",
        r"M[/,-]?W[/,-]?F|Tu?[/,-]?Th?[/,-]?S(?:at?)?|M-F|M[/,-]?Tu?[/,-]?W[/,-]?Th?[/,-]?F",
    ),
)
FORMS: Final = _NUMERIC + _WORDED + _COARSE
"""All forms of a single date or a range within a month; the first that fits is the reading."""

NAMED: Final = _forms(
    Granularity.NAMED_DAY, rf"[A-Za-z][A-Za-z.'’\s-]{{2,38}}[A-Za-z.],?\s(?:of\s+)?{_YEAR_4}"
)
"""Forms for what is neither one of these nor a range of two."""
