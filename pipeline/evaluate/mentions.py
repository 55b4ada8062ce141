"""How well the mentions of symptoms, diseases and treatments were found.

Strict: a predicted mention is right if a gold mention has the same start, end and label.
Relaxed: it is right if it shares a code point with a gold mention of the same label that no other
predicted mention is paired with; pairs are as many as can be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluate.corpora import CLINICAL_NOTES, CorpusLabels
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.intervals import Bootstrap, Estimate, draw
from pipeline.note import Span

_Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision, recall and F1 of one way to match.

    Attributes:
        matched: Number of pairs of a gold and a predicted mention.
        precision: Matched of predicted mentions.
        recall: Matched of gold mentions.
        f1: Their harmonic mean.
    """

    matched: int
    precision: Estimate
    recall: Estimate
    f1: Estimate

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "matched": self.matched,
            "precision": self.precision.to_dict(),
            "recall": self.recall.to_dict(),
            "f1": self.f1.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class LabelScores:
    """Scores of one label, or of all together (micro).

    Attributes:
        gold: Number of gold mentions.
        predicted: Number of predicted mentions.
        strict: Same start, end and label.
        relaxed: Overlap and same label, one to one.
    """

    gold: int
    predicted: int
    strict: Agreement
    relaxed: Agreement

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "gold": self.gold,
            "predicted": self.predicted,
            "strict": self.strict.to_dict(),
            "relaxed": self.relaxed.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class MentionScores:
    """Scores of extraction; numbers and labels only, never text.

    Attributes:
        corpus: The family of corpora whose labels were scored.
        documents: Number of documents.
        micro: All labels together.
        labels: By label, in alphabetical order; those that the corpus annotates.
    """

    corpus: str
    documents: int
    micro: LabelScores
    labels: Mapping[str, LabelScores]

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "corpus": self.corpus,
            "documents": self.documents,
            "micro": self.micro.to_dict(),
            "labels": {label: scores.to_dict() for label, scores in self.labels.items()},
        }


def score_mentions(
    documents: Sequence[GoldDocument],
    predictions: Sequence[Sequence[Span]],
    labels: CorpusLabels = CLINICAL_NOTES,
) -> MentionScores:
    """Compare predicted mentions with the gold.

    Args:
        documents: Gold documents with our labels, at least one.
        predictions: For each document, mentions by code points of its text, with our labels.
        labels: What the corpus annotates; the rest is not scored.

    Raises:
        ValueError: There are not as many predictions as documents.
    """
    names = sorted(labels.annotated)
    counts = np.array(
        [
            [_count(labels.scored(gold.spans), labels.scored(spans), name) for name in names]
            for gold, spans in zip(documents, predictions, strict=True)
        ]
    )
    bootstrap = draw(len(documents))
    return MentionScores(
        corpus=labels.name,
        documents=len(documents),
        micro=_label_scores(counts.sum(axis=1), bootstrap),
        labels={
            name: _label_scores(counts[:, column], bootstrap) for column, name in enumerate(names)
        },
    )


def count_overlaps(gold: Sequence[Span], predicted: Sequence[Span]) -> int:
    """Count the pairs of a largest one-to-one matching of overlapping spans; labels are ignored.

    Gold spans are taken by their ends, each with the free overlapping prediction that ends first.
    That is a maximum: whatever later gold span overlaps the prediction taken also overlaps every
    other prediction that could have been taken, since that one ends later.
    """
    free = sorted(predicted, key=lambda span: (span.end, span.start))
    pairs = 0
    for span in sorted(gold, key=lambda span: (span.end, span.start)):
        partner = next((other for other in free if other.overlaps(span)), None)
        if partner is not None:
            free.remove(partner)
            pairs += 1
    return pairs


def _count(
    gold: Sequence[Span], predicted: Sequence[Span], label: str
) -> tuple[int, int, int, int]:
    """Return the numbers of gold, predicted, strictly and relaxedly matched mentions."""
    gold = [span for span in gold if span.label == label]
    predicted = [span for span in predicted if span.label == label]
    strict = {(s.start, s.end) for s in gold} & {(s.start, s.end) for s in predicted}
    return len(gold), len(predicted), len(strict), count_overlaps(gold, predicted)


def _label_scores(counts: _Counts, bootstrap: Bootstrap) -> LabelScores:
    gold, predicted, strict, relaxed = counts.T
    return LabelScores(
        gold=int(gold.sum()),
        predicted=int(predicted.sum()),
        strict=_agreement(gold, predicted, strict, bootstrap),
        relaxed=_agreement(gold, predicted, relaxed, bootstrap),
    )


def _agreement(
    gold: _Counts, predicted: _Counts, matched: _Counts, bootstrap: Bootstrap
) -> Agreement:
    return Agreement(
        matched=int(matched.sum()),
        precision=bootstrap.ratio(matched, predicted),
        recall=bootstrap.ratio(matched, gold),
        f1=bootstrap.ratio(2 * matched, gold + predicted),
    )
