"""The commands that show what a run made: show, explain, review."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.reporting import ConfigOption, print_rich, reporting

_SHOWN_MENTIONS = 9


def show(
    out: Annotated[Path, typer.Argument(help="OUT of a run.")],
    note: Annotated[str | None, typer.Option("--note", help="A released note's id.")] = None,
) -> None:
    """Show what OUT holds, or one released note with its mentions marked."""
    from pipeline.show import first_notes, show_counts, show_note

    with reporting():
        if note is not None:
            print_rich(show_note(out, note))
            return
        print_rich(show_counts(out))
        print_rich(first_notes(out, _SHOWN_MENTIONS))


def explain(
    out: Annotated[Path, typer.Argument(help="OUT of a run.")],
    mention: Annotated[
        str, typer.Option("--mention", help="A mention's id: NOTE-START-END, as `show` tells them.")
    ],
    html: Annotated[
        Path | None, typer.Option("--html", help="Write a page too; it holds the note's text.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Show which words drove a mention that BERT found, and what else the model thought."""
    from pipeline.config import load_config
    from pipeline.explain import explain_mention, render_explanation, write_page

    with reporting():
        explanation = explain_mention(out, mention, load_config(config))
        print_rich(render_explanation(explanation))
        if html is not None:
            write_page(explanation, html)
            typer.echo(html)


def review(
    phi: Annotated[Path, typer.Argument(help="PHI of a run.")],
    notes: Annotated[int, typer.Option("--notes", min=1, help="How many notes to show.")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="Decides the notes drawn at random.")] = 1,
    label: Annotated[
        list[str] | None,
        typer.Option("--label", help="Draw only notes with PHI of this label; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="OUT of the run, to compare the page with.")
    ] = None,
) -> None:
    """Write a page into PHI that shows a sample of notes, raw beside released."""
    from pipeline.review import write_review

    with reporting():
        made = write_review(phi, notes, seed, label or (), out)
        typer.echo(
            f"{made.page}\n{made.sampled} of {made.notes} notes, {made.spans} spans, "
            f"{made.doubtful} to look at first, {made.leftovers} words to check"
        )
