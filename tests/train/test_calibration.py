"""Tests of learning what raw scores mean."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from pipeline.evaluate.calibration import Scored, expected_calibration_error
from pipeline.evaluate.corpora import ABSTRACTS, CLINICAL_NOTES, CorpusLabels
from pipeline.evaluate.gold import GoldDocument
from pipeline.extract.calibration import UNCALIBRATED, Calibration, Curve, read_calibration
from pipeline.note import Mention, Note, Span
from pipeline.train.calibration import (
    calibrate,
    cross_validate,
    fit_calibration,
    judge_raw,
    write_calibration,
)
from pipeline.train.examples import LabelledDocument

BOLD = Curve(rise=0.5, fall=0.3, shift=-0.4)
"""What the scores of a model that is too sure of itself mean."""


def draw(rng: Random, label: str, meaning: Curve, count: int) -> list[Scored]:
    """Draw mentions that are right as often as the curve says."""
    raw = [rng.betavariate(2, 0.7) for _ in range(count)]
    return [(label, score, rng.random() < meaning.apply(score)) for score in raw]


@pytest.mark.parametrize("meaning", [BOLD, Curve(), Curve(rise=2, fall=0.5, shift=1)])
def test_a_planted_meaning_is_recovered(meaning: Curve) -> None:
    calibration = fit_calibration(draw(Random(3), "DISEASE", meaning, 5000))

    for raw in (0.2, 0.5, 0.8, 0.95, 0.99):
        probability = calibration.probability("DISEASE", raw)
        assert probability == pytest.approx(meaning.apply(raw), abs=0.04)


def test_each_label_gets_its_own_meaning() -> None:
    rng = Random(4)
    mentions = draw(rng, "DISEASE", BOLD, 3000) + draw(rng, "SYMPTOM", Curve(), 3000)
    calibration = fit_calibration(mentions)

    assert calibration.probability("DISEASE", 0.9) == pytest.approx(BOLD.apply(0.9), abs=0.04)
    assert calibration.probability("SYMPTOM", 0.9) == pytest.approx(0.9, abs=0.04)


def test_a_label_with_few_mentions_leans_on_the_others() -> None:
    mentions = draw(Random(5), "DISEASE", BOLD, 3000)
    rare: list[Scored] = [("SYMPTOM", 0.9, False)]
    calibration = fit_calibration(mentions + rare)

    disease, symptom = (calibration.probability(label, 0.9) for label in ("DISEASE", "SYMPTOM"))
    assert disease - 0.15 < symptom < disease


def test_few_mentions_change_little() -> None:
    # Alone, and neither wrong nor surprising: two of three at 0.7 are right.
    mentions: list[Scored] = [("DISEASE", 0.7, True), ("DISEASE", 0.7, True),
                              ("DISEASE", 0.7, False)]  # fmt: skip

    probability = fit_calibration(mentions).probability("DISEASE", 0.7)
    assert probability == pytest.approx(0.7, abs=0.03)


def test_scores_that_say_the_opposite_still_give_no_falling_curve() -> None:
    rng = Random(6)
    raw = [rng.random() for _ in range(500)]
    calibration = fit_calibration([("DISEASE", score, rng.random() > score) for score in raw])

    assert calibration.curves["DISEASE"].rise == 0
    assert calibration.curves["DISEASE"].fall == 0
    assert calibration.probability("DISEASE", 0.9) == pytest.approx(0.5, abs=0.07)


@pytest.mark.parametrize("right", [True, False])
def test_mentions_that_are_all_right_or_all_wrong_can_be_fitted(right: bool) -> None:
    calibration = fit_calibration([("DISEASE", score, right) for score in (0.0, 0.5, 1.0)] * 50)

    assert (calibration.probability("DISEASE", 0.5) > 0.5) is right


def test_no_mentions_change_nothing() -> None:
    assert fit_calibration([]) is UNCALIBRATED


def test_the_calibration_error_falls_out_of_fold() -> None:
    rng = Random(7)
    documents = [draw(rng, "DISEASE", BOLD, 40) for _ in range(40)]

    before = expected_calibration_error([m for own in documents for m in own])
    after = expected_calibration_error(cross_validate(documents))
    assert before is not None
    assert after is not None
    assert after < before / 3


def test_a_document_is_not_calibrated_by_itself() -> None:
    # Each document's mention is right where the other's is wrong.
    documents: list[list[Scored]] = [[("DISEASE", 0.5, True)], [("DISEASE", 0.5, False)], []]

    (_, one, _), (_, other, _) = cross_validate(documents)
    assert one < 0.5 < other


def document(name: str, labels: CorpusLabels, *spans: Span) -> LabelledDocument:
    return LabelledDocument(GoldDocument(Note(name, "a" * 100), spans=spans), labels=labels)


@dataclass(frozen=True)
class Found:
    """An annotator with raw scores: what it finds in each note is given."""

    of_notes: dict[str, list[Mention]]

    def find_raw(self, notes: Sequence[Note]) -> list[list[Mention]]:
        return [self.of_notes[note.note_id] for note in notes]


def test_mentions_are_judged_as_their_corpus_annotates() -> None:
    documents = [
        document("note", CLINICAL_NOTES, Span(0, 5, "DISEASE", 1.0), Span(8, 9, "SYMPTOM", 1.0)),
        document("abstract", ABSTRACTS, Span(0, 5, "DISEASE", 1.0)),
    ]
    annotator = Found(
        {
            "note": [
                Mention(0, 5, "DISEASE", 0.91234),
                Mention(8, 9, "DISEASE", 0.5),
                Mention(20, 25, "TREATMENT", 0.4),
            ],
            "abstract": [
                Mention(0, 5, "SYMPTOM", 0.8),
                Mention(8, 9, "DISEASE", 0.7),
                Mention(20, 25, "TREATMENT", 0.4),
            ],
        }
    )

    assert judge_raw(annotator, documents) == [  # type: ignore[arg-type]
        [("DISEASE", 0.91234, True), ("DISEASE", 0.5, False), ("TREATMENT", 0.4, False)],
        [("SYMPTOM", 0.8, True), ("DISEASE", 0.7, False)],
    ]


def test_clinical_notes_alone_are_learnt_from(caplog: pytest.LogCaptureFixture) -> None:
    note = document("note", CLINICAL_NOTES, Span(0, 5, "DISEASE", 1.0))
    abstract = document("abstract", ABSTRACTS)
    mentions = [Mention(0, 5, "DISEASE", 0.5)]
    annotator = Found({"note": mentions, "abstract": mentions * 9})

    with caplog.at_level(logging.INFO, logger="pipeline.train.calibration"):
        calibration = calibrate(annotator, [note, abstract])  # type: ignore[arg-type]
        without = calibrate(annotator, [abstract])  # type: ignore[arg-type]

    assert without.probability("DISEASE", 0.5) < 0.5 < calibration.probability("DISEASE", 0.5)
    assert caplog.messages[0].startswith("1 mentions of 1 documents to calibrate by")


def test_without_documents_scores_stay() -> None:
    assert calibrate(Found({}), []) is UNCALIBRATED  # type: ignore[arg-type]


def test_what_is_written_is_read(tmp_path: Path) -> None:
    calibration = Calibration({"SYMPTOM": Curve(1.25, 0.5, -1 / 3), "DISEASE": Curve()})
    write_calibration(calibration, tmp_path)

    assert read_calibration(tmp_path) == calibration
    assert [path.name for path in tmp_path.iterdir()] == ["calibration.json"]


def test_a_new_calibration_replaces_the_old(tmp_path: Path) -> None:
    write_calibration(Calibration({"SYMPTOM": Curve()}), tmp_path)
    write_calibration(UNCALIBRATED, tmp_path)

    assert read_calibration(tmp_path) == UNCALIBRATED
