"""Staging: a disk shuffle of the input into work units, in bounded memory.

Rows are checked and divided by a keyed hash of their patient, so that all rows of a patient lie
together. Rows of one note id may stand anywhere in the input, under other patients too: an index
on disk finds duplicates and superseded revisions without holding the ids in memory.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.keys import Keys
from pipeline.patient import PatientRecord
from pipeline.schema import CODES, STAGED
from pipeline.storage.checking import CheckedRow, check
from pipeline.storage.files import PRIVATE_FILE, Root, read_table
from pipeline.storage.source import find_files, read_rows

_FLUSH_BYTES = 16 * 1024 * 1024
_INDEX_ROWS = 10_000
_EPOCH = datetime(1970, 1, 1)

_INDEX = """
CREATE TABLE seen (id BLOB, time INTEGER, file INTEGER, row INTEGER, text BLOB, unit INTEGER)
"""
_DROPPED = """
CREATE TABLE dropped AS
SELECT unit, file, row, CASE WHEN text = taken THEN 'duplicate' ELSE 'superseded' END AS code
FROM (
  SELECT *, row_number() OVER later AS place, first_value(text) OVER later AS taken
  FROM seen WINDOW later AS (PARTITION BY id ORDER BY time DESC, file DESC, row DESC)
) WHERE place > 1
"""


@dataclass(frozen=True, slots=True)
class Staged:
    """What lies in the staging folder.

    Attributes:
        files: The input files in the order of reading.
        rows: Rows read.
        codes: How many rows have which code; rows without one are notes to be processed.
        units: Work unit → its rows.
    """

    files: tuple[Path, ...] = field(repr=False)
    rows: int
    codes: dict[str, int]
    units: dict[int, int]

    @property
    def notes(self) -> int:
        """Rows that are notes to be processed."""
        return self.rows - sum(self.codes.values())

    @property
    def quarantined(self) -> int:
        """Rows that staging refused."""
        return sum(n for code, n in self.codes.items() if CODES[code][0] == "quarantined")


class _Shuffle:
    """Buffers rows by work unit and appends them to one Parquet file each."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self._folder = folder
        self._schema = schema
        self._buffers: dict[int, list[tuple[object, ...]]] = {}
        self._writers: dict[int, pq.ParquetWriter] = {}
        self._bytes = 0

    def add(self, unit: int, row: tuple[object, ...]) -> None:
        self._buffers.setdefault(unit, []).append(row)
        self._bytes += 500 + sum(2 * len(cell) for cell in row if isinstance(cell, str))
        if self._bytes >= _FLUSH_BYTES:
            self._flush()

    def _flush(self) -> None:
        for unit, rows in self._buffers.items():
            if unit not in self._writers:
                path = self._folder / unit_file(unit)
                # Statistics would quote notes, and keep them all in memory until the file's end.
                self._writers[unit] = pq.ParquetWriter(
                    path,
                    self._schema,
                    compression="zstd",
                    use_dictionary=False,
                    write_statistics=False,
                )
            columns = zip(*rows, strict=True)
            arrays = [pa.array(c, f.type) for c, f in zip(columns, self._schema, strict=True)]
            batch = pa.RecordBatch.from_arrays(arrays, schema=self._schema)
            self._writers[unit].write_batch(batch)
        self._buffers.clear()
        self._bytes = 0

    def close(self) -> None:
        self._flush()
        for writer in self._writers.values():
            writer.close()


def unit_file(unit: int) -> str:
    """Name the Parquet file of a work unit, the same in every table's folder."""
    return f"unit-{unit:04d}.parquet"


