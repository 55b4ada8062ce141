"""The tables of OUT and PHI: one file for each work unit, committed together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.schema import NOTE, NOTE_STATUS, PHI_TABLES, TABLES, Table
from pipeline.storage.files import Root, read_table
from pipeline.storage.staging import unit_file

_UNIT_FILE = re.compile(r"unit-(\d{4})\.parquet")


@dataclass(frozen=True, slots=True)
class Tables:
    """Reads and commits the files of work units in both roots."""

    out: Root
    phi: Root

    def read(self, table: Table, unit: int) -> pa.Table:
        """Read a work unit's rows of one table; none if the unit was never committed."""
        return read_table(self._path(table, unit), table.schema)

    def has(self, unit: int) -> bool:
        """Say whether a work unit was committed."""
        return self._path(NOTE_STATUS, unit).exists()

    def commit(self, unit: int, tables: Mapping[str, pa.Table]) -> None:
        """Replace a work unit's files by new ones; a unit without rows loses its files.

        ``note_status`` is taken away first and put back last: a unit that a crash leaves without
        it is redone by the next run, whatever state its other files are in.

        Args:
            unit: The work unit.
            tables: Every table's name → its rows, in any order.
        """
        self.out.remove(self._path(NOTE_STATUS, unit))
        is_empty = all(rows.num_rows == 0 for rows in tables.values())
        for table in TABLES:
            path = self._path(table, unit)
            if is_empty and unit > 0:
                self._root(table).remove(path)
                continue
            rows = tables[table.name].sort_by([(name, "ascending") for name in table.key])
            self._root(table).folder(table.name)
            self._root(table).write_table(path, rows)

    def units(self) -> set[int]:
        """Find the work units of which any file lies in either root."""
        return {
            int(match[1])
            for table in TABLES
            for path in (self._root(table).path / table.name).glob("unit-*.parquet")
            if (match := _UNIT_FILE.fullmatch(path.name))
        }

    def count_notes(self) -> int:
        """Count the notes in OUT."""
        return sum(
            pq.read_metadata(path).num_rows
            for path in (self.out.path / NOTE.name).glob("unit-*.parquet")
        )

    def remove_temporaries(self) -> None:
        """Remove what a killed run left half written."""
        self.out.remove_temporaries()
        self.phi.remove_temporaries()

    def _root(self, table: Table) -> Root:
        return self.phi if table in PHI_TABLES else self.out

    def _path(self, table: Table, unit: int) -> Path:
        return self._root(table).path / table.name / unit_file(unit)
