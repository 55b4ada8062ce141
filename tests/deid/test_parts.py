"""Tests of the parts that the recogniser labels."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deid.parts import N_CASES, case_of, find_parts

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
"""All code points, lone surrogates too."""


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in find_parts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\r\n\u00a0\u2028", []),
        ("77yo", ["77", "yo"]),
        ("PR/tx0417", ["PR", "/", "tx", "0417"]),
        ("him_okonjo", ["him", "_", "okonjo"]),
        ("O'Neil-Quim", ["O", "'", "Neil", "-", "Quim"]),
        ("Sjo\u0308gren Žižek", ["Sjo\u0308gren", "Žižek"]),
        ("\u0301a", ["\u0301", "a"]),
        ("4½ m²", ["4", "½", "m²"]),
        ("٣٤ 王芳", ["٣٤", "王芳"]),
        ("a\u200bb\x00", ["a", "\u200b", "b", "\x00"]),
        ("x\ud800y", ["x", "\ud800", "y"]),
        ("😀!!", ["😀", "!", "!"]),
        ("a" * 70, ["a" * 32, "a" * 32, "a" * 6]),
        ("1" * 33, ["1" * 32, "1"]),
    ],
)
def test_parts(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@given(ANY_TEXT)
def test_all_but_white_space_is_in_one_part(text: str) -> None:
    found = find_parts(text)

    assert all(a[1] <= b[0] for a, b in pairwise(found))
    assert all(0 < end - start <= 32 for start, end in found)
    assert "".join(parts(text)) == "".join(text.split())


@given(st.text("aB3é_. ", max_size=40))
def test_no_part_is_both_letters_and_digits(text: str) -> None:
    assert all(p.isalpha() or p.isdigit() or len(p) == 1 for p in parts(text))


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("will", 0), ("Will", 1), ("WILL", 2), ("wILL", 3), ("WiLL", 1), ("A", 1), ("a", 0),
        ("42", 0), (",", 0), ("王芳", 3), ("É", 1), ("ÉTÉ", 2), ("\ud800", 0),
    ],
)  # fmt: skip
def test_cases(part: str, expected: int) -> None:
    assert case_of(part) == expected


@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=8))
def test_every_part_has_a_case(part: str) -> None:
    assert case_of(part) in range(N_CASES)
