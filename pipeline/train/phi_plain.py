"""Sentences without PHI from untagged reports: what the recogniser must leave alone.

Gold notes are few, so most drugs, devices, eponyms and findings never occur in them. Sentences of
other reports show them, provided that nothing in the sentence could be PHI.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.train.phi_lists import SurrogateLists
from pipeline.train.phi_text import TaggedText
from pipeline.train.phi_words import (
    COUNTRIES,
    EPONYMS,
    HOLIDAYS,
    MONTHS,
    MONTHS_SHORT,
    OCCUPATIONS,
    WEEKDAYS,
    WEEKDAYS_SHORT,
)

_SENTENCE: Final = re.compile(r"[^.\n]+(?:\.(?!\s)[^.\n]*)*[.\n]?")
_SUSPECT: Final = re.compile(
    r"\b(?:Drs?|Mr|Mrs|Ms|Miss|MD|RN|PA|DO|NP|XX+|x{3,}|[A-Z]\.|years?|yo|y/o|yrs?|months?"
    r"|weeks?|days?|old|age[ds]?|hospital|clinic|center|university|school|county|street|room|floor"
    r"|unit|city|state|church|work(?:s|ed|ing)?|job|retired|student|employed|lives?|born|phone|fax"
    r"|named?|call(?:s|ed)?|signed|dictated|date[ds]?|number|in \d{4}|on \d)\b"
    r"|\d{4}|\d/\d+/|@|www|#",
    re.IGNORECASE,
)
_CAPITAL: Final = re.compile(r"\b[A-Z][a-z]+\b")
_PLACEHOLDER: Final = re.compile(r"\b(?:ABC|XYZ|XXX|[A-Z])\b")
_MIN_LENGTH: Final = 25


@dataclass(frozen=True, slots=True)
class PlainReports:
    """Untagged reports to take PHI-free sentences from.

    Attributes:
        notes: Parquet file with the columns ``note_id`` and ``text``.
        excluded: Identifiers of notes that are kept for testing.
    """

    notes: Path
    excluded: frozenset[str] = frozenset()


def read_excluded(folds: Path, fold: str = "0") -> frozenset[str]:
    """Read which notes are kept for testing, with their near-duplicates.

    Args:
        folds: JSON with ``folds`` (note to fold) and ``near_duplicates_of_fold`` (fold to notes).
        fold: The fold that is kept.
    """
    content = json.loads(folds.read_text(encoding="utf-8"))
    kept = {note for note, number in content["folds"].items() if str(number) == fold}
    return frozenset(kept | set(content["near_duplicates_of_fold"][fold]))


def read_plain_sentences(reports: PlainReports, lists: SurrogateLists) -> tuple[str, ...]:
    """Read the distinct sentences in which nothing can be PHI.

    Raises:
        InputError: The file can't be read or lacks a column.
    """
    try:
        table = pq.read_table(reports.notes, columns=["note_id", "text"])
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{reports.notes} can't be read ({type(error).__name__}); "
            "give a Parquet file with the columns note_id and text"
        ) from None
    suspects = _suspect_words(lists)
    sentences: dict[str, None] = {}
    for row in table.to_pylist():
        if row["note_id"] not in reports.excluded:
            for match in _SENTENCE.finditer(row["text"]):
                sentence = match[0].strip()
                if len(sentence) >= _MIN_LENGTH and is_plain(sentence, suspects):
                    sentences[sentence] = None
    return tuple(sentences)


def is_plain(sentence: str, suspects: frozenset[str]) -> bool:
    """Say whether a sentence has no number, title, place, occupation or name that may be PHI."""
    if _SUSPECT.search(sentence) or _PLACEHOLDER.search(sentence):
        return False
    words = re.findall(r"[a-z]+", sentence.casefold())
    if any(w in suspects for w in words[:1]) and words[0] not in EPONYMS:
        return False
    if set(words) & _WORDS:
        return False
    return all(
        m[0].casefold() in EPONYMS or m[0].casefold() not in suspects
        for m in _CAPITAL.finditer(sentence)
    )


_WORDS: Final = frozenset(
    w.casefold()
    for w in (
        *OCCUPATIONS,
        *COUNTRIES,
        *HOLIDAYS,
        *MONTHS,
        *MONTHS_SHORT,
        *WEEKDAYS,
        *WEEKDAYS_SHORT,
    )
    if " " not in w and w not in ("May", "Mar", "Sun", "Sat")
) | {w.rpartition(" ")[2] for w in OCCUPATIONS}


def _suspect_words(lists: SurrogateLists) -> frozenset[str]:
    names = (*lists.first.words[:1500], *lists.last.words[:4000])
    places = (w for city in lists.cities for w in city.split())
    states = (w for name, _ in lists.states for w in name.split())
    return frozenset(w.casefold() for w in (*names, *places, *states))


def draw_plain(sentences: tuple[str, ...], rng: random.Random) -> Iterator[TaggedText]:
    """Draw passages of a few sentences, without end."""
    while True:
        start = rng.randrange(len(sentences))
        passage = sentences[start : start + rng.randint(1, 8)]
        text = rng.choice((" ", "\n")).join(passage)
        share = rng.random()
        if share < 0.15:
            text = text.upper()
        elif share < 0.35:
            text = text.lower()
        yield TaggedText(text, ())
