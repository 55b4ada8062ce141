"""Registered numbers and dates of birth, however they are spaced, padded or misread."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from pipeline.note import PhiSpan
from pipeline.patient import PatientRecord

_ANNOTATORS = ("known",)
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_GAP = re.compile(r"\s?[-./()]?\s?[-(]?\s?")
_READ = str.maketrans("OIL", "011")
_PREFIXED = re.compile(r"[A-Za-z]{1,4}(?=\d)")
_MOST_TOKENS = 7
_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sept sep septiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for month in names.split()
}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_D = r"[0-9OolI]"
_NUMERIC_DATE = re.compile(
    rf"(?<![A-Za-z0-9])(?P<a>{_D}{{1,4}})(?P<mark>\s?[-/.\\\s]\s?)(?P<b>{_D}{{1,2}})(?P=mark)"
    rf"(?P<c>{_D}{{2,4}})(?![A-Za-z0-9])"
)
_COMPACT_DATE = re.compile(r"(?<!\d)\d{8}(?!\d)")
_WORD_DATE = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?P<month>{_MONTH})[\s-]?(?P<day>{_D}{{1,2}})(?:st|nd|rd|th)?|"
    rf"(?P<day2>{_D}{{1,2}})(?:st|nd|rd|th)?(?: of |[\s/.-]?| de )(?P<month2>{_MONTH}))(?:,|\s?of"
    rf"| de)?[\s/.-]{{0,2}}(?P<year>{_D}{{4}}|['’]?{_D}{{2}})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<year>\d{{4}})[-/ ](?P<month>{_MONTH})[-/ ](?P<day>\d{{1,2}})(?!\d)", re.IGNORECASE
)
_BIRTHDAY = re.compile(
    r"(?:birth ?da(?:y|te)|b-?day|born|dob|d\.o\.b\.?)\W{0,12}(?:(?:on|is|was) )?(?P<day>"
    r"(?P<a>\d{1,2})[/-](?P<b>\d{1,2}))(?![\d/-])",
    re.IGNORECASE,
)


class NumberIndex:
    """A patient's registered numbers, made ready to search."""

    def __init__(self, record: PatientRecord) -> None:
        self._labels = _number_labels(record)
        self._beginnings = {key[:size] for key in self._labels for size in range(1, len(key) + 1)}

    def find(self, text: str) -> Iterator[PhiSpan]:
        """Find the numbers in raw text, whatever separates their letters and digits."""
        if not self._labels:
            return
        tokens = [match.span() for match in _TOKEN.finditer(text)]
        taken = 0
        for place, (start, _) in enumerate(tokens):
            if start < taken:
                continue
            found = self._longest(text, tokens, place, 0) or self._longest(
                text, tokens, place, _letters_before_digits(text, *tokens[place])
            )
            if found is not None:
                taken = found[0]
                yield PhiSpan(start, taken, found[1], 1.0, _ANNOTATORS)

    def _longest(
        self, text: str, tokens: Sequence[tuple[int, int]], place: int, skipped: int | None
    ) -> tuple[int, str] | None:
        """Return the end and label of the longest number whose run begins at a token.

        Args:
            text: Raw text.
            tokens: Runs of letters and digits.
            place: The token to begin with.
            skipped: Letters of it to leave out, as in MRN1234; None finds nothing.
        """
        found: tuple[int, str] | None = None
        joined = ""
        if skipped is None:
            return None
        for more in range(place, min(place + _MOST_TOKENS, len(tokens))):
            start, end = tokens[more]
            if more > place and not _GAP.fullmatch(text, tokens[more - 1][1], start):
                break
            joined = (joined + _key(text[start + (skipped if more == place else 0) : end])).lstrip(
                "0"
            )
            if joined and joined not in self._beginnings:
                break
            if joined in self._labels:
                found = end, self._labels[joined]
        return found


def _letters_before_digits(text: str, start: int, end: int) -> int | None:
    """Return how many letters, four at most, cling to the front of a number."""
    match = _PREFIXED.match(text, start, end)
    return match.end() - start if match else None


def _number_labels(record: PatientRecord) -> dict[str, str]:
    """Return the registered numbers without separators and leading zeros, each with its label."""
    keys: dict[str, str] = {}
    for value in record.mrn:
        for form in (value, re.sub(r"\D", "", value)):
            key = _key(form).lstrip("0")
            if len(key) >= 4 and sum(char.isdigit() for char in key) >= 3:
                keys[key] = "MEDICALRECORD"
    for value in record.phones:
        digits = re.sub(r"\D", "", re.split(r"(?i)\s*(?:x|ext)", value)[0])
        local = digits[-10:]
        forms = (local, "1" + local, local[3:]) if len(local) == 10 else (digits,)
        keys |= {form.lstrip("0"): "PHONE" for form in forms if len(form) >= 7}
    for value in record.ssn:
        digits = re.sub(r"\D", "", value)
        if len(digits) == 9:
            keys[digits.lstrip("0")] = "SSN"
    return keys


def parse_date(value: str) -> date | None:
    """Read a date of birth as registered; None if it is in no known form."""
    found = [day for _, _, days in _dates(value) for day in days]
    return found[0] if found else None


def find_birth_dates(text: str, births: Collection[date]) -> Iterator[PhiSpan]:
    """Find dates of birth in all usual forms, and the bare day after the word birthday."""
    for start, end, days in _dates(text):
        if any(day in births for day in days):
            yield PhiSpan(start, end, "DATE", 1.0, _ANNOTATORS)
    for match in _BIRTHDAY.finditer(text):
        pair = (int(match["a"]), int(match["b"]))
        if any(pair in ((day.month, day.day), (day.day, day.month)) for day in births):
            yield PhiSpan(*match.span("day"), "DATE", 1.0, _ANNOTATORS)


def _key(value: str) -> str:
    """Return letters and digits in capitals, with scanners' letters as the digits they are."""
    return re.sub(r"[^A-Z0-9]", "", value.upper()).translate(_READ)


def _digits(value: str) -> int:
    return int(value.lstrip("'’").upper().translate(_READ))


def _dates(text: str) -> Iterator[tuple[int, int, list[date]]]:
    """Yield each date's start, end and possible readings, month first."""
    for match in _NUMERIC_DATE.finditer(text):
        a, b, c = match["a"], match["b"], match["c"]
        if len(a) == 4:
            readings = [(a, b, c)]
        elif len(a) <= 2:
            readings = [(c, a, b), (c, b, a)]
        else:
            continue
        yield (*match.span(), _readings(readings))
    for match in _COMPACT_DATE.finditer(text):
        value = match[0]
        orders = [
            (value[:4], value[4:6], value[6:]),
            (value[4:], value[:2], value[2:4]),
            (value[4:], value[2:4], value[:2]),
        ]
        yield (*match.span(), _readings(orders))
    for match in (*_WORD_DATE.finditer(text), *_YEAR_FIRST.finditer(text)):
        groups = match.groupdict()
        month = _MONTHS[(groups["month"] or groups["month2"]).lower().rstrip(".")]
        yield (
            *match.span(),
            _readings([(match["year"], str(month), groups["day"] or groups["day2"])]),
        )


def _readings(parts: list[tuple[str, str, str]]) -> list[date]:
    days: list[date] = []
    for year_text, month, day in parts:
        year = _digits(year_text)
        short = len(year_text.lstrip("'’")) <= 2
        for century in (1900, 2000) if short else (0,):
            try:
                days.append(date(century + year, _digits(month), _digits(day)))
            except ValueError:
                continue
    return days
