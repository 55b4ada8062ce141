"""Tests of decoding."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.extract.bio import Scheme

CLASSES = ("O", "B-DISEASE", "I-DISEASE", "B-SYMPTOM", "I-SYMPTOM")
SCHEME = Scheme(CLASSES)


def decode(
    *rows: tuple[float, ...], breaks: tuple[int, ...] = (), blocked: tuple[int, ...] = ()
) -> list[str]:
    marks = [np.isin(np.arange(len(rows)), indices) for indices in (breaks, blocked)]
    path = SCHEME.decode(np.array(rows, dtype=np.float32), *marks)
    return [CLASSES[index] for index in path]


@pytest.mark.parametrize(
    "classes",
    [(), ("O",), ("O", "B-X"), ("B-X", "I-X"), ("O", "B-X", "I-Y"), ("O", "B-X", "I-X", "Z")],
)
def test_an_incomplete_scheme_is_refused(classes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="no complete BIO scheme"):
        Scheme(classes)


def test_a_valid_sequence_is_kept() -> None:
    assert decode((0.1, 0.8, 0.1, 0, 0), (0.1, 0.1, 0.8, 0, 0)) == ["B-DISEASE", "I-DISEASE"]


def test_an_inside_without_a_begin_gets_the_better_repair() -> None:
    # O, I-DISEASE is likeliest word by word. B, I: 0.3 * 0.6; O, O: 0.7 * 0.2; O, B: 0.7 * 0.2.
    assert decode((0.7, 0.3, 0, 0, 0), (0.2, 0.2, 0.6, 0, 0)) == ["B-DISEASE", "I-DISEASE"]


def test_the_inside_of_another_label_does_not_follow() -> None:
    # B-SYMPTOM, I-DISEASE is invalid; B-DISEASE, I-DISEASE: 0.3 * 0.7; B-S, I-S: 0.6 * 0.3.
    rows = ((0.1, 0.3, 0, 0.6, 0), (0, 0, 0.7, 0, 0.3))

    assert decode(*rows) == ["B-DISEASE", "I-DISEASE"]


def test_no_mention_goes_on_over_a_break() -> None:
    rows = ((0.1, 0.9, 0, 0, 0), (0.2, 0.3, 0.5, 0, 0))

    assert decode(*rows, breaks=(1,)) == ["B-DISEASE", "B-DISEASE"]


def test_a_blocked_word_is_outside() -> None:
    rows = ((0, 1, 0, 0, 0), (0, 0, 1, 0, 0), (0.4, 0, 0.6, 0, 0))

    assert decode(*rows, blocked=(1,)) == ["B-DISEASE", "O", "O"]


def test_find_runs() -> None:
    path = [0, 1, 2, 2, 1, 3, 0, 3, 4]

    assert SCHEME.find_runs(path) == [
        (1, 4, "DISEASE"), (4, 5, "DISEASE"), (5, 6, "SYMPTOM"), (7, 9, "SYMPTOM"),
    ]  # fmt: skip


def is_valid(path: tuple[int, ...], breaks: list[bool]) -> bool:
    for index, state in enumerate(path):
        goes_on = not breaks[index] and index > 0 and path[index - 1] in (state, state - 1)
        if CLASSES[state].startswith("I-") and not goes_on:
            return False
    return True


@settings(max_examples=60)
@given(st.data())
def test_no_valid_sequence_is_likelier(data: st.DataObject) -> None:
    length = data.draw(st.integers(1, 4))
    weights = st.lists(st.integers(1, 9), min_size=5, max_size=5)
    rows = np.array([data.draw(weights) for _ in range(length)], dtype=np.float32)
    rows /= rows.sum(axis=1, keepdims=True)
    breaks = [data.draw(st.booleans()) for _ in range(length)]

    found = SCHEME.decode(rows, np.array(breaks), np.zeros(length, dtype=bool))

    chances = {
        path: np.prod([rows[index, state] for index, state in enumerate(path)])
        for path in product(range(5), repeat=length)
        if is_valid(path, breaks)
    }
    assert chances[tuple(int(state) for state in found)] == pytest.approx(max(chances.values()))
