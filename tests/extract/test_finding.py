"""Tests of finding mentions with several annotators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extract.finding import find_mentions
from pipeline.note import Mention, Note


@dataclass(frozen=True)
class Lexicon:
    """Find one word, once in a note."""

    name: str
    word: str
    score: float
    label: str = "SYMPTOM"

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        return [
            [Mention(at, at + len(self.word), self.label, self.score, (self.name,))]
            if (at := note.text.find(self.word)) >= 0
            else []
            for note in notes
        ]


def test_annotators_are_merged_note_by_note() -> None:
    notes = [Note("1", "no fever"), Note("2", "no cough"), Note("3", "well")]
    annotators = [Lexicon("bert", "fever", 0.8), Lexicon("spacy", "fever", 0.5),
                  Lexicon("rules", "cough", 0.7)]  # fmt: skip

    assert find_mentions(notes, annotators) == [
        [Mention(3, 8, "SYMPTOM", 0.9, ("bert", "spacy"))],
        [Mention(3, 8, "SYMPTOM", 0.7, ("rules",))],
        [],
    ]


def test_without_annotators_nothing_is_found() -> None:
    assert find_mentions([Note("1", "fever"), Note("2", "")], []) == [[], []]


def test_thresholds_hold_for_merged_scores_label_by_label() -> None:
    notes = [Note("1", "fever, asthma"), Note("2", "cough")]
    annotators = (
        Lexicon("bert", "fever", 0.8),
        Lexicon("spacy", "fever", 0.5),
        Lexicon("rules", "cough", 0.899),
        Lexicon("more", "asthma", 0.1, "DISEASE"),
    )

    # Two annotators agree on fever: 1 - 0.2 * 0.5 is just enough.
    assert find_mentions(notes, annotators, {"SYMPTOM": 0.9}) == [
        [Mention(0, 5, "SYMPTOM", 0.9, ("bert", "spacy")),
         Mention(7, 13, "DISEASE", 0.1, ("more",))],
        [],
    ]  # fmt: skip
    assert [len(found) for found in find_mentions(notes, annotators)] == [2, 1]


def test_a_dropped_mention_makes_no_room_for_another() -> None:
    notes = [Note("1", "fever")]
    annotators = (Lexicon("bert", "fever", 0.6), Lexicon("spacy", "fever", 0.5, "DISEASE"))

    assert find_mentions(notes, annotators, {"SYMPTOM": 0.7}) == [[]]
