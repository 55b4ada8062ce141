"""Years that stand alone: in 2016, CABG 2008, 2003-2008, the 1970s, '02."""

from __future__ import annotations

import re

from pipeline.deid.rules.numeric_dates import read_digits
from pipeline.deid.rules.rule import Rule, text_after, text_before, words

AMOUNT = re.compile(
    r"\s?-?\s?"
    + words(
        "mg mcg ml cc kg gm? grams? units? iu u kcals? cal(?:orie)?s? tabs? hrs? hours? h lbs?"
        " pounds? mm cm meq mmol ppm rpm steps? feet ft points? pts copies cells ng pg l am pm"
        " watts? meters? nm series model blade scope amps? bpm psi rads? cgy % o['’]?clock"
        " guidelines? criteria version edition"
    )
    + r"(?!\w)",
    re.IGNORECASE,
)
_YEAR_CUE = re.compile(
    r"(?:\b(?:in|since|until|till?|of|circa|year|early|late|mid|summer|fall|autumn|winter|spring"
    r"|before|after|class of|d\.|died|born|b\.|dx|dx['’]?d|diagnosed|quit|retired|old ref|dob"
    r"|surgery|repair|replacement|fusion|stent|cabg|appy|chole|tka|tha|acdf|pci|mi|cva|tia|dvt|pe"
    r"|stroke|biopsy|bx|vaccine|prevnar|shingrix|pneumovax|mammogram|pap|dexa|removal|transplant"
    r"|ablation)[,:]?\s?|\w(?:ectomy|plasty|otomy|ostomy|oscopy)\s?|[(;,–/]\s?|(?:19"
    r"|20)\d\d\s?[-–,&]\s?|[a-z]\s)$",
    re.IGNORECASE,
)
_CLOCK_CUE = re.compile(
    r"(?:\b(?:at|time|arr|dep|noted|arrived|until|til|approx|about|around|ml|mg|q|wbc|plt|platelets"
    r"|output|uop|intake|total|po|iv|room|rm|ext|x|apt|box|suite|ste|unit|no|num|code|cpt|pgr|pager"
    r"|hrs|temp|out|checked|rn|md|dose|by|to|from|call|called|last|over|on|ref|copies"
    r"|titer)[.:#]?\s?|[#$@~<>=+*:]\s?|\d[\s/:.]|\d-)$",
    re.IGNORECASE,
)


_SPAN_CUE = re.compile(
    r"(?:\b(?:until|till?|from|around|about|by)\s|(?:^|\s)(?:\s|[:|]\s?)|\w[-–]?\d{1,2}\s)$",
    re.IGNORECASE,
)
_STRONG_CUE = re.compile(
    r"(?:\b(?:until|class of|born|b\.|died|before|after|between)\s|\w(?:ectomy|plasty|otomy"
    r"|ostomy)\s|\()$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<![\d/.-])(?:(?:[01]\d|2[0-3])[0-5]\d(?![\d/.-])|\d\d?:\d\d)")
_VERSION = re.compile(
    r"(?:bethesda|asco|cap|ismp|beers|asccp|standards|aha|acc|hrs|epic|nccn|ada|gold|acr|who|aua"
    r"|acog"
    r"|eular|kdigo|guidelines?|criteria|consensus|version|edition|windows|office)[ ,]{1,2}"
    r"(?:the )?$",
    re.IGNORECASE,
)
"""What is called by its year: guidelines, criteria, programs."""


def _near_clock(match: re.Match[str]) -> bool:
    """Say whether the text around tells times of day in four digits, which this may be too."""
    start, end = match.span()
    around = match.string[max(0, start - 120) : start] + "|" + match.string[end : end + 120]
    return any(not m[0].startswith(("19", "20")) for m in _CLOCK.finditer(around))


def _year(match: re.Match[str]) -> bool:
    """Accept a year where four digits are no time, amount or number."""
    year = int(read_digits(match["DATE"]))
    before, after = text_before(match, "DATE", 24), text_after(match, "DATE", 14)
    if not 1900 <= year <= 2049 or AMOUNT.match(after) or _VERSION.search(before):
        return False
    if re.search(
        r"\b(?:in|since|of|year|early|late|mid|circa|summer|fall|winter|spring)\s?-?$", before
    ):
        return True
    if year % 100 > 59:
        return not re.search(r"[#$@<>=+*]\s?$|\d\s$", before)
    if (
        _SPAN_CUE.search(before)
        and 1960 <= year <= 2029
        and year != 2000
        and not _near_clock(match)
    ):
        return True
    if _CLOCK_CUE.search(before) and not re.search(r"(?:19|20)\d\d[-–/]$", before):
        return False
    if year < 1960 or year == 2000 or year > 2030:
        return _STRONG_CUE.search(before) is not None
    return _YEAR_CUE.search(before) is not None


RULES = (
    Rule(
        "in 2016, CABG 2008, (2003), 2012-16",
        r"(?<![\w.,/#$-])(?P<DATE>[12l][90O][0-9OolI]{2})(?![\w%@]|[.,:]\d|-\d{3}|\s?-\s?\d{1,2}/)",
        0.8,
        check=_year,
        leads="0 l lo",
    ),
    Rule(
        "2003-2008",
        r"(?<![\w.,/#$-])(?P<DATE>(?:19[3-9]|20[0-3])\d)\s?[-–]\s?(?P<DATE_2>(?:19[4-9]|20[0-3])\d)"
        r"(?![\w-])",
        0.85,
        leads="0",
    ),
    Rule(
        "2008 in 2003-2008, 16 in 2012-16",
        r"(?<=(?:19|20)\d\d[-–/])(?P<DATE>(?:19|20)?\d\d)(?![\w-]|[.,/]\d)",
        0.8,
        leads="0",
    ),
    Rule(
        "in the 1970s",
        r"(?<![\w.])(?P<DATE>(?:19|20)\d0['’]?s)(?!\w)",
        0.85,
        leads="0",
    ),
    Rule("in '02", r"(?<![\w'’])(?P<DATE>['’]\d\d)(?!\w|['’\"”]|\.\d)", 0.8),
)
