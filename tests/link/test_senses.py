from __future__ import annotations

from dataclasses import replace
from math import exp
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.encoder.classification import EncodedWindow
from pipeline.errors import SetupError
from pipeline.extract.bert import EncodedNote, ReadNote
from pipeline.extract.words import find_words
from pipeline.link.senses import (
    SENSES,
    SenseChooser,
    beside,
    find_features,
    load_senses,
    write_senses,
)
from pipeline.note import SECTION_KINDS, Mention

WIDTH = 2
WORDS = {"gum": (1.0, 0.0), "foot": (0.0, 1.0)}
PLAN = SECTION_KINDS.index("plan")


def encoded(text: str) -> EncodedNote:
    """Read a text whose words are one piece each; the states of most are 0."""
    words = find_words(text)
    read = ReadNote.of(text, words, {text[a:b]: (place,) for place, (a, b) in enumerate(words)}, 9)
    windows = {}
    for window in read.windows:
        spans = read.words[window.first : window.last]
        states = torch.tensor([WORDS.get(text[a:b], (0.0, 0.0)) for a, b in spans])
        windows[window.pieces] = EncodedWindow(np.zeros((len(spans), 1), np.float32), states.half())
    return EncodedNote(read, windows)


def gb(note: EncodedNote) -> Mention:
    start = note.read.text.index("GB")
    return Mention(start, start + 2, "DISEASE")


@pytest.fixture
def chooser() -> SenseChooser:
    sections = np.zeros((3, len(SECTION_KINDS)), np.float32)
    sections[1, PLAN] = 4.0
    return SenseChooser(
        forms=("gumboil", "giant bunion", "green bottle"),
        weights=np.array([[8, 0, 0, 0], [0, 8, 0, 0], [0, 0, 0, 0]], np.float32),
        biases=np.array([0, 0, 1], np.float32),
        sections=sections,
        seen=np.array([9, 5, 4], np.int32),
        least=0.8,
    )


@pytest.mark.parametrize(
    ("text", "section", "forms", "chosen"),
    [
        ("his foot gum GB", "other", ("gumboil", "giant bunion"), None),
        ("his gum GB", "other", ("gumboil", "giant bunion"), "gumboil"),
        ("his foot GB", "other", ("Gumboil", "Giant bunion"), "Giant bunion"),
        ("his old GB", "other", ("gumboil", "giant bunion"), None),
        ("his old GB", "plan", ("gumboil", "giant bunion"), "giant bunion"),
        ("his gum GB", "other", ("gumboil", "grand ball"), None),  # which isn't known
        ("his gum GB", "other", ("green bottle", "gumboil"), None),  # which was seen too seldom
        ("his old GB", "other", ("anything",), "anything"),
        ("his old GB", "other", (), None),
        ("GB", "other", ("gumboil", "giant bunion"), None),
    ],
)
def test_chooses_by_neighbours_and_section(
    chooser: SenseChooser, text: str, section: str, forms: tuple[str, ...], chosen: str | None
) -> None:
    note = encoded(text)
    assert chooser.choose(note, gb(note), section, forms) == chosen


def test_chances_are_a_softmax_of_the_scores(chooser: SenseChooser) -> None:
    features = np.array([0.25, 0.0, 0.0, 0.0], np.float32)
    chances = chooser.chances(features, "plan", ("gumboil", "giant bunion"))
    assert chances == pytest.approx([exp(2) / (exp(2) + exp(4)), exp(4) / (exp(2) + exp(4))])


def test_another_encoder_chooses_nothing(chooser: SenseChooser) -> None:
    assert chooser.chances(np.zeros(6, np.float32), "plan", ("gumboil", "giant bunion")) is None


def test_near_neighbours_count_more() -> None:
    states = np.eye(4, dtype=np.float32)
    found = beside(states, 2, 3)
    assert found is not None
    near, wide = found[:4], found[4:]
    one, two = exp(-1 / 4), exp(-2 / 4)
    whole = two + one + one
    assert near.tolist() == pytest.approx([two / whole, one / whole, 0.0, one / whole])
    assert wide.tolist() == pytest.approx([1 / 3, 1 / 3, 0.0, 1 / 3], abs=0.01)


def test_what_stands_alone_has_no_neighbours() -> None:
    assert beside(np.ones((2, 3), np.float32), 0, 2) is None
    assert find_features(encoded("a b"), 1, 2) is None


def test_what_is_written_is_read(chooser: SenseChooser, tmp_path: Path) -> None:
    write_senses(chooser, tmp_path / "model", "abc", 5)
    read = load_senses(tmp_path / "model", "abc", 5)
    assert read is not None
    assert (read.forms, read.least) == (chooser.forms, 0.8)
    for name in ("weights", "biases", "sections", "seen"):
        assert (getattr(read, name) == getattr(chooser, name)).all()
        assert getattr(read, name).dtype == getattr(chooser, name).dtype
    assert [path.name for path in (tmp_path / "model").iterdir()] == [SENSES]


@pytest.mark.parametrize("content", [b"", b"not tensors at all"])
def test_a_damaged_file_is_told(tmp_path: Path, content: bytes) -> None:
    assert load_senses(tmp_path, "abc", 5) is None
    (tmp_path / SENSES).write_bytes(content)
    with pytest.raises(SetupError, match="copy the whole folder again"):
        load_senses(tmp_path, "abc", 5)


def test_one_made_for_another_encoder_is_refused(chooser: SenseChooser, tmp_path: Path) -> None:
    write_senses(chooser, tmp_path, "abc", 5)
    for encoder, depth in (("abd", 5), ("abc", 4)):
        with pytest.raises(SetupError, match="another BERT"):
            load_senses(tmp_path, encoder, depth)


def test_rows_must_fit(chooser: SenseChooser) -> None:
    with pytest.raises(ValueError, match="3 long forms"):
        replace(chooser, biases=np.zeros(2, np.float32))
    with pytest.raises(ValueError, match="least probability"):
        replace(chooser, least=1.5)
