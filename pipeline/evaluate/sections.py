"""Scores of sections: are the headings found, and are they given the right kind?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.box import SIMPLE
from rich.console import Group, RenderableType
from rich.table import Table

from pipeline.context.sections import find_sections
from pipeline.evaluate.intervals import Estimate, draw
from pipeline.evaluate.section_gold import HeadedNote
from pipeline.note import SECTION_KINDS, Section

NONE = "none"
"""Stands for the kind of a heading without a partner."""


@dataclass(frozen=True, slots=True)
class KindScores:
    """How the headings of one kind fared.

    Attributes:
        gold: Gold headings of the kind.
        found: Those of them found, by exact offsets.
        right: Those of them found and given the kind.
        invented: Headings given the kind where gold has none.
    """

    gold: int
    found: int
    right: int
    invented: int


@dataclass(frozen=True, slots=True)
class SectionScores:
    """How well sections are found.

    Attributes:
        notes: How many notes were scored.
        gold: Gold headings.
        predicted: Headings found.
        precision: Share of the headings found that are gold, by exact offsets.
        recall: Share of the gold headings that were found, by exact offsets.
        f1: Their harmonic mean.
        accuracy: Share of the right kind among the gold headings that were found.
        kinds: By kind, in the order of ``SECTION_KINDS``; those that neither side has are left out.
        confusion: Gold kind and predicted kind to their number, where they differ; ``none`` for a
            heading without a partner.
    """

    notes: int
    gold: int
    predicted: int
    precision: Estimate
    recall: Estimate
    f1: Estimate
    accuracy: Estimate
    kinds: Mapping[str, KindScores]
    confusion: Mapping[tuple[str, str], int]

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON: numbers and kinds, never text."""
        return {
            "notes": self.notes,
            "gold": self.gold,
            "predicted": self.predicted,
            "precision": self.precision.to_dict(),
            "recall": self.recall.to_dict(),
            "f1": self.f1.to_dict(),
            "accuracy": self.accuracy.to_dict(),
            "kinds": {
                kind: {"gold": s.gold, "found": s.found, "right": s.right, "invented": s.invented}
                for kind, s in self.kinds.items()
            },
            "confusion": [
                {"gold": gold, "predicted": predicted, "count": count}
                for (gold, predicted), count in self.confusion.items()
            ],
        }


def score_sections(
    gold: Sequence[HeadedNote], find: Callable[[str], Iterable[Section]] = find_sections
) -> SectionScores:
    """Score a finder of sections; intervals are over notes.

    Args:
        gold: The notes with their headings, at least one.
        find: Finds the sections of a text; those without a heading aren't scored.
    """
    pairs: list[Counter[tuple[str, str]]] = []
    for headed in gold:
        found = {s.heading: s.kind for s in find(headed.note.text) if s.heading is not None}
        pairs.append(
            Counter(
                (headed.headings.get(place, NONE), found.get(place, NONE))
                for place in headed.headings | found
            )
        )
    golds = [_count(of_note, lambda g, p: g != NONE) for of_note in pairs]
    predicted = [_count(of_note, lambda g, p: p != NONE) for of_note in pairs]
    shared = [_count(of_note, lambda g, p: NONE not in (g, p)) for of_note in pairs]
    right = [_count(of_note, lambda g, p: g == p) for of_note in pairs]
    drawn = draw(len(gold))
    total = sum(pairs, Counter[tuple[str, str]]())
    wrong = [(pair, count) for pair, count in total.most_common() if pair[0] != pair[1]]
    return SectionScores(
        notes=len(gold),
        gold=sum(golds),
        predicted=sum(predicted),
        precision=drawn.ratio(shared, predicted),
        recall=drawn.ratio(shared, golds),
        f1=drawn.ratio(
            [2 * n for n in shared], [g + p for g, p in zip(golds, predicted, strict=True)]
        ),
        accuracy=drawn.ratio(right, shared),
        kinds={
            kind: _of_kind(total, kind)
            for kind in SECTION_KINDS
            if any(kind in pair for pair in total)
        },
        confusion=dict(wrong),
    )


def _count(pairs: Counter[tuple[str, str]], wanted: Callable[[str, str], bool]) -> int:
    return sum(count for pair, count in pairs.items() if wanted(*pair))


def _of_kind(pairs: Counter[tuple[str, str]], kind: str) -> KindScores:
    return KindScores(
        gold=_count(pairs, lambda g, p: g == kind),
        found=_count(pairs, lambda g, p: g == kind and p != NONE),
        right=pairs[kind, kind],
        invented=pairs[NONE, kind],
    )


def render_sections(scores: SectionScores) -> RenderableType:
    """Lay scores out for a terminal."""
    summary = Table(
        title=f"Sections of {scores.notes:,} notes",
        caption="(95 % bootstrap interval over notes)",
        box=SIMPLE,
        padding=(0, 1, 0, 0),
    )
    summary.add_column("")
    summary.add_column("of", justify="right")
    summary.add_column("share")
    summary.add_row("gold headings found (recall)", f"{scores.gold:,}", str(scores.recall))
    summary.add_row(
        "headings found that are gold (precision)", f"{scores.predicted:,}", str(scores.precision)
    )
    summary.add_row("F1", "", str(scores.f1))
    summary.add_row("right kind among those found", "", str(scores.accuracy))
    kinds = Table(box=SIMPLE, padding=(0, 1, 0, 0))
    kinds.add_column("kind")
    for name in ("gold", "found", "right kind", "invented"):
        kinds.add_column(name, justify="right")
    for kind, of_kind in scores.kinds.items():
        counts = (of_kind.gold, of_kind.found, of_kind.right, of_kind.invented)
        kinds.add_row(kind, *(f"{count:,}" for count in counts))
    errors = Table(box=SIMPLE, padding=(0, 1, 0, 0))
    errors.add_column("gold")
    errors.add_column("predicted")
    errors.add_column("count", justify="right")
    for (gold, predicted), count in scores.confusion.items():
        errors.add_row(gold, predicted, f"{count:,}")
    return Group(summary, kinds, errors) if scores.confusion else Group(summary, kinds)
