"""One run from its request to its manifest: what the flow and the command line share."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from pipeline.assignment import Assignment
from pipeline.config import Config
from pipeline.deid.site import check_lists
from pipeline.errors import InputError, QuarantineError, SetupError
from pipeline.fingerprint import fingerprint
from pipeline.keys import Keys, read_keys
from pipeline.manifest import (
    Manifest,
    new_run_id,
    now,
    read_last_manifest,
)
from pipeline.run import Progress, Run, Summary
from pipeline.stages import Models, load_models
from pipeline.storage.files import Root
from pipeline.storage.lock import hold
from pipeline.storage.registry import read_registry
from pipeline.storage.staging import Staged, stage
from pipeline.storage.tables import Tables
from pipeline.workers import TransientError, WorkerPool

_PAUSE_S = 2.0
"""The pause before the first retry; each later one is twice as long."""


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


def run_directly(job: Job, progress: Progress) -> Summary:
    """Run a job in this process, without Prefect.

    Raises:
        ChartsiftError: The run failed.
    """
    with open_run(job, progress) as run:
        threads = ThreadPoolExecutor(run.n_workers)
        try:
            wait([threads.submit(_insist, run, unit, job.config.run.retries) for unit in run.units])
        except BaseException:
            run.stop()
            raise
        finally:
            threads.shutdown(cancel_futures=True)
        return run.finish()


def _insist(run: Run, unit: int, retries: int) -> None:
    """Process a unit, again after a pause with jitter if the disk or the network failed."""
    for retry in range(retries):
        try:
            run.process(unit)
        except TransientError:
            time.sleep(_PAUSE_S * 2**retry * random.uniform(1.0, 2.0))
        else:
            return
    run.process(unit)


@contextmanager
def open_run(job: Job, progress: Progress) -> Iterator[Run]:
    """Check, lock, stage and start the workers; end them all when the block ends.

    Raises:
        ConfigError: A pattern or list of the site can't be used.
        SetupError: Keys, models or permissions are not as they must be.
        LockedError: Another run holds OUT or PHI.
        InputError: The input can't be read, or most notes in OUT are missing from it.
        QuarantineError: Too many rows are unusable; nothing was committed.
    """
    os.umask(0o077)
    started = now()
    check_lists(job.config.deid)
    keys = read_keys(job.phi)
    assignment = Assignment(
        job.config,
        job.out.absolute(),
        job.phi.absolute(),
        fingerprint(job.config, keys),
        new_run_id(started),
        job.load,
    )
    out, phi = assignment.roots
    _check_apart(job.notes, out, phi)
    with hold(out, phi):
        tables = Tables(out, phi)
        tables.remove_temporaries()
        for log in phi.folder("log").iterdir():
            log.unlink()
        if phi.path.stat().st_mode & 0o077:
            raise SetupError("others can read the PHI root; chmod it to 0700")
        last = read_last_manifest(out)
        _check_pair(last, phi, keys, job.config)
        _say_changes(last, keys, job.config, progress)
        phi.remove(phi.path / "review" / "index.html")  # shows what is about to change
        progress.say("reading and checking the input")
        staged = _stage(job, phi, keys)
        _check_rates(staged, tables, job.config)
        units = sorted(set(staged.units) | tables.units() | {0})
        progress.begin(staged.notes)
        limit = job.config.run.unit_time_limit_s
        n_workers = min(job.config.run.n_workers, len(units))
        with WorkerPool(assignment, n_workers, limit, progress.advance) as pool:
            yield Run(
                assignment,
                staged,
                units,
                pool,
                keys,
                started,
                progress,
                has_registry=job.known is not None,
            )


def _check_apart(notes: Path, out: Root, phi: Root) -> None:
    """Check that no root lies in another: OUT is for analysts, PHI is private, IN is only read."""
    roots = {"NOTES": notes.resolve(), "OUT": out.path.resolve(), "PHI": phi.path.resolve()}
    for (name, path), (other_name, other) in combinations(roots.items(), 2):
        if path == other or path in other.parents or other in path.parents:
            raise SetupError(
                f"{name} and {other_name} must be separate folders, neither inside the other"
            )


def _check_pair(last: Manifest | None, phi: Root, keys: Keys, config: Config) -> None:
    """Check that the roots belong together and are divided as configured."""
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


def _say_changes(last: Manifest | None, keys: Keys, config: Config, progress: Progress) -> None:
    """Say that OUT is about to be released in another way: with both ways, more can be guessed."""
    if last is None:
        return
    now_and_then = (
        ("the dates key", last.dates_key_id, keys.dates_key_id),
        ("deid.policy", last.policy, config.deid.policy),
        ("deid.replacement", last.replacement, config.deid.replacement),
    )
    for name, before, after in now_and_then:
        if before != after:
            progress.say(
                f"{name} was {before} and is {after}: all notes are released anew; destroy "
                "copies of what was released before"
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
