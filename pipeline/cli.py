"""The command line: thin; every command calls one function of the product."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from pipeline.errors import ChartsiftError, ExitCode

app = typer.Typer(
    name="chartsift",
    help="Turn free-text clinical notes into de-identified tables that analysts can trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
train_app = typer.Typer(help="Train the shipped models anew, reproducibly.", no_args_is_help=True)
app.add_typer(train_app, name="train")

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings in TOML; see the README.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


_SHOWN_MENTIONS = 9


class EvaluationTask(StrEnum):
    """What ``chartsift evaluate`` can score."""

    DEID = "deid"
    MENTIONS = "mentions"


class DeidChoice(StrEnum):
    """Whether mentions are looked for in the gold text or behind tags."""

    NONE = "none"
    TAG = "tag"


@contextmanager
def _reporting() -> Iterator[None]:
    """Turn chartsift's errors into a line on standard error and an exit status.

    An error of any other kind may quote a note, so only its kind is told.
    """
    code = ExitCode.OK
    try:
        yield
    except typer.Exit:
        raise
    except ChartsiftError as error:
        message, code = str(error), error.exit_code
    except KeyboardInterrupt:
        message, code = "stopped; the same command resumes", ExitCode.INTERRUPTED
    except Exception as error:
        message = f"{type(error).__name__} at {_place(error)}; this is a defect"
        code = ExitCode.FAILED
    if code:
        typer.echo(f"chartsift: {message}", err=True)
        raise typer.Exit(code)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def _print(renderable: Any) -> None:
    Console(highlight=False).print(renderable)


@app.command()
def init(
    phi: Annotated[Path, typer.Argument(help="Folder for keys, maps, staging, quarantine.")],
) -> None:
    """Make the PHI root (mode 0700) and its keys (0600); what exists is never overwritten."""
    from pipeline.keys import create_keys

    with _reporting():
        made = create_keys(phi)
        typer.echo("made the keys; back them up" if made else "the keys are there already")


@app.command()
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
    with _reporting():
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
            _print(render_summary(summary, out))
        if summary.status != "complete":
            raise typer.Exit(ExitCode.FAILED)


@app.command()
def show(
    out: Annotated[Path, typer.Argument(help="OUT of a run.")],
    note: Annotated[str | None, typer.Option("--note", help="A released note's id.")] = None,
) -> None:
    """Show what OUT holds, or one released note with its mentions marked."""
    from pipeline.show import first_notes, show_counts, show_note

    with _reporting():
        if note is not None:
            _print(show_note(out, note))
            return
        _print(show_counts(out))
        _print(first_notes(out, _SHOWN_MENTIONS))


@app.command()
def doctor(
    phi: Annotated[Path | None, typer.Option("--phi", help="A PHI root to examine.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="An OUT to examine.")] = None,
    config: ConfigOption = None,
) -> None:
    """Examine versions, models, device, permissions and keys; say what is wrong and what to do."""
    from pipeline.config import load_config
    from pipeline.doctor import examine, exit_code, render_findings

    with _reporting():
        findings = examine(load_config(config), phi, out)
        _print(render_findings(findings))
        if code := exit_code(findings):
            raise typer.Exit(code)


@app.command()
def evaluate(
    task: Annotated[EvaluationTask, typer.Argument(help="What to score.")],
    gold: Annotated[Path, typer.Argument(help="JSON lines, a brat folder or PubTator.")],
    write_predictions: Annotated[
        Path | None, typer.Option("--write-predictions", help="Write what was found as JSON lines.")
    ] = None,
    no_known: Annotated[
        bool, typer.Option("--no-known", help="Without the gold's registration records.")
    ] = False,
    deid: Annotated[
        DeidChoice, typer.Option("--deid", help="For mentions: de-identify the text first?")
    ] = DeidChoice.NONE,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score the finders on gold, on the gold text itself."""
    from pipeline import evaluate as evaluation
    from pipeline.config import load_config
    from pipeline.stages import load_models

    with _reporting():
        models = load_models(load_config(config))
        scores = (
            evaluation.run_deid(models, gold, not no_known, write_predictions)
            if task is EvaluationTask.DEID
            else evaluation.run_mentions(models, gold, deid is DeidChoice.TAG, write_predictions)
        )
        if as_json:
            typer.echo(evaluation.to_json(scores))
        else:
            _print(evaluation.render(scores))


@train_app.command("bert")
def train_bert_command(
    corpus: Annotated[
        list[Path], typer.Option("--corpus", help="A gold corpus; may be given several times.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the model.")],
    weight: Annotated[
        list[float] | None,
        typer.Option("--weight", help="How much each corpus counts in the loss, in their order."),
    ] = None,
    folds: Annotated[
        Path | None, typer.Option("--folds", help="JSON with the folds of the documents.")
    ] = None,
    held_out: Annotated[
        int, typer.Option("--held-out", help="The fold never trained on, nor its near-duplicates.")
    ] = 0,
    encoder: Annotated[
        str | None, typer.Option("--encoder", help="A WordPiece BERT: folder or hub name.")
    ] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1)] = None,
    seed: Annotated[int | None, typer.Option("--seed")] = None,
    threads: Annotated[int | None, typer.Option("--threads", min=1)] = None,
    device: Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")] = "auto",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the last finished epoch in OUT.")
    ] = False,
) -> None:
    """Train the token classifier for symptoms, diseases and treatments."""
    from pipeline.train.bert import BertTraining, train_bert

    with _reporting(), _training_log():
        given = {"epochs": epochs, "seed": seed, "encoder": encoder}
        options = BertTraining(
            out=out,
            corpora=tuple(corpus),
            weights=tuple(weight or ()),
            folds=folds,
            held_out=held_out,
            threads=threads,
            device=device,
            resume=resume,
            **{name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]
        )
        typer.echo(f"the model is in {train_bert(options)}")


@train_app.command("phi")
def train_phi_command(
    notes: Annotated[Path, typer.Option("--notes", help="Gold notes with PHI tagged.")],
    lists: Annotated[Path, typer.Option("--lists", help="Folder of names, cities, hospitals.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the pipeline.")],
    plain: Annotated[
        Path | None, typer.Option("--plain", help="Parquet of untagged reports, hardly any PHI.")
    ] = None,
    folds: Annotated[
        Path | None, typer.Option("--folds", help="Untagged reports in fold 0 are left out.")
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", help="A spaCy pipeline to start from.")
    ] = None,
    steps: Annotated[int | None, typer.Option("--steps", min=1)] = None,
    seed: Annotated[int | None, typer.Option("--seed")] = None,
) -> None:
    """Train the spaCy NER for protected health information."""
    from pipeline.train.phi import PhiTraining, train_phi
    from pipeline.train.phi_plain import PlainReports, read_excluded

    with _reporting():
        given = {"steps": steps, "seed": seed, "base": base}
        excluded = read_excluded(folds) if folds is not None else frozenset()
        options = PhiTraining(
            notes=notes,
            lists=lists,
            out=out,
            plain=None if plain is None else PlainReports(plain, excluded),
            **{name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]
        )
        train_phi(options, lambda step, loss: typer.echo(f"step {step}: loss {loss:.4f}"))
        typer.echo(f"the pipeline is in {out}")


@contextmanager
def _training_log() -> Iterator[None]:
    """Show how training goes: epochs, steps and losses, never text."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logger = logging.getLogger("pipeline.train")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)


def main() -> None:
    """Run the command line."""
    os.umask(0o077)
    app(prog_name="chartsift")


if __name__ == "__main__":
    main()
