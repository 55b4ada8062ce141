"""Input files of notes, read in bounded memory as rows of our own columns."""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.schema import LAYOUTS
from pipeline.storage.cells import is_nested, to_cells

SUFFIXES = (".parquet", ".csv", ".csv.gz")
_BATCH_ROWS = 512
_BUFFER_BYTES = 1024 * 1024
_CSV_CELL_LIMIT = 64 * 1024 * 1024
_EXACT_FLOATS = 2**53
_EXPONENT = re.compile(r"\d(\.\d+)?[eE]\+\d+")
_COLUMN_NAMES = frozenset(
    name for layout in LAYOUTS for names in layout.columns.values() for name in names
)

_IDS = ("note_id", "patient_id", "encounter_id")

_Columns = Mapping[str, Sequence[str]]
"""Our column → the source's, the preferred one first: where its cell is null, the next counts."""


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
        notes: A file, or a folder that is searched through, links included; names that begin
            with a dot or an underscore are passed over.

    Raises:
        InputError: There is no such file, nothing readable in the folder, or a part of the folder
            that can't be searched.
    """
    accepted = ", ".join(SUFFIXES)
    try:
        if notes.is_file():
            if notes.name.lower().endswith(SUFFIXES):
                return [notes]
            problem = f"NOTES is a file of an unknown kind; give one of {accepted}"
        elif notes.is_dir():
            files = list(_walk(notes, ()))
            if files:
                return files
            problem = f"the folder NOTES holds no file that ends in one of {accepted}"
        else:
            problem = "NOTES doesn't exist; check the path"
    except OSError:
        problem = "NOTES or a folder in it can't be read; check its mode"
    raise InputError(problem)


def _walk(folder: Path, above: tuple[Path, ...]) -> Iterator[Path]:
    # Not rglob, which passes over folders that it may not read: their notes would be lost.
    above = (*above, folder.resolve())
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "_")):
            continue
        if path.is_dir():
            name, equals, _ = path.name.partition("=")
            if equals and name.lower() in _COLUMN_NAMES:
                raise InputError(
                    "NOTES has folders named column=value for a column of the notes, which is "
                    "not read from there; write that column into the files"
                )
            if path.resolve() not in above:  # a link to a folder above: its files are read anyway
                yield from _walk(path, above)
        elif path.name.lower().endswith(SUFFIXES):
            yield path


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
                if cells is not None and any(_is_rounded(cells.get(name)) for name in _IDS):
                    raise InputError(
                        f"{place}, row {number}: an id was rounded to a floating-point number, "
                        "as spreadsheets and pandas do, so others may share it; write ids as text"
                    )
                yield SourceRow(index, number, cells)
        except InputError:
            raise
        except csv.Error:
            problem = (
                f"is broken CSV after row {number}, probably a quotation mark that is never "
                "closed or not doubled; repair it"
            )
        except (EOFError, gzip.BadGzipFile, zlib.error):
            problem = "ends early or is not gzip; copy it again"
        except Exception:  # whatever a library says of a broken file may quote it
            problem = "can't be read; check that it is complete and readable"
        if problem:
            raise InputError(f"{place} {problem}")


def _is_rounded(cell: object) -> bool:
    """Say whether an id is a number that stands for several whole numbers."""
    if isinstance(cell, float):
        return abs(cell) >= _EXACT_FLOATS
    return isinstance(cell, str) and "+" in cell and bool(_EXPONENT.fullmatch(cell.strip()))


def _resolve(found: Sequence[str], place: str) -> _Columns:
    lowered = [name.strip().lower() for name in found]
    if any(lowered.count(name) > 1 for name in _COLUMN_NAMES):
        raise InputError(f"{place} has two columns of the same name; rename one")
    by_name = dict(zip(lowered, found, strict=True))
    for layout in LAYOUTS:
        if layout.resolve(found) is not None:
            return {
                ours: [by_name[name] for name in candidates if name in by_name]
                for ours, candidates in layout.columns.items()
            }
    accepted = "; ".join(f"{layout.name}: {', '.join(layout.required)}" for layout in LAYOUTS)
    # The first row of a file without a header is a note: show names of layouts and no others.
    familiar = [name for name in lowered if name in _COLUMN_NAMES]
    others = len(found) - len(familiar)
    listed = [*familiar, f"{others} of other names"] if others else familiar
    raise InputError(
        f"{place} has an unknown layout. Found columns: {', '.join(listed) or 'none'}. "
        f"Accepted, with at least these columns: {accepted}. Rename the columns"
    )


def _read_parquet(path: Path, place: str) -> Iterator[Mapping[str, object] | None]:
    # Without a buffer, Arrow reads a column of a whole row group at once, which may be all notes.
    # A path would be taken for a URI if it looks like one, and refused if it is not UTF-8.
    with path.open("rb") as stream:
        file = pq.ParquetFile(
            stream, pre_buffer=False, buffer_size=_BUFFER_BYTES, coerce_int96_timestamp_unit="us"
        )
        schema = file.schema_arrow
        columns = _resolve(schema.names, place)
        names = [name for theirs in columns.values() for name in theirs]
        if any(is_nested(schema.field(name).type) for name in names):
            raise InputError(
                f"{place} has lists or records in a column of the notes; make its cells plain text"
            )
        for batch in file.iter_batches(_BATCH_ROWS, columns=names, use_threads=False):
            cells = {
                ours: _first([to_cells(batch.column(name)) for name in theirs])
                for ours, theirs in columns.items()
                if theirs
            }
            for values in zip(*cells.values(), strict=True):
                yield dict(zip(cells, values, strict=True))


def _first(columns: Sequence[list[object]]) -> list[object]:
    """Take each row's first cell that isn't null."""
    if len(columns) == 1:
        return columns[0]
    return [next((c for c in cells if c is not None), None) for cells in zip(*columns, strict=True)]


def _read_csv(path: Path, place: str) -> Iterator[Mapping[str, object] | None]:
    csv.field_size_limit(_CSV_CELL_LIMIT)
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        rows: Iterable[list[str]] = csv.reader(stream, strict=True)
        header: list[str] | None = None
        places: dict[str, list[int]] = {}
        for row in rows:
            if header is None:
                header = [name.encode("utf-8", "replace").decode("utf-8") for name in row]
                columns = _resolve(header, place)
                places = {o: [header.index(name) for name in t] for o, t in columns.items() if t}
            elif len(row) == len(header):
                yield {
                    ours: next((c for i in at if (c := _csv_cell(row[i])) is not None), None)
                    for ours, at in places.items()
                }
            elif row:
                yield None
    if header is None:
        raise InputError(f"{place} is empty; a CSV file needs a header")


def _csv_cell(cell: str) -> str | bytes | None:
    if not cell:
        return None
    try:
        cell.encode("utf-8")
    except UnicodeEncodeError:
        return cell.encode("utf-8", "surrogateescape")
    return cell
