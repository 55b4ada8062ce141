"""What became of each mention: right, or which of five ways it went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.note import Span

NONE = "none"
"""The row or column of a confusion for mentions without a partner."""


class Verdict(StrEnum):
    """What became of a gold mention, of a predicted one, or of a pair of them."""

    RIGHT = "right"
    """Same start, end and label."""
    WRONG_LABEL = "wrong_label"
    """Same start and end, another label."""
    WRONG_BOUNDARY = "wrong_boundary"
    """Overlap, same label."""
    WRONG_BOTH = "wrong_both"
    """Overlap, another label."""
    MISSED = "missed"
    """A gold mention without a partner."""
    INVENTED = "invented"
    """A predicted mention without a partner."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A gold mention with the predicted one that is its partner, or either alone.

    Raises:
        ValueError: Both are None.
    """

    gold: Span | None
    predicted: Span | None

    def __post_init__(self) -> None:
        if self.gold is None and self.predicted is None:
            raise ValueError("a judgement needs a gold or a predicted mention")

    @property
    def verdict(self) -> Verdict:
        """What became of the two, or of the one."""
        if self.predicted is None:
            return Verdict.MISSED
        if self.gold is None:
            return Verdict.INVENTED
        return _compare(self.gold, self.predicted)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What became of all mentions; every one is counted once.

    Attributes:
        labels: The labels that were scored, in alphabetical order.
        counts: By gold label, predicted label (None without a partner) and verdict.
    """

    labels: tuple[str, ...]
    counts: Mapping[tuple[str | None, str | None, Verdict], int]

    def of_gold(self, label: str | None = None) -> dict[Verdict, int]:
        """Count what became of the gold mentions of a label, or of all; the sum is their number."""
        return self._verdicts(0, label, Verdict.INVENTED)

    def of_predicted(self, label: str | None = None) -> dict[Verdict, int]:
        """Count what became of the predicted mentions of a label, or of all."""
        return self._verdicts(1, label, Verdict.MISSED)

    def _verdicts(self, side: int, label: str | None, other: Verdict) -> dict[Verdict, int]:
        """Count by verdict, but for the one that only the other side has; 0 is gold's side."""
        return {
            verdict: sum(
                n
                for key, n in self.counts.items()
                if key[2] is verdict and label in (None, key[side])
            )
            for verdict in Verdict
            if verdict is not other
        }

    def confused(self, gold: str | None, predicted: str | None) -> int:
        """Count the gold mentions of one label whose partners have another; None: no partner."""
        return sum(n for (g, p, _), n in self.counts.items() if (g, p) == (gold, predicted))

    def to_dict(self) -> dict[str, object]:
        """Return the counts for JSON, under ``breakdown`` and ``confusion``.

        The latter is gold label → predicted label → count; ``none`` holds those without a partner.
        """
        rows: tuple[str | None, ...] = (*self.labels, None)
        return {
            "breakdown": {
                "all": self._both_sides(None),
                "labels": {label: self._both_sides(label) for label in self.labels},
            },
            "confusion": {
                gold or NONE: {p or NONE: self.confused(gold, p) for p in rows if gold or p}
                for gold in rows
            },
        }

    def _both_sides(self, label: str | None) -> dict[str, dict[str, int]]:
        return {
            "gold": {verdict.value: n for verdict, n in self.of_gold(label).items()},
            "predicted": {verdict.value: n for verdict, n in self.of_predicted(label).items()},
        }


def judge(gold: Sequence[Span], predicted: Sequence[Span]) -> list[Judgement]:
    """Pair the gold and predicted mentions of a document that overlap, one to one.

    They are paired greedily: first those with the same start, end and label, then with the same
    start and end, then with the same label, then the rest; within each of these, first those that
    share the greatest part of the code points that they cover together, then the earlier. So the
    right pairs are those that strict scores count, and of two mentions that overlap at least one
    has a partner. A mention without one may still overlap a mention that has a closer partner:
    where one prediction covers two gold mentions, one of these is missed.

    Args:
        gold: Gold mentions, as :meth:`pipeline.evaluate.corpora.CorpusLabels.scored` gives them.
        predicted: Predicted mentions, likewise.

    Returns:
        The pairs, then gold mentions without a partner, then predicted ones, in text order.
    """
    gold, predicted = sorted(gold), sorted(predicted)
    candidates = sorted(
        (_rank(g, p), row, column)
        for row, g in enumerate(gold)
        for column, p in enumerate(predicted)
        if g.overlaps(p)
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, row, column in candidates:
        if row not in partner and column not in taken:
            partner[row] = column
            taken.add(column)
    return [
        *(Judgement(gold[row], predicted[partner[row]]) for row in sorted(partner)),
        *(Judgement(span, None) for row, span in enumerate(gold) if row not in partner),
        *(Judgement(None, span) for column, span in enumerate(predicted) if column not in taken),
    ]


def break_down(judgements: Iterable[Judgement], labels: Iterable[str]) -> Breakdown:
    """Count judgements.

    Args:
        judgements: Of all documents.
        labels: The labels that were scored.
    """
    return Breakdown(
        labels=tuple(sorted(labels)),
        counts=Counter(
            (
                None if judged.gold is None else judged.gold.label,
                None if judged.predicted is None else judged.predicted.label,
                judged.verdict,
            )
            for judged in judgements
        ),
    )


_ORDER = (Verdict.RIGHT, Verdict.WRONG_LABEL, Verdict.WRONG_BOUNDARY, Verdict.WRONG_BOTH)


def _compare(gold: Span, predicted: Span) -> Verdict:
    bounds = (gold.start, gold.end) == (predicted.start, predicted.end)
    if gold.label == predicted.label:
        return Verdict.RIGHT if bounds else Verdict.WRONG_BOUNDARY
    return Verdict.WRONG_LABEL if bounds else Verdict.WRONG_BOTH


def _rank(gold: Span, predicted: Span) -> tuple[int, float]:
    """Order pairs by verdict, then by shared over covered code points, the most first."""
    shared = min(gold.end, predicted.end) - max(gold.start, predicted.start)
    covered = max(gold.end, predicted.end) - min(gold.start, predicted.start)
    return _ORDER.index(_compare(gold, predicted)), -shared / covered
