"""The pool of workers: deaths, displays that fail, and closing."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from pipeline.assignment import Assignment
from pipeline.errors import StageError
from pipeline.storage.staging import stage
from pipeline.workers import WorkerPool
from tests.site import Site
from tests.stub import load_stubs


def permit(failures: int) -> bool:
    return True


@pytest.fixture
def assignment(tmp_path: Path) -> Assignment:
    site = Site(tmp_path)
    site.write([{"note_id": f"n{i}", "text": "fever"} for i in range(12)])
    told = Assignment(site.config(), site.out, site.phi, "fingerprint", "run", load_stubs)
    from pipeline.keys import read_keys

    stage(site.notes, (), told.roots[1], read_keys(site.phi), n_units=4, max_characters=100)
    return told


def test_a_worker_that_died_while_idle_is_replaced(assignment: Assignment) -> None:
    with WorkerPool(assignment, 1, 60, lambda notes: None) as pool:
        first = pool.process(0, permit)
        worker = pool._workers[0]
        assert worker is not None
        assert worker.process.pid is not None
        os.kill(worker.process.pid, signal.SIGKILL)
        worker.process.join(10)
        others = [pool.process(unit, permit) for unit in (1, 2, 3)]

    assert first.ok + sum(counts.ok for counts in others) == 12


def test_a_display_that_fails_costs_nothing(assignment: Assignment) -> None:
    def display(notes: int) -> None:
        raise OSError("broken pipe")

    with WorkerPool(assignment, 1, 60, display) as pool:
        assert sum(pool.process(unit, permit).ok for unit in range(4)) == 12


def test_a_display_that_ends_the_thread_mixes_no_answers(assignment: Assignment) -> None:
    quits = iter([True])

    def display(notes: int) -> None:
        if next(quits, False):
            raise SystemExit

    with WorkerPool(assignment, 1, 60, display) as pool:
        with pytest.raises(SystemExit):
            pool.process(0, permit)
        again = [pool.process(unit, permit) for unit in range(4)]

    assert sum(counts.ok for counts in again) == 12


def test_a_closed_pool_starts_no_worker(assignment: Assignment) -> None:
    pool = WorkerPool(assignment, 1, 60, lambda notes: None)
    pool.close()
    with pytest.raises(StageError, match="stopped"):
        pool.process(0, permit)
    assert pool._workers == [None]
