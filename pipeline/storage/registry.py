"""The registration table of patients: what must never survive in their notes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.patient import PatientRecord, plain_id

_FIELDS = "names, mrn, dob, phones, address, ssn, email, relatives, providers"
_MISNAMED = {
    "name": "names",
    "full_name": "names",
    "patient_name": "names",
    "first_name": "names",
    "last_name": "names",
    "mrns": "mrn",
    "date_of_birth": "dob",
    "birth_date": "dob",
    "phone": "phones",
    "addresses": "address",
    "emails": "email",
    "relative": "relatives",
    "provider": "providers",
}


class _UnusableError(Exception):
    """What is wrong with a row, in words of our own that quote nothing of it."""


def read_registry(path: Path) -> Iterator[tuple[str, PatientRecord]]:
    """Read patient ids and records from Parquet, CSV or JSON lines, in bounded memory.

    A patient may have several rows. In CSV, a cell that begins with ``[`` is read as a JSON list.
    JSON lines may also be gold notes: an object with ``known`` gives that record for its
    ``patient_id``. Other columns are ignored, unless their names are near those of a record.

    Raises:
        InputError: The file can't be read, has no ``patient_id`` or no identifiers, or a row of
            it is unusable. A registration table protects patients, so nothing in it is passed
            over.
    """
    readers = {".parquet": _parquet_rows, ".csv": _csv_rows, ".jsonl": _json_rows}
    read = readers.get(path.suffix.lower())
    if read is None:
        raise InputError("PATIENTS must end in .parquet, .csv or .jsonl")
    done = 0
    is_empty = True
    try:
        for row in read(path):
            patient_id, record = _patient(row)
            is_empty = is_empty and not record
            yield patient_id, record
            done += 1
        if not is_empty:
            return
        problem = "holds no identifier of any patient"
    except _UnusableError as error:
        problem = f"row {done + 1} {error}"
    except OSError:
        problem = "can't be read; check the path and its mode"
    except Exception:  # whatever a library says of a broken file may quote it
        problem = f"row {done + 1} is not valid {path.suffix[1:].upper()} in UTF-8"
    raise InputError(f"PATIENTS: {problem}. Columns: patient_id, {_FIELDS}")


def _patient(row: Mapping[str, object]) -> tuple[str, PatientRecord]:
    cells = _by_column(row)
    patient_id = cells.get("patient_id")
    if isinstance(patient_id, (list, dict, bytes, bool)):
        raise _UnusableError("has a patient_id that is neither text nor a number")
    plain = plain_id(patient_id)
    if plain is None:
        raise _UnusableError("has no patient_id; every row needs one")
    plain.encode("utf-8")  # JSON can write half a surrogate pair, which no note's id can be
    known = cells.get("known", cells)
    if known is not None and not isinstance(known, dict):
        raise _UnusableError("has a column 'known' that is no object")
    try:
        return plain, PatientRecord.from_mapping(_by_column(known or {}))
    except TypeError as error:
        problem = str(error)  # names the column and never quotes the cell
    raise _UnusableError(f"is unusable: {problem}")


def _by_column(row: Mapping[str, object]) -> dict[str, object]:
    _check_columns(row)
    return {name.strip().lower(): cell for name, cell in row.items()}


def _check_columns(names: Iterable[str]) -> None:
    columns = [name.strip().lower() for name in names]
    if len(set(columns)) != len(columns):
        raise _UnusableError("has two columns of the same name; join them into one list")
    for column in columns:
        if column in _MISNAMED:
            raise _UnusableError(f"has a column {column!r}; call it {_MISNAMED[column]!r}")


def _parquet_rows(path: Path) -> Iterator[Mapping[str, object]]:
    with path.open("rb") as stream:
        file = pq.ParquetFile(stream, pre_buffer=False, buffer_size=1024 * 1024)
        _check_columns(file.schema_arrow.names)
        for batch in file.iter_batches(1024):
            yield from batch.to_pylist()


def _csv_rows(path: Path) -> Iterator[Mapping[str, object]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream, strict=True)
        header = next(rows, [])
        _check_columns(header)
        for row in rows:
            if len(row) == len(header):
                yield {name: _csv_cell(cell) for name, cell in zip(header, row, strict=True)}
            elif row:
                raise _UnusableError("has another number of cells than the header")


def _csv_cell(cell: str) -> object:
    return json.loads(cell) if cell.startswith("[") else cell


def _json_rows(path: Path) -> Iterator[Mapping[str, object]]:
    with path.open(encoding="utf-8-sig") as stream:
        for line in stream:
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise _UnusableError("is no JSON object")
                yield row
