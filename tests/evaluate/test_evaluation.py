from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from pipeline.evaluate.corpora import ABSTRACTS, CLINICAL_NOTES, MentionCorpus
from pipeline.evaluate.evaluation import evaluate_deid, evaluate_mentions, known_patients
from pipeline.evaluate.gold import GoldDocument
from pipeline.note import Mention, Note, PhiSpan, Span
from pipeline.patient import PatientRecord


@dataclass(frozen=True)
class PhiWords:
    """Marks the matches of a pattern as PHI."""

    pattern: str
    label: str = "PATIENT"
    name: str = "words"

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        return [
            [PhiSpan(*m.span(), self.label, 1.0, (self.name,)) for m in self.find(note)]
            for note in notes
        ]

    def find(self, note: Note) -> list[re.Match[str]]:
        return list(re.finditer(self.pattern, note.text))


@dataclass(frozen=True)
class MentionWords:
    """Marks the matches of a pattern as mentions."""

    pattern: str
    label: str = "DISEASE"
    name: str = "words"

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        return [
            [
                Mention(*m.span(), self.label, 0.9, (self.name,))
                for m in re.finditer(self.pattern, note.text)
            ]
            for note in notes
        ]


def offsets(predictions: Sequence[Sequence[Span]]) -> list[list[tuple[int, int, str]]]:
    return [[(span.start, span.end, span.label) for span in spans] for spans in predictions]


@pytest.mark.parametrize("batch", [1, 2, 64])
def test_deid_unites_what_annotators_find(batch: int) -> None:
    documents = [
        GoldDocument(Note("n1", "Ada Quill, 3/4"), (Span(0, 9, "PATIENT"), Span(11, 14, "DATE"))),
        GoldDocument(Note("n2", "no one")),
        GoldDocument(Note("n3", "Bo left"), (Span(0, 2, "PATIENT"),)),
    ]
    annotators = [PhiWords("Ada Quill"), PhiWords("Quill, 3/4", "DATE")]
    scores, predictions = evaluate_deid(documents, annotators, batch)
    covered = [{i for span in spans for i in range(span.start, span.end)} for spans in predictions]
    assert covered == [set(range(14)), set(), set()]
    assert (scores.found_tokens, scores.gold_tokens) == (4, 5)
    assert scores.clean_notes.value == pytest.approx(1 / 2)


@pytest.mark.parametrize("batch", [1, 64])
def test_mentions_are_found_in_the_gold_text(batch: int) -> None:
    corpus = MentionCorpus(
        CLINICAL_NOTES,
        (
            GoldDocument(Note("n1", "Quill has gout"), (Span(10, 14, "DISEASE"),)),
            GoldDocument(Note("n2", "well")),
        ),
    )
    scores, predictions = evaluate_mentions(corpus, [MentionWords("gout")], batch=batch)
    assert offsets(predictions) == [[(10, 14, "DISEASE")], []]
    assert scores.micro.strict.f1.value == 1


def test_predictions_keep_our_labels_where_scores_merge_them() -> None:
    corpus = MentionCorpus(
        ABSTRACTS, (GoldDocument(Note("n1", "fever"), (Span(0, 5, "DISEASE"),)),)
    )
    scores, predictions = evaluate_mentions(corpus, [MentionWords("fever", "SYMPTOM")])
    assert offsets(predictions) == [[(0, 5, "SYMPTOM")]]
    assert scores.micro.strict.f1.value == 1


def test_mentions_come_back_from_behind_tags() -> None:
    # Released: "[PATIENT] has gout, Dr. [DOCTOR] says".
    text = "Quill has gout, Dr. Fen says"
    corpus = MentionCorpus(
        CLINICAL_NOTES, (GoldDocument(Note("n1", text), (Span(10, 14, "DISEASE"),)),)
    )
    deid = [PhiWords("Quill"), PhiWords("Fen", "DOCTOR")]
    words = MentionWords(r"gout|DOCTOR\] says|Quill")
    scores, predictions = evaluate_mentions(corpus, [words], deid)
    # The name is gone; what begins within a tag begins where its PHI does.
    assert offsets(predictions) == [[(10, 14, "DISEASE"), (20, 28, "DISEASE")]]
    assert scores.micro.strict.recall.value == 1
    assert scores.micro.strict.precision.value == pytest.approx(1 / 2)


def test_a_mention_hidden_by_a_tag_is_lost() -> None:
    corpus = MentionCorpus(
        CLINICAL_NOTES,
        (GoldDocument(Note("n1", "Parkinson disease"), (Span(0, 17, "DISEASE"),)),),
    )
    words = [MentionWords("Parkinson disease")]
    assert evaluate_mentions(corpus, words)[0].micro.strict.recall.value == 1
    hidden, _ = evaluate_mentions(corpus, words, [PhiWords("Parkinson")])
    assert hidden.micro.strict.recall.value == 0


def test_what_is_known_of_a_patient_is_gathered_from_all_notes() -> None:
    documents = [
        GoldDocument(Note("n1", "", "p1"), known=PatientRecord(names=("Ada",))),
        GoldDocument(Note("n2", "", "p1"), known=PatientRecord(names=("Ada", "Quill"))),
        GoldDocument(Note("n3", ""), known=PatientRecord(mrn=("77",))),
    ]
    assert known_patients(documents) == {
        ("patient", "p1"): PatientRecord(names=("Ada", "Quill")),
        ("note", "n3"): PatientRecord(mrn=("77",)),
    }
