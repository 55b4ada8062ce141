"""Tests of staging: nothing lost, nothing twice, whatever the input and the number of units."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.keys import Keys
from pipeline.patient import PatientRecord
from pipeline.schema import CODES
from pipeline.storage import staging
from pipeline.storage.checking import CheckedRow
from pipeline.storage.files import Root
from pipeline.storage.staging import (
    Staged,
    read_staged_files,
    read_staged_records,
    read_staged_rows,
    stage,
)

KEYS = Keys(bytes(range(32)), bytes(range(1, 33)))
COLUMNS = ("note_id", "patient_id", "note_time", "text")
Row = dict[str, Any]


def write(path: Path, rows: Iterable[Row]) -> None:
    columns = {name: [row.get(name) for row in rows] for name in COLUMNS}
    times = pa.array(columns.pop("note_time"), pa.timestamp("us"))
    texts = {name: pa.array(cells, pa.string()) for name, cells in columns.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        pq.write_table(pa.table({**texts, "note_time": times}), stream)


def staged(
    notes: Path,
    phi: Path,
    n_units: int = 3,
    records: Iterable[tuple[str, PatientRecord]] = (),
    max_characters: int = 100,
) -> Staged:
    return stage(notes, records, Root(phi), KEYS, n_units=n_units, max_characters=max_characters)


def read(phi: Path, n_units: int = 3) -> list[CheckedRow]:
    return [row for unit in range(n_units) for row in read_staged_rows(Root(phi), unit)]


def codes(phi: Path, n_units: int = 3) -> dict[tuple[int, int], str | None]:
    return {(row.file, row.row): row.code for row in read(phi, n_units)}


# --- against an oracle in memory ---

TIMES = [None, datetime(2023, 5, 1), datetime(2024, 5, 1), datetime(2024, 5, 1, 0, 0, 0, 1)]
ROWS = st.fixed_dictionaries(
    {
        "file": st.integers(0, 2),
        "note_id": st.sampled_from([None, "", "a", "b", "c"]),
        "patient_id": st.sampled_from([None, "p", "q", "a"]),
        "note_time": st.sampled_from(TIMES),
        "text": st.sampled_from([None, " ", "x", "y", "z", "far too long"]),
    }
)


def oracle(files: list[list[Row]]) -> dict[tuple[int, int], str | None]:
    """Say what becomes of each row, by the definition and in memory."""
    expected: dict[tuple[int, int], str | None] = {}
    taken: dict[str, tuple[Any, ...]] = {}
    notes = []
    for file, rows in enumerate(files):
        for number, row in enumerate(rows, start=1):
            text = row["text"]
            expected[file, number] = (
                "null_id" if not row["note_id"]
                else "null_text" if text is None
                else "empty_text" if text == " "
                else "too_long" if len(text) > 5
                else None
            )  # fmt: skip
            if expected[file, number] is None:
                time = row["note_time"]
                place = (time is not None, time or datetime.min, file, number)
                notes.append((row["note_id"], place, text))
    for note_id, place, text in notes:
        taken[note_id] = max(taken.get(note_id, (place, text)), (place, text))
    for note_id, place, text in notes:
        winner, winning = taken[note_id]
        if place != winner:
            expected[place[2], place[3]] = "duplicate" if text == winning else "superseded"
    return expected


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(ROWS, max_size=12), n_units=st.integers(1, 4))
def test_every_row_ends_as_the_definition_says(rows: list[Row], n_units: int) -> None:
    files = [[row for row in rows if row["file"] == file] for file in range(3)]
    with TemporaryDirectory() as folder:
        phi = Path(folder) / "phi"
        for place, content in enumerate(files):
            write(Path(folder) / "notes" / f"{place}.parquet", content)
        result = staged(Path(folder) / "notes", phi, n_units, max_characters=5)
        by_unit = {unit: read_staged_rows(Root(phi), unit) for unit in range(n_units)}

    expected = oracle(files)
    every = [row for of_unit in by_unit.values() for row in of_unit]
    assert len(every) == len(rows)
    assert {(row.file, row.row): row.code for row in every} == expected
    assert result.rows == len(rows)
    assert result.codes == Counter(code for code in expected.values() if code is not None)
    assert result.notes == sum(code is None for code in expected.values())
    assert result.units == {unit: len(of_unit) for unit, of_unit in by_unit.items() if of_unit}
    units_of: dict[tuple[str, str], set[int]] = {}
    for unit, of_unit in by_unit.items():
        for row in of_unit:
            source = files[row.file][row.row - 1]
            assert row.note_id == (source["note_id"] or None)
            assert row.patient_id == source["patient_id"]
            assert row.note_time == source["note_time"]
            units_of.setdefault(row.subject, set()).add(unit)
            if row.code in (None, "duplicate", "superseded"):
                assert row.text == source["text"]
    assert all(len(units) == 1 for units in units_of.values())


# --- duplicates and revisions, case by case ---

OLD, NEW = datetime(2023, 1, 1), datetime(2024, 1, 1)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"text": "x"}, {"text": "x"}, ("duplicate", None)),
        ({"text": "x"}, {"text": "y"}, ("superseded", None)),
        ({"text": "x", "note_time": NEW}, {"text": "y", "note_time": OLD}, (None, "superseded")),
        ({"text": "x", "note_time": OLD}, {"text": "y", "note_time": NEW}, ("superseded", None)),
        ({"text": "x", "note_time": OLD}, {"text": "y"}, (None, "superseded")),
        ({"text": "x", "note_time": OLD}, {"text": "y", "note_time": OLD}, ("superseded", None)),
        ({"text": "x", "note_time": NEW}, {"text": "x", "note_time": OLD}, (None, "duplicate")),
        ({"text": "x", "patient_id": "p"}, {"text": "y", "patient_id": "q"}, ("superseded", None)),
        ({"text": "x"}, {"text": ""}, (None, "empty_text")),
        ({"text": "x"}, {"text": "x "}, ("superseded", None)),
    ],
)
@pytest.mark.parametrize("files", [1, 2])
def test_the_later_revision_is_taken(
    tmp_path: Path, first: Row, second: Row, expected: tuple[str | None, ...], files: int
) -> None:
    rows = [{"note_id": "n1", **first}, {"note_id": "n1", **second}]
    if files == 1:
        write(tmp_path / "notes" / "a.parquet", rows)
    else:
        for name, row in zip("ab", rows, strict=True):
            write(tmp_path / "notes" / f"{name}.parquet", [row])
    staged(tmp_path / "notes", tmp_path / "phi")

    assert tuple(code for _, code in sorted(codes(tmp_path / "phi").items())) == expected


def test_three_revisions_leave_one(tmp_path: Path) -> None:
    texts = ["x", "y", "x", "z", "x"]
    write(tmp_path / "a.parquet", [{"note_id": "n1", "text": text} for text in texts])
    result = staged(tmp_path / "a.parquet", tmp_path / "phi")

    assert [code for _, code in sorted(codes(tmp_path / "phi").items())] == [
        "duplicate", "superseded", "duplicate", "superseded", None,
    ]  # fmt: skip
    assert result.codes == {"duplicate": 2, "superseded": 2}


def test_the_same_id_as_a_number_and_as_text_is_the_same_note(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a.csv").write_text("note_id,text\n 7 ,x\n07,x\n")
    pq.write_table(pa.table({"note_id": [7.0], "text": ["x"]}), notes / "b.parquet")
    staged(notes, tmp_path / "phi")

    assert codes(tmp_path / "phi") == {(0, 1): "duplicate", (0, 2): None, (1, 1): None}


def test_notes_without_a_patient_share_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", [{"note_id": f"n{i}", "text": "x"} for i in range(50)])
    staged(tmp_path / "a.parquet", tmp_path / "phi")
    rows = read(tmp_path / "phi")

    assert len({row.subject for row in rows}) == 50
    assert len({KEYS.work_unit(row.subject, 3) for row in rows}) == 3


def test_many_rows_pass_through_small_buffers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "_FLUSH_BYTES", 5_000)
    monkeypatch.setattr(staging, "_INDEX_ROWS", 7)
    rows = [
        {"note_id": f"n{i % 900}", "patient_id": f"p{i % 70}", "text": f"Text {i % 900} " * 5}
        for i in range(1000)
    ]
    write(tmp_path / "a.parquet", rows)
    result = staged(tmp_path / "a.parquet", tmp_path / "phi", n_units=5)

    assert result.codes == {"duplicate": 100}
    kept = [row for row in read(tmp_path / "phi", 5) if row.code is None]
    assert {row.note_id: row.text for row in kept} == {
        f"n{i}": f"Text {i} " * 5 for i in range(900)
    }
    assert sorted(row.row for row in kept) == list(range(101, 1001))
    groups = pq.ParquetFile(tmp_path / "phi" / "staging" / "note" / "unit-0000.parquet")
    assert groups.num_row_groups > 5


# --- the folder ---


def test_staging_replaces_what_lay_there(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", [{"note_id": f"n{i}", "text": "x"} for i in range(20)])
    staged(tmp_path / "a.parquet", tmp_path / "phi", records=[("p", PatientRecord(mrn=("1",)))])
    write(tmp_path / "b.parquet", [{"note_id": "m", "text": "y"}])
    result = staged(tmp_path / "b.parquet", tmp_path / "phi")

    assert result.rows == 1
    assert [row.note_id for row in read(tmp_path / "phi")] == ["m"]
    assert not any(read_staged_records(Root(tmp_path / "phi"), unit) for unit in range(3))


def test_staging_that_cannot_be_cleared_is_an_error_not_a_mixture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.parquet", [{"note_id": "n1", "text": "x"}])
    staged(tmp_path / "a.parquet", tmp_path / "phi")
    unlink = os.unlink

    def denied(path: Any, **arguments: Any) -> None:
        if str(path).endswith(".parquet"):
            raise PermissionError(13, "Permission denied")
        unlink(path, **arguments)

    monkeypatch.setattr(os, "unlink", denied)
    with pytest.raises(PermissionError):
        staged(tmp_path / "a.parquet", tmp_path / "phi")


def test_only_the_owner_reads_the_staging_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", [{"note_id": "n1", "text": "x"}])
    old = os.umask(0o000)
    try:
        staged(tmp_path / "a.parquet", tmp_path / "phi", records=[("p", PatientRecord())])
    finally:
        os.umask(old)
    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (tmp_path / "phi").rglob("*")
    }

    assert modes == {(True, 0o700), (False, 0o600)}
    assert stat.S_IMODE((tmp_path / "phi").stat().st_mode) == 0o700


def test_digests_of_ids_and_texts_are_of_use_in_one_run_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries: list[tuple[Any, ...]] = []
    insert = staging._insert

    def recording(index: sqlite3.Connection, seen: list[tuple[Any, ...]]) -> None:
        entries.extend(seen)
        insert(index, seen)

    monkeypatch.setattr(staging, "_insert", recording)
    write(tmp_path / "a.parquet", [{"note_id": "n1", "text": "x"}] * 2)
    staged(tmp_path / "a.parquet", tmp_path / "phi")
    staged(tmp_path / "a.parquet", tmp_path / "phi")
    ids, texts = ([entry[place] for entry in entries] for place in (0, 4))

    assert ids[0] == ids[1] != ids[2] == ids[3]
    assert texts[0] == texts[1] != texts[2] == texts[3]
    index = (tmp_path / "phi" / "staging" / "index.sqlite").read_bytes()
    assert ids[3] not in index
    assert texts[3] not in index


def test_input_without_rows_is_staged(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", [])
    result = staged(tmp_path / "a.parquet", tmp_path / "phi")

    assert (result.rows, result.notes, result.codes, result.units) == (0, 0, {}, {})
    assert read(tmp_path / "phi") == []


def test_paths_of_the_input_are_kept_in_the_order_of_reading(tmp_path: Path) -> None:
    odd = tmp_path / "notes" / os.fsdecode(b"caf\xe9.parquet")
    write(odd, [{"note_id": "n1", "text": "x"}])
    write(tmp_path / "notes" / "a" / "b.parquet", [{"note_id": "n2", "text": "x"}])
    staged(tmp_path / "notes", tmp_path / "phi")
    names = read_staged_files(Root(tmp_path / "phi"))

    assert names == [f"{tmp_path}/notes/a/b.parquet", f"{tmp_path}/notes/caf\\udce9.parquet"]
    assert pa.array(names).to_pylist() == names


def test_refused_rows_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"note_id,text\nn1,fi\xe8vre\nn2\n,x\nn3,\nn4,x\nn4,x\n")
    result = staged(tmp_path / "a.csv", tmp_path / "phi")

    assert result.codes == {
        "undecodable": 1, "malformed_row": 1, "null_id": 1, "null_text": 1, "duplicate": 1,
    }  # fmt: skip
    assert (result.rows, result.notes, result.quarantined) == (6, 1, 3)
    assert set(result.codes) <= set(CODES)


def test_a_broken_file_stops_staging_without_a_trace_of_it(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('note_id,text\nn1,x\nn2,"Zebulon Quix\n')
    with pytest.raises(InputError) as caught:
        staged(tmp_path / "a.csv", tmp_path / "phi")

    assert "Zebulon" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


# --- registration records ---


def test_records_lie_with_their_patients_notes_and_are_united(tmp_path: Path) -> None:
    write(
        tmp_path / "a.parquet",
        [{"note_id": f"n{i}", "patient_id": f"p{i}", "text": "x"} for i in range(9)],
    )
    records = [(f"p{i}", PatientRecord(names=(f"Name{i}",))) for i in range(9)]
    records += [("p1", PatientRecord(names=("Name1", "Nick"), mrn=("77",)))]
    staged(tmp_path / "a.parquet", tmp_path / "phi", records=records)

    found: dict[str, PatientRecord] = {}
    for unit in range(3):
        of_unit = read_staged_records(Root(tmp_path / "phi"), unit)
        patients = {row.patient_id for row in read_staged_rows(Root(tmp_path / "phi"), unit)}
        assert set(of_unit) == patients
        found |= of_unit
    assert found["p1"] == PatientRecord(names=("Name1", "Nick"), mrn=("77",))
    assert found["p2"] == PatientRecord(names=("Name2",))
    assert len(found) == 9


def test_staged_hides_paths(tmp_path: Path) -> None:
    write(tmp_path / "Zebulon.parquet", [])

    assert "Zebulon" not in repr(staged(tmp_path / "Zebulon.parquet", tmp_path / "phi"))
    assert json.loads((tmp_path / "phi" / "staging" / "files.json").read_text()) == [
        f"{tmp_path}/Zebulon.parquet"
    ]
