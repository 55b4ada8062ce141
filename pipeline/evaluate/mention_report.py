"""All that an evaluation of mentions tells: scores, what went wrong, what scores mean."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.config import Deid
from pipeline.evaluate.breakdown import Breakdown, Verdict, break_down, judge
from pipeline.evaluate.calibration import Calibration, score_calibration
from pipeline.evaluate.evaluation import Behind, evaluate_mentions, phi_annotators
from pipeline.evaluate.examples import Example, choose_examples
from pipeline.evaluate.mentions import MentionScores
from pipeline.evaluate.predictions import require_folder, write_predictions
from pipeline.evaluate.readers import read_mention_corpus
from pipeline.evaluate.seen import count_seen
from pipeline.stages import Models


@dataclass(frozen=True, slots=True)
class MentionReport:
    """Scores of extraction, and what is behind them.

    Attributes:
        scores: Precision, recall and F1.
        seen_documents: How many of the documents the models were trained on; None if unknown.
        breakdown: What became of each mention.
        calibration: Scores against being right, and the curves of thresholds.
        examples: Mentions that went wrong, with text: for the terminal only.
    """

    scores: MentionScores
    seen_documents: int | None
    breakdown: Breakdown
    calibration: Calibration
    examples: tuple[Example, ...] = field(default=(), repr=False)

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON: numbers and labels, never text."""
        return {
            **self.scores.to_dict(),
            "seen_documents": self.seen_documents,
            **self.breakdown.to_dict(),
            "calibration": self.calibration.to_dict(),
        }


def run_mentions(
    models: Models,
    gold: Path,
    deid: Deid | None,
    predictions: Path | None,
    seen: AbstractSet[str] | None = None,
    examples: int = 0,
) -> MentionReport:
    """Score extraction on a gold corpus and break down what went wrong.

    Args:
        models: Those that find mentions are used.
        gold: A corpus of symptoms, diseases or treatments.
        deid: De-identify each text with these settings before mentions are looked for.
        predictions: Where to write what was found, as JSON lines by offsets of the gold text.
        seen: Ids of the documents that the models were trained on; None if unknown.
        examples: How many examples of each way to go wrong to show, with text.

    Raises:
        InputError: The corpus can't be read.
        ConfigError: The predictions' folder doesn't exist.
    """
    require_folder(predictions)
    corpus = read_mention_corpus(gold)
    documents = corpus.documents
    behind = None
    if deid is not None:
        behind = Behind(phi_annotators(models, documents), models.allowed, deid)
    scores, found = evaluate_mentions(
        corpus, models.mention_annotators, behind, thresholds=models.thresholds
    )
    if predictions is not None:
        write_predictions(predictions, documents, found, "entities")
    judgements = [
        judge(corpus.labels.scored(document.spans), corpus.labels.scored(spans))
        for document, spans in zip(documents, found, strict=True)
    ]
    judged = [judgement for of_document in judgements for judgement in of_document]
    scored = [
        (j.predicted.label, j.predicted.score, j.verdict is Verdict.RIGHT)
        for j in judged
        if j.predicted is not None
    ]
    return MentionReport(
        scores=scores,
        seen_documents=None if seen is None else count_seen(documents, seen),
        breakdown=break_down(judged, corpus.labels.annotated),
        calibration=score_calibration(scored, {n: s.gold for n, s in scores.labels.items()}),
        examples=choose_examples(documents, judgements, examples),
    )
