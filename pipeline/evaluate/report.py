"""Scores as tables for the terminal; numbers and labels only, never text."""

from __future__ import annotations

import json
from dataclasses import replace

from rich.box import SIMPLE
from rich.table import Table

from pipeline.evaluate.mentions import Agreement, MentionScores
from pipeline.evaluate.phi import PhiScores

_CAPTION = "(95 % bootstrap interval over documents)"


def to_json(scores: PhiScores | MentionScores) -> str:
    """Lay scores out as JSON."""
    return json.dumps(scores.to_dict(), indent=2)


def render(scores: PhiScores | MentionScores) -> Table:
    """Lay scores out as a table.

    Args:
        scores: Of de-identification or of extraction.
    """
    return _phi(scores) if isinstance(scores, PhiScores) else _mentions(scores)


def _phi(scores: PhiScores) -> Table:
    table = Table(
        title=f"PHI in {scores.documents} documents, {scores.documents_with_phi} with PHI",
        caption=_CAPTION,
        box=SIMPLE,
        padding=(0, 1, 0, 0),
    )
    table.add_column("")
    table.add_column("of", justify="right")
    table.add_column("share")
    table.add_row("gold tokens found (recall)", f"{scores.gold_tokens:,}", str(scores.recall))
    table.add_row(
        "predicted tokens that are gold (precision)",
        f"{scores.predicted_tokens:,}",
        str(scores.precision),
    )
    table.add_row(
        "notes with PHI and no token missed",
        f"{scores.documents_with_phi:,}",
        str(scores.clean_notes),
        end_section=True,
    )
    for label, of_label in scores.labels.items():
        table.add_row(f"{label} (recall)", f"{of_label.tokens:,}", str(of_label.recall))
    return table


def _mentions(scores: MentionScores) -> Table:
    """Intervals of F1 alone, so that the table fits 80 columns; JSON holds all."""
    table = Table(
        title=f"Mentions in {scores.documents} documents ({scores.corpus})",
        caption=_CAPTION,
        box=SIMPLE,
        padding=(0, 1, 0, 0),
    )
    table.add_column("label")
    table.add_column("match")
    for column in ("gold", "predicted", "precision", "recall"):
        table.add_column(column, justify="right")
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
