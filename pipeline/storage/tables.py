"""The tables of OUT and PHI: one file for each work unit, committed together."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import SetupError
from pipeline.schema import NOTE, NOTE_STATUS, PHI_TABLES, TABLES, Table
from pipeline.storage.files import Root, read_table
from pipeline.storage.staging import unit_file

_COMMIT = b"commit"
"""Key of the file metadata that names the commit, the same in all files of a unit."""

_UNIT_FILE = re.compile(r"unit-(\d{4})\.parquet")


@dataclass(frozen=True, slots=True)
class Tables:
    """Reads and commits the files of work units in both roots."""

    out: Root
    phi: Root

    def read(self, table: Table, unit: int) -> pa.Table:
        """Read a work unit's rows of one table; none if the unit was never committed."""
        return read_table(self._path(table, unit), table.schema)

    def read_kept(self, table: Table, unit: int) -> pa.Table:
        """Read the rows of a table that outlast a lost commit; none if it has no file.

        Raises:
            SetupError: The file can't be read.
        """
        with suppress(OSError, pa.ArrowException):
            return self.read(table, unit)
        raise SetupError(
            f"{table.name}/{unit_file(unit)} in the PHI root can't be read; restore it from "
            "backup, or delete it and what it held is forgotten"
        )

    def is_whole(self, unit: int) -> bool:
        """Say whether a work unit's files are all there, of one commit and of today's columns.

        A unit whose files were lost, restored, shared with another OUT or written by an older
        version is not; it must be made anew.
        """
        commits: set[bytes] = set()
        for table in TABLES:
            try:
                schema = pq.read_schema(self._path(table, unit))
            except (OSError, pa.ArrowException):
                return False
            if not schema.equals(table.schema, check_metadata=False):
                return False
            commits.add((schema.metadata or {}).get(_COMMIT, b""))
        return len(commits) == 1 and b"" not in commits

    def commit(self, unit: int, tables: Mapping[str, pa.Table]) -> None:
        """Replace a work unit's files by new ones; a unit without rows loses its files.

        All files are written before any is put in its place, so that a full disk costs nothing.
        ``note_status`` is taken away before the others change and put back last: a reader can
        tell a unit that a crash left between two states, and the next run makes it anew.

        Args:
            unit: The work unit.
            tables: Every table's name → its rows, in any order.
        """
        if unit > 0 and all(rows.num_rows == 0 for rows in tables.values()):
            for table in reversed(TABLES):
                self._root(table).remove(self._path(table, unit))
            return
        mark = {_COMMIT: secrets.token_bytes(8).hex().encode("ascii")}
        prepared: dict[Table, Path] = {}
        try:
            for table in TABLES:
                rows = table.sort(tables[table.name]).replace_schema_metadata(mark)
                self._root(table).folder(table.name)
                path = self._path(table, unit)
                prepared[table] = self._root(table).prepare_table(path, rows)
            self.out.remove(self._path(NOTE_STATUS, unit))
            for table, temporary in prepared.items():
                self._root(table).publish(temporary, self._path(table, unit))
        finally:
            for temporary in prepared.values():
                temporary.unlink(missing_ok=True)

    def units(self) -> set[int]:
        """Find the work units of which any file lies in either root."""
        return {
            int(match[1])
            for table in TABLES
            for path in (self._root(table).path / table.name).glob("unit-*.parquet")
            if (match := _UNIT_FILE.fullmatch(path.name))
        }

    def count_notes(self) -> int:
        """Count the notes in OUT, as far as its files can be read."""
        n_notes = 0
        for path in (self.out.path / NOTE.name).glob("unit-*.parquet"):
            with suppress(OSError, pa.ArrowException):
                n_notes += pq.read_metadata(path).num_rows
        return n_notes

    def remove_temporaries(self) -> None:
        """Remove what a killed run left half written."""
        self.out.remove_temporaries()
        self.phi.remove_temporaries()

    def _root(self, table: Table) -> Root:
        return self.phi if table in PHI_TABLES else self.out

    def _path(self, table: Table, unit: int) -> Path:
        return self._root(table).path / table.name / unit_file(unit)
