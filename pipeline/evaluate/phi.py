r"""How much PHI was found, and how much else was taken for PHI.

A token is a run of word characters (``\w+``) of the text. What counts for de-identification is
that no piece of PHI stays readable, so labels are not compared:

- A token is *gold* if it shares a code point with a gold span. Its gold code points are its PHI:
  in "77yo" with the gold "77", they are "77".
- A gold token is *found* if every one of its gold code points lies in a predicted span, of any
  label; half a name found is a name missed.
- A token is *predicted* if it shares a code point with a predicted span, and *right* if it is
  gold too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.intervals import Estimate, draw
from pipeline.note import Span

_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class LabelRecall:
    """Recall of the gold tokens of one gold label, whatever label found them.

    Attributes:
        tokens: Number of gold tokens.
        found: How many of them were found.
        recall: Their ratio.
    """

    tokens: int
    found: int
    recall: Estimate

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {"tokens": self.tokens, "found": self.found, "recall": self.recall.to_dict()}


@dataclass(frozen=True, slots=True)
class PhiScores:
    """Scores of de-identification; numbers and labels only, never text.

    Attributes:
        documents: Number of documents.
        documents_with_phi: How many of them hold a gold token.
        gold_tokens: Number of gold tokens.
        found_tokens: How many of them were found.
        predicted_tokens: Number of predicted tokens.
        right_tokens: How many of them are gold.
        recall: Found of gold tokens.
        precision: Right of predicted tokens.
        clean_notes: Of the documents with PHI, the share where every gold token was found.
        labels: Recall by gold label, in alphabetical order.
    """

    documents: int
    documents_with_phi: int
    gold_tokens: int
    found_tokens: int
    predicted_tokens: int
    right_tokens: int
    recall: Estimate
    precision: Estimate
    clean_notes: Estimate
    labels: Mapping[str, LabelRecall]

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "documents": self.documents,
            "documents_with_phi": self.documents_with_phi,
            "gold_tokens": self.gold_tokens,
            "found_tokens": self.found_tokens,
            "predicted_tokens": self.predicted_tokens,
            "right_tokens": self.right_tokens,
            "recall": self.recall.to_dict(),
            "precision": self.precision.to_dict(),
            "clean_notes": self.clean_notes.to_dict(),
            "labels": {label: scores.to_dict() for label, scores in self.labels.items()},
        }


def score_phi(
    documents: Sequence[GoldDocument], predictions: Sequence[Sequence[Span]]
) -> PhiScores:
    """Compare predicted PHI with the gold.

    Args:
        documents: Gold documents, at least one.
        predictions: For each document, spans by code points of its text; they may overlap.

    Raises:
        ValueError: There are not as many predictions as documents.
    """
    counts = [_count(gold, spans) for gold, spans in zip(documents, predictions, strict=True)]
    gold, found, predicted, right = (
        np.array([getattr(count, name) for count in counts])
        for name in ("gold", "found", "predicted", "right")
    )
    bootstrap = draw(len(counts))
    labels: dict[str, LabelRecall] = {}
    for label in sorted({label for count in counts for label in count.labels}):
        of_label = np.array([count.labels.get(label, (0, 0)) for count in counts])
        labels[label] = LabelRecall(
            tokens=int(of_label[:, 0].sum()),
            found=int(of_label[:, 1].sum()),
            recall=bootstrap.ratio(of_label[:, 1], of_label[:, 0]),
        )
    return PhiScores(
        documents=len(counts),
        documents_with_phi=int((gold > 0).sum()),
        gold_tokens=int(gold.sum()),
        found_tokens=int(found.sum()),
        predicted_tokens=int(predicted.sum()),
        right_tokens=int(right.sum()),
        recall=bootstrap.ratio(found, gold),
        precision=bootstrap.ratio(right, predicted),
        clean_notes=bootstrap.ratio((gold > 0) & (found == gold), gold > 0),
        labels=labels,
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """Numbers of tokens in one document; ``labels`` maps to (gold, found)."""

    gold: int
    found: int
    predicted: int
    right: int
    labels: Mapping[str, tuple[int, int]]


def _count(document: GoldDocument, predicted: Sequence[Span]) -> _Counts:
    text = document.note.text
    tokens = np.array([m.span() for m in _TOKEN.finditer(text)], np.int64).reshape(-1, 2)
    length = len(text)
    hidden = _mask(predicted, length)
    gold = _mask(document.spans, length)
    is_gold, is_found = _found(gold, hidden, tokens)
    is_predicted = _marked(hidden, tokens) > 0
    labels: dict[str, tuple[int, int]] = {}
    for label in {span.label for span in document.spans}:
        of_label = _mask((s for s in document.spans if s.label == label), length)
        label_gold, label_found = _found(of_label, hidden, tokens)
        labels[label] = (int(label_gold.sum()), int(label_found.sum()))
    return _Counts(
        gold=int(is_gold.sum()),
        found=int(is_found.sum()),
        predicted=int(is_predicted.sum()),
        right=int((is_predicted & is_gold).sum()),
        labels=labels,
    )


def _found(
    gold: NDArray[np.bool_], hidden: NDArray[np.bool_], tokens: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of each token whether it is gold, and whether it is gold and found."""
    is_gold = _marked(gold, tokens) > 0
    return is_gold, is_gold & (_marked(gold & ~hidden, tokens) == 0)


def _mask(spans: Iterable[Span], length: int) -> NDArray[np.bool_]:
    mask = np.zeros(length, np.bool_)
    for span in spans:
        mask[span.start : span.end] = True
    return mask


def _marked(mask: NDArray[np.bool_], tokens: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the marked code points of each token."""
    before = np.concatenate(([0], np.cumsum(mask)))
    return np.asarray(before[tokens[:, 1]] - before[tokens[:, 0]])
