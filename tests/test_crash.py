"""``kill -9`` in the middle of a run, at different moments; a rerun gives equal tables."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.site import Site

NOTES = [
    {
        "note_id": f"n{i}",
        "patient_id": None if i % 5 == 0 else f"p{i % 7}",
        "text": f"ZQXNAME{i} has fever and a cough, day {i}." if i % 11 else "",
    }
    for i in range(60)
]


@pytest.mark.parametrize(
    "moment",
    [
        "staging",
        "1",  # in the first unit's PHI tables
        "5",  # between PHI and OUT
        "7",  # note and mention are new, note_status is still away
        "17",  # two units are committed, a third is half
        "manifest",
    ],
)
def test_a_rerun_after_kill_gives_equal_tables(tmp_path: Path, moment: str) -> None:
    reference = Site(tmp_path / "reference")
    reference.write(NOTES)
    reference.run()
    site = Site(tmp_path / "site")
    site.share_keys(reference)
    site.write(NOTES)

    command = [sys.executable, "-m", "tests.crash", str(tmp_path / "site"), moment]
    killed = subprocess.run(command, cwd=REPOSITORY, check=False, env=os.environ | {"LANG": "C"})
    assert killed.returncode == -signal.SIGKILL
    summary = site.run()

    assert summary.status == "complete"
    expected, actual = reference.content(), site.content()
    for rows in (*expected["quarantine"], *actual["quarantine"]):
        rows.pop("file")
    assert actual == expected
    assert not list((tmp_path / "site").rglob(".unit-*"))


def test_a_rerun_resumes_behind_the_committed_units(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(NOTES)
    command = [sys.executable, "-m", "tests.crash", str(tmp_path), "17"]
    subprocess.run(command, cwd=REPOSITORY, check=False)
    committed = {row["run_id"] for row in site.read("note_status")}
    site.run()

    assert len(committed) == 1
    assert len({row["run_id"] for row in site.read("note_status")}) == 2
