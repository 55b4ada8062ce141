"""How well it was told what a note says of its mentions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluate.assertion_gold import AssertionCorpus
from pipeline.evaluate.intervals import Bootstrap, Estimate, draw
from pipeline.evaluate.seen import count_seen
from pipeline.note import ASSERTIONS, Assertion

_Counts = NDArray[np.float64]

NEGATION = "absent"
"""The status that negation alone is scored by, against all others."""


@dataclass(frozen=True, slots=True)
class StatusScores:
    """How well one status was told from all others.

    Attributes:
        gold: Number of mentions that have it.
        predicted: Number of mentions that were given it.
        matched: Number of both.
        precision: Matched of predicted.
        recall: Matched of gold.
        f1: Their harmonic mean.
    """

    gold: int
    predicted: int
    matched: int
    precision: Estimate
    recall: Estimate
    f1: Estimate

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "gold": self.gold,
            "predicted": self.predicted,
            "matched": self.matched,
            "precision": self.precision.to_dict(),
            "recall": self.recall.to_dict(),
            "f1": self.f1.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class AssertionScores:
    """Scores of assertion; numbers and statuses only, never text.

    Attributes:
        documents: Number of documents.
        mentions: Number of mentions.
        accuracy: The share of mentions with the right status; None if the corpus doesn't annotate
            all statuses.
        macro: The mean F1 of the statuses that the gold holds; None likewise.
        negation: How well absent was told from all others.
        statuses: Each annotated status, in the order of ``ASSERTIONS``.
        confusion: Gold and predicted status to the number of mentions.
        seen_documents: Number of documents that a model was trained on; None if unknown.
    """

    documents: int
    mentions: int
    accuracy: Estimate | None
    macro: Estimate | None
    negation: StatusScores
    statuses: Mapping[str, StatusScores]
    confusion: Mapping[tuple[str, str], int]
    seen_documents: int | None = 0

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON; the confusion is gold → predicted → count."""
        return {
            "documents": self.documents,
            "seen_documents": self.seen_documents,
            "mentions": self.mentions,
            "accuracy": None if self.accuracy is None else self.accuracy.to_dict(),
            "macro_f1": None if self.macro is None else self.macro.to_dict(),
            "negation": self.negation.to_dict(),
            "statuses": {status: scores.to_dict() for status, scores in self.statuses.items()},
            "confusion": {
                gold: {status: self.confusion.get((gold, status), 0) for status in ASSERTIONS}
                for gold in ASSERTIONS
            },
        }


def score_assertions(
    corpus: AssertionCorpus,
    predictions: Sequence[Sequence[Assertion]],
    seen: AbstractSet[str] | None = frozenset(),
) -> AssertionScores:
    """Compare assertions with the gold, mention by mention.

    Intervals are 95 % bootstrap intervals over documents (:mod:`pipeline.evaluate.intervals`).

    Args:
        corpus: The gold, with at least one document.
        predictions: For each document one assertion for each of its mentions, in their order.
        seen: Ids of the documents that the models were trained on; None if unknown.

    Raises:
        ValueError: There are not as many predictions as documents or mentions.
    """
    confusion: Counter[tuple[str, str]] = Counter()
    counts = np.zeros((len(corpus.documents), len(ASSERTIONS), 3))
    for row, (document, predicted) in enumerate(zip(corpus.documents, predictions, strict=True)):
        for gold, assertion in zip(document.statuses, predicted, strict=True):
            confusion[gold, assertion.status] += 1
            counts[row, ASSERTIONS.index(gold), 0] += 1
            counts[row, ASSERTIONS.index(assertion.status), 1] += 1
            counts[row, ASSERTIONS.index(gold), 2] += gold == assertion.status
    bootstrap = draw(len(corpus.documents))
    scores = {
        status: _status_scores(counts[:, column], bootstrap)
        for column, status in enumerate(ASSERTIONS)
    }
    whole = set(corpus.annotated) == set(ASSERTIONS)
    return AssertionScores(
        documents=len(corpus.documents),
        mentions=sum(confusion.values()),
        accuracy=_accuracy(counts, bootstrap) if whole else None,
        macro=_macro(counts, bootstrap) if whole else None,
        negation=scores[NEGATION],
        statuses={status: scores[status] for status in ASSERTIONS if status in corpus.annotated},
        confusion=confusion,
        seen_documents=None if seen is None else count_seen(corpus.documents, seen),
    )


def _status_scores(counts: _Counts, bootstrap: Bootstrap) -> StatusScores:
    gold, predicted, matched = counts.T
    return StatusScores(
        gold=int(gold.sum()),
        predicted=int(predicted.sum()),
        matched=int(matched.sum()),
        precision=bootstrap.ratio(matched, predicted),
        recall=bootstrap.ratio(matched, gold),
        f1=bootstrap.ratio(2 * matched, gold + predicted),
    )


def _accuracy(counts: _Counts, bootstrap: Bootstrap) -> Estimate:
    return bootstrap.ratio(counts[:, :, 2].sum(axis=1), counts[:, :, 0].sum(axis=1))


def _macro(counts: _Counts, bootstrap: Bootstrap) -> Estimate:
    """Average the F1 of the statuses that the gold holds; draws without one leave it out."""
    held = counts[:, counts[:, :, 0].sum(axis=0) > 0]
    if held.shape[1] == 0:
        return Estimate(None)
    value = float(_mean_f1(held.sum(axis=0, keepdims=True))[0])
    if len(counts) < 2:
        return Estimate(value)
    drawn = np.einsum("rd,dsc->rsc", bootstrap.weights, held)
    low, high = np.nanquantile(_mean_f1(drawn), (0.025, 0.975))
    return Estimate(value, float(low), float(high))


def _mean_f1(counts: _Counts) -> _Counts:
    """Return for each row of (rows, statuses, 3) the mean F1; NaN where nothing counts."""
    both = counts[:, :, 0] + counts[:, :, 1]
    f1 = np.divide(2 * counts[:, :, 2], both, out=np.full(both.shape, np.nan), where=both > 0)
    total = np.nansum(f1, axis=1)
    number = np.count_nonzero(~np.isnan(f1), axis=1)
    return np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)
