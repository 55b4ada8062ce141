"""Scores as tables for the terminal; but for examples asked for, numbers and labels only."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.box import SIMPLE
from rich.console import RenderableType
from rich.table import Table

from pipeline.evaluate.assertion import AssertionScores
from pipeline.evaluate.identifiers import IdentifierRecall
from pipeline.evaluate.linking import LinkScores
from pipeline.evaluate.meaning_tables import render_assertions, render_links, render_sigs
from pipeline.evaluate.medication import SigScores
from pipeline.evaluate.mention_report import MentionReport
from pipeline.evaluate.mention_tables import render_mentions
from pipeline.evaluate.phi import PhiScores
from pipeline.evaluate.sections import SectionScores, render_sections
from pipeline.evaluate.survival_scores import Survival, SurvivalScores

Scores = (
    PhiScores
    | MentionReport
    | SurvivalScores
    | AssertionScores
    | LinkScores
    | SectionScores
    | SigScores
    | Sequence[IdentifierRecall]
)
"""What an evaluation can give."""

_CAPTION = "(95 % bootstrap interval over documents)"


def to_json(scores: Scores) -> str:
    """Lay scores out as JSON."""
    plain = (
        [of_kind.to_dict() for of_kind in scores]
        if isinstance(scores, Sequence)
        else scores.to_dict()
    )
    return json.dumps(plain, indent=2)


def render(scores: Scores) -> RenderableType:
    """Lay scores out as tables.

    Args:
        scores: Of finding PHI, of each kind of identifier, of a release, of extraction, or of
            what mentions mean.
    """
    match scores:
        case PhiScores():
            return _phi(scores)
        case MentionReport():
            return render_mentions(scores)
        case SurvivalScores():
            return _survival(scores)
        case AssertionScores():
            return render_assertions(scores)
        case LinkScores():
            return render_links(scores)
        case SectionScores():
            return render_sections(scores)
        case SigScores():
            return render_sigs(scores)
        case _:
            return _identifiers(scores)


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


def _identifiers(scores: Sequence[IdentifierRecall]) -> Table:
    table = Table(title="HIPAA identifiers", caption=_CAPTION, box=SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("")
    table.add_column("identifier")
    table.add_column("tokens", justify="right")
    table.add_column("recall")
    for of_kind in scores:
        kind, recall = of_kind.identifier, of_kind.recall
        counts = ("0", "-") if recall is None else (f"{recall.tokens:,}", str(recall.recall))
        table.add_row(kind.letter, kind.name, *counts)
    return table


def _survival(scores: SurvivalScores) -> Table:
    table = Table(
        title=f"PHI that survives in {scores.documents} released documents ({scores.policy})",
        caption=_CAPTION,
        box=SIMPLE,
        padding=(0, 1, 0, 0),
    )
    table.add_column("")
    table.add_column("of", justify="right")
    table.add_column("survived", justify="right")
    table.add_column("rate")
    table.add_row("gold tokens in place", *_counts(scores.tokens))
    table.add_row("known identifiers anywhere", *_counts(scores.known))
    table.add_row(
        "notes where nothing survives",
        f"{scores.documents_with_phi:,}",
        "",
        str(scores.clean_notes),
        end_section=True,
    )
    for label, of_label in scores.labels.items():
        table.add_row(label, *_counts(of_label))
    table.add_section()
    for column, of_column in scores.columns.items():
        table.add_row(f"known {column}", *_counts(of_column))
    return table


def _counts(survival: Survival) -> tuple[str, str, str]:
    return f"{survival.n:,}", f"{survival.survived:,}", str(survival.rate)
