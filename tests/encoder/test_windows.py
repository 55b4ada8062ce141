"""Tests of words and windows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.context.sentences import find_sentences
from pipeline.encoder.windows import cut_windows
from pipeline.extract.words import find_words, is_tag


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in find_words(text)]


def windows(text: str, limit: int) -> list[str]:
    """Cut a text into windows of at most ``limit`` words."""
    found = find_words(text)
    ranges = cut_windows(found, [1] * len(found), find_sentences(text), limit)
    return [text[found[first][0] : found[last - 1][1]] for first, last in ranges]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("right-sided pain", ["right", "-", "sided", "pain"]),
        ("CA_125 (high)", ["CA", "_", "125", "(", "high", ")"]),
        ("[PATIENT] and [LOCATION-OTHER-2].", ["[PATIENT]", "and", "[LOCATION-OTHER-2]", "."]),
        ("[see below] [a]", ["[", "see", "below", "]", "[", "a", "]"]),
        ("Sjo\u0308gren", ["Sjo\u0308gren"]),
        ("b\u200bc 😀😀", ["b", "\u200b", "c", "😀", "😀"]),
        ("a" * 70, ["a" * 32, "a" * 32, "a" * 6]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [("[PATIENT]", True), ("[ID-2]", True), ("[", False), ("[Patient]", False), ("DATE", False)],
)
def test_is_tag(word: str, expected: bool) -> None:
    assert is_tag(word) is expected


def test_sentences_are_packed() -> None:
    text = "One two. Three four. Five six."  # three words each, with the full stop

    assert windows(text, 6) == ["One two. Three four.", "Five six."]
    assert windows(text, 5) == ["One two.", "Three four.", "Five six."]
    assert windows(text, 9) == [text]


def test_a_long_sentence_is_cut_between_words() -> None:
    text = "One. Two three four five six seven. Eight."

    assert windows(text, 4) == ["One.", "Two three four five", "six seven.", "Eight."]


def test_the_rest_of_a_long_sentence_shares_a_window() -> None:
    assert windows("One two three four five. Six.", 4) == ["One two three four", "five. Six."]


def test_a_large_word_has_its_own_window() -> None:
    ranges = cut_windows([(0, 1), (1, 9), (9, 10)], [1, 8, 1], [(0, 10)], 4)

    assert ranges == [(0, 1), (1, 2), (2, 3)]


def test_a_window_has_a_size() -> None:
    with pytest.raises(ValueError, match="at least 1, got 0"):
        cut_windows([], [], [], 0)


def test_a_long_note_without_punctuation() -> None:
    assert len(windows("pain " * 40_000, 254)) == 158  # 40,000 / 254 is 157.5


@given(st.text(max_size=300), st.integers(1, 12))
def test_no_word_is_lost(text: str, limit: int) -> None:
    found = find_words(text)
    ranges = cut_windows(found, [1] * len(found), find_sentences(text), limit)

    assert [index for first, last in ranges for index in range(first, last)] == [*range(len(found))]
    assert all(last - first <= limit for first, last in ranges)
    assert "".join(words(text)) == "".join(text.split())
