from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.corpora import ABSTRACTS, CLINICAL_NOTES, CorpusLabels
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.mentions import MentionScores, count_overlaps, score_mentions
from pipeline.note import Mention, Note, Span

Row = tuple[int, int, str]


def score(
    gold: list[Row], predicted: list[Row], labels: CorpusLabels = CLINICAL_NOTES
) -> MentionScores:
    note = Note("n", "x" * 100)
    document = GoldDocument(note, tuple(Span(*row) for row in gold))
    return score_mentions(
        [document], [[Mention(*row, 0.5, ("bert",)) for row in predicted]], labels
    )


def test_strict_and_relaxed() -> None:
    # Same; other end; other label; false alarm. One gold mention has no partner.
    scores = score(
        [(0, 5, "SYMPTOM"), (10, 20, "DISEASE"), (30, 35, "DISEASE"), (40, 45, "TREATMENT")],
        [(0, 5, "SYMPTOM"), (10, 15, "DISEASE"), (30, 35, "SYMPTOM"), (50, 55, "TREATMENT")],
    )
    assert (scores.micro.gold, scores.micro.predicted) == (4, 4)
    assert scores.micro.strict.matched == 1
    assert scores.micro.relaxed.matched == 2
    assert scores.micro.relaxed.f1.value == pytest.approx(1 / 2)
    disease = scores.labels["DISEASE"]
    assert (disease.gold, disease.predicted) == (2, 1)
    assert disease.relaxed.precision.value == 1
    assert disease.relaxed.recall.value == pytest.approx(1 / 2)
    assert disease.relaxed.f1.value == pytest.approx(2 / 3)
    assert disease.strict.f1.value == 0
    assert scores.labels["SYMPTOM"].strict.precision.value == pytest.approx(1 / 2)
    assert list(scores.labels) == ["DISEASE", "SYMPTOM", "TREATMENT"]


def test_touching_is_not_overlapping() -> None:
    assert score([(0, 5, "DISEASE")], [(5, 9, "DISEASE")]).micro.relaxed.matched == 0


def test_relaxed_matches_are_one_to_one() -> None:
    split = score([(0, 20, "DISEASE")], [(0, 5, "DISEASE"), (10, 15, "DISEASE")])
    assert split.micro.relaxed.matched == 1
    lumped = score([(0, 5, "DISEASE"), (10, 15, "DISEASE")], [(0, 20, "DISEASE")])
    assert lumped.micro.relaxed.matched == 1


def test_repeated_predictions_count_once() -> None:
    assert score([(0, 5, "DISEASE")], [(0, 5, "DISEASE")] * 2).micro.predicted == 1


def test_of_mentions_that_a_corpus_does_not_tell_apart_the_surest_is_scored() -> None:
    spans = [Span(0, 5, "SYMPTOM", 0.7), Span(0, 5, "DISEASE", 0.4), Span(0, 4, "DISEASE", 0.2)]
    assert ABSTRACTS.scored(spans) == [Span(0, 4, "DISEASE", 0.2), Span(0, 5, "DISEASE", 0.7)]


def test_types_that_a_corpus_lacks_are_not_held_against_us() -> None:
    # In abstracts a symptom is a disease, and a treatment is neither right nor wrong.
    scores = score(
        [(0, 5, "DISEASE"), (60, 65, "TREATMENT")],
        [(0, 5, "SYMPTOM"), (20, 25, "TREATMENT"), (40, 45, "SYMPTOM")],
        ABSTRACTS,
    )
    assert list(scores.labels) == ["DISEASE"]
    assert (scores.micro.gold, scores.micro.predicted) == (1, 2)
    assert scores.micro.strict.recall.value == 1
    assert scores.micro.strict.precision.value == pytest.approx(1 / 2)


def test_micro_sums_over_documents() -> None:
    documents = [
        GoldDocument(Note("a", "x" * 9), (Span(0, 3, "DISEASE"), Span(4, 6, "SYMPTOM"))),
        GoldDocument(Note("b", "x" * 9), (Span(0, 3, "DISEASE"),)),
    ]
    predictions = [[Span(0, 3, "DISEASE"), Span(4, 6, "SYMPTOM")], []]
    scores = score_mentions(documents, predictions)
    assert scores.micro.strict.recall.value == pytest.approx(2 / 3)
    # A draw holds document a twice, once or never: recall 1, 2/3 or 0, each often enough.
    assert scores.micro.strict.recall.low == 0
    assert scores.micro.strict.recall.high == 1


def test_predictions_must_match_the_documents_in_number() -> None:
    with pytest.raises(ValueError, match="shorter"):
        score_mentions([GoldDocument(Note("a", ""))], [])


def test_to_dict_names_all_numbers() -> None:
    rows = score([(0, 5, "DISEASE")], [], ABSTRACTS).to_dict()
    agreement = {
        "matched": 0,
        "precision": {"value": None, "low": None, "high": None},
        "recall": {"value": 0.0, "low": None, "high": None},
        "f1": {"value": 0.0, "low": None, "high": None},
    }
    numbers = {"gold": 1, "predicted": 0, "strict": agreement, "relaxed": agreement}
    assert rows == {
        "corpus": "abstracts",
        "documents": 1,
        "micro": numbers,
        "labels": {"DISEASE": numbers},
    }


def test_pairing_takes_the_prediction_that_ends_first() -> None:
    # The first gold mention overlaps both predictions, the second only the long one.
    gold = [Span(0, 10, "X"), Span(12, 20, "X")]
    assert count_overlaps(gold, [Span(0, 15, "X"), Span(2, 4, "X")]) == 2


ranges = st.tuples(st.integers(0, 12), st.integers(1, 8)).map(lambda r: Span(r[0], sum(r), "X"))


@given(st.lists(ranges, max_size=5), st.lists(ranges, max_size=5))
def test_pairing_is_the_largest_of_all(gold: list[Span], predicted: list[Span]) -> None:
    partners = [*predicted, *([None] * max(0, len(gold) - len(predicted)))]
    best = max(
        sum(
            other is not None and other.overlaps(span)
            for span, other in zip(gold, order, strict=True)
        )
        for order in itertools.permutations(partners, len(gold))
    )
    assert count_overlaps(gold, predicted) == best
