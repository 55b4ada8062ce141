"""A run at work: its work units, what became of their rows, and its summary."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from pipeline.assignment import Assignment, UnitCounts
from pipeline.errors import (
    ChartsiftError,
    ConfigError,
    QuarantineError,
    SetupError,
    StageError,
)
from pipeline.keys import Keys
from pipeline.manifest import Manifest, now, read_versions, write_manifest
from pipeline.storage.staging import Staged
from pipeline.workers import TransientError, WorkerPool

_STOPPING = (QuarantineError, SetupError, ConfigError)
"""What ends a run at once: every other unit would meet it too."""


class Progress(Protocol):
    """What a run tells while it is at work; called from any thread."""

    def say(self, message: str) -> None:
        """Tell one line."""
        ...

    def begin(self, notes: int) -> None:
        """Tell how many notes there are to do."""
        ...

    def advance(self, notes: int) -> None:
        """Tell that some more notes are done."""
        ...


class Silence:
    """Progress that tells nothing."""

    def say(self, message: str) -> None:
        """Tell nothing."""

    def begin(self, notes: int) -> None:
        """Tell nothing."""

    def advance(self, notes: int) -> None:
        """Tell nothing."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did: ``rows_read = ok + empty + duplicate + quarantined``.

    Attributes:
        run_id: The run's name.
        status: ``complete``, or ``incomplete`` if a work unit failed and its rows are not in OUT.
        seconds: Wall-clock time.
        counts: Rows read and what became of them; redone notes, their words; spans and mentions.
        codes: Why rows are not ok: code → rows.
        problems: What went wrong with which work unit.
    """

    run_id: str
    status: str
    seconds: float
    counts: dict[str, int]
    codes: dict[str, int]
    problems: tuple[str, ...] = ()


class Run:
    """A run at work: its units can be processed from several threads."""

    def __init__(
        self,
        assignment: Assignment,
        staged: Staged,
        units: list[int],
        pool: WorkerPool,
        keys: Keys,
        started: datetime,
        progress: Progress,
        *,
        has_registry: bool,
    ) -> None:
        self.units = units
        self._assignment = assignment
        self._staged = staged
        self._pool = pool
        self._keys = keys
        self._started = started
        self._progress = progress
        self._has_registry = has_registry
        self._totals: Counter[str] = Counter()
        self._problems: dict[int, str] = {}
        self._done: set[int] = set()
        self._failed: dict[int, int] = {}
        self._stopped: ChartsiftError | None = None
        self._lock = threading.Lock()

    @property
    def n_workers(self) -> int:
        """How many units are processed at once."""
        return self._pool.n_workers

    def process(self, unit: int) -> UnitCounts:
        """Process one work unit and count what became of its rows.

        Raises:
            TransientError: The disk failed; the unit may be tried again.
            QuarantineError: Too many notes failed; the run is over.
            SetupError: A model can't be loaded; the run is over.
            StageError: The unit failed; the others can go on.
        """
        problem = self._stopped
        if problem is None:
            try:
                counts = self._pool.process(unit, lambda failures: self._permit(unit, failures))
            except ChartsiftError as error:
                problem = error
            except OSError as error:
                problem = TransientError(f"work unit {unit}: {type(error).__name__}")
            except Exception as error:  # its text may quote a note: let only its kind pass
                problem = StageError(f"work unit {unit}: {type(error).__name__}; this is a defect")
        if problem is None:
            with self._lock:
                self._problems.pop(unit, None)
                self._done.add(unit)
                self._totals.update(asdict(counts))
            return counts
        with self._lock:
            self._problems[unit] = str(problem)
            if isinstance(problem, _STOPPING):
                self._stopped = self._stopped or problem
        raise problem

    def stop(self) -> None:
        """Kill the workers, so that nothing is committed any more."""
        self._pool.close()

    def _permit(self, unit: int, failures: int) -> bool:
        """Say whether so many notes of a unit may fail beside those that did in other units."""
        with self._lock:
            others = sum(n for other, n in self._failed.items() if other != unit)
            refused = self._staged.quarantined + others + failures
            rate = self._assignment.config.input.max_quarantine_rate
            if self._stopped is not None or refused > rate * self._staged.rows:
                return False
            self._failed[unit] = failures
            return True

    def finish(self) -> Summary:
        """Write the manifest and sum up; the last thing to call.

        Raises:
            QuarantineError: The run stopped for it; no manifest was written.
            SetupError: Likewise.
            StageError: The counts of a complete run don't add up, which is a defect.
        """
        if self._stopped is not None:
            raise self._stopped
        totals = self._totals
        status = "complete" if self._done >= set(self.units) else "incomplete"
        sums = sum(totals[name] for name in ("ok", "empty", "duplicate", "quarantined"))
        if status == "complete" and sums != self._staged.rows:
            raise StageError(
                f"{self._staged.rows} rows were read but {sums} accounted for; this is a defect"
            )
        counts = {"rows_read": self._staged.rows, "units": len(self.units), **totals}
        codes = dict(self._staged.codes)
        if totals["failed"]:
            codes["stage_failed"] = totals["failed"]
        if self._has_registry and totals["ok"] and not totals["registered"]:
            self._progress.say(
                "no note's patient has a row in PATIENTS, so that table protected nobody; compare "
                "the patient ids of both"
            )
        finished = now()
        write_manifest(
            self._assignment.roots[0],
            Manifest(
                run_id=self._assignment.run_id,
                started=self._started.isoformat(timespec="seconds"),
                finished=finished.isoformat(timespec="seconds"),
                key_id=self._keys.key_id,
                dates_key_id=self._keys.dates_key_id,
                policy=self._assignment.config.deid.policy,
                replacement=self._assignment.config.deid.replacement,
                fingerprint=self._assignment.fingerprint,
                status=status,
                counts=counts,
                codes=codes,
                versions=read_versions(),
            ),
        )
        return Summary(
            self._assignment.run_id,
            status,
            (finished - self._started).total_seconds(),
            counts,
            codes,
            tuple(problem for _, problem in sorted(self._problems.items())),
        )
