"""The commands that train the models for PHI."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.reporting import reporting

if TYPE_CHECKING:
    from pipeline.train.phi_plain import PlainReports

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
        train_phi(options, show_step)
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
        train_phi_bert(options, show_step)
        typer.echo(f"the model is in {out}")


def _plain_reports(plain: Path | None, folds: Path | None) -> PlainReports | None:
    from pipeline.train.corpora import read_held_out
    from pipeline.train.phi_plain import PlainReports

    if plain is None:
        return None
    return PlainReports(plain, read_held_out(folds, 0) if folds is not None else frozenset())


def show_step(step: int, loss: float) -> None:
    """Show how far a training is."""
    typer.echo(f"step {step}: loss {loss:.4f}")
