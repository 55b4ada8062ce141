"""The commands that train the shipped models."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pipeline.cli.reporting import reporting
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.train.phi_plain import PlainReports

Options = TypeVar("Options")

NotesOption = Annotated[
    list[Path], typer.Option("--notes", help="Gold notes with PHI tagged; may be repeated.")
]
ListsOption = Annotated[Path, typer.Option("--lists", help="Folder of names, cities, hospitals.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder for the model.")]
PlainOption = Annotated[
    Path | None, typer.Option("--plain", help="Parquet of untagged reports, hardly any PHI.")
]
FoldsOption = Annotated[
    Path | None, typer.Option("--folds", help="JSON; untagged reports in fold 0 are left out.")
]
StepsOption = Annotated[int | None, typer.Option("--steps", min=1)]
SeedOption = Annotated[int | None, typer.Option("--seed")]


def train_bert_command(
    corpus: Annotated[
        list[Path], typer.Option("--corpus", help="A gold corpus; may be given several times.")
    ],
    out: OutOption,
    weight: Annotated[
        list[float] | None,
        typer.Option("--weight", help="How much each corpus counts in the loss, in their order."),
    ] = None,
    notes: Annotated[
        list[Path] | None,
        typer.Option("--notes", help="Parquet of notes without gold, for teachers to label."),
    ] = None,
    folds: Annotated[
        Path | None, typer.Option("--folds", help="JSON with the folds of the documents.")
    ] = None,
    held_out: Annotated[
        int, typer.Option("--held-out", help="The fold never trained on, nor its near-duplicates.")
    ] = 0,
    test: Annotated[
        list[Path] | None,
        typer.Option("--test", help="A corpus never trained on, nor its near-duplicates."),
    ] = None,
    dev_share: Annotated[
        float,
        typer.Option("--dev-share", min=0, help="Share of documents to stop and calibrate by."),
    ] = 0.08,
    encoder: Annotated[
        str | None, typer.Option("--encoder", help="A WordPiece BERT: folder or hub name.")
    ] = None,
    teacher: Annotated[
        list[Path] | None,
        typer.Option("--teacher", help="A trained model to learn from; may be repeated."),
    ] = None,
    from_teachers: Annotated[
        bool, typer.Option("--from-teachers", help="Begin with the mean of their weights.")
    ] = False,
    taught: Annotated[
        float | None, typer.Option("--taught", help="Share of the teachers beside the gold.")
    ] = None,
    terms: Annotated[
        Path | None,
        typer.Option("--terms", help="Folder of terminologies whose names replace mentions."),
    ] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1)] = None,
    learning_rate: Annotated[float | None, typer.Option("--learning-rate")] = None,
    seed: SeedOption = None,
    threads: Annotated[int | None, typer.Option("--threads", min=1)] = None,
    device: Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")] = "auto",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the last finished epoch in OUT.")
    ] = False,
) -> None:
    """Train the token classifier for symptoms, diseases and treatments."""
    from pipeline.train.bert import BertTraining, train_bert
    from pipeline.train.corpora import Sources

    with reporting(), _log_training():
        sources = _checked(
            Sources,
            corpora=tuple(corpus),
            weights=tuple(weight or ()),
            notes=tuple(notes or ()),
            folds=folds,
            held_out=held_out,
            tests=tuple(test or ()),
            dev_share=dev_share,
        )
        given = {
            "encoder": encoder, "taught": taught, "epochs": epochs,
            "learning_rate": learning_rate, "seed": seed,
        }  # fmt: skip
        options = _checked(
            BertTraining,
            out=out,
            sources=sources,
            teachers=tuple(teacher or ()),
            from_teachers=from_teachers,
            terms=terms,
            threads=threads,
            device=device,
            resume=resume,
            **{name: value for name, value in given.items() if value is not None},
        )
        typer.echo(f"the model is in {train_bert(options)}")


def train_phi_command(
    notes: NotesOption,
    lists: ListsOption,
    out: OutOption,
    plain: PlainOption = None,
    folds: FoldsOption = None,
    base: Annotated[
        str | None, typer.Option("--base", help="A spaCy pipeline to start from.")
    ] = None,
    steps: StepsOption = None,
    seed: SeedOption = None,
) -> None:
    """Train the spaCy NER for protected health information."""
    from pipeline.train.phi import PhiTraining, train_phi

    with reporting():
        given = {"steps": steps, "seed": seed, "base": base}
        options = PhiTraining(
            notes=tuple(notes),
            lists=lists,
            out=out,
            plain=_plain_reports(plain, folds),
            **{name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]
        )
        train_phi(options, _show_step)
        typer.echo(f"the pipeline is in {out}")


def train_phi_bert_command(
    notes: NotesOption,
    lists: ListsOption,
    out: OutOption,
    plain: PlainOption = None,
    folds: FoldsOption = None,
    encoder: Annotated[
        str | None, typer.Option("--encoder", help="A WordPiece BERT: folder or hub name.")
    ] = None,
    steps: StepsOption = None,
    seed: SeedOption = None,
    threads: Annotated[int | None, typer.Option("--threads", min=1)] = None,
    device: Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")] = "auto",
) -> None:
    """Train the BERT token classifier for protected health information."""
    from pipeline.train.phi_bert import PhiBertTraining, train_phi_bert

    with reporting():
        given = {"steps": steps, "seed": seed, "encoder": encoder}
        options = PhiBertTraining(
            notes=tuple(notes),
            lists=lists,
            out=out,
            plain=_plain_reports(plain, folds),
            threads=threads,
            device=device,
            **{name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]
        )
        train_phi_bert(options, _show_step)
        typer.echo(f"the model is in {out}")


def _checked(kind: Callable[..., Options], **values: Any) -> Options:
    """Make options; what they say about wrong values becomes an error of the user's."""
    problem = ""
    try:
        return kind(**values)
    except ValueError as error:
        problem = str(error)
    raise ConfigError(problem)


