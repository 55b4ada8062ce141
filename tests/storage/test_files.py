"""Tests of files written atomically and with the right modes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.storage.files import Root, read_table

SCHEMA = pa.schema([pa.field("a", pa.int64(), metadata={"description": "a number"})])


@pytest.fixture(autouse=True, params=[0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    old = os.umask(request.param)
    yield
    os.umask(old)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_modes_are_the_roots_whatever_the_umask(tmp_path: Path) -> None:
    out = Root(tmp_path / "out", 0o750, 0o640)
    phi = Root(tmp_path / "phi")
    for root in (out, phi):
        root.write_text(root.folder("a", "b") / "c.txt", "x")
        root.append("x\n", "log", "run.log")

    assert [mode(out.path / p) for p in (".", "a", "a/b", "a/b/c.txt")] == [
        0o750, 0o750, 0o750, 0o640,
    ]  # fmt: skip
    assert [mode(phi.path / p) for p in (".", "a", "a/b", "a/b/c.txt", "log/run.log")] == [
        0o700, 0o700, 0o700, 0o600, 0o600,
    ]  # fmt: skip


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o755)
    Root(tmp_path / "out", 0o750, 0o640).folder("note")

    assert mode(tmp_path / "out") == 0o755
    assert mode(tmp_path / "out" / "note") == 0o750


def test_a_file_that_fails_half_way_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    root = Root(tmp_path)
    root.write_text(tmp_path / "a.txt", "old")

    def write(temporary: Path) -> None:
        temporary.write_text("ne")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        root.write(tmp_path / "a.txt", write)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "old"}


def test_readers_see_the_old_file_until_the_new_one_is_whole(tmp_path: Path) -> None:
    root = Root(tmp_path)
    root.write_text(tmp_path / "a.txt", "old")

    def write(temporary: Path) -> None:
        temporary.write_text("new")
        assert (tmp_path / "a.txt").read_text() == "old"
        assert temporary.parent == tmp_path
        assert temporary.name.startswith(".")

    root.write(tmp_path / "a.txt", write)
    assert (tmp_path / "a.txt").read_text() == "new"
    assert len(list(tmp_path.iterdir())) == 1


def test_tables_come_back_as_they_were_written(tmp_path: Path) -> None:
    table = pa.table({"a": [1, None, 3]}, schema=SCHEMA)
    root, path = Root(tmp_path), tmp_path / "a.parquet"
    prepared = root.prepare_table(path, table)
    assert not path.exists()
    root.publish(prepared, path)
    read = read_table(tmp_path / "a.parquet", SCHEMA)

    assert read.equals(table)
    assert read.schema.field("a").metadata == {b"description": b"a number"}
    assert read_table(tmp_path / "missing.parquet", SCHEMA).num_rows == 0


def test_a_table_of_another_schema_is_not_taken(tmp_path: Path) -> None:
    root, path = Root(tmp_path), tmp_path / "a.parquet"
    root.publish(root.prepare_table(path, pa.table({"b": [1]})), path)
    with pytest.raises(ValueError, match="field names"):
        read_table(tmp_path / "a.parquet", SCHEMA)


def test_removing(tmp_path: Path) -> None:
    root = Root(tmp_path)
    root.write_text(tmp_path / "a.txt", "x")
    root.remove(tmp_path / "a.txt")
    root.remove(tmp_path / "a.txt")
    root.remove(tmp_path / "no folder" / "a.txt")

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    root = Root(tmp_path)
    keep = [".lock", "note/unit-0001.parquet", "a.tmp", "_manifests/1.json"]
    left = [".state.json.1.tmp", "note/.unit-0001.parquet.99.tmp", "_manifests/.1.json.7.tmp"]
    for name in keep + left:
        root.folder(*Path(name).parts[:-1])
        (tmp_path / name).write_text("x")
    root.remove_temporaries()

    files = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert files == set(keep)


def test_a_log_grows_and_takes_any_text(tmp_path: Path) -> None:
    root = Root(tmp_path)
    root.append("one\n", "log", "run.log")
    root.append("\ud800 two\n", "log", "run.log")

    assert (tmp_path / "log" / "run.log").read_text() == "one\n? two\n"
