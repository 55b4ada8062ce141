"""Worker processes that load the models once and can be killed when they hang.

The processes are spawned, never forked: a fork after torch has started its threads deadlocks.
What libraries print or raise in a worker may quote a note, so a worker's output goes to a log in
the PHI root and only counts and messages of our own come back.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Literal

from pipeline.assignment import Assignment, UnitCounts
from pipeline.engine import Engine
from pipeline.errors import ChartsiftError, StageError
from pipeline.storage.files import PRIVATE_FILE, Root
from pipeline.storage.lock import hold_as_worker

_PARENT_CHECK_S = 0.5


class TransientError(StageError):
    """The disk or the network failed; the same work may succeed in a moment."""


@dataclass(frozen=True, slots=True)
class _Progress:
    notes: int


@dataclass(frozen=True, slots=True)
class _Failure:
    kind: Literal["io", "ours", "other"]
    message: str
    error: ChartsiftError | None = None


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection


class WorkerPool:
    """A fixed number of worker processes; a context manager that ends them all.

    Args:
        assignment: What every worker is told.
        n_workers: How many processes work at once.
        time_limit_s: A work unit that takes longer has its worker killed.
        done: Told the number of notes each time some are finished; called from any thread.
    """

    def __init__(
        self,
        assignment: Assignment,
        n_workers: int,
        time_limit_s: float,
        done: Callable[[int], None],
    ) -> None:
        self._assignment = assignment
        self._time_limit_s = time_limit_s
        self._done = done
        self._context = multiprocessing.get_context("spawn")
        self._idle: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._workers: list[_Worker | None] = [None] * n_workers
        for place in range(n_workers):
            self._idle.put(place)

    @property
    def n_workers(self) -> int:
        """How many processes work at once."""
        return len(self._workers)

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for place in range(len(self._workers)):
            self._end(place)

    def process(self, unit: int, allowance: Callable[[], int]) -> UnitCounts:
        """Have a work unit processed; wait for an idle worker and for its answer.

        Args:
            unit: The work unit.
            allowance: Tells, when the worker is about to begin, how many notes may fail.

        Raises:
            TransientError: The disk failed.
            QuarantineError: Too many notes failed.
            StageError: The worker failed, died or was killed for its time limit.
        """
        place = self._idle.get()
        try:
            return self._ask(place, unit, allowance())
        finally:
            self._idle.put(place)

    def _ask(self, place: int, unit: int, allowance: int) -> UnitCounts:
        worker = self._workers[place] or self._start(place)
        deadline = time.monotonic() + self._time_limit_s
        answer: object = None
        problem = ""
        try:
            worker.connection.send((unit, allowance))
            while not problem:
                if not worker.connection.poll(max(0.0, deadline - time.monotonic())):
                    problem = (
                        f"work unit {unit} exceeded run.unit_time_limit_s = "
                        f"{self._time_limit_s:g}; its worker was killed"
                    )
                    break
                answer = worker.connection.recv()
                if not isinstance(answer, _Progress):
                    break
                self._done(answer.notes)
        except (EOFError, OSError):
            problem = (
                f"the worker of work unit {unit} died; if memory ran out, lower run.workers or "
                "run.batch_notes"
            )
        if problem:
            self._end(place)
            raise StageError(f"{problem} (see log/ in the PHI root)")
        if isinstance(answer, UnitCounts):
            return answer
        raise _error(answer)

    def _start(self, place: int) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=serve,
            args=(self._assignment, theirs, place, os.getpid()),
            name=f"chartsift-worker-{place}",
            daemon=True,
        )
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers[place] = worker
        return worker

    def _end(self, place: int) -> None:
        worker = self._workers[place]
        if worker is None:
            return
        self._workers[place] = None
        worker.connection.close()
        worker.process.kill()
        worker.process.join()


def _error(answer: object) -> ChartsiftError:
    if not isinstance(answer, _Failure):
        return StageError("a worker gave an answer of an unknown kind; this is a defect")
    if answer.error is not None:
        return answer.error
    kind = TransientError if answer.kind == "io" else StageError
    return kind(answer.message)


def serve(assignment: Assignment, connection: Connection, place: int, parent: int) -> None:
    """Answer requests for work units until the connection ends: a worker's main function.

    Args:
        assignment: What every worker is told.
        connection: Requests come in, progress and answers go out.
        place: The worker's number.
        parent: Process id of the run; when it is gone, so is the worker.
    """
    os.umask(0o077)
    phi = assignment.roots[1]
    _redirect_output(phi, place)
    threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()
    with hold_as_worker(phi), suppress(EOFError, OSError):
        engine: Engine | None = None
        while True:
            unit, allowance = connection.recv()
            try:
                engine = engine or Engine(assignment)
                answer: object = engine.process(
                    unit, allowance, lambda notes: connection.send(_Progress(notes))
                )
            except Exception as error:  # whatever it is, it may quote a note: only its kind leaves
                traceback.print_exc()
                sys.stderr.flush()
                answer = _failure(error, unit)
            connection.send(answer)


def _failure(error: Exception, unit: int) -> _Failure:
    if isinstance(error, ChartsiftError):
        return _Failure("ours", str(error), type(error)(*error.args))
    kind = type(error).__name__
    if isinstance(error, OSError):
        return _Failure("io", f"work unit {unit}: {kind} ({os.strerror(error.errno or 0)})")
    return _Failure("other", f"work unit {unit}: {kind}; see log/ in the PHI root")


def _redirect_output(phi: Root, place: int) -> None:
    log = phi.folder("log") / f"worker-{place}.log"
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    os.dup2(descriptor, sys.stdout.fileno() if sys.stdout else 1)
    os.dup2(descriptor, sys.stderr.fileno() if sys.stderr else 2)
    os.close(descriptor)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_S)
    os._exit(1)
