"""The registration table of patients: what must never survive in their notes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.patient import PatientRecord

_FIELDS = "names, mrn, dob, phones, address, ssn, email, relatives, providers"


def read_registry(path: Path) -> Iterator[tuple[str, PatientRecord]]:
    """Read patient ids and records from Parquet, CSV or JSON lines, in bounded memory.

    In CSV, a cell that begins with ``[`` is read as a JSON list. JSON lines may also be gold
    notes: an object with ``known`` gives that record for its ``patient_id``.

    Raises:
        InputError: The file can't be read, has no ``patient_id``, or a row of it is unusable. A
            registration table protects patients, so nothing in it is passed over.
    """
    readers = {".parquet": _parquet_rows, ".csv": _csv_rows, ".jsonl": _json_rows}
    read = readers.get(path.suffix.lower())
    if read is None:
        raise InputError("PATIENTS must end in .parquet, .csv or .jsonl")
    done = 0
    problem = "has no patient_id; every row needs one"
    try:
        for row in read(path):
            cells = {name.strip().lower(): cell for name, cell in row.items()}
            patient_id = cells.get("patient_id")
            if patient_id is None or not str(patient_id).strip():
                break
            known = cells.get("known")
            fields = known if isinstance(known, dict) else cells
            yield _plain(patient_id), PatientRecord.from_mapping(fields)
            done += 1
        else:
            return
    except TypeError as error:
        problem = f"is unusable: {error}"
    except (ValueError, AttributeError, csv.Error):
        problem = "is not valid, or not in UTF-8"
    except OSError:
        problem = "can't be read; check the path and its mode"
    raise InputError(f"PATIENTS, row {done + 1}: {problem}. Columns: patient_id, {_FIELDS}")


def _plain(patient_id: object) -> str:
    if isinstance(patient_id, float) and patient_id.is_integer():
        return str(int(patient_id))
    return str(patient_id).strip()


def _parquet_rows(path: Path) -> Iterator[Mapping[str, object]]:
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            for batch in file.iter_batches(1024):
                yield from batch.to_pylist()
    except pa.ArrowException:
        raise ValueError from None


def _csv_rows(path: Path) -> Iterator[Mapping[str, object]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream, strict=True):
            yield {name: _csv_cell(cell) for name, cell in row.items() if name is not None}


def _csv_cell(cell: str | None) -> object:
    if cell is not None and cell.startswith("["):
        return json.loads(cell)
    return cell


def _json_rows(path: Path) -> Iterator[Mapping[str, object]]:
    with path.open(encoding="utf-8-sig") as stream:
        for line in stream:
            if line.strip():
                yield json.loads(line)
