"""Tests of the score that training stops by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from pipeline.evaluate.corpora import ABSTRACTS, CASE_REPORTS, CLINICAL_NOTES, CorpusLabels
from pipeline.evaluate.gold import GoldDocument
from pipeline.note import Mention, Note
from pipeline.train.development import score_development
from pipeline.train.examples import LabelledDocument
from tests.train.tiny import marked


class Planned:
    """Finds what it is told to find, unsurely."""

    name = "planned"

    def __init__(self, found: Mapping[str, str]) -> None:
        """Take marked texts by the ids of their notes."""
        self._found = found

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        return [
            [Mention(s.start, s.end, s.label, 0.4) for s in marked(self._found[note.note_id])[1]]
            for note in notes
        ]


def score(*documents: tuple[CorpusLabels, str, str]) -> float:
    """Score documents, each given by its labels, its marked gold and what is found."""
    gold = []
    for number, (labels, text, _) in enumerate(documents):
        plain, spans = marked(text)
        note = Note(str(number), plain)
        gold.append(LabelledDocument(GoldDocument(note, tuple(spans)), 0.1, labels))
    found = {str(number): text for number, (_, _, text) in enumerate(documents)}
    return score_development(Planned(found), gold)


def test_start_end_and_label_must_be_right_but_no_score() -> None:
    gold = "{SYMPTOM fever}, {DISEASE gout}, {TREATMENT knee surgery}, {DISEASE flu}"
    found = "{SYMPTOM fever}, {SYMPTOM gout}, {TREATMENT knee} surgery, {DISEASE flu}"

    assert score((CLINICAL_NOTES, gold, gold)) == 1.0
    assert score((CLINICAL_NOTES, gold, found)) == 0.5


def test_it_is_the_harmonic_mean_of_precision_and_recall() -> None:
    gold = "{SYMPTOM fever}, {DISEASE gout}, {DISEASE flu}"

    # of both notes: precision 2 of 2, recall 2 of 5
    assert score(
        (CLINICAL_NOTES, gold, "{SYMPTOM fever}, gout, flu"),
        (CLINICAL_NOTES, "{DISEASE flu}, {SYMPTOM ache}", "{DISEASE flu}, ache"),
    ) == pytest.approx(2 * 2 / (2 + 5))


def test_each_kind_of_corpus_counts_the_same() -> None:
    right = (CLINICAL_NOTES, "{DISEASE gout}", "{DISEASE gout}")
    wrong = (CASE_REPORTS, "{DISEASE gout}", "{SYMPTOM gout}")

    assert score(right, right, right, wrong) == 0.5


def test_what_a_corpus_does_not_tell_apart_or_mark_costs_nothing() -> None:
    assert score((ABSTRACTS, "{DISEASE pain} killer", "{SYMPTOM pain} {TREATMENT killer}")) == 1.0


def test_finding_nothing_is_worth_nothing() -> None:
    assert score((CLINICAL_NOTES, "{DISEASE gout}", "gout")) == 0.0
    assert score((CLINICAL_NOTES, "gout", "{DISEASE gout}")) == 0.0
