"""Tests of changing a text and moving its mentions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.note import Span
from pipeline.train.edits import Edit, apply_edits, without_overlaps

TEXT = "Mr. X has gout and a cough."
SPANS = [Span(10, 14, "DISEASE"), Span(21, 26, "SYMPTOM", 0.5)]


def test_mentions_move_with_what_stands_before_them() -> None:
    edits = [Edit(0, 5, "[PATIENT]"), Edit(15, 18, "&")]

    assert apply_edits(TEXT, SPANS, edits) == (
        "[PATIENT] has gout & a cough.",
        [Span(14, 18, "DISEASE"), Span(23, 28, "SYMPTOM", 0.5)],
    )


def test_a_mention_may_be_replaced_or_changed_inside() -> None:
    edits = [Edit(10, 14, "tophaceous gout"), Edit(22, 24, "uo")]

    assert apply_edits(TEXT, SPANS, edits) == (
        "Mr. X has tophaceous gout and a cuogh.",
        [Span(10, 25, "DISEASE"), Span(32, 37, "SYMPTOM", 0.5)],
    )


def test_what_stands_next_to_a_mention_stays_outside() -> None:
    assert apply_edits("a-b-c", [Span(2, 3, "X")], [Edit(0, 2, ""), Edit(3, 5, "; see c")]) == (
        "b; see c", [Span(0, 1, "X")],
    )  # fmt: skip


def test_without_edits_nothing_changes() -> None:
    assert apply_edits(TEXT, SPANS, []) == (TEXT, SPANS)
    assert apply_edits("", [], []) == ("", [])


def test_of_edits_that_overlap_the_first_stays() -> None:
    edits = [Edit(4, 6, "c"), Edit(0, 3, "b"), Edit(0, 2, "a"), Edit(2, 4, "d"), Edit(5, 9, "e")]

    assert without_overlaps(edits) == [Edit(0, 2, "a"), Edit(2, 4, "d"), Edit(4, 6, "c")]


_PARTS = st.text("ab \n", max_size=3)
_PIECES = st.lists(
    st.tuples(
        _PARTS, st.text("ab \n", min_size=1, max_size=3), _PARTS,
        st.none() | st.text("XY", max_size=4), st.booleans(),
    ).filter(lambda piece: bool(piece[0] + (piece[3] or "") + piece[2]) or piece[3] is None)
)  # fmt: skip
"""What stands before, in and behind an edit, what shall stand there, and whether all of it is a
mention; a mention is never emptied."""


@given(_PIECES)
def test_each_mention_keeps_its_own_words(
    pieces: list[tuple[str, str, str, str | None, bool]],
) -> None:
    old = new = ""
    spans: list[Span] = []
    moved: list[Span] = []
    edits: list[Edit] = []
    for before, core, behind, put, is_mention in pieces:
        start, target = len(old), len(new)
        if put is not None:
            edits.append(Edit(start + len(before), start + len(before + core), put))
        old += before + core + behind
        new += before + (core if put is None else put) + behind
        if is_mention:
            spans.append(Span(start, len(old), "X"))
            moved.append(Span(target, len(new), "X"))

    assert apply_edits(old, spans, edits) == (new, moved)
