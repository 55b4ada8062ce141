"""Untagged reports: what the recogniser must leave alone.

Gold notes are few, so most drugs, devices, eponyms and findings never occur in them. Other reports
show them. Nobody tagged their PHI, so whatever could be PHI there counts as unknown.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.deid.rules import RulesAnnotator
from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.errors import InputError
from pipeline.train.corpora import read_unlabelled
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

_SUSPECT: Final = re.compile(
    r"\b(?:Drs?|Mr|Mrs|Ms|Miss|Dear|by|MD|RN|PA|DO|NP)\b\.?:?(?: +[A-Z][\w.'-]*){0,4}"
    r"|\b(?:[XY]{2,}|x{3,}|ABC|XYZ|DEF|[A-Z])\b|\*+|_{2,}|[#@]\S*|www\S*"
    r"|\d[\d-]{4,}|\b(?:0?[1-9]|1[0-2])/\d\d\b|\b(?:19|20)\d\d\b|\b\d{1,2}[/-]\d{1,2}[/-]\d+"
    r"|(?:\b[A-Z][\w'-]* )+(?:Hospital|Clinic|Center|Medical|University|School|College|County|City"
    r"|Church|Street|Avenue|Road|Home|Inc|Health)\b"
    r"|\b(?:years?|yo|y/o|yrs?|months?|weeks?|days?|room|floor|unit|works?|worked|working|job"
    r"|retired|student|employed|lives?|born|phone|fax|named?)\b",
)
_CAPITAL: Final = re.compile(r"\b[A-Z][A-Za-z]+\b")
_WORD: Final = re.compile(r"[A-Za-z]+")
_LINE: Final = re.compile(r"[^\n]+\n?")
_PASSAGE: Final = 1_500


@dataclass(frozen=True, slots=True)
class PlainReports:
    """Untagged reports, to learn what is no PHI.

    Attributes:
        notes: Parquet file with the columns ``note_id`` and ``text``.
        excluded: Identifiers of notes that are kept for testing.
    """

    notes: Path
    excluded: frozenset[str] = frozenset()


def read_plain_texts(reports: PlainReports, lists: SurrogateLists) -> tuple[TaggedText, ...]:
    """Read reports as texts without PHI but for what is unknown.

    Unknown is what the rules find, numbers, capitalised words that stand in lists of names and
    places, occupations, and the words about titles, blanks and institutions.

    Raises:
        InputError: The file can't be read, lacks a column or has no text that may be learned.
    """
    notes = [
        note for note in read_unlabelled(reports.notes) if note.note_id not in reports.excluded
    ]
    if not notes:
        raise InputError(f"{reports.notes} has no text but of excluded notes; give more reports")
    suspects = _suspect_words(lists)
    found = RulesAnnotator().annotate(notes)
    return tuple(
        TaggedText(
            note.text,
            (),
            _join([*((s.start, s.end) for s in spans), *_suspect(note.text, suspects)]),
        )
        for note, spans in zip(notes, found, strict=True)
    )


def _suspect(text: str, suspects: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Find what a reader who knows nothing of the patient could not rule out to be PHI."""
    for match in _SUSPECT.finditer(text):
        yield match.span()
    for match in _CAPITAL.finditer(text):
        if match[0].casefold() in suspects and match[0].casefold() not in EPONYMS:
            yield match.span()
    for match in _WORD.finditer(text):
        if match[0].casefold() in _WORDS:
            yield match.span()


def _join(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


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
    return frozenset(w.casefold() for w in (*names, *places, *states)) - load_lexicon().common


def draw_plain(texts: tuple[TaggedText, ...], rng: random.Random) -> Iterator[TaggedText]:
    """Draw passages of whole lines, without end."""
    while True:
        report = rng.choice(texts)
        lines = [match.span() for match in _LINE.finditer(report.text)]
        start, end = lines[rng.randrange(len(lines))]
        for _, line_end in lines:
            if start < line_end <= start + _PASSAGE:
                end = max(end, line_end)
        end = min(end, start + 2 * _PASSAGE)
        unknown = ((max(a, start), min(b, end)) for a, b in report.unknown)
        text = report.text[start:end]
        share = rng.random()
        if share < 0.12 and len(text.upper()) == len(text):
            text = text.upper()
        elif share < 0.24 and len(text.lower()) == len(text):
            text = text.lower()
        yield TaggedText(text, (), tuple((a - start, b - start) for a, b in unknown if a < b))
