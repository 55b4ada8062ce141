"""The commands that train the models for symptoms, diseases and treatments."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from pipeline.cli.phi_training import OutOption, SeedOption, StepsOption, show_step
from pipeline.cli.reporting import reporting
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.train.corpora import Sources

Options = TypeVar("Options")

CorpusOption = Annotated[
    list[Path], typer.Option("--corpus", help="A gold corpus; may be given several times.")
]
WeightOption = Annotated[
    list[float] | None,
    typer.Option("--weight", help="How much each corpus counts, in their order."),
]
NotesOption = Annotated[
    list[Path] | None,
    typer.Option("--notes", help="Parquet of notes without gold, for teachers to label."),
]
FoldsOption = Annotated[
    Path | None, typer.Option("--folds", help="JSON with the folds of the documents.")
]
HeldOutOption = Annotated[
    int, typer.Option("--held-out", help="The fold never trained on, nor its near-duplicates.")
]
TestOption = Annotated[
    list[Path] | None,
    typer.Option("--test", help="A corpus never trained on, nor its near-duplicates."),
]
DevShareOption = Annotated[
    float,
    typer.Option("--dev-share", min=0, help="Share of documents to stop and calibrate by."),
]
TermsOption = Annotated[
    Path | None,
    typer.Option("--terms", help="Folder of terminologies whose names replace mentions."),
]
ReadEncoderOption = Annotated[
    Path | None, typer.Option("--encoder", help="The BERT whose states are read.")
]
ThreadsOption = Annotated[int | None, typer.Option("--threads", min=1)]


def train_bert_command(
    corpus: CorpusOption,
    out: OutOption,
    weight: WeightOption = None,
    notes: NotesOption = None,
    folds: FoldsOption = None,
    held_out: HeldOutOption = 0,
    test: TestOption = None,
    dev_share: DevShareOption = 0.08,
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
    terms: TermsOption = None,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1)] = None,
    learning_rate: Annotated[float | None, typer.Option("--learning-rate")] = None,
    seed: SeedOption = None,
    threads: ThreadsOption = None,
    device: Annotated[str, typer.Option("--device", help="auto, cpu or cuda.")] = "auto",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the last finished epoch in OUT.")
    ] = False,
) -> None:
    """Train the token classifier for symptoms, diseases and treatments."""
    from pipeline.train.bert import BertTraining, train_bert

    with reporting(), _log_training():
        options = _checked(
            BertTraining,
            out=out,
            sources=_sources(corpus, weight, notes, folds, held_out, test, dev_share),
            teachers=tuple(teacher or ()),
            from_teachers=from_teachers,
            terms=terms,
            threads=threads,
            device=device,
            resume=resume,
            encoder=encoder,
            **_given(taught=taught, epochs=epochs, learning_rate=learning_rate, seed=seed),
        )
        typer.echo(f"the model is in {train_bert(options)}")


def train_scispacy_command(
    corpus: CorpusOption,
    out: OutOption,
    weight: WeightOption = None,
    notes: NotesOption = None,
    folds: FoldsOption = None,
    held_out: HeldOutOption = 0,
    test: TestOption = None,
    dev_share: DevShareOption = 0.08,
    teacher: Annotated[
        Path | None,
        typer.Option("--teacher", help="A trained BERT that reads what nobody annotated."),
    ] = None,
    terms: TermsOption = None,
    steps: StepsOption = None,
    seed: SeedOption = None,
    threads: ThreadsOption = None,
) -> None:
    """Train the small spaCy pipeline for symptoms, diseases and treatments."""
    from pipeline.train.scispacy import ScispacyTraining, train_scispacy

    with reporting():
        options = _checked(
            ScispacyTraining,
            out=out,
            sources=_sources(corpus, weight, notes, folds, held_out, test, dev_share),
            teacher=teacher,
            terms=terms,
            threads=threads,
            **_given(steps=steps, seed=seed),
        )
        train_scispacy(options, show_step)
        typer.echo(f"the pipeline is in {out}")


def train_assertion_command(
    corpus: CorpusOption,
    out: OutOption,
    encoder: ReadEncoderOption = None,
    folds: FoldsOption = None,
    held_out: HeldOutOption = 0,
    epochs: Annotated[int | None, typer.Option("--epochs", min=1)] = None,
    seed: SeedOption = None,
    threads: ThreadsOption = None,
) -> None:
    """Train the network that tells what notes say of mentions."""
    from pipeline.resources import data_path
    from pipeline.train.assertion import AssertionTraining, train_assertion

    with reporting(), _log_training():
        options = _checked(
            AssertionTraining,
            out=out,
            corpora=tuple(corpus),
            encoder=encoder or data_path("models", "bert"),
            folds=folds,
            held_out=held_out,
            threads=threads,
            **_given(epochs=epochs, seed=seed),
        )
        typer.echo(f"the network is in {train_assertion(options)}")


def train_senses_command(
    notes: Annotated[list[Path], typer.Option("--notes", help="Parquet of notes without gold.")],
    out: OutOption,
    encoder: ReadEncoderOption = None,
    folds: FoldsOption = None,
    held_out: HeldOutOption = 0,
) -> None:
    """Learn which long form an abbreviation stands for, and show how well."""
    from pipeline.resources import data_path
    from pipeline.train.sense_scores import format_scores
    from pipeline.train.senses import SenseTraining, train_senses

    with reporting():
        options = _checked(
            SenseTraining,
            notes=tuple(notes),
            encoder=encoder or data_path("models", "bert"),
            out=out,
            folds=folds,
            held_out=held_out,
        )
        typer.echo(format_scores(train_senses(options)), nl=False)


def _sources(
    corpora: Sequence[Path],
    weights: Sequence[float] | None,
    notes: Sequence[Path] | None,
    folds: Path | None,
    held_out: int,
    tests: Sequence[Path] | None,
    dev_share: float,
) -> Sources:
    from pipeline.train.corpora import Sources

    return _checked(
        Sources,
        corpora=tuple(corpora),
        weights=tuple(weights or ()),
        notes=tuple(notes or ()),
        folds=folds,
        held_out=held_out,
        tests=tuple(tests or ()),
        dev_share=dev_share,
    )


def _given(**values: Any) -> dict[str, Any]:
    """Leave out what wasn't given: the options know its default."""
    return {name: value for name, value in values.items() if value is not None}


def _checked(kind: Callable[..., Options], **values: Any) -> Options:
    """Make options; what they say about wrong values becomes an error of the user's."""
    problem = ""
    try:
        return kind(**values)
    except ValueError as error:
        problem = str(error)
    raise ConfigError(problem)


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
