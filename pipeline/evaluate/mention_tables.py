"""The report on mentions for a terminal of 80 columns; examples alone hold text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from rich.box import SIMPLE
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.evaluate.breakdown import NONE, Breakdown, Verdict
from pipeline.evaluate.calibration import Calibration
from pipeline.evaluate.examples import Example
from pipeline.evaluate.mention_report import MentionReport
from pipeline.evaluate.mentions import Agreement, MentionScores
from pipeline.evaluate.seen_tables import render_seen

_MEANINGS = {
    Verdict.WRONG_LABEL: "Wrong label, right start and end",
    Verdict.WRONG_BOUNDARY: "Wrong start or end, right label",
    Verdict.WRONG_BOTH: "Wrong label and wrong start or end",
    Verdict.MISSED: "Missed",
    Verdict.INVENTED: "Invented",
}


def render_mentions(report: MentionReport) -> RenderableType:
    """Lay a report out for a terminal.

    Args:
        report: Its examples, if there are any, show text of the gold.
    """
    parts: list[RenderableType] = [
        *render_seen(report.seen_documents, report.scores.documents),
        _scores(report.scores),
        _breakdown(report.breakdown),
        _confusion(report.breakdown),
        _calibration(report.calibration),
    ]
    return Group(*parts, *_examples(report.examples))


def _scores(scores: MentionScores) -> Table:
    """Intervals of F1 alone, so that the table fits 80 columns; JSON holds all."""
    table = _table(
        f"Mentions in {scores.documents} documents ({scores.corpus})",
        ("label", "match"),
        ("gold", "predicted", "precision", "recall"),
        "(95 % bootstrap interval over documents)",
    )
    table.add_column("F1")
    for label, of_label in {"all": scores.micro, **scores.labels}.items():
        counts = (f"{of_label.gold:,}", f"{of_label.predicted:,}")
        table.add_row(label, "strict", *counts, *_shares(of_label.strict))
        table.add_row("", "relaxed", "", "", *_shares(of_label.relaxed), end_section=True)
    return table


def _shares(agreement: Agreement) -> tuple[str, str, str]:
    precision, recall = (
        replace(estimate, low=None) for estimate in (agreement.precision, agreement.recall)
    )
    return str(precision), str(recall), str(agreement.f1)


def _breakdown(breakdown: Breakdown) -> Table:
    table = _table(
        "What became of them",
        ("label", "of"),
        ("mentions", "right", "wrong\nlabel", "wrong\nbounds", "both\nwrong", "missed", "invented"),
    )
    for label in (None, *breakdown.labels):
        gold, predicted = breakdown.of_gold(label), breakdown.of_predicted(label)
        table.add_row(label or "all", "gold", *_counts([sum(gold.values()), *gold.values()]), "")
        *counts, invented = [sum(predicted.values()), *predicted.values()]
        row = (*_counts(counts), "", *_counts([invented]))
        table.add_row("", "predicted", *row, end_section=True)
    return table


def _confusion(breakdown: Breakdown) -> Table:
    labels: tuple[str | None, ...] = (*breakdown.labels, None)
    table = _table(
        "Labels of paired mentions",
        ("gold \\ predicted",),
        tuple(label or NONE for label in labels),
    )
    for gold in labels:
        counts = [
            f"{breakdown.confused(gold, predicted):,}" if gold or predicted else ""
            for predicted in labels
        ]
        table.add_row(gold or NONE, *counts)
    return table


def _calibration(calibration: Calibration) -> Table:
    table = _table(
        "What scores mean (ECE: expected calibration error)",
        ("label",),
        ("predicted", "mean score", "share right", "ECE"),
    )
    for label, of_label in {"all": calibration.micro, **calibration.labels}.items():
        shares = (of_label.mean_score, of_label.share_right, of_label.ece)
        texts = ("-" if share is None else f"{share:.3f}" for share in shares)
        table.add_row(label, f"{of_label.count:,}", *texts)
    return table


def _examples(examples: Sequence[Example]) -> Iterator[RenderableType]:
    """Lay out examples by verdict; nothing in them is taken for markup."""
    if examples:
        yield Text("Examples, {gold} and <predicted>", "italic")
    for verdict, of_verdict in groupby(examples, key=lambda example: example.verdict):
        yield Text(f"\n{_MEANINGS[verdict]}", "bold")
        grid = Table.grid(padding=(0, 2, 0, 0))
        for example in of_verdict:
            grid.add_row(Text(_labels(example), "dim"), Text(example.excerpt))
        yield grid


def _labels(example: Example) -> str:
    """Write the labels in the marks of the excerpt; one that both share, bare."""
    if example.gold == example.predicted:
        return str(example.gold)
    gold = f"{{{example.gold}}}" if example.gold else ""
    return "\n".join(filter(None, (gold, f"<{example.predicted}>" if example.predicted else "")))


def _counts(counts: Sequence[int]) -> list[str]:
    return [f"{count:,}" for count in counts]


def _table(
    title: str, names: Sequence[str], numbers: Sequence[str], caption: str | None = None
) -> Table:
    table = Table(title=title, caption=caption, box=SIMPLE, padding=(0, 1, 0, 0))
    for name in names:
        table.add_column(name)
    for name in numbers:
        table.add_column(name, justify="right")
    return table
