"""The commands that run the job: init, run, doctor."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.reporting import ConfigOption, JsonOption, print_rich, reporting
from pipeline.errors import ExitCode


def init(
    phi: Annotated[Path, typer.Argument(help="Folder for keys, maps, staging, quarantine.")],
) -> None:
    """Make the PHI root (mode 0700) and its keys (0600); what exists is never overwritten."""
    from pipeline.keys import create_keys

    with reporting():
        made = create_keys(phi)
        typer.echo("made the keys; back them up" if made else "the keys are there already")


def run(
    notes: Annotated[Path, typer.Argument(help="IN: a notes file or a folder of them.")],
    out: Annotated[Path, typer.Option("--out", help="OUT: where the tables go.")],
    phi: Annotated[Path, typer.Option("--phi", help="PHI: keys, maps, staging, quarantine.")],
    known: Annotated[
        Path | None, typer.Option("--known", help="The registration table of patients.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read notes, de-identify them, extract mentions and write the tables; resumes by itself."""
    with reporting():
        # Prefect reads its settings when it is imported, so they come first.
        from flows.private import set_private_environment

        set_private_environment()
        from flows.etl import run_flow
        from pipeline.config import load_config
        from pipeline.job import Job
        from pipeline.terminal import open_progress, render_summary, summary_json

        job = Job(notes, out, phi, known, load_config(config))
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service is stopped like ^C
        with open_progress() as progress:
            summary = run_flow(job, progress)
        if as_json:
            typer.echo(summary_json(summary))
        else:
            print_rich(render_summary(summary, out))
        if summary.status != "complete":
            raise typer.Exit(ExitCode.FAILED)


def doctor(
    phi: Annotated[Path | None, typer.Option("--phi", help="A PHI root to examine.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="An OUT to examine.")] = None,
    config: ConfigOption = None,
) -> None:
    """Examine versions, models, device, permissions and keys; say what is wrong and what to do."""
    from pipeline.config import load_config
    from pipeline.doctor import examine, exit_code, render_findings

    with reporting():
        findings = examine(load_config(config), phi, out)
        print_rich(render_findings(findings))
        if code := exit_code(findings):
            raise typer.Exit(code)
