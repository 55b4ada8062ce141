"""The tables of OUT as a reader finds them, read in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.manifest import Manifest, read_last_manifest
from pipeline.schema import MENTION, NOTE, NOTE_STATUS, Table
from pipeline.storage.files import Root

_BATCH_ROWS = 16_384
_TEXT_ROWS = 32
_BUFFER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Found:
    """Where the rows of a note lie.

    Attributes:
        note_id: The whole id.
        file: Name of the work unit's file, the same in every table's folder.
    """

    note_id: str
    file: str


@dataclass(frozen=True, slots=True)
class Released:
    """The de-identified tables below a folder; every method reads the disk anew.

    All methods raise :class:`~pipeline.errors.InputError` where there are no tables, or where one
    can't be read.

    Attributes:
        out: The OUT folder.
    """

    out: Path = field(repr=False)

    def last_manifest(self) -> Manifest | None:
        """Read what the last finished run says of itself, or None if none has finished."""
        return read_last_manifest(Root(self.out))

    def batches(self, table: Table, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Read columns of a whole table, some rows at a time."""
        for path in self._files(table):
            yield from _read(path, columns)

    def count(self, table: Table) -> int:
        """Count the rows of a table."""
        return sum(batch.num_rows for batch in self.batches(table, ["note_id"]))

    def count_by(self, table: Table, column: str) -> Counter[str]:
        """Count the rows of a table by the values of a column."""
        counts: Counter[str] = Counter()
        for batch in self.batches(table, [column]):
            for pair in pc.value_counts(batch[column]).to_pylist():
                counts[pair["values"]] += pair["counts"]
        return counts

    def frequent_mentions(self, n: int) -> dict[str, list[tuple[str, int]]]:
        """Find the most frequent mentions of each label, by their text in lower case.

        Memory grows with the number of different mentions, not with the notes.

        Args:
            n: How many of each label.

        Returns:
            Label → texts and how often they stand in ``mention``, the most frequent first, then
            by alphabet.
        """
        counts: Counter[tuple[str, str]] = Counter()
        for batch in self.batches(MENTION, ["label", "text"]):
            rows = pa.table({"label": batch["label"], "text": pc.utf8_lower(batch["text"])})
            for group in (
                rows.group_by(["label", "text"]).aggregate([([], "count_all")]).to_pylist()
            ):
                counts[group["label"], group["text"]] += group["count_all"]
        frequent: dict[str, list[tuple[str, int]]] = {}
        for (label, text), number in sorted(counts.items(), key=lambda c: (-c[1], c[0])):
            of_label = frequent.setdefault(label, [])
            if len(of_label) < n:
                of_label.append((text, number))
        return frequent

    def find_note(self, beginning: str) -> Found:
        """Find a released note.

        Args:
            beginning: The note's id, or the beginning of it if no other id begins so.

        Raises:
            InputError: There is no such note, or more than one.
        """
        found: list[Found] = []
        for path in self._files(NOTE):
            for note_id in _starting(path, beginning):
                if note_id == beginning:
                    return Found(note_id, path.name)
                found.append(Found(note_id, path.name))
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(
                f"the ids of {len(found)} notes begin like that; give more of the one you mean"
            )
        raise InputError(f"{self._why_absent(beginning)}. {_FINDING}")

    def _why_absent(self, note_id: str) -> str:
        for path in self._files(NOTE_STATUS):
            for row in self.rows(NOTE_STATUS, Found(note_id, path.name)):
                return f"that note has no released text: its status is {row['status']}"
        return "no note in OUT has that id"

    def rows(self, table: Table, note: Found) -> Iterator[dict[str, Any]]:
        """Read a note's rows of a table."""
        path = self.out / table.name / note.file
        if path.exists():
            rows = _TEXT_ROWS if table is NOTE else _BATCH_ROWS
            for batch in _read(path, table.schema.names, rows):
                yield from batch.filter(pc.equal(batch["note_id"], note.note_id)).to_pylist()

    def _files(self, table: Table) -> list[Path]:
        files = sorted((self.out / table.name).glob("unit-*.parquet"))
        if not files:
            raise InputError(
                f"there is no table {table.name} in OUT; give the folder that `chartsift run` "
                "wrote its tables to"
            )
        return files


_FINDING = (
    "`chartsift show OUT` names one that has; the column note_id of OUT/note has all, and "
    "identity_map in the PHI root says which raw id is which"
)


def _starting(path: Path, beginning: str) -> Iterator[str]:
    for batch in _read(path, ["note_id"]):
        ids = batch["note_id"]
        yield from ids.filter(pc.starts_with(ids, beginning)).to_pylist()


def _read(path: Path, columns: Sequence[str], rows: int = _BATCH_ROWS) -> Iterator[pa.RecordBatch]:
    problem = ""
    try:
        with pq.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER_BYTES) as file:
            if set(columns) <= set(file.schema_arrow.names):
                yield from file.iter_batches(rows, columns=list(columns), use_threads=False)
            else:
                problem = "lacks columns: another version made it; run `chartsift run` again"
    except (pa.ArrowException, OSError):
        problem = "can't be read; if a run is at work on OUT wait for its end, else run it again"
    if problem:
        raise InputError(f"a file of the table {path.parent.name} {problem}")
