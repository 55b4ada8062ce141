"""Tests of training examples."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from pipeline.evaluate.gold import GoldDocument
from pipeline.extract.words import find_words
from pipeline.note import Note, Span
from pipeline.train.examples import (
    IGNORED,
    Example,
    LabelledDocument,
    flatten,
    make_batches,
    make_examples,
    word_classes,
)

LABELS = ("O", "B-DISEASE", "I-DISEASE", "B-SYMPTOM", "I-SYMPTOM")


def encode(words: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Give each word a piece for each of its first letters, three at most."""
    return {word: tuple(ord(letter) for letter in word[:3]) for word in words}


def classes(text: str, *spans: Span) -> list[int]:
    return word_classes(text, find_words(text), spans, LABELS)


def test_of_overlapping_spans_the_longest_stays() -> None:
    spans = [Span(0, 5, "A"), Span(3, 12, "B"), Span(11, 14, "C"), Span(12, 14, "D")]

    assert flatten(spans) == [Span(3, 12, "B"), Span(12, 14, "D")]


def test_words_begin_and_go_on() -> None:
    text = "No heart failure, fever nausea"
    spans = [Span(3, 16, "DISEASE"), Span(18, 23, "SYMPTOM"), Span(24, 30, "SYMPTOM")]

    assert classes(text, *spans) == [0, 1, 2, 0, 3, 3]


def test_a_word_that_is_partly_marked_counts() -> None:
    assert classes("afebrile today", Span(1, 8, "SYMPTOM")) == [3, 0]


def test_a_span_across_lines_is_left_out_of_the_loss() -> None:
    assert classes("heart\nfailure, fever", Span(0, 13, "DISEASE"), Span(15, 20, "SYMPTOM")) == [
        IGNORED, IGNORED, 0, 3,
    ]  # fmt: skip


def test_only_first_pieces_have_a_class() -> None:
    document = LabelledDocument(
        GoldDocument(Note("1", "An ague"), (Span(3, 7, "DISEASE"),)), weight=0.5
    )

    examples = list(make_examples(document, LABELS, encode, 16, None))

    assert examples == [Example(tuple(map(ord, "Anagu")), (0, IGNORED, 1, IGNORED, IGNORED), 0.5)]


def test_random_windows_hold_every_piece_once() -> None:
    text = "No new fever at all. Some pain in the back. Still no cough. Well. Eats. Sleeps." * 5
    document = LabelledDocument(GoldDocument(Note("1", text)), 1.0)
    words = [text[start:end] for start, end in find_words(text)]
    pieces = [piece for word in words for piece in encode(words)[word]]

    for seed in range(20):
        examples = list(make_examples(document, LABELS, encode, 12, Random(seed)))
        assert [piece for example in examples for piece in example.pieces] == pieces
        assert max(len(example) for example in examples) <= 12


def test_batches_are_full_but_not_too_large() -> None:
    examples = [Example((1,) * size, (0,) * size, 1.0) for size in (8, 3, 8, 4, 0, 8)]

    batches = make_batches(examples, 20, Random(0))

    sizes = sorted(sorted(len(example) for example in batch) for batch in batches)
    assert sizes == [[3, 4], [8], [8, 8]] or sizes == [[3, 4], [8, 8], [8]]
