"""Memory is flat in the number of notes: measured with models that cost nothing."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.conftest import REPOSITORY

FEW, MANY = 10_000, 50_000
MOST_BYTES_PER_NOTE = 600
"""A note of 1.6 KB costs less than this in the worker and in the run together: a run that held
its notes would need several times their size."""


def peaks(notes: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.throughput", "notes", "--stub"]
    ran = subprocess.run(
        [*command, "--workers", "2", "--invent", str(notes)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    measured: dict[str, float] = json.loads(ran.stdout)
    assert measured["notes"] == notes
    return measured


def test_memory_does_not_grow_with_the_number_of_notes() -> None:
    few, many = peaks(FEW), peaks(MANY)

    grown = sum(many[name] - few[name] for name in ("run_peak_mb", "worker_peak_mb"))
    assert grown * 1e6 / (MANY - FEW) < MOST_BYTES_PER_NOTE
