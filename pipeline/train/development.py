"""How good a model is on the documents kept for development, while it is trained."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.note import MentionAnnotator
from pipeline.train.examples import LabelledDocument


def score_development(annotator: MentionAnnotator, documents: Sequence[LabelledDocument]) -> float:
    """Return the mean strict F1 over the kinds of corpora among the documents.

    Args:
        annotator: Finds mentions.
        documents: Gold documents, at least one.
    """
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    found = annotator.annotate([document.gold.note for document in documents])
    for document, mentions in zip(documents, found, strict=True):
        gold, predicted = (
            {(span.start, span.end, span.label) for span in document.labels.scored(spans)}
            for spans in (document.gold.spans, mentions)
        )
        right[document.labels.name] += 2 * len(gold & predicted)
        total[document.labels.name] += len(gold) + len(predicted)
    return sum(right[name] / max(1, total[name]) for name in total) / len(total)