def stage(
    notes: Path,
    records: Iterable[tuple[str, PatientRecord]],
    phi: Root,
    keys: Keys,
    *,
    n_units: int,
    max_characters: int,
) -> Staged:
    """Read, check and shuffle the input into ``PHI/staging``, replacing what lay there.

    Args:
        notes: The input file or folder.
        records: Patient id and registration record; a patient may come several times.
        phi: The PHI root.
        keys: Divide the patients into work units.
        n_units: Number of work units.
        max_characters: Longer texts are refused.

    Raises:
        InputError: A file can't be read.
    """
    files = find_files(notes)
    if (phi.path / "staging").exists():
        shutil.rmtree(phi.path / "staging")  # all of it: a row left behind would be read again
    folder = phi.folder("staging")
    salt = secrets.token_bytes(32)  # the index sorts in the machine's folder for temporary files
    codes: Counter[str] = Counter()
    units: Counter[int] = Counter()
    shuffle = _Shuffle(phi.folder("staging", "note"), STAGED)
    with closing(sqlite3.connect(folder / "index.sqlite")) as index:
        index.execute("PRAGMA journal_mode = OFF")
        index.execute("PRAGMA synchronous = OFF")
        index.execute(_INDEX)
        seen: list[tuple[object, ...]] = []
        for source in read_rows(files):
            row = check(source, max_characters)
            unit = keys.work_unit(row.subject, n_units)
            shuffle.add(unit, tuple(getattr(row, name) for name in STAGED.names))
            units[unit] += 1
            if row.code is not None:
                codes[row.code] += 1
            else:
                seen.append(_index_entry(row, unit, salt))
            if len(seen) >= _INDEX_ROWS:
                _insert(index, seen)
        _insert(index, seen)
        shuffle.close()
        index.execute(_DROPPED)
        index.execute("DROP TABLE seen")
        index.execute("CREATE INDEX dropped_by_unit ON dropped (unit)")
        codes.update(dict(index.execute("SELECT code, count(*) FROM dropped GROUP BY code")))
        index.commit()
        index.execute("VACUUM")
    _stage_records(records, phi, keys, n_units)
    names = [str(path).encode("utf-8", "backslashreplace").decode("utf-8") for path in files]
    (folder / "files.json").write_text(json.dumps(names), "utf-8")
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(PRIVATE_FILE)
    return Staged(tuple(files), units.total(), dict(codes), dict(units))


def _index_entry(row: CheckedRow, unit: int, salt: bytes) -> tuple[object, ...]:
    # SQLite sorts null below every number, as it should: a dated revision beats an undated one.
    time = None if row.note_time is None else (row.note_time - _EPOCH) // _MICROSECOND
    note_id, text = (_digest(cell or "", salt) for cell in (row.note_id, row.text))
    return (note_id, time, row.file, row.row, text, unit)


_MICROSECOND = datetime.resolution


def _digest(text: str, salt: bytes) -> bytes:
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16, key=salt).digest()


def _insert(index: sqlite3.Connection, seen: list[tuple[object, ...]]) -> None:
    index.executemany("INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?)", seen)
    seen.clear()


def _stage_records(
    records: Iterable[tuple[str, PatientRecord]], phi: Root, keys: Keys, n_units: int
) -> None:
    shuffle = _Shuffle(phi.folder("staging", "patient"), _RECORDS)
    for patient_id, record in records:
        unit = keys.work_unit(("patient", patient_id), n_units)
        shuffle.add(unit, (patient_id, json.dumps(record.to_mapping())))
    shuffle.close()


_RECORDS = pa.schema([("patient_id", pa.string()), ("record", pa.string())])


def read_staged_rows(phi: Root, unit: int) -> list[CheckedRow]:
    """Read a work unit's rows, with the codes of duplicates filled in."""
    folder = phi.path / "staging"
    uri = f"{(folder / 'index.sqlite').as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as index:
        dropped = {
            (file, row): code
            for file, row, code in index.execute(
                "SELECT file, row, code FROM dropped WHERE unit = ?", (unit,)
            )
        }
    table = read_table(folder / "note" / unit_file(unit), STAGED)
    return [
        CheckedRow(**{**cells, "code": dropped.get((cells["file"], cells["row"]), cells["code"])})
        for cells in table.to_pylist()
    ]


def read_staged_records(phi: Root, unit: int) -> dict[str, PatientRecord]:
    """Read the registration records of a work unit's patients, by raw patient id."""
    table = read_table(phi.path / "staging" / "patient" / unit_file(unit), _RECORDS)
    records: dict[str, PatientRecord] = {}
    for row in table.to_pylist():
        record = PatientRecord.from_mapping(json.loads(row["record"]))
        records[row["patient_id"]] = records.get(row["patient_id"], PatientRecord()).union(record)
    return records


def read_staged_files(phi: Root) -> Sequence[str]:
    """Read the paths of the input files, in the order of reading."""
    names: list[str] = json.loads((phi.path / "staging" / "files.json").read_text("utf-8"))
    return names
