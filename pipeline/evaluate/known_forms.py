"""The usual written forms of what registration knows of a patient, searched without our finders.

A scorer that searched with the annotator ``known`` would be blind where that annotator is; this
search is simpler, its own, and only for evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pipeline.deid.known_numbers import parse_date
from pipeline.deid.person_name import fold
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.patient import PatientRecord

_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_GAP: Final = r"[ \t().\-–/]{0,3}"
_MIN_CHARACTERS: Final = 4
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class KnownForm:
    """One identifier and how to recognise it.

    Attributes:
        column: The column of the registration table it comes from.
        identifier: The identifier, or a part of a name.
        pattern: Matches its usual forms.
        is_word: It is also a common word or an eponym, so that not every match is the identifier.
    """

    column: str
    identifier: str = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)
    is_word: bool = False


def known_forms(record: PatientRecord, lexicon: Lexicon) -> tuple[KnownForm, ...]:
    """Give the forms of a patient's identifiers.

    Parts of names of three letters and more; numbers with and without separators, of telephone
    numbers also the last seven digits; dates of birth in figures and words; e-mail addresses; the
    first part of addresses.

    Args:
        record: What registration knows.
        lexicon: Tells names that are also words.
    """
    forms = [
        *_names(record, lexicon),
        *_numbers("mrn", record.mrn),
        *_numbers("ssn", record.ssn),
        *_phones(record.phones),
        *_births(record.dob),
        *(_literal("email", value) for value in record.email),
        *(_literal("address", value.split(",")[0]) for value in record.address),
    ]
    return tuple({(form.column, form.identifier): form for form in forms}.values())


def _names(record: PatientRecord, lexicon: Lexicon) -> Iterator[KnownForm]:
    besides = lexicon.titles | lexicon.credentials | lexicon.particles | {"iii"}
    words = lexicon.common | lexicon.eponyms
    for column in ("names", "relatives", "providers"):
        for name in getattr(record, column):
            for part in _WORD.findall(name):
                folded = fold(part)
                if part.lower() in besides:
                    continue
                forms = "|".join(re.escape(f) for f in dict.fromkeys((part.lower(), folded)))
                pattern = re.compile(rf"(?<![^\W\d_])(?:{forms})(?![^\W\d_])", re.IGNORECASE)
                yield KnownForm(column, folded, pattern, bool({part.lower(), folded} & words))


def _numbers(column: str, values: tuple[str, ...]) -> Iterator[KnownForm]:
    for value in values:
        characters = re.sub(r"[\W_]", "", value)
        if len(characters) >= _MIN_CHARACTERS:
            spaced = _GAP.join(map(re.escape, characters))
            pattern = re.compile(rf"(?<![^\W_]){spaced}(?![^\W_])", re.IGNORECASE)
            yield KnownForm(column, characters.lower(), pattern)


def _phones(values: tuple[str, ...]) -> Iterator[KnownForm]:
    for value in values:
        digits = re.sub(r"\D", "", value)
        if len(digits) == 11 and digits.startswith("1"):
            digits = digits[1:]
        if len(digits) == 10:
            area, local = _GAP.join(digits[:3]), _GAP.join(digits[3:])
            pattern = re.compile(rf"(?<!\d)(?:1?{_GAP}{area}{_GAP})?{local}(?!\d)")
            yield KnownForm("phones", digits, pattern)
        else:
            yield from _numbers("phones", (value,))


def _births(values: tuple[str, ...]) -> Iterator[KnownForm]:
    for value in values:
        if born := parse_date(value):
            pattern = re.compile("|".join(_written(born)), re.IGNORECASE)
            yield KnownForm("dob", born.isoformat(), pattern)


def _written(born: date) -> Iterator[str]:
    year = rf"(?:{born.year}|'?{born.year % 100:02})(?!\d)"
    month, day = f"0?{born.month}", f"0?{born.day}"
    for mark in ("/", "-", r"\.", " "):
        yield rf"(?<!\d){month}{mark}{day}{mark}{year}"
        yield rf"(?<!\d){born.year}{mark}{month}{mark}{day}(?!\d)"
    yield rf"(?<!\d){born.year}{born.month:02}{born.day:02}(?!\d)"
    name = _MONTHS[born.month - 1]
    named = rf"(?:{name}|{name[:3]}|{name[:4]})\.?"
    ordinal = rf"{day}(?:st|nd|rd|th)?"
    yield rf"\b{named}\s*{ordinal}\s*,?\s*{year}"
    yield rf"(?<!\d){ordinal}[\s-]*(?:of\s+)?{named}\s*[,-]?\s*{year}"


def _literal(column: str, value: str) -> KnownForm:
    pattern = r"\s+".join(re.escape(word) for word in value.split())
    return KnownForm(column, value, re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE))
