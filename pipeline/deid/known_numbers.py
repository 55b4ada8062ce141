"""Registered numbers and dates of birth, however they are spaced, padded or misread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.note import PhiSpan
from pipeline.patient import PatientRecord

_ANNOTATORS = ("known",)
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_GAP = re.compile(r"\s{0,2}[-–—./()_*#+]{0,2}\s?[-(]?\s?")
_READ = str.maketrans("OILSBZ", "011582")
_PREFIXED = re.compile(r"[A-Za-z]{1,4}(?=\d)")
_MOST_TOKENS = 7
MONTHS = {
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
MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_ORDINALS = {
    word: number
    for number, word in enumerate(
        (
            word
            for line in (
                "first second third fourth fifth sixth seventh eighth ninth tenth eleventh",
                "twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth",
                "nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth",
                "twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth",
                "thirty-first",
            )
            for word in line.split()
        ),
        start=1,
    )
}
_D = r"[0-9OolI]"
_MARK = r"(?:\s{0,2}[-/.\\|–]\s{0,2}|\s{1,2})"
_LAST = r"(?:(?=T\d)|(?![A-Za-z0-9]))"
_DAY = rf"{_D}{{1,2}}(?:\s?(?:st|nd|rd|th))?|" + "|".join(
    word.replace("-", "[ -]") for word in sorted(_ORDINALS, key=len, reverse=True)
)
_NUMERIC_DATE = re.compile(
    rf"(?<![A-Za-z0-9])(?=(?P<date>(?P<a>{_D}{{1,4}}){_MARK}(?P<b>{_D}{{1,2}}){_MARK}"
    rf"(?P<c>['’]?{_D}{{2,4}}){_LAST}))"
)
_COMPACT_DATE = re.compile(r"(?<!\d)\d{8}(?!\d)")
_WORD_DATE = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?P<month>{MONTH})[\s/.-]{{0,2}}(?:the )?(?P<day>{_DAY})|"
    rf"(?P<day2>{_DAY})(?: of |[\s/.-]{{0,2}}| de )(?P<month2>{MONTH}))(?:,|\s?of"
    rf"| de)?[\s/.-]{{0,2}}(?P<year>{_D}{{4}}|['’]?{_D}{{2}}){_LAST}",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<year>\d{{4}})[-/ .]?(?P<month>{MONTH})[-/ .]?(?P<day>\d{{1,2}})(?!\d)",
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
        tokens = [(match.start(), match.end(), _read(match[0])) for match in _TOKEN.finditer(text)]
        taken = 0
        for place, (start, end, key) in enumerate(tokens):
            if start < taken:
                continue
            found = None
            if key[0] == "0" or key[0] in self._beginnings:
                found = self._longest(text, tokens, place, 0)
            if found is None and (skipped := _letters_before_digits(text, start, end)):
                found = self._longest(text, tokens, place, skipped)
            if found is not None and _is_number(text[start : found[0]]):
                taken = found[0]
                yield PhiSpan(start, taken, found[1], 1.0, _ANNOTATORS)

    def _longest(
        self, text: str, tokens: Sequence[tuple[int, int, str]], place: int, skipped: int
    ) -> tuple[int, str] | None:
        """Return the end and label of the longest number whose run begins at a token.

        Args:
            text: Raw text.
            tokens: Start and end of runs of letters and digits, and how they read.
            place: The token to begin with.
            skipped: Letters of it to leave out, as in MRN1234.
        """
        found: tuple[int, str] | None = None
        joined = ""
        for more in range(place, min(place + _MOST_TOKENS, len(tokens))):
            start, end, key = tokens[more]
            if more > place and not _GAP.fullmatch(text, tokens[more - 1][1], start):
                break
            joined = (joined + (key[skipped:] if more == place else key)).lstrip("0")
            if joined and joined not in self._beginnings:
                break
            if joined in self._labels:
                found = end, self._labels[joined]
        return found


def _is_number(value: str) -> bool:
    """Say whether a match holds digits enough to be no word that reads like a number."""
    return 2 * sum(char.isdigit() for char in value) >= sum(char.isalnum() for char in value)


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
    found = [day for _, _, days in read_dates(value) for day in days]
    return found[0] if found else None


def _read(value: str) -> str:
    """Return a word in capitals, with the letters that scanners read for digits as digits."""
    return value.upper().translate(_READ)


def _key(value: str) -> str:
    """Return the letters and digits of a number as :func:`_read` gives them."""
    return _read(re.sub(r"[^A-Za-z0-9]", "", value))


def _digits(value: str) -> int:
    """Read a number of a date; 0, which is no month, day or year, if there's a letter in it."""
    word = value.lower().replace(" ", "-")
    if word in _ORDINALS:
        return _ORDINALS[word]
    read = re.sub(r"(?i)\s?(?:st|nd|rd|th)$|['’]", "", value).upper().translate(_READ)
    return int(read) if read.isdecimal() else 0


def read_dates(text: str) -> Iterator[tuple[int, int, list[date]]]:
    """Yield each date's start, end and possible readings, month first."""
    for match in _NUMERIC_DATE.finditer(text):
        a, b, c = match["a"], match["b"], match["c"]
        if len(a) == 4:
            readings = [(a, b, c)]
        elif len(a) <= 2:
            readings = [(c, a, b), (c, b, a)]
        else:
            continue
        yield (*match.span("date"), _readings(readings))
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
        month = MONTHS[(groups["month"] or groups["month2"]).lower().rstrip(".")]
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
