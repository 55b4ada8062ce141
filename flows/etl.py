"""The main job as a Prefect flow: one task for each work unit.

Prefect's database holds parameters, names of tasks and the text of exceptions, so none of these
may carry PHI: the flow's only parameter is the path of a configuration file, tasks are named by
the number of their work unit, and every error is one of chartsift's own.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import exponential_backoff

from pipeline.config import load_config
from pipeline.errors import ChartsiftError, ConfigError, StageError
from pipeline.job import Job, open_run, run_directly
from pipeline.run import Progress, Run, Silence, Summary
from pipeline.workers import TransientError

_MOST_TASKS = 64
"""Tasks at once; more than any number of workers that one machine feeds."""


def _is_transient(task: Any, task_run: Any, state: Any) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, TransientError)


@task(
    name="work unit",
    task_run_name="work unit {unit}",
    retry_condition_fn=_is_transient,
    retry_delay_seconds=exponential_backoff(backoff_factor=5),
    retry_jitter_factor=1.0,
    cache_policy=NO_CACHE,
    persist_result=False,
    log_prints=False,
)
def process_unit(run: Run, unit: int) -> None:
    """Process one work unit; retried with jitter if the disk or the network failed.

    Args:
        run: The run at work.
        unit: The number of the work unit.
    """
    run.process(unit)


_options: dict[str, Any] = {
    "name": "chartsift",
    "task_runner": ThreadPoolTaskRunner(max_workers=_MOST_TASKS),
    "persist_result": False,
    "log_prints": False,
}


@flow(**_options)
def etl(config: str = "chartsift.toml") -> None:
    """Read notes, de-identify them, extract mentions and write the tables.

    Args:
        config: Path of the configuration file, whose ``[paths]`` name the three roots.

    Raises:
        ChartsiftError: The run failed or is incomplete; the message is free of PHI.
    """
    _conclude(_attempt(_scheduled_job(config), Silence()))


def run_flow(job: Job, progress: Progress) -> Summary:
    """Run the flow for a job of this process; without Prefect if no server of it can be had.

    The job is handed over within the process, past Prefect's parameters.

    Returns:
        What the run did; its status tells whether it is complete.

    Raises:
        ChartsiftError: The run failed.
    """
    outcomes: list[Summary | ChartsiftError] = []
    has_begun = threading.Event()

    @flow(**_options)
    def etl_of_job() -> None:
        has_begun.set()
        outcomes.append(_attempt(job, progress))
        _conclude(outcomes[0])

    failure = ""
    try:
        etl_of_job()
    except Exception as error:
        failure = type(error).__name__
    if not outcomes and has_begun.is_set():
        raise StageError(f"Prefect ended the run with {failure}; the same command resumes")
    if not outcomes:
        progress.say(f"no Prefect server can be had ({failure}): running without one")
        return run_directly(job, progress)
    if isinstance(outcomes[0], ChartsiftError):
        raise outcomes[0]
    return outcomes[0]


def _attempt(job: Job, progress: Progress) -> Summary | ChartsiftError:
    """Run a job; whatever is raised becomes an error of ours, without cause or context."""
    try:
        return _run(job, progress)
    except ChartsiftError as error:
        return error
    except Exception as error:  # Prefect stores an exception's text: let only its kind pass
        return StageError(f"the run failed with {type(error).__name__}")


def _conclude(outcome: Summary | ChartsiftError) -> None:
    """Tell Prefect by an exception that a run failed or is incomplete."""
    if isinstance(outcome, ChartsiftError):
        raise outcome
    if outcome.status != "complete":
        raise StageError("; ".join(outcome.problems) or "not every work unit was processed")


def _run(job: Job, progress: Progress) -> Summary:
    with open_run(job, progress) as run:
        unit_task = process_unit.with_options(retries=job.config.run.retries)
        try:
            wait([unit_task.submit(run, unit) for unit in run.units])
        except BaseException:
            run.stop()
            raise
        summary = run.finish()
    with suppress(Exception):  # the tables are written: a server that went away changes nothing
        create_markdown_artifact(_markdown(summary), key="chartsift-run")
    return summary


def _markdown(summary: Summary) -> str:
    rows = [f"| {name} | {n} |" for name, n in (summary.counts | summary.codes).items()]
    head = f"# Run {summary.run_id}: {summary.status}, {summary.seconds:.0f} s"
    return "\n".join([head, "", "| | |", "|---|---|", *rows])


def _scheduled_job(config: str) -> Job:
    settings = load_config(Path(config))
    paths = settings.paths
    if paths.notes is None or paths.out is None or paths.phi is None:
        raise ConfigError("a scheduled run needs paths.notes, paths.out and paths.phi")
    return Job(paths.notes, paths.out, paths.phi, paths.known, settings)
