r"""Whether PHI that a policy must remove survives in the released text.

Two questions, since finding a span and releasing a text without it are different things:

- *In place*: does a gold token (a part of ``\w+`` in a gold span) that must go still stand where
  it stood? It does if a code point of it was not replaced, or if its replacement says the same.
- *Known*: does an identifier that registration knows of the patient stand anywhere in the released
  text, in any usual form? A name that is also a word or an eponym counts only where annotators
  marked it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.deid.replacement import ReleasedText
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.known_forms import KnownForm
from pipeline.evaluate.requirement import Range, Requirement
from pipeline.note import Span

_TAG: Final = re.compile(r"\[[A-Z-]+\]")
_TOKEN: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, order=True)
class Survivor:
    """Where PHI survived; no text.

    Attributes:
        start: First code point in the released text.
        end: One past the last.
        raw_start: The same in the raw text.
        raw_end: One past the last.
        label: The gold label, or the column of the registration table.
        how: ``in place`` or ``known``.
    """

    start: int
    end: int
    raw_start: int
    raw_end: int
    label: str
    how: Literal["in place", "known"]


@dataclass(frozen=True, slots=True)
class NoteSurvival:
    """What became of one document's PHI.

    Attributes:
        tokens: Gold label to the number of its tokens that must go and of those that survived.
        all_tokens: The same for tokens of any label, each counted once.
        columns: Column to the number of known identifiers in the raw text and of the survivors.
        survivors: Where they stand, in the order of the released text.
    """

    tokens: Mapping[str, tuple[int, int]]
    all_tokens: tuple[int, int]
    columns: Mapping[str, tuple[int, int]]
    survivors: tuple[Survivor, ...]


def find_survivors(
    document: GoldDocument,
    released: ReleasedText,
    requirement: Requirement,
    known: Sequence[KnownForm] = (),
) -> NoteSurvival:
    """Compare a released text with the gold of its raw text.

    Args:
        document: The gold.
        released: What became of its text.
        requirement: What must be gone.
        known: The identifiers that registration knows of the document's patient.
    """
    required: dict[str, set[Range]] = {}
    standing: dict[str, set[Range]] = {}
    for span in document.spans:
        parts = requirement.parts(document, span)
        if parts:
            required.setdefault(span.label, set()).update(parts)
            left = _standing(document.note.text, released, span, parts, requirement)
            standing.setdefault(span.label, set()).update(left)
    survivors = [
        Survivor(*released.offsets.released_span(*part), *part, label, "in place")
        for label, parts_left in standing.items()
        for part in parts_left
    ]
    columns: dict[str, tuple[int, int]] = {}
    for form in known:
        if not _raw_matches(document, form):
            continue
        found = [
            _survivor(released, form, at) for at in _released_matches(document, released, form)
        ]
        survivors += found
        n, survived = columns.get(form.column, (0, 0))
        columns[form.column] = (n + 1, survived + bool(found))
    return NoteSurvival(
        {label: (len(parts), len(standing[label])) for label, parts in required.items()},
        (len(set().union(*required.values())), len(set().union(*standing.values()))),
        columns,
        tuple(sorted(survivors)),
    )


def _standing(
    text: str, released: ReleasedText, span: Span, parts: Sequence[Range], requirement: Requirement
) -> Iterator[Range]:
    """Yield the parts of a span that still stand in place."""
    surface = text[span.start : span.end]
    replacement = _TAG.sub(" ", _at(released, span.start, span.end))
    is_age = span.label == "AGE"  # 90 becomes 90+
    is_whole = replacement == surface if is_age else _says(replacement, surface)
    for start, end in parts:
        if not _is_replaced(released, start, end) or is_whole:
            yield start, end
        elif requirement.is_partwise(span.label):
            own = _TAG.sub(" ", _at(released, start, end))
            part = text[start:end]
            if len(part) > 2 and part.lower() != "iii" and _says(own, part):
                yield start, end


def _says(replacement: str, original: str) -> bool:
    """Say whether the words of the original stand in the replacement, one after the other."""
    words = _TOKEN.findall(original.casefold())
    told = _TOKEN.findall(replacement.casefold())
    return any(told[i : i + len(words)] == words for i in range(len(told) - len(words) + 1))


def _at(released: ReleasedText, start: int, end: int) -> str:
    low, high = released.offsets.released_span(start, end)
    return released.text[low:high]


def _is_replaced(released: ReleasedText, start: int, end: int) -> bool:
    """Say whether every code point of a raw range lies in a replaced region."""
    rows = released.offsets.rows
    index = bisect_right(rows, start, key=lambda row: row[0]) - 1
    while start < end:
        if index < 0 or index >= len(rows) or not rows[index][0] <= start < rows[index][1]:
            return False
        start, index = rows[index][1], index + 1
    return True


def _raw_matches(document: GoldDocument, form: KnownForm) -> bool:
    return any(
        not form.is_word or _is_marked(document, *match.span())
        for match in form.pattern.finditer(document.note.text)
    )


def _released_matches(
    document: GoldDocument, released: ReleasedText, form: KnownForm
) -> Iterator[Range]:
    """Yield where an identifier stands in the released text, tags apart.

    A shifted date can be a birthday by chance, and name a month that is a name too (May): what
    replaces a date holds no name, and dates of birth count only where nothing was replaced.
    """
    for match in form.pattern.finditer(released.text):
        rows = [r for r in released.offsets.rows if r[2] < match.end() and match.start() < r[3]]
        if any(_TAG.fullmatch(released.text[r[2] : r[3]]) for r in rows):
            continue
        if rows:
            is_date = any(_is_marked(document, r[0], r[1], "DATE") for r in rows)
            if form.column != "dob" and not is_date:
                yield match.span()
        else:
            raw = released.offsets.raw_span(*match.span())
            if not form.is_word or _is_marked(document, *raw):
                yield match.span()


def _survivor(released: ReleasedText, form: KnownForm, at: Range) -> Survivor:
    return Survivor(*at, *released.offsets.raw_span(*at), form.column, "known")


def _is_marked(document: GoldDocument, start: int, end: int, label: str | None = None) -> bool:
    return any(
        span.start < end and start < span.end and label in (None, span.label)
        for span in document.spans
    )
