from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.config import Deid
from pipeline.deid.finding import NOTHING_ALLOWED
from pipeline.errors import ConfigError
from pipeline.evaluate.corpora import ABSTRACTS, CLINICAL_NOTES, MentionCorpus
from pipeline.evaluate.evaluation import (
    Behind,
    evaluate_deid,
    evaluate_mentions,
    known_patients,
    run_deid,
)
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.mention_report import run_mentions
from pipeline.note import Mention, Note, PhiSpan, Span
from pipeline.patient import PatientRecord
from pipeline.stages import Models


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


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("gout", [(10, 14, "DISEASE")]),
        ("says", [(24, 28, "DISEASE")]),
        ("Quill|Fen", []),
        (r"\[PATIENT\] has", []),
        (r"Dr\. \[DOC", []),
        (r"TOR\] says", []),
        ("TIENT", []),
    ],
)
def test_mentions_come_back_from_behind_tags(
    pattern: str, expected: list[tuple[int, int, str]]
) -> None:
    # Released: "[PATIENT] has gout, Dr. [DOCTOR] says". Nobody wrote the words within a tag.
    document = GoldDocument(Note("n1", "Quill has gout, Dr. Fen says"), (Span(10, 14, "DISEASE"),))
    corpus = MentionCorpus(CLINICAL_NOTES, (document,))
    finders = (PhiWords("Quill"), PhiWords("Fen", "DOCTOR"))
    behind = Behind(finders, NOTHING_ALLOWED, Deid())
    scores, predictions = evaluate_mentions(corpus, [MentionWords(pattern)], behind)
    assert offsets(predictions) == [expected]
    assert scores.micro.strict.matched == (pattern == "gout")


def test_a_mention_hidden_by_a_tag_is_lost() -> None:
    corpus = MentionCorpus(
        CLINICAL_NOTES,
        (GoldDocument(Note("n1", "Parkinson disease"), (Span(0, 17, "DISEASE"),)),),
    )
    words = [MentionWords("Parkinson disease")]
    assert evaluate_mentions(corpus, words)[0].micro.strict.recall.value == 1
    behind = Behind((PhiWords("Parkinson"),), NOTHING_ALLOWED, Deid())
    hidden, _ = evaluate_mentions(corpus, words, behind)
    assert hidden.micro.strict.recall.value == 0


def test_what_is_known_of_a_patient_is_gathered_from_all_notes() -> None:
    documents = [
        GoldDocument(Note("n1", "", "p1"), known=PatientRecord(names=("Ada",))),
        GoldDocument(Note("n2", "", "p1"), known=PatientRecord(names=("Ada", "Quill"))),
        GoldDocument(Note("n3", ""), known=PatientRecord(mrn=("77",))),
        GoldDocument(Note("n4", "", "p4")),
    ]
    assert known_patients(documents) == {
        ("patient", "p1"): PatientRecord(names=("Ada", "Quill")),
        ("note", "n3"): PatientRecord(mrn=("77",)),
    }


MODELS = Models(
    phi=(PhiWords("[0-9]+/[0-9]+", "DATE"), PhiWords("Fen", "DOCTOR")),
    allowed=NOTHING_ALLOWED,
    mention=(MentionWords("gout"), MentionWords("fever", "SYMPTOM")),
)


def gold_file(folder: Path) -> Path:
    rows = [
        {
            "note_id": "n1",
            "patient_id": "p1",
            "known": {"names": ["Quill"]},
            "text": "Quill had gout on 3/4, Dr. Fen",
            "spans": [
                {"start": 0, "end": 5, "label": "PATIENT"},
                {"start": 18, "end": 21, "label": "DATE"},
                {"start": 27, "end": 30, "label": "DOCTOR"},
            ],
        }
    ]
    path = folder / "gold.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return path


@pytest.mark.parametrize(("known", "found"), [(True, 4), (False, 3)])
def test_deid_of_a_file(tmp_path: Path, known: bool, found: int) -> None:
    # Gold tokens: Quill, 3, 4, Fen; only registration knows Quill.
    predictions = tmp_path / "found.jsonl"
    scores = run_deid(MODELS, gold_file(tmp_path), known, predictions)
    assert (scores.found_tokens, scores.gold_tokens) == (found, 4)
    [row] = map(json.loads, predictions.read_text().splitlines())
    starts = [span["start"] for span in row["spans"]]
    assert starts == ([0, 18, 27] if known else [18, 27])


@pytest.mark.parametrize("deid", [None, Deid(), Deid(replacement="surrogate")])
def test_mentions_of_a_file(tmp_path: Path, deid: Deid | None) -> None:
    gold = tmp_path / "gold.jsonl"
    row = {
        "note_id": "n1",
        "text": "Dr. Fen saw gout",
        "entities": [{"start": 12, "end": 16, "label": "DISEASE"}],
    }
    gold.write_text(json.dumps(row))
    predictions = tmp_path / "found.jsonl"
    report = run_mentions(MODELS, gold, deid, predictions)
    assert report.scores.micro.strict.f1.value == 1
    [found] = map(json.loads, predictions.read_text().splitlines())
    assert found == {
        "note_id": "n1",
        "entities": [{"start": 12, "end": 16, "label": "DISEASE", "score": 0.9}],
    }


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    absent = tmp_path / "absent" / "found.jsonl"
    with pytest.raises(ConfigError, match="make it first"):
        run_deid(MODELS, tmp_path / "gold-that-is-not-read.jsonl", True, absent)
    with pytest.raises(ConfigError, match="make it first"):
        run_mentions(MODELS, tmp_path / "gold-that-is-not-read.jsonl", None, absent)
