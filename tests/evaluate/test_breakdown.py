from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.breakdown import Breakdown, Judgement, Verdict, break_down, judge
from pipeline.evaluate.corpora import ABSTRACTS, CLINICAL_NOTES, CorpusLabels
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.mentions import score_mentions
from pipeline.note import Note, Span

Row = tuple[int, int, str]


def spans(rows: list[Row]) -> list[Span]:
    return [Span(*row) for row in rows]


def verdicts(gold: list[Row], predicted: list[Row]) -> list[str]:
    return [judged.verdict for judged in judge(spans(gold), spans(predicted))]


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ((3, 9, "DISEASE"), (3, 9, "DISEASE"), ["right"]),
        ((3, 9, "DISEASE"), (3, 9, "SYMPTOM"), ["wrong_label"]),
        ((3, 9, "DISEASE"), (3, 8, "DISEASE"), ["wrong_boundary"]),
        ((3, 9, "DISEASE"), (0, 4, "DISEASE"), ["wrong_boundary"]),
        ((3, 9, "DISEASE"), (4, 9, "SYMPTOM"), ["wrong_both"]),
        ((3, 9, "DISEASE"), (9, 12, "DISEASE"), ["missed", "invented"]),
    ],
)
def test_verdicts_of_two(gold: Row, predicted: Row, expected: list[str]) -> None:
    assert verdicts([gold], [predicted]) == expected


def test_mentions_alone() -> None:
    assert verdicts([(0, 4, "DISEASE")], []) == ["missed"]
    assert verdicts([], [(0, 4, "DISEASE")]) == ["invented"]


def test_a_judgement_is_of_something() -> None:
    with pytest.raises(ValueError, match="needs a gold or a predicted"):
        Judgement(None, None)


def test_the_same_span_is_a_closer_partner_than_an_overlap() -> None:
    # Text order would give the first prediction, which is longer, to the gold mention.
    assert verdicts([(4, 9, "DISEASE")], [(0, 9, "DISEASE"), (4, 9, "SYMPTOM")]) == [
        "wrong_label",
        "invented",
    ]


def test_the_same_label_is_closer_than_more_overlap() -> None:
    gold, predicted = [(0, 10, "DISEASE")], [(0, 9, "SYMPTOM"), (9, 12, "DISEASE")]
    assert verdicts(gold, predicted) == ["wrong_boundary", "invented"]


def test_more_overlap_is_closer() -> None:
    # 2 of 10 code points are shared with the first, 7 of 10 with the second.
    [pair, alone] = judge(
        spans([(0, 10, "DISEASE")]), spans([(0, 2, "DISEASE"), (3, 10, "DISEASE")])
    )
    assert pair == Judgement(Span(0, 10, "DISEASE"), Span(3, 10, "DISEASE"))
    assert alone == Judgement(None, Span(0, 2, "DISEASE"))


def test_one_prediction_over_two_gold_mentions_leaves_one_missed() -> None:
    gold = [(0, 5, "SYMPTOM"), (10, 20, "SYMPTOM")]
    judged = judge(spans(gold), spans([(0, 20, "SYMPTOM")]))
    assert judged == [
        Judgement(Span(10, 20, "SYMPTOM"), Span(0, 20, "SYMPTOM")),
        Judgement(Span(0, 5, "SYMPTOM"), None),
    ]


def breakdown() -> Breakdown:
    gold = [(0, 5, "DISEASE"), (10, 15, "DISEASE"), (20, 25, "SYMPTOM"), (30, 35, "SYMPTOM")]
    predicted = [
        (0, 5, "DISEASE"),
        (10, 15, "SYMPTOM"),
        (20, 27, "SYMPTOM"),
        (40, 45, "TREATMENT"),
        (50, 55, "TREATMENT"),
    ]
    return break_down(judge(spans(gold), spans(predicted)), CLINICAL_NOTES.annotated)


