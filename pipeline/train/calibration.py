"""Learn from documents kept for development what the raw scores of mentions mean.

Beta calibration (Kull, Silva Filho and Flach, 2017) by penalised likelihood: first one curve for
all labels, drawn to the one that changes nothing; then one for each label, drawn to the first, so
that a label with few mentions leans on the others.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluate.calibration import Scored, expected_calibration_error
from pipeline.evaluate.corpora import CLINICAL_NOTES
from pipeline.extract.bert import BertAnnotator
from pipeline.extract.calibration import FILE, UNCALIBRATED, Calibration, Curve, log_odds
from pipeline.note import Span
from pipeline.storage.files import Root
from pipeline.train.examples import LabelledDocument

FOLDS = 10

_TO_UNCHANGED = 1.0
"""How hard the common curve is drawn to the one that changes nothing."""

_TO_COMMON = 100.0
"""How hard a label's curve is drawn to the common one."""

_LOG = logging.getLogger(__name__)

_Numbers = NDArray[np.float64]


def calibrate(annotator: BertAnnotator, documents: Sequence[LabelledDocument]) -> Calibration:
    """Learn what an annotator's raw scores mean, and log how far off they were.

    Clinical notes alone are learnt from where there are any: other texts are annotated by other
    rules, so that a score is right less often there.

    Args:
        annotator: The model as it will be used; its own calibration is not looked at.
        documents: Gold that it wasn't trained on. Without any, scores stay as they are.
    """
    chosen = [document for document in documents if document.labels == CLINICAL_NOTES]
    judged = judge_raw(annotator, chosen or documents)
    before = [mention for mentions in judged for mention in mentions]
    if not before:
        return UNCALIBRATED
    _LOG.info(
        "%d mentions of %d documents to calibrate by: calibration error %.3f before, %.3f after",
        len(before), len(judged),
        expected_calibration_error(before), expected_calibration_error(cross_validate(judged)),
    )  # fmt: skip
    return fit_calibration(before)


def judge_raw(
    annotator: BertAnnotator, documents: Sequence[LabelledDocument]
) -> list[list[Scored]]:
    """Find mentions and judge them by the gold.

    Returns:
        For each document its mentions of the labels that its corpus annotates: the label that
        was found, the raw score, and whether start, end and label are right.
    """
    found = annotator.find_raw([document.gold.note for document in documents])
    return [_judge(document, mentions) for document, mentions in zip(documents, found, strict=True)]


def _judge(document: LabelledDocument, mentions: Sequence[Span]) -> list[Scored]:
    labels = document.labels
    gold = {(span.start, span.end, span.label) for span in labels.scored(document.gold.spans)}
    judged: list[Scored] = []
    for mention in mentions:
        label = labels.merges.get(mention.label, mention.label)
        if label in labels.annotated:
            right = (mention.start, mention.end, label) in gold
            judged.append((mention.label, mention.score, right))
    return judged


def fit_calibration(mentions: Sequence[Scored]) -> Calibration:
    """Fit a curve for each label.

    Args:
        mentions: Their labels, raw scores from 0 to 1, and whether they are right.
    """
    if not mentions:
        return UNCALIBRATED
    labels = np.array([label for label, _, _ in mentions])
    parts = np.array([(*log_odds(raw), 1.0) for _, raw, _ in mentions])
    right = np.array([float(is_right) for _, _, is_right in mentions])
    common = _fit(parts, right, np.array(astuple(Curve())), _TO_UNCHANGED)
    curves = {}
    for label in sorted(set(labels.tolist())):
        own = labels == label
        curves[label] = Curve(*_fit(parts[own], right[own], common, _TO_COMMON).tolist())
    return Calibration(curves)


def cross_validate(documents: Sequence[Sequence[Scored]], folds: int = FOLDS) -> list[Scored]:
    """Calibrate each document's mentions by a calibration that never saw the document.

    Args:
        documents: The judged mentions of each, with raw scores.
        folds: Parts that the documents are dealt into, in turn.

    Returns:
        All mentions, with calibrated scores.
    """
    calibrated: list[Scored] = []
    for fold in range(folds):
        others = [m for i, own in enumerate(documents) if i % folds != fold for m in own]
        calibration = fit_calibration(others)
        calibrated += [
            (label, calibration.probability(label, raw), right)
            for own in documents[fold::folds]
            for label, raw, right in own
        ]
    return calibrated


def write_calibration(calibration: Calibration, folder: Path) -> None:
    """Write a calibration beside a model's weights, atomically."""
    curves = {label: asdict(calibration.curves[label]) for label in sorted(calibration.curves)}
    text = json.dumps(curves, indent=2)
    Root(folder, file_mode=0o644).write_text(folder / FILE, f"{text}\n")


def _fit(parts: _Numbers, right: _Numbers, start: _Numbers, penalty: float) -> _Numbers:
    """Find the most probable numbers of a curve, with those that would be negative at 0.

    Args:
        parts: Shape (mentions, 3): what ``rise``, ``fall`` and ``shift`` are multiplied by.
        right: Shape (mentions,): 1 if right, else 0.
        start: Shape (3,): what the numbers are drawn to.
        penalty: How hard: half of this times the squared distance is added to the log loss.
    """
    free = np.ones(3, dtype=bool)
    while True:
        numbers = _descend(parts, right, start, penalty, free)
        negative = free & (numbers < 0) & np.array([True, True, False])
        if not negative.any():
            return numbers
        free &= ~negative


def _descend(
    parts: _Numbers, right: _Numbers, start: _Numbers, penalty: float, free: NDArray[np.bool_]
) -> _Numbers:
    """Minimise the penalised log loss over the free numbers by Newton's method; the rest are 0."""

    def loss(numbers: _Numbers) -> float:
        odds = parts @ numbers
        missed = np.logaddexp(0.0, odds).sum() - right @ odds
        return float(missed + penalty / 2 * ((numbers - start) ** 2).sum())

    numbers = np.where(free, start, 0.0)
    for _ in range(100):
        probability = 1.0 / (1.0 + np.exp(-np.clip(parts @ numbers, -500, 500)))
        slope = parts.T @ (probability - right) + penalty * (numbers - start)
        bend = (parts.T * (probability * (1 - probability))) @ parts + penalty * np.eye(3)
        step = np.zeros(3)
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        before = loss(numbers)
        while loss(numbers - step) > before and np.abs(step).max() > 1e-9:
            step /= 2
        numbers = numbers - step
        if np.abs(step).max() <= 1e-9:
            break
    return numbers
