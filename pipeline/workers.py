"""Worker processes that load the models once and can be killed when they hang.

The processes are spawned, never forked: a fork after torch has started its threads deadlocks.
What libraries print or raise in a worker may quote a note, so a worker's output goes to a log in
the PHI root and only counts and messages of our own come back.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import sqlite3
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

from pipeline.assignment import Assignment, UnitCounts
from pipeline.engine import Engine
from pipeline.errors import ChartsiftError, StageError
from pipeline.storage.files import PRIVATE_FILE, Root
from pipeline.storage.lock import hold_as_worker

_PARENT_CHECK_S = 0.5
_KILL_WAIT_S = 10.0


class TransientError(StageError):
    """The disk or the network failed; the same work may succeed in a moment."""


@dataclass(frozen=True, slots=True)
class _Progress:
    notes: int


@dataclass(frozen=True, slots=True)
class _Failures:
    """A worker's question before its commit: may so many notes have failed?"""

    notes: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of a work unit: its counts or an error of ours."""

    unit: int
    result: UnitCounts | ChartsiftError


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
        self._lock = threading.Lock()
        self._is_closed = False
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
        self.close()

    def close(self) -> None:
        """Kill all workers, in the middle of their work; none is started any more."""
        with self._lock:
            self._is_closed = True
            workers = [worker for worker in self._workers if worker is not None]
        for worker in workers:
            worker.process.kill()
        for worker in workers:
            worker.process.join(_KILL_WAIT_S)

    def process(self, unit: int, permit: Callable[[int], bool]) -> UnitCounts:
        """Have a work unit processed; wait for an idle worker and for its answer.

        Args:
            unit: The work unit.
            permit: Asked, before the commit, whether so many notes may have failed.

        Raises:
            TransientError: The disk failed.
            QuarantineError: Too many notes failed.
            SetupError: A model can't be loaded.
            StageError: The worker failed, died or was killed for its time limit, or the pool is
                closed.
        """
        place = self._idle.get()
        try:
            answer = self._ask(place, unit, permit)
        except BaseException:
            self._end(place)  # what it still answers must not be taken for the next unit's
            raise
        finally:
            self._idle.put(place)
        if isinstance(answer.result, ChartsiftError):
            raise answer.result
        return answer.result

    def _ask(self, place: int, unit: int, permit: Callable[[int], bool]) -> _Answer:
        connection = self._ready(place).connection
        deadline = time.monotonic() + self._time_limit_s
        problem = ""
        try:
            connection.send(unit)
            while connection.poll(max(0.0, deadline - time.monotonic())):
                message = connection.recv()
                if isinstance(message, _Answer):
                    return message
                if isinstance(message, _Failures):
                    connection.send(permit(message.notes))
                elif isinstance(message, _Progress):
                    with suppress(Exception):  # a display that fails costs no notes
                        self._done(message.notes)
        except (EOFError, OSError):
            problem = "died; if memory ran out, lower run.workers or run.batch_notes"
        if self._is_closed:
            problem = "was stopped with the run; the same command resumes"
        elif not problem:
            problem = f"exceeded run.unit_time_limit_s = {self._time_limit_s:g} and was killed"
        raise StageError(f"the worker of work unit {unit} {problem} (see log/ in the PHI root)")

    def _ready(self, place: int) -> _Worker:
        """Return the worker of a place, a new one if there is none or it died while idle."""
        worker = self._workers[place]
        if worker is not None and worker.process.is_alive():
            return worker
        self._end(place)
        with self._lock:
            if self._is_closed:
                raise StageError("the run was stopped; the same command resumes")
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
        worker.process.kill()
        worker.process.join(_KILL_WAIT_S)  # one in an uninterruptible sleep is left behind
        worker.connection.close()


def serve(assignment: Assignment, connection: Connection, place: int, parent: int) -> None:
    """Answer requests for work units until the connection ends: a worker's main function.

    Args:
        assignment: What every worker is told.
        connection: Requests come in, progress and answers go out.
        place: The worker's number.
        parent: Process id of the run; when it is gone, so is the worker.
    """
    os.umask(0o077)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the run, which ends its workers
    phi = assignment.roots[1]
    _redirect_output(phi, place)
    threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()

    def permit(failures: int) -> bool:
        connection.send(_Failures(failures))
        return bool(connection.recv())

    def done(notes: int) -> None:
        connection.send(_Progress(notes))

    with hold_as_worker(phi), suppress(EOFError, OSError):
        engine: Engine | None = None
        while True:
            unit = connection.recv()
            result: UnitCounts | ChartsiftError
            try:
                engine = engine or Engine(assignment)
                result = engine.process(unit, permit, done)
            except Exception as error:  # whatever it is, it may quote a note: only its kind leaves
                traceback.print_exc()
                sys.stderr.flush()
                result = _ours(error, unit)
            connection.send(_Answer(unit, result))


def _ours(error: Exception, unit: int) -> ChartsiftError:
    """Make an error of ours of any error: its kind, never its text."""
    kind = type(error).__name__
    if isinstance(error, ChartsiftError):
        return type(error)(*error.args)
    if isinstance(error, OSError):
        return TransientError(f"work unit {unit}: {kind} ({os.strerror(error.errno or 0)})")
    if isinstance(error, sqlite3.OperationalError):
        return TransientError(f"work unit {unit}: {kind}; see log/ in the PHI root")
    return StageError(f"work unit {unit}: {kind}; see log/ in the PHI root")


def _redirect_output(phi: Root, place: int) -> None:
    log = phi.folder("log") / f"worker-{place}.log"
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
    os.dup2(descriptor, sys.stdout.fileno() if sys.stdout else 1)
    os.dup2(descriptor, sys.stderr.fileno() if sys.stderr else 2)
    os.close(descriptor)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_S)
    os._exit(1)
