"""Input files of notes, read in bounded memory as rows of our own columns."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.schema import LAYOUTS

SUFFIXES = (".parquet", ".csv", ".csv.gz")
_BATCH_ROWS = 512
_CSV_CELL_LIMIT = 64 * 1024 * 1024
_COLUMN_NAME = re.compile(r"[a-z_][a-z0-9_.-]{0,40}")


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as the source has it.

    Attributes:
        file: The file's place in the order of reading, from 0.
        row: The row's number in its file, from 1.
        cells: Our column → the source's cell; bytes where a cell of text is not valid UTF-8.
            None if the row doesn't have the header's number of cells.
    """

    file: int
    row: int
    cells: Mapping[str, object] | None = field(repr=False)


def find_files(notes: Path) -> list[Path]:
    """List the input files in the order of their names.

    Args:
        notes: A file, or a folder that is searched through; names that begin with a dot or an
            underscore are passed over.

    Raises:
        InputError: There is no such file or nothing readable in the folder.
    """
    accepted = ", ".join(SUFFIXES)
    if notes.is_file():
        if notes.name.lower().endswith(SUFFIXES):
            return [notes]
        raise InputError(f"NOTES is a file of an unknown kind; give one of {accepted}")
    if not notes.is_dir():
        raise InputError("NOTES doesn't exist or can't be read; check the path and its mode")
    files = sorted(
        path
        for path in notes.rglob("*")
        if path.is_file()
        and path.name.lower().endswith(SUFFIXES)
        and not any(part.startswith((".", "_")) for part in path.relative_to(notes).parts)
    )
    if not files:
        raise InputError(f"the folder NOTES holds no file that ends in one of {accepted}")
    return files


def read_rows(files: Sequence[Path]) -> Iterator[SourceRow]:
    """Read all rows of all files, in order, in bounded memory.

    Raises:
        InputError: A file can't be read or its layout is unknown. The message names the file by
            its place in the order of names, since a file's name may itself be PHI.
    """
    for index, path in enumerate(files):
        place = f"input file {index + 1} of {len(files)} (in the order of names)"
        problem = ""
        number = 0
        read = _read_parquet if path.name.lower().endswith(".parquet") else _read_csv
        try:
            for number, cells in enumerate(read(path, place), start=1):
                yield SourceRow(index, number, cells)
        except csv.Error:
            problem = (
                f"is broken CSV after row {number}, probably a quotation mark that is never "
                "closed or not doubled; repair it"
            )
        except (EOFError, gzip.BadGzipFile):
            problem = "ends early or is not gzip; copy it again"
        except (pa.ArrowException, OSError):
            problem = "can't be read; check that it is complete and readable"
        if problem:
            raise InputError(f"{place} {problem}")


def _resolve(found: Sequence[str], place: str) -> dict[str, str]:
    lowered = [name.strip().lower() for name in found]
    if len(set(lowered)) != len(lowered):
        raise InputError(f"{place} has two columns of the same name; rename one")
    for layout in LAYOUTS:
        resolved = layout.resolve(found)
        if resolved is not None:
            return resolved
    accepted = "; ".join(f"{layout.name}: {', '.join(layout.required)}" for layout in LAYOUTS)
    listed = ", ".join(found)
    if not all(_COLUMN_NAME.fullmatch(name) for name in lowered):
        # The first row of a CSV file without a header is a note: never show it.
        listed = f"{len(found)} columns whose names don't look like a header"
    raise InputError(
        f"{place} has an unknown layout. Found: {listed}. "
        f"Accepted, with at least these columns: {accepted}. Rename the columns"
    )


def _read_parquet(path: Path, place: str) -> Iterator[Mapping[str, object] | None]:
    with pq.ParquetFile(path, pre_buffer=False) as file:
        columns = _resolve(file.schema_arrow.names, place)
        batches = file.iter_batches(_BATCH_ROWS, columns=list(columns.values()), use_threads=False)
        for batch in batches:
            cells = {ours: _cells(batch.column(theirs)) for ours, theirs in columns.items()}
            for values in zip(*cells.values(), strict=True):
                yield dict(zip(cells, values, strict=True))


def _cells(column: pa.Array) -> list[object]:
    """Turn a column into Python cells; text as ``str``, or as ``bytes`` where it isn't UTF-8."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        # An Arrow string may hold invalid bytes: decode cell by cell, not in to_pylist.
        kind = pa.binary_view() if pa.types.is_string_view(kind) else pa.large_binary()
        column = column.cast(kind)
    if not _is_binary(kind):
        return list(column.to_pylist())
    return [None if cell is None else _decoded(cell) for cell in column.to_pylist()]


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    )


def _decoded(cell: bytes) -> str | bytes:
    try:
        return cell.decode("utf-8")
    except UnicodeDecodeError:
        return cell


def _read_csv(path: Path, place: str) -> Iterator[Mapping[str, object] | None]:
    csv.field_size_limit(_CSV_CELL_LIMIT)
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        rows: Iterable[list[str]] = csv.reader(stream, strict=True)
        header: list[str] | None = None
        places: dict[str, int] = {}
        for row in rows:
            if header is None:
                header = row
                names = _resolve([_printable(name) for name in header], place)
                resolved = [_printable(name) for name in header]
                places = {ours: resolved.index(theirs) for ours, theirs in names.items()}
            elif len(row) == len(header):
                yield {ours: _csv_cell(row[index]) for ours, index in places.items()}
            elif row:
                yield None
    if header is None:
        raise InputError(f"{place} is empty; a CSV file needs a header")


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")


def _csv_cell(cell: str) -> str | bytes | None:
    if not cell:
        return None
    try:
        cell.encode("utf-8")
    except UnicodeEncodeError:
        return cell.encode("utf-8", "surrogateescape")
    return cell
