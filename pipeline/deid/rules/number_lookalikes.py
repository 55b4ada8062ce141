"""Numbers and words that look like a date, a record's number or a room, and are none."""

from __future__ import annotations

import re

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.rules.numeric_dates import is_amount
from pipeline.deid.rules.rule import words
from pipeline.note import PhiSpan

_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 4
_ACRONYM = 5
_SCORED = frozenset((4, 5, 10))
"""Marks that scores are out of: strength 4/5, pain 3/10, reflexes 2/4."""
_EARLIEST_YEAR = 40
"""From here on the second number of a fraction may be a year: CABG 8/95."""
_FRACTION = re.compile(r"(?P<first>\d{1,3})/(?P<second>\d{1,3})")
_RANGE = re.compile(r"(?P<first>\d{1,3}) ?[-–] ?(?P<second>\d{1,3})")
_CLOCK = re.compile(r"(?!19[3-9]|20[0-2])(?:[01]\d|2[0-3])[0-5]\d|\d{1,2}:\d\d(?::\d\d)?")
_DATE_WORDS = re.compile(
    words(
        "jan feb mar apr may jun jul aug sept? oct nov dec january february march april june july"
        " august september october november december mon tues? weds? thur?s? thu fri sat sun"
        " monday tuesday wednesday thursday friday saturday sunday spring summer fall autumn winter"
        " christmas xmas easter halloween thanksgiving day eve new years? labor memorial first"
        " second third fourth fifth sixth seventh eighth ninth tenth one two three four five six"
        " seven eight nine ten eleven twelve twenty thirty quarter week weekend month holy good"
        " lent ramadan passover birthday mothers? fathers? veterans independence"
    )
)
_CODE_BEFORE = re.compile(
    r"\b(?:CPT|ICD(?:-?10|-?9)?|HCPCS|DRG|LOINC|SNOMED)\b[^.;\n]{0,40}$", re.IGNORECASE
)
_MEASURE_BEFORE = re.compile(r"(?i)\b(?:bundle|measure|cms)\s$")
"""Before SEP-1, which is a measure of quality."""
_SEASON_BEFORE = re.compile(
    r"\b(?:this|last|next|past|in(?: the)?|early|late|mid|since|until|till?|by|each|every|of)[ -]$",
    re.IGNORECASE,
)
"""Before the fall that is a season, and no accident."""
_AGES_BEFORE = re.compile(
    r"\b(?:adults|women|men|people|persons|patients|children|ages?|aged|troughs?|targets?|AUC|goal)"
    r"(?: aged| of| age)? $",
    re.IGNORECASE,
)
_FIRST_NUMBER = re.compile(r"(?<!\d)\d{1,3} ?[-–] ?$")
_DURATION = re.compile(
    r"(?:(?:day|week|month|year|stage|phase|grade|level|step|cycle|dose|week|hour|minute|type)s? ?"
    r"\d{1,3}(?:[-–]\d{1,3})?|\d{1,3}(?:[-–]\d{1,3})?[- ](?:day|week|month|year|hour|minute)s?"
    r"(?:[- ]old)?|(?:first|last|next|past) \d{1,3}"
    r"|(?:first|second|third)[- ](?:trimester|line|dose|step|stage)"
    r"|(?:this|each|every) (?:year|month|week|day)"
    r"|q\d{1,2}(?:[-–]\d{1,2})?(?:h|hr|hrs|d|wk|mo)?)"
    r"(?:,? (?:and|or|to) (?:day )?\d{1,3})?",
    re.IGNORECASE,
)


def is_no_number(text: str, span: PhiSpan) -> bool:
    """Say whether what was marked is a plain range of numbers, an age group or a billing code.

    Args:
        text: Raw text.
        span: Holds a digit; of any label but an age or date.
    """
    surface = text[span.start : span.end]
    first = _FIRST_NUMBER.search(text[max(0, span.start - 5) : span.start])
    start = span.start - (len(first[0]) if first else 0)
    before = text[max(0, start - 60) : start]
    if _CODE_BEFORE.search(before) or _DURATION.fullmatch(surface):
        return True
    return (
        _RANGE.fullmatch(text, start, span.end) is not None
        and _AGES_BEFORE.search(before) is not None
    )


def is_no_date(text: str, span: PhiSpan, lexicon: Lexicon) -> bool:
    """Say whether a date is none: a time of day, a score, an amount, a word of other meaning.

    Args:
        text: Raw text.
        span: Marked as a date.
        lexicon: The word lists.
    """
    surface = text[span.start : span.end]
    if _MEASURE_BEFORE.search(text[max(0, span.start - 9) : span.start]):
        return True
    if _CLOCK.fullmatch(surface) or _DURATION.fullmatch(surface):
        return True
    if surface == "fall":
        return _SEASON_BEFORE.search(text[max(0, span.start - 12) : span.start]) is None
    if fraction := _FRACTION.fullmatch(surface):
        month, day = int(fraction["first"]), int(fraction["second"])
        year = day >= _EARLIEST_YEAR
        impossible = not (1 <= month <= 12 and (1 <= day <= 31 or year))
        scored = day in _SCORED and month <= day
        return impossible or (scored and is_amount(text, span.start, span.end))
    if numbers := _RANGE.fullmatch(surface):
        no_month = int(numbers["first"]) > 12 and int(numbers["second"]) > 12
        return no_month or is_amount(text, span.start, span.end)
    said = [word.lower() for word in _WORD.findall(surface)]
    plain = (surface.isupper() and len(surface) <= _ACRONYM) or all(
        _is_plain(word, lexicon) for word in said
    )
    return (
        bool(said)
        and surface.replace(" ", "").isalpha()
        and plain
        and not any(_DATE_WORDS.fullmatch(word) for word in said)
    )


def _is_plain(word: str, lexicon: Lexicon) -> bool:
    if word in lexicon.clinical:
        return True
    place = word in lexicon.cities or word in lexicon.countries
    return len(word) >= _LEAST and lexicon.is_plain_word(word) and not place
