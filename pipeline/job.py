"""One run from its request to its manifest: what the flow and the command line share."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pipeline.config import Config
from pipeline.engine import Assignment, UnitCounts
from pipeline.errors import ChartsiftError, InputError, QuarantineError, SetupError, StageError
from pipeline.fingerprint import fingerprint
from pipeline.keys import Keys, read_keys
from pipeline.manifest import (
    Manifest,
    new_run_id,
    now,
    read_last_manifest,
    read_versions,
    write_manifest,
)
from pipeline.stages import Models, load_models
from pipeline.storage.files import Root
from pipeline.storage.lock import hold
from pipeline.storage.registry import read_registry
from pipeline.storage.staging import Staged, stage
from pipeline.storage.tables import Tables
from pipeline.workers import WorkerPool


@dataclass(frozen=True, slots=True)
class Job:
    """What a user asks for; paths may hold PHI, so they stay out of ``repr``.

    Attributes:
        notes: IN: the file or folder of notes.
        out: OUT: where the de-identified tables go.
        phi: PHI: keys, maps, staging, quarantine.
        known: The registration table of patients.
        config: The settings.
        load: Loads the models; importable, since it travels to worker processes.
    """

    notes: Path = field(repr=False)
    out: Path = field(repr=False)
    phi: Path = field(repr=False)
    known: Path | None = field(default=None, repr=False)
    config: Config = field(default_factory=Config, repr=False)
    load: Callable[[Config], Models] = field(default=load_models, repr=False)


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
    ) -> None:
        self.units = units
        self._assignment = assignment
        self._staged = staged
        self._pool = pool
        self._keys = keys
        self._started = started
        self._totals: Counter[str] = Counter()
        self._problems: dict[int, str] = {}
        self._done: set[int] = set()
        self._stopped: QuarantineError | None = None
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
            StageError: The unit failed; the others can go on.
        """
        problem: ChartsiftError
        try:
            counts = self._pool.process(unit, self._allowance)
        except ChartsiftError as error:
            problem = error
        except Exception as error:  # its text may quote a note: let only its kind pass
            problem = StageError(f"work unit {unit}: {type(error).__name__}; this is a defect")
        else:
            with self._lock:
                self._problems.pop(unit, None)
                self._done.add(unit)
                self._totals.update(asdict(counts))
            return counts
        with self._lock:
            self._problems[unit] = str(problem)
            if isinstance(problem, QuarantineError):
                self._stopped = problem
        raise problem

    def _allowance(self) -> int:
        """Count how many more notes may fail."""
        with self._lock:
            if self._stopped is not None:
                raise QuarantineError(*self._stopped.args)
            rate = self._assignment.config.input.max_quarantine_rate
            refused = self._staged.quarantined + self._totals["failed"]
            return int(rate * self._staged.rows) - refused

    def finish(self) -> Summary:
        """Write the manifest and sum up; the last thing to call.

        Raises:
            QuarantineError: The run stopped for it; no manifest was written.
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
        finished = now()
        write_manifest(
            self._assignment.roots[0],
            Manifest(
                run_id=self._assignment.run_id,
                started=self._started.isoformat(timespec="seconds"),
                finished=finished.isoformat(timespec="seconds"),
                key_id=self._keys.key_id,
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


def run_directly(job: Job, progress: Progress) -> Summary:
    """Run a job in this process, without Prefect.

    Raises:
        ChartsiftError: The run failed.
    """
    with open_run(job, progress) as run:
        with ThreadPoolExecutor(run.n_workers) as threads:
            wait([threads.submit(run.process, unit) for unit in run.units])
        return run.finish()


@contextmanager
def open_run(job: Job, progress: Progress) -> Iterator[Run]:
    """Check, lock, stage and start the workers; end them all when the block ends.

    Raises:
        SetupError: Keys, models or permissions are not as they must be.
        LockedError: Another run holds OUT or PHI.
        InputError: The input can't be read, or most notes in OUT are missing from it.
        QuarantineError: Too many rows are unusable; nothing was committed.
    """
    os.umask(0o077)
    started = now()
    keys = read_keys(job.phi)
    assignment = Assignment(
        job.config,
        job.out,
        job.phi,
        fingerprint(job.config, keys),
        new_run_id(started),
        job.load,
    )
    out, phi = assignment.roots
    _check_apart(out, phi)
    with hold(out, phi):
        tables = Tables(out, phi)
        tables.remove_temporaries()
        _check_pair(out, phi, keys, job.config)
        progress.say("reading and checking the input")
        staged = _stage(job, phi, keys)
        _check_rates(staged, tables, job.config)
        units = sorted(set(staged.units) | tables.units() | {0})
        progress.begin(staged.notes)
        limit = job.config.run.unit_time_limit_s
        n_workers = min(job.config.run.n_workers, len(units))
        with WorkerPool(assignment, n_workers, limit, progress.advance) as pool:
            yield Run(assignment, staged, units, pool, keys, started)


def _check_apart(out: Root, phi: Root) -> None:
    resolved = (out.path.resolve(), phi.path.resolve())
    if any(a == b or a in b.parents for a, b in (resolved, resolved[::-1])):
        raise SetupError("OUT and PHI must be separate folders, neither inside the other")


def _check_pair(out: Root, phi: Root, keys: Keys, config: Config) -> None:
    """Check that the roots belong together and are divided as configured."""
    if phi.path.stat().st_mode & 0o077:
        raise SetupError("others can read the PHI root; chmod it to 0700")
    last = read_last_manifest(out)
    if last is not None and last.key_id != keys.key_id:
        raise SetupError(
            f"OUT was made with the key {last.key_id}, the PHI root holds {keys.key_id}; give the "
            "PHI root that belongs to OUT, or an empty OUT"
        )
    state = phi.path / "state.json"
    if not state.exists():
        phi.write_text(state, json.dumps({"work_units": config.storage.work_units}) + "\n")
    try:
        work_units = json.loads(state.read_text("utf-8"))["work_units"]
    except (ValueError, KeyError, TypeError):
        work_units = "an unreadable number of"
    if work_units != config.storage.work_units:
        raise SetupError(
            f"OUT and PHI are divided into {work_units} work units, storage.work_units is "
            f"{config.storage.work_units}; set it back, or begin with an empty OUT and a PHI root "
            "that holds nothing but the keys"
        )


def _stage(job: Job, phi: Root, keys: Keys) -> Staged:
    return stage(
        job.notes,
        () if job.known is None else read_registry(job.known),
        phi,
        keys,
        n_units=job.config.storage.work_units,
        max_characters=job.config.input.max_characters,
    )


def _check_rates(staged: Staged, tables: Tables, config: Config) -> None:
    rate = config.input.max_quarantine_rate
    if staged.quarantined > rate * staged.rows:
        reasons = ", ".join(f"{code}: {n}" for code, n in sorted(staged.codes.items()))
        raise QuarantineError(
            f"{staged.quarantined} of {staged.rows} rows can't be used, more than "
            f"input.max_quarantine_rate = {rate:g} allows ({reasons}); nothing was committed. "
            "Repair the input, or raise the rate"
        )
    before = tables.count_notes()
    if staged.notes < (1 - config.input.max_removed_rate) * before:
        raise InputError(
            f"OUT holds {before} notes and the input only {staged.notes}; OUT mirrors its input, "
            "so the rest would be deleted. Give the whole input, or raise input.max_removed_rate"
        )
