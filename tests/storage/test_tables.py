"""Tests of committing work units: all of a unit's files, or none that counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from pipeline.schema import NOTE, NOTE_STATUS, OUT_TABLES, PHI_TABLES, QUARANTINE, TABLES, Table
from pipeline.storage.files import Root
from pipeline.storage.tables import Tables

N_TABLES = len(TABLES)


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    return Tables(Root(tmp_path / "out", 0o750, 0o640), Root(tmp_path / "phi"))


def folder(tables: Tables, table: Table) -> Path:
    return (tables.phi if table in PHI_TABLES else tables.out).path / table.name


def content(*note_ids: str, text: str = "x") -> dict[str, pa.Table]:
    """Every table with one row for each note."""
    made = {table.name: table.rows([]) for table in TABLES}
    made[NOTE.name] = NOTE.rows({**dict.fromkeys(NOTE.schema.names), "note_id": n, "text": text}
                                for n in note_ids)  # fmt: skip
    made[NOTE_STATUS.name] = NOTE_STATUS.rows(
        {**dict.fromkeys(NOTE_STATUS.schema.names), "note_id": n, "attempt_id": text}
        for n in note_ids
    )
    made[QUARANTINE.name] = QUARANTINE.rows(
        {**dict.fromkeys(QUARANTINE.schema.names), "note_id": n, "file": "a", "row": row}
        for row, n in enumerate(note_ids)
    )
    return made


def rows(tables: Tables, table: Table) -> list[dict[str, Any]]:
    return list(ds.dataset(folder(tables, table), format="parquet").to_table().to_pylist())


def test_a_folder_holds_exactly_the_current_rows(tables: Tables) -> None:
    tables.commit(1, content("b", "a", text="old"))
    tables.commit(2, content("c"))
    tables.commit(1, content("e", "d", text="new"))

    expected = [("c", "x"), ("d", "new"), ("e", "new")]
    assert sorted((r["note_id"], r["text"]) for r in rows(tables, NOTE)) == expected
    frame = pd.read_parquet(folder(tables, NOTE))
    assert sorted(zip(frame["note_id"], frame["text"], strict=True)) == expected
    assert tables.count_notes() == 3
    assert tables.units() == {1, 2}


def test_rows_are_sorted_by_the_tables_key(tables: Tables) -> None:
    made = content("b", "c", "a")
    quarantined = [{"note_id": None, "status": "empty", "code": "empty_text", "file": f, "row": r}
                   for f, r in (("b", 1), ("a", 10), ("a", 2))]  # fmt: skip
    tables.commit(0, made | {QUARANTINE.name: QUARANTINE.rows(quarantined)})

    assert tables.read(NOTE, 0).column("note_id").to_pylist() == ["a", "b", "c"]
    read = tables.read(QUARANTINE, 0).select(["file", "row"]).to_pylist()
    assert [(r["file"], r["row"]) for r in read] == [("a", 2), ("a", 10), ("b", 1)]


def test_files_lie_in_their_root_under_its_modes(tables: Tables) -> None:
    tables.commit(3, content("a"))

    for table in OUT_TABLES:
        file = tables.out.path / table.name / "unit-0003.parquet"
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o640, 0o750)
    for table in PHI_TABLES:
        file = tables.phi.path / table.name / "unit-0003.parquet"
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_columns_carry_their_descriptions(tables: Tables) -> None:
    tables.commit(0, content("a"))
    schema = ds.dataset(folder(tables, NOTE), format="parquet").schema

    assert schema.field("note_id").metadata == {b"description": b"pseudonym of the note"}


@pytest.mark.parametrize("nth", range(1, N_TABLES + 1))
@pytest.mark.parametrize("was_committed", [True, False])
def test_a_unit_whose_commit_fails_anywhere_is_redone(
    tables: Tables, monkeypatch: pytest.MonkeyPatch, nth: int, was_committed: bool
) -> None:
    tables.commit(1, content("other"))
    if was_committed:
        tables.commit(2, content("a", "b", text="old"))
    replace, calls = Path.replace, 0

    def failing(self: Path, target: Any) -> Path:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise OSError(5, "Input/output error")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="Input/output"):
        tables.commit(2, content("a", "c", text="new"))
    assert calls == nth

    assert not tables.is_whole(2)
    assert tables.is_whole(1)
    assert tables.read(NOTE_STATUS, 2).num_rows == 0
    left = [*tables.out.path.rglob(".*"), *tables.phi.path.rglob(".*")]
    assert left == []
    monkeypatch.undo()
    tables.commit(2, content("a", "c", text="new"))
    assert tables.is_whole(2)
    assert sorted(r["note_id"] for r in rows(tables, NOTE)) == ["a", "c", "other"]


def test_the_status_goes_first_and_comes_last(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.commit(2, content("a"))
    replace, order = Path.replace, []

    def recording(self: Path, target: Any) -> Path:
        status = folder(tables, NOTE_STATUS) / "unit-0002.parquet"
        order.append((Path(target).parent.name, status.exists()))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", recording)
    tables.commit(2, content("b"))

    assert len(order) == N_TABLES
    assert {has for _, has in order} == {False}
    assert order[-1][0] == "note_status"
    phi = [name for name, _ in order[: len(PHI_TABLES)]]
    assert set(phi) == {table.name for table in PHI_TABLES}


def test_a_full_disk_leaves_the_old_rows(tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    tables.commit(2, content("a", text="old"))
    write, calls = pq.write_table, 0

    def failing(*arguments: Any, **options: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == N_TABLES:
            raise OSError(28, "No space left on device")
        write(*arguments, **options)

    monkeypatch.setattr(pq, "write_table", failing)
    with pytest.raises(OSError, match="No space"):
        tables.commit(2, content("b", text="new"))

    assert tables.is_whole(2)
    assert [row["note_id"] for row in rows(tables, NOTE)] == ["a"]
    assert [*tables.out.path.rglob(".*"), *tables.phi.path.rglob(".*")] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("damage", ["lost", "broken", "restored", "older"])
def test_a_unit_with_a_foreign_file_is_not_whole(tables: Tables, table: Table, damage: str) -> None:
    tables.commit(1, content("a"))
    file = folder(tables, table) / "unit-0001.parquet"
    before = file.read_bytes()
    tables.commit(1, content("a"))
    assert tables.is_whole(1)
    if damage == "lost":
        file.unlink()
    elif damage == "broken":
        file.write_bytes(before[: len(before) // 2])
    elif damage == "restored":
        file.write_bytes(before)
    else:
        read = pq.read_table(file)
        pq.write_table(read.drop_columns(read.column_names[-1]), file)

    assert not tables.is_whole(1)


def test_a_half_written_file_is_in_no_readers_way(tables: Tables) -> None:
    tables.commit(1, content("a"))
    (folder(tables, NOTE) / ".unit-0001.parquet.77.tmp").write_bytes(b"PAR1 half")

    assert [r["note_id"] for r in rows(tables, NOTE)] == ["a"]
    assert list(pd.read_parquet(folder(tables, NOTE))["note_id"]) == ["a"]
    assert tables.units() == {1}
    tables.remove_temporaries()
    assert [p.name for p in folder(tables, NOTE).iterdir()] == ["unit-0001.parquet"]


def test_an_empty_unit_loses_its_files_but_the_first_keeps_the_tables_readable(
    tables: Tables,
) -> None:
    for unit in (0, 1):
        tables.commit(unit, content("a"))
        tables.commit(unit, content())

    assert tables.units() == {0}
    assert tables.is_whole(0)
    assert not tables.is_whole(1)
    for table in TABLES:
        assert ds.dataset(folder(tables, table), format="parquet").schema.names == (
            table.schema.names
        )
        assert rows(tables, table) == []


def test_a_unit_of_which_any_file_lies_anywhere_is_found(tables: Tables) -> None:
    for table, unit in ((QUARANTINE, 4), (NOTE, 17)):
        folder(tables, table).mkdir(parents=True)
        (folder(tables, table) / f"unit-{unit:04d}.parquet").touch()
    (folder(tables, NOTE) / "unit-5.parquet").touch()

    assert tables.units() == {4, 17}
    assert Tables(Root(Path("/nowhere/o")), Root(Path("/nowhere/p"))).units() == set()
