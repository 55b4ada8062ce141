"""Tests of notes that are encoded once, for mentions and for what they mean."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pipeline.extract.bert import BertAnnotator, load_bert
from pipeline.note import Note
from tests.train.tiny import write_encoder

TEXT = "Has fever and chills. " * 30 + "\nPneumonoultramicroscopic asthma, treated with aspirin."


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> BertAnnotator:
    return load_bert(write_encoder(tmp_path_factory.mktemp("bert")), device="cpu", window=40)


def test_decoding_what_was_encoded_gives_the_mentions_of_annotating(bert: BertAnnotator) -> None:
    notes = [Note("1", TEXT), Note("2", ""), Note("3", "Asthma.")]

    assert bert.decode(bert.encode(notes, 1)) == bert.annotate(notes)


def test_a_layers_states_are_those_of_the_window_alone(bert: BertAnnotator) -> None:
    (note,) = bert.encode([Note("1", TEXT)], 1)

    for window in note.read.windows:
        pieces = bert.classifier.pieces
        ids = torch.tensor([[pieces.cls, *window.pieces.ids, pieces.sep]])
        with torch.no_grad():
            states = bert.classifier.model(ids, output_hidden_states=True).hidden_states
        kept = note.windows[window.pieces].states
        assert kept.dtype == torch.float16
        assert torch.allclose(kept.float(), states[1][0], atol=1e-2)


@pytest.mark.parametrize(
    ("words", "pieces"),
    [
        ("Has", ["has"]),
        ("Pneumonoultramicroscopic asthma", None),
        ("aspirin", ["as", "##pi", "##rin"]),
        ("spiri", ["as", "##pi", "##rin"]),  # a part of a word stands for the word
        ("with aspirin.", ["with", "as", "##pi", "##rin", "."]),
    ],
)
def test_a_range_is_placed_at_its_pieces(
    bert: BertAnnotator, words: str, pieces: list[str] | None
) -> None:
    (read,) = bert.read([Note("1", TEXT)])
    start = TEXT.rindex(words) if words != "Has" else 0

    placed = read.place(start, start + len(words))

    assert placed is not None
    window, first, last = placed
    encoded = bert.classifier.pieces.encode(["pneumonoultramicroscopic", "asthma"], 40)
    names = {id_: piece for piece, id_ in bert.classifier.pieces.vocabulary.items()}
    found = [names[i] for i in window.pieces.ids[first:last]]
    wanted = pieces or [
        names[i] for word in ("pneumonoultramicroscopic", "asthma") for i in encoded[word]
    ]
    assert found == wanted


def test_a_range_over_two_windows_is_placed_where_most_of_it_is(bert: BertAnnotator) -> None:
    (read,) = bert.read([Note("1", TEXT)])
    cut = read.windows[1].first
    start, end = read.words[cut - 1][0], read.words[cut + 2][1]

    placed = read.place(start, end)

    assert placed is not None
    assert placed[0] is read.windows[1]
    assert placed[1] == 0


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b"])
def test_a_range_without_words_has_no_place(bert: BertAnnotator, text: str) -> None:
    (read,) = bert.read([Note("1", text)])

    assert read.place(0, 1) is None


def test_the_folder_can_be_read_again(tmp_path: Path) -> None:
    folder = write_encoder(tmp_path / "bert")
    one, other = (load_bert(folder, device="cpu").encode([Note("1", "Asthma.")], 2) for _ in "12")

    assert torch.equal(*(next(iter(n[0].windows.values())).states for n in (one, other)))
