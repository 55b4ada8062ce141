"""Tests of where spans begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deid.edges import trim


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Okonjo", "Okonjo"),
        (" \t\u3000Okonjo\u2028\x85\r\n", "Okonjo"),
        ('"Okonjo, Zephyr",', "Okonjo, Zephyr"),
        ("O'Neil's", "O'Neil's"),
        ("‘Okonjo’–", "Okonjo"),
        ("(617) 555-0142", "(617) 555-0142"),
        ("((617) 555-0142", "(617) 555-0142"),
        ("( 617) 555-0142", "( 617) 555-0142"),
        ("(617 555-0142)", "617 555-0142"),
        ("Quimby (Boris)", "Quimby (Boris"),
        ("#4471", "#4471"),
        ("+1 617", "+1 617"),
        ("okonjo@", "okonjo@"),
        ("--..()", ""),
        (" ", ""),
    ],
)
def test_trim(text: str, expected: str) -> None:
    framed = f"x{text}x"

    start, end = trim(framed, 1, 1 + len(text))

    assert framed[start:end] == expected


def test_nothing_left_is_an_empty_range_inside() -> None:
    start, end = trim("a -- b", 1, 5)

    assert start == end
    assert 1 <= start <= 5


@given(st.text("ab9 .,()[]-'\u00a0\u3000\n", max_size=20), st.data())
def test_only_edges_go(text: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, len(text)))

    start, end = trim(text, first, last)

    assert first <= start <= end <= last
    assert not any(char.isalnum() for char in text[first:start] + text[end:last])
    if start < end:
        assert text[end - 1].isalnum()
        assert text[start].isalnum() or text[start] == "("
        assert trim(text, start, end) == (start, end)
