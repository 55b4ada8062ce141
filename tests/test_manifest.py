"""Tests of the manifest: the last thing a run writes, and the first thing the next one reads."""

from __future__ import annotations

import json
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.manifest import (
    Manifest,
    new_run_id,
    now,
    read_last_manifest,
    read_versions,
    write_manifest,
)
from pipeline.storage.files import Root

MANIFEST = Manifest(
    run_id="20240131T100000Z-abcdef",
    started="2024-01-31T10:00:00+00:00",
    finished="2024-01-31T10:01:00+00:00",
    key_id="abcdefgh",
    dates_key_id="hgfedcba",
    policy="limited_dates",
    replacement="tag",
    fingerprint="f" * 26,
    status="complete",
    counts={"rows_read": 3, "ok": 2, "duplicate": 1},
    codes={"duplicate": 1},
    versions={"chartsift": "0.1.0"},
)


def test_a_manifest_reads_back(tmp_path: Path) -> None:
    out = Root(tmp_path / "out", 0o750, 0o640)
    write_manifest(out, MANIFEST)
    (file,) = (tmp_path / "out" / "_manifests").iterdir()

    assert read_last_manifest(out) == MANIFEST
    assert file.name == "20240131T100000Z-abcdef.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert json.loads(file.read_text())["counts"]["rows_read"] == 3


def test_the_newest_manifest_is_the_last(tmp_path: Path) -> None:
    out = Root(tmp_path)
    for run_id in ("20240201T000000Z-000000", "20231231T235959Z-ffffff", MANIFEST.run_id):
        write_manifest(out, replace(MANIFEST, run_id=run_id))
    (tmp_path / "_manifests" / ".20250101T000000Z-000000.json.7.tmp").write_text("{")
    last = read_last_manifest(out)

    assert last is not None
    assert last.run_id == "20240201T000000Z-000000"


def test_a_new_out_has_no_manifest(tmp_path: Path) -> None:
    assert read_last_manifest(Root(tmp_path / "out")) is None


def test_a_manifest_that_fails_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = Root(tmp_path)
    write_manifest(out, MANIFEST)

    def failing(self: Path, target: Path) -> Path:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="Input/output"):
        write_manifest(out, replace(MANIFEST, run_id="20250101T000000Z-000000"))
    assert read_last_manifest(out) == MANIFEST
    assert len(list((tmp_path / "_manifests").iterdir())) == 1


def test_runs_are_named_by_their_start_and_never_alike() -> None:
    moment = datetime(2024, 1, 31, 10, 0, tzinfo=UTC)
    names = {new_run_id(moment) for _ in range(50)}

    assert len(names) == 50
    assert all(re.fullmatch(r"20240131T100000Z-[0-9a-f]{6}", name) for name in names)
    assert now().utcoffset() == moment.utcoffset()


def test_versions_are_those_installed() -> None:
    versions = read_versions()

    assert {"chartsift", "spacy", "transformers", "torch", "pyarrow"} <= set(versions)
    assert re.match(r"\d+\.", versions["pyarrow"])
