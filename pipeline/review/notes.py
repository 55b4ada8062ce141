"""The notes of a PHI root as a reviewer sees them, one work unit at a time."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from pipeline.errors import InputError, SetupError
from pipeline.note import PhiSpan
from pipeline.review.alignment import Piece, Replaced, cut
from pipeline.schema import IDENTITY_MAP, OFFSET_MAP, PHI_SPAN, QUARANTINE, Table
from pipeline.storage.checking import CheckedRow
from pipeline.storage.files import Root, read_table
from pipeline.storage.staging import read_staged_rows, unit_file

_REMEDY = "give the `chartsift run` that made it once more, until it completes"

_Region = tuple[int, int, int, int]
"""A row of ``offset_map``: raw start, raw end, start, end."""


@dataclass(frozen=True, slots=True)
class ReviewedNote:
    """A raw note and what was done to it.

    Attributes:
        raw: The row as read; it has an id and text.
        pseudonym: The note's id in OUT.
        unit: The work unit, whose files hold the note's rows.
        pieces: The raw text, cut at the spans.
        words: Words of the raw text.
    """

    raw: CheckedRow = field(repr=False)
    pseudonym: str = field(repr=False)
    unit: int
    pieces: tuple[Piece, ...]
    words: int

    @property
    def note_id(self) -> str:
        """The id as the source writes it."""
        return self.raw.note_id or ""

    @property
    def spans(self) -> tuple[Replaced, ...]:
        """What was found, in text order."""
        return tuple(piece.found for piece in self.pieces if piece.found is not None)

    @property
    def released(self) -> str:
        """The released text."""
        return "".join(piece.released for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class UnitNotes:
    """The notes of a work unit.

    Attributes:
        notes: Those whose tables fit their text.
        unfinished: How many the last run read but did not finish.
    """

    notes: tuple[ReviewedNote, ...]
    unfinished: int


def check_phi_root(phi: Root) -> None:
    """Check that a folder is a PHI root with a run in it that nobody else can read.

    Raises:
        InputError: No run has been made with it.
        SetupError: Others can read it.
    """
    if not (phi.path / "staging").is_dir():
        raise InputError(
            "PHI holds no run; give the PHI root of a finished run, or make one with "
            "`chartsift run NOTES --out OUT --phi PHI`"
        )
    if phi.path.stat().st_mode & 0o077:
        raise SetupError("others can read the PHI root; chmod it to 0700")


def read_input_time(phi: Root) -> datetime:
    """Return when the last run had read its input (UTC).

    Raises:
        InputError: It was stopped before.
    """
    try:
        seconds = (phi.path / "staging" / "files.json").stat().st_mtime
    except FileNotFoundError:
        pass
    else:
        return datetime.fromtimestamp(int(seconds), UTC)
    raise InputError(f"the last run was stopped while it read its input; {_REMEDY}")


def read_units(phi: Root) -> Iterator[UnitNotes]:
    """Read the notes of all work units, one unit in memory at a time.

    Raises:
        InputError: A file can't be read.
    """
    names = {path.name for path in (phi.path / "staging" / "note").glob("unit-*.parquet")}
    for name in sorted(names):
        unit = int(name.removeprefix("unit-").removesuffix(".parquet"))
        problem = ""
        try:
            notes = _read_unit(phi, unit)
        except (pa.ArrowException, OSError, sqlite3.Error):
            problem = (
                f"work unit {unit} of PHI can't be read: the last run was cut off, or was made by "
                f"another version; {_REMEDY}"
            )
        if problem:
            raise InputError(problem)
        yield notes


def _read_unit(phi: Root, unit: int) -> UnitNotes:
    quarantine = _read(phi, QUARANTINE, unit)
    failed = {cells["note_id"] for cells in quarantine if cells["code"] == "stage_failed"}
    identities = _read(phi, IDENTITY_MAP, unit)
    pseudonyms = {c["raw"]: c["pseudonym"] for c in identities if c["kind"] == "note"}
    spans: defaultdict[str, list[Replaced]] = defaultdict(list)
    for c in _read(phi, PHI_SPAN, unit):
        span = PhiSpan(c["start"], c["end"], c["label"], c["score"], tuple(c["annotators"]))
        spans[c["note_id"]].append(Replaced(span, c["replacement"]))
    regions: defaultdict[str, set[_Region]] = defaultdict(set)
    for c in _read(phi, OFFSET_MAP, unit):
        regions[c["note_id"]].add((c["raw_start"], c["raw_end"], c["start"], c["end"]))
    notes: list[ReviewedNote] = []
    unfinished = 0
    for row in read_staged_rows(phi, unit):
        if row.code is not None or row.note_id is None or row.text is None or row.note_id in failed:
            continue
        pieces = _fit(row.text, spans[row.note_id], regions[row.note_id])
        if pieces is None or row.note_id not in pseudonyms:
            unfinished += 1
        else:
            words = len(row.text.split())
            notes.append(ReviewedNote(row, pseudonyms[row.note_id], unit, pieces, words))
    return UnitNotes(tuple(notes), unfinished)


def _read(phi: Root, table: Table, unit: int) -> list[dict[str, Any]]:
    rows = read_table(phi.path / table.name / unit_file(unit), table.schema)
    return list(table.sort(rows).to_pylist())


def _fit(text: str, spans: list[Replaced], regions: set[_Region]) -> tuple[Piece, ...] | None:
    """Cut a text at its spans, or return None if they are of another revision of the note."""
    try:
        pieces = cut(text, spans)
    except ValueError:
        return None
    replaced: set[_Region] = set()
    kept: set[_Region] = set()
    raw_start = start = 0
    for piece in pieces:
        raw_end, end = raw_start + len(piece.raw), start + len(piece.released)
        if piece.found is not None:
            (kept if piece.is_kept else replaced).add((raw_start, raw_end, start, end))
        raw_start, start = raw_end, end
    return pieces if replaced <= regions <= replaced | kept else None
