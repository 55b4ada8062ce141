"""Gold of sections: headings by offsets in one file, the notes that they stand in in another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluate.jsonl import read_jsonl
from pipeline.evaluate.plain import read_plain
from pipeline.note import SECTION_KINDS, Note
from pipeline.storage.source import find_files, read_rows

_COLUMNS = ["note_id", "start", "end", "section"]
_NUMBER = re.compile(r"\d{1,10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class HeadedNote:
    """A note with its gold headings.

    Attributes:
        note: The note.
        headings: ``[start, end)`` of each heading, without colon and white space, in code points
            of the text, to the kind of section that it opens.
    """

    note: Note
    headings: dict[tuple[int, int], str]


def read_section_gold(gold: Path, notes: Path) -> list[HeadedNote]:
    """Read gold headings and the notes that they stand in.

    Args:
        gold: Tab-separated, with the columns ``note_id``, ``start``, ``end`` and ``section``; a
            row with a note's id alone says that the note has no headings.
        notes: Parquet, CSV or JSON lines; notes that the gold doesn't name are passed over.

    Returns:
        The notes that the gold names, in its order.

    Raises:
        InputError: A file can't be read, a row isn't a heading of a known kind, a note is
            missing or comes twice, or an offset lies outside of its text.
    """
    headings: dict[str, dict[tuple[int, int], str]] = {}
    places: dict[str, str] = {}
    for place, note_id, heading in _read_headings(gold):
        places[note_id] = place
        of_note = headings.setdefault(note_id, {})
        if heading is not None:
            of_note[heading[:2]] = heading[2]
    if not headings:
        raise InputError(f"{gold} names no note; give at least one row")
    texts = _read_texts(notes, headings)
    headed: list[HeadedNote] = []
    for note_id, of_note in headings.items():
        text = texts.get(note_id)
        if text is None:
            raise InputError(f"{places[note_id]}: NOTES doesn't hold this note; give the notes")
        if any(end > len(text) for _, end in of_note):
            raise InputError(
                f"a note up to {places[note_id]} has an offset beyond its text of {len(text)} "
                "code points; give the text that was annotated"
            )
        headed.append(HeadedNote(Note(note_id, text), of_note))
    return headed


def _read_headings(gold: Path) -> Iterator[tuple[str, str, tuple[int, int, str] | None]]:
    """Read the rows: where each stands, its note's id and its heading, if it has one."""
    head, *rows = read_plain(gold).removesuffix("\n").split("\n")
    if head.rstrip("\r").split("\t") != _COLUMNS:
        raise InputError(f"{gold} has other columns than {', '.join(_COLUMNS)}; name them so")
    for number, row in enumerate(rows, start=2):
        place = f"{gold}, line {number}"
        note_id, start, end, kind = (*row.rstrip("\r").split("\t"), "", "", "")[:4]
        if note_id and not (start or end or kind):
            yield place, note_id, None
            continue
        if not (note_id and _NUMBER.fullmatch(start) and _NUMBER.fullmatch(end)):
            raise InputError(f"{place} needs a note's id and whole offsets; add them")
        if int(start) >= int(end):
            raise InputError(f"{place}: [{start}, {end}) is empty; give start < end")
        if kind not in SECTION_KINDS:
            raise InputError(
                f"{place} has an unknown kind of section; known are {', '.join(SECTION_KINDS)}"
            )
        yield place, note_id, (int(start), int(end), kind)


def _read_texts(notes: Path, wanted: dict[str, dict[tuple[int, int], str]]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for note_id, text in _read_notes(notes):
        if note_id not in wanted:
            continue
        if note_id in texts:
            raise InputError("NOTES holds a note of the gold twice; give each id once")
        texts[note_id] = text
    return texts


def _read_notes(notes: Path) -> Iterator[tuple[str, str]]:
    if notes.name.lower().endswith((".jsonl", ".ndjson")):
        for document in read_jsonl(notes):
            yield document.note.note_id, document.note.text
        return
    for row in read_rows(find_files(notes)):
        cells = row.cells or {}
        note_id, text = cells.get("note_id"), cells.get("text")
        if note_id is not None and isinstance(text, str):
            yield str(note_id), text
