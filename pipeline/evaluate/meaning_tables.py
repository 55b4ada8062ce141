"""Scores of what mentions mean, as tables for a terminal; numbers and names of classes only."""

from __future__ import annotations

from rich.box import SIMPLE
from rich.console import Group, RenderableType
from rich.table import Table

from pipeline.evaluate.assertion import AssertionScores
from pipeline.evaluate.linking import LinkScores
from pipeline.evaluate.medication import SigScores
from pipeline.evaluate.seen_tables import render_seen
from pipeline.note import ASSERTIONS


def render_assertions(scores: AssertionScores) -> RenderableType:
    """Lay scores of assertion out."""
    title = f"Assertion of {scores.mentions:,} mentions in {scores.documents:,} documents"
    table = _table(title, "documents", "gold", "predicted", "precision", "recall", "F1")
    for name, status in scores.statuses.items():
        table.add_row(
            name,
            f"{status.gold:,}",
            f"{status.predicted:,}",
            *map(str, (status.precision, status.recall, status.f1)),
        )
    if scores.accuracy is not None:
        table.add_row("mean of all", "", "", "", "", str(scores.macro))
        table.add_row("accuracy", "", "", "", "", str(scores.accuracy))
    confusion = _table("gold in rows, predicted in columns", None, *ASSERTIONS)
    for gold in ASSERTIONS:
        counts = [scores.confusion.get((gold, status), 0) for status in ASSERTIONS]
        if any(counts):
            confusion.add_row(gold, *(f"{count:,}" if count else "" for count in counts))
    return Group(*render_seen(scores.seen_documents, scores.documents), table, confusion)


def render_links(scores: LinkScores) -> RenderableType:
    """Lay scores of linking out."""
    title = f"Concepts of {scores.mentions:,} mentions in {scores.documents:,} documents"
    table = _table(title, "documents", "of", "share")
    rows = (
        ("right concept", scores.with_id, scores.accuracy),
        ("right, of those that the vocabulary has", scores.reachable, scores.accuracy_reachable),
        ("left without a concept: rightly (precision)", None, scores.nil_precision),
        ("without one to be found: left so (recall)", None, scores.nil_recall),
    )
    for name, number, share in rows:
        table.add_row(name, "" if number is None else f"{number:,}", str(share))
    return table


def render_sigs(scores: SigScores) -> RenderableType:
    """Lay scores of medication details out."""
    table = _table(f"Details beside {scores.lines:,} drugs", "lines", "written", "value", "span")
    for name, field in scores.fields.items():
        table.add_row(name, f"{field.written:,}", str(field.value), str(field.span))
    table.add_row("all of them", "", str(scores.all_right), str(scores.all_spans_right))
    return table


def _table(title: str, drawn: str | None, *columns: str) -> Table:
    caption = None if drawn is None else f"(95 % bootstrap interval over {drawn})"
    table = Table(title=title, caption=caption, box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("")
    for name in columns:
        table.add_column(name, justify="right")
    return table