def test_a_breakdown_counts_both_sides() -> None:
    # Right; a disease called a symptom; a symptom too long; a missed symptom; two inventions.
    zero = dict.fromkeys(["right", "wrong_label", "wrong_boundary", "wrong_both"], 0)
    assert breakdown().to_dict()["breakdown"] == {
        "all": {
            "gold": zero | {"right": 1, "wrong_label": 1, "wrong_boundary": 1, "missed": 1},
            "predicted": zero | {"right": 1, "wrong_label": 1, "wrong_boundary": 1, "invented": 2},
        },
        "labels": {
            "DISEASE": {
                "gold": zero | {"right": 1, "wrong_label": 1, "missed": 0},
                "predicted": zero | {"right": 1, "invented": 0},
            },
            "SYMPTOM": {
                "gold": zero | {"wrong_boundary": 1, "missed": 1},
                "predicted": zero | {"wrong_label": 1, "wrong_boundary": 1, "invented": 0},
            },
            "TREATMENT": {
                "gold": zero | {"missed": 0},
                "predicted": zero | {"invented": 2},
            },
        },
    }


def test_a_confusion_has_a_row_and_a_column_for_those_without_a_partner() -> None:
    assert breakdown().to_dict()["confusion"] == {
        "DISEASE": {"DISEASE": 1, "SYMPTOM": 1, "TREATMENT": 0, "none": 0},
        "SYMPTOM": {"DISEASE": 0, "SYMPTOM": 1, "TREATMENT": 0, "none": 1},
        "TREATMENT": {"DISEASE": 0, "SYMPTOM": 0, "TREATMENT": 0, "none": 0},
        "none": {"DISEASE": 0, "SYMPTOM": 0, "TREATMENT": 2},
    }


mentions = st.lists(
    st.builds(
        lambda start, length, label: Span(start, start + length, label),
        st.integers(0, 20),
        st.integers(1, 8),
        st.sampled_from(["DISEASE", "SYMPTOM", "TREATMENT"]),
    ),
    max_size=8,
)


@given(mentions, mentions, st.sampled_from([CLINICAL_NOTES, ABSTRACTS]))
def test_every_mention_is_counted_once(
    gold: list[Span], predicted: list[Span], labels: CorpusLabels
) -> None:
    scores = score_mentions([GoldDocument(Note("n", "x" * 40), tuple(gold))], [predicted], labels)
    judged = judge(labels.scored(gold), labels.scored(predicted))
    broken = break_down(judged, labels.annotated)
    for label, expected in [(None, scores.micro), *scores.labels.items()]:
        of_gold, of_predicted = broken.of_gold(label), broken.of_predicted(label)
        assert sum(of_gold.values()) == expected.gold
        assert sum(of_predicted.values()) == expected.predicted
        assert of_gold[Verdict.RIGHT] == of_predicted[Verdict.RIGHT] == expected.strict.matched
        columns = (*broken.labels, None)
        if label is not None:
            assert sum(broken.confused(label, p) for p in columns) == expected.gold
            assert sum(broken.confused(g, label) for g in columns) == expected.predicted
    assert sorted(j.gold for j in judged if j.gold) == labels.scored(gold)
    assert sorted(j.predicted for j in judged if j.predicted) == labels.scored(predicted)


@given(mentions, mentions)
def test_pairs_overlap_and_what_is_left_does_not(gold: list[Span], predicted: list[Span]) -> None:
    judged = judge(CLINICAL_NOTES.scored(gold), CLINICAL_NOTES.scored(predicted))
    missed = [j.gold for j in judged if j.gold and j.predicted is None]
    invented = [j.predicted for j in judged if j.predicted and j.gold is None]
    assert all(j.gold.overlaps(j.predicted) for j in judged if j.gold and j.predicted)
    assert not any(g.overlaps(p) for g in missed for p in invented)


@given(mentions, mentions)
def test_the_order_of_mentions_is_of_no_account(gold: list[Span], predicted: list[Span]) -> None:
    assert judge(gold[::-1], predicted[::-1]) == judge(gold, predicted)
