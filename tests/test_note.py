"""Tests of the types that every stage speaks."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import datetime
from typing import Any

import pytest

from pipeline.note import Mention, Note, PhiSpan, Span


def test_a_note_shows_nothing_of_itself() -> None:
    note = Note("n1", "Fever.", "p1", "e1", "ED", datetime(2024, 1, 31))

    assert repr(note) == "Note()"
    assert str(note) == "Note()"


def test_a_note_shares_identifiers_with_its_patient_or_with_nobody() -> None:
    assert Note("n1", "x", "p1").subject == Note("n2", "y", "p1").subject == ("patient", "p1")
    assert Note("n1", "x").subject == ("note", "n1")
    assert Note("n1", "x").subject != Note("n2", "x").subject
    assert Note("p1", "x").subject != Note("n1", "x", "p1").subject
    assert Note("n1", "x", "").subject == ("patient", "")


def test_a_note_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Note("n1", "x").text = "y"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((-1, 2, "A"), r"0 <= start < end, got \[-1, 2\)"),
        ((2, 2, "A"), "0 <= start < end"),
        ((3, 2, "A"), "0 <= start < end"),
        ((0, 1, ""), "needs a label"),
        ((0, 1, "A", -0.1), "score"),
        ((0, 1, "A", 1.1), "score"),
        ((0, 1, "A", float("nan")), "score"),
    ],
)
@pytest.mark.parametrize("kind", [Span, PhiSpan, Mention])
def test_a_span_checks_itself(kind: type[Span], arguments: tuple[Any, ...], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        kind(*arguments)


@pytest.mark.parametrize(
    ("other", "expected"),
    [((0, 2), False), ((0, 3), True), ((3, 4), True), ((4, 9), True), ((5, 9), False)],
)
def test_spans_overlap_where_they_share_a_code_point(
    other: tuple[int, int], expected: bool
) -> None:
    one, two = Span(2, 5, "A"), Span(*other, "B")

    assert one.overlaps(two) is expected
    assert two.overlaps(one) is expected


def test_spans_sort_by_place() -> None:
    spans = [Span(3, 4, "A"), Span(0, 9, "B"), Span(0, 2, "C")]

    assert sorted(spans) == [Span(0, 2, "C"), Span(0, 9, "B"), Span(3, 4, "A")]


def test_raw_and_released_spans_are_never_equal() -> None:
    assert PhiSpan(0, 1, "A") != Mention(0, 1, "A")
    assert PhiSpan(0, 1, "A") != Span(0, 1, "A")
