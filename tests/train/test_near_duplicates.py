"""Tests of finding near-duplicates; texts of numbered words have shingles that can be counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.train.near_duplicates import find_near_duplicates


def words(first: int, last: int) -> str:
    """Return numbered words; n of them have n - 7 shingles of 8 words."""
    return " ".join(f"w{number}" for number in range(first, last))


@pytest.mark.parametrize(("common", "found"), [(15, {0}), (14, set())])
def test_a_tenth_of_the_shingles_makes_a_near_duplicate(common: int, found: set[int]) -> None:
    text = words(0, 87)  # 80 shingles
    other = words(87 - common, 200)  # shares common - 7 of them, and has more

    assert find_near_duplicates([text], [other]) == found
    assert find_near_duplicates([other], [text]) == found


def test_an_excerpt_of_a_long_text_is_one() -> None:
    assert find_near_duplicates([words(500, 520)], [words(0, 1000)]) == {0}
    assert find_near_duplicates([words(0, 1000)], [words(500, 520)]) == {0}


def test_each_other_text_is_compared_by_itself() -> None:
    text = words(0, 87)
    others = [f"{words(0, 12)} {words(100, 200)}", f"{words(50, 62)} {words(200, 300)}"]

    assert find_near_duplicates([text], others) == frozenset()


def test_case_and_punctuation_do_not_count() -> None:
    text = "Slept well, ate well; walked the hall twice (with help)."
    other = "SLEPT WELL ATE WELL\nWALKED THE HALL - TWICE WITH HELP"

    assert find_near_duplicates([text], [other]) == {0}


def test_short_texts_must_be_equal() -> None:
    texts = ["No pain today.", "no pain today", "No pain.", "Some pain today."]

    assert find_near_duplicates(texts, ["No pain today!"]) == {0, 1}


@pytest.mark.parametrize("empty", ["", " \n", "...", "\ud800"])
def test_a_text_without_words_is_like_none(empty: str) -> None:
    assert find_near_duplicates([empty, "No pain."], [empty, "No fever."]) == frozenset()


def test_places_are_those_of_the_texts() -> None:
    texts = [words(0, 20), words(100, 120), words(0, 20), words(200, 220)]

    assert find_near_duplicates(iter(texts), iter([words(0, 30), words(210, 240)])) == {0, 2, 3}


_TEXTS = st.lists(st.sampled_from("abc"), max_size=40).map(" ".join)


@given(_TEXTS, _TEXTS)
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert find_near_duplicates([one], [other]) == find_near_duplicates([other], [one])
    assert find_near_duplicates([one], [one]) == ({0} if one else set())
