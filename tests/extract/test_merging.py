"""Tests of merging."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.merging import merge
from pipeline.note import Mention


def test_agreement_raises_the_score_and_unites_the_annotators() -> None:
    merged = merge(
        [Mention(3, 9, "DISEASE", 0.5, ("spacy",)), Mention(3, 9, "DISEASE", 0.8, ("bert",))]
    )

    assert merged == [Mention(3, 9, "DISEASE", 0.9, ("bert", "spacy"))]  # 1 - 0.2 * 0.5


def test_the_surer_boundary_wins() -> None:
    merged = merge(
        [Mention(0, 20, "SYMPTOM", 0.5, ("spacy",)), Mention(6, 20, "SYMPTOM", 0.6, ("bert",))]
    )

    assert merged == [Mention(6, 20, "SYMPTOM", 0.8, ("bert", "spacy"))]


def test_of_equally_sure_boundaries_the_longer_wins() -> None:
    merged = merge(
        [Mention(6, 20, "SYMPTOM", 0.5, ("bert",)), Mention(0, 20, "SYMPTOM", 0.5, ("spacy",))]
    )

    assert merged == [Mention(0, 20, "SYMPTOM", 0.75, ("bert", "spacy"))]


def test_one_annotator_does_not_agree_with_itself() -> None:
    merged = merge(
        [Mention(0, 9, "DISEASE", 0.6, ("bert",)), Mention(4, 12, "DISEASE", 0.5, ("bert",))]
    )

    assert merged == [Mention(0, 9, "DISEASE", 0.6, ("bert",))]


def test_each_annotator_counts_once() -> None:
    merged = merge(
        [
            Mention(0, 20, "TREATMENT", 0.6, ("bert",)),
            Mention(0, 8, "TREATMENT", 0.5, ("spacy",)),
            Mention(9, 20, "TREATMENT", 0.5, ("spacy",)),
        ]
    )

    assert merged == [Mention(0, 20, "TREATMENT", 0.8, ("bert", "spacy"))]


def test_a_conflict_goes_to_the_surer_label() -> None:
    merged = merge(
        [Mention(0, 9, "DISEASE", 0.7, ("spacy",)), Mention(4, 12, "SYMPTOM", 0.8, ("bert",))]
    )

    assert merged == [Mention(4, 12, "SYMPTOM", 0.8, ("bert",))]


def test_agreement_can_win_a_conflict() -> None:
    merged = merge(
        [
            Mention(0, 9, "SYMPTOM", 0.7, ("bert",)),
            Mention(0, 9, "DISEASE", 0.6, ("spacy",)),
            Mention(0, 9, "DISEASE", 0.5, ("rules",)),
        ]
    )

    assert merged == [Mention(0, 9, "DISEASE", 0.8, ("rules", "spacy"))]


def test_neighbours_stay_apart() -> None:
    neighbours = [Mention(0, 5, "DISEASE", 0.9), Mention(5, 9, "DISEASE", 0.4)]

    assert merge(neighbours) == neighbours


@pytest.mark.parametrize("count", [0, 20_000])
def test_any_number_of_mentions(count: int) -> None:
    mentions = [Mention(2 * i, 2 * i + 1, "DISEASE", 0.5, ("bert",)) for i in range(count)]

    assert merge(mentions) == mentions


MENTIONS = st.lists(
    st.builds(
        lambda start, length, label, score, name: Mention(
            start, start + length, label, score / 10, (name,)
        ),
        st.integers(0, 30),
        st.integers(1, 8),
        st.sampled_from(("DISEASE", "SYMPTOM")),
        st.integers(0, 10),
        st.sampled_from(("bert", "rules", "spacy")),
    ),
    max_size=12,
)


@given(MENTIONS)
def test_merged_mentions_are_apart_and_in_order(mentions: list[Mention]) -> None:
    merged = merge(mentions)

    assert all(a.end <= b.start for a, b in pairwise(merged))


@given(MENTIONS)
def test_boundaries_are_somebodys_and_scores_never_fall(mentions: list[Mention]) -> None:
    for mention in merge(mentions):
        same = [m for m in mentions if (m.start, m.end, m.label) == mention_key(mention)]
        assert mention.score >= max(m.score for m in same)
        assert set(mention.annotators) >= {m.annotators[0] for m in same}


def mention_key(mention: Mention) -> tuple[int, int, str]:
    return mention.start, mention.end, mention.label


@given(MENTIONS)
def test_each_mention_is_met_by_one_as_sure(mentions: list[Mention]) -> None:
    merged = merge(mentions)

    for mention in mentions:
        assert any(m.overlaps(mention) for m in merged) or any(
            m.overlaps(mention) and m.score >= mention.score for m in mentions if m != mention
        )


@given(MENTIONS, st.randoms(use_true_random=False))
def test_order_does_not_matter(mentions: list[Mention], random: Random) -> None:
    shuffled = mentions.copy()
    random.shuffle(shuffled)

    assert merge(shuffled) == merge(mentions)


@given(MENTIONS)
def test_merging_again_changes_nothing(mentions: list[Mention]) -> None:
    merged = merge(mentions)

    assert merge(merged) == merged