def _plain_reports(plain: Path | None, folds: Path | None) -> PlainReports | None:
    from pipeline.train.corpora import read_held_out
    from pipeline.train.phi_plain import PlainReports

    if plain is None:
        return None
    return PlainReports(plain, read_held_out(folds, 0) if folds is not None else frozenset())


def _show_step(step: int, loss: float) -> None:
    typer.echo(f"step {step}: loss {loss:.4f}")


@contextmanager
def _log_training() -> Iterator[None]:
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


def train_scispacy_command(
    corpus: Annotated[
        list[Path], typer.Option("--corpus", help="A gold corpus; may be given several times.")
    ],
    out: OutOption,
    weight: Annotated[
        list[float] | None,
        typer.Option("--weight", help="How often each corpus is read, in their order."),
    ] = None,
    notes: Annotated[
        list[Path] | None,
        typer.Option("--notes", help="Parquet of notes without gold, for the teacher to label."),
    ] = None,
    folds: Annotated[
        Path | None, typer.Option("--folds", help="JSON with the folds of the documents.")
    ] = None,
    held_out: Annotated[
        int, typer.Option("--held-out", help="The fold never trained on, nor its near-duplicates.")
    ] = 0,
    test: Annotated[
        list[Path] | None,
        typer.Option("--test", help="A corpus never trained on, nor its near-duplicates."),
    ] = None,
    dev_share: Annotated[
        float,
        typer.Option("--dev-share", min=0, help="Share of documents left out, as for train bert."),
    ] = 0.08,
    teacher: Annotated[
        Path | None,
        typer.Option("--teacher", help="A trained BERT that reads what nobody annotated."),
    ] = None,
    terms: Annotated[
        Path | None,
        typer.Option("--terms", help="Folder of terminologies whose names replace mentions."),
    ] = None,
    steps: StepsOption = None,
    seed: SeedOption = None,
    threads: Annotated[int | None, typer.Option("--threads", min=1)] = None,
) -> None:
    """Train the small spaCy pipeline for symptoms, diseases and treatments."""
    from pipeline.train.corpora import Sources
    from pipeline.train.scispacy import ScispacyTraining, train_scispacy

    with reporting():
        sources = _checked(
            Sources,
            corpora=tuple(corpus),
            weights=tuple(weight or ()),
            notes=tuple(notes or ()),
            folds=folds,
            held_out=held_out,
            tests=tuple(test or ()),
            dev_share=dev_share,
        )
        given = {"steps": steps, "seed": seed}
        options = _checked(
            ScispacyTraining,
            out=out,
            sources=sources,
            teacher=teacher,
            terms=terms,
            threads=threads,
            **{name: value for name, value in given.items() if value is not None},
        )
        train_scispacy(options, _show_step)
        typer.echo(f"the pipeline is in {out}")
