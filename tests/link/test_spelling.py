from __future__ import annotations

import pytest

from pipeline.link.spelling import LEAST, index_words, likeness, sound

WORDS = ("metoprolol", "metformin", "methotrexate", "lisinopril", "cold", "b12")


@pytest.mark.parametrize(
    ("typo", "word"),
    [
        ("metropolol", "metoprolol"),
        ("metoprolo", "metoprolol"),
        ("metaprolol", "metoprolol"),
        ("metfromin", "metformin"),
        ("mettformin", "metformin"),
        ("lisinipril", "lisinopril"),
        ("lysinopril", "lisinopril"),
        ("methotrexat", "methotrexate"),
        ("codl", "cold"),
        ("lisynopryl", "lisinopril"),
        ("metphormin", "metformin"),
    ],
)
def test_finds_what_was_meant(typo: str, word: str) -> None:
    found = index_words(WORDS).find(typo)
    assert WORDS[found[0][0]] == word
    assert LEAST <= found[0][1] < 1


@pytest.mark.parametrize("word", ["col", "xyzzyx", "insulin", ""])
def test_finds_nothing_like_it(word: str) -> None:
    assert index_words(WORDS).find(word) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("xanax", "zanaks"), ("phenytoin", "fenitoin"), ("percocet", "percosett")],
)
def test_sounds_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_hypo_is_no_misspelt_hyper() -> None:
    assert index_words(("hyperkalemia",)).find("hypokalemia") == []


def test_no_words() -> None:
    assert index_words(()).find("metformin") == []


def test_equal_words_are_wholly_alike() -> None:
    assert likeness("aspirin", "aspirin") == 1.0


def test_swapped_letters_count_less_than_wrong_ones() -> None:
    assert likeness("asprin", "aspirin") > LEAST
    assert likeness("apsirin", "aspirin") > likeness("axxirin", "aspirin")


def test_a_vowel_for_a_vowel_counts_less_than_another_letter() -> None:
    assert likeness("aspiran", "aspirin") > likeness("aspirtn", "aspirin")


def test_a_correct_word_stands_for_no_other() -> None:
    assert index_words(WORDS).find("metforman")
    assert index_words(WORDS, frozenset({"metforman"})).find("metforman") == []
