"""Integrated gradients: planted reasons are found, and weights add up on real models."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertForTokenClassification

from pipeline.encoder._hf import write_classifier
from pipeline.encoder.classification import Window, classify
from pipeline.explain.gradients import Attribution, attribute
from pipeline.extract.bert import BertAnnotator, load_bert
from pipeline.note import Note
from pipeline.resources import data_path
from tests.explain.planted import CLASSES, planted, word_pieces

DISEASE = (CLASSES.index("B-DISEASE"), CLASSES.index("I-DISEASE"))


def test_planted_words_get_what_they_add() -> None:
    bert = planted()
    pieces = bert.classifier.pieces
    words = ["she", "denies", "cough", "asthma", "today"]
    encoded = pieces.encode(words, 9)
    window = Window(tuple(piece for word in words for piece in encoded[word]))
    place = window.ids.index(encoded["asthma"][0])

    found = attribute(bert.classifier, window, [place], DISEASE)

    # The cues add up to one number, so each gets its part of what that number does.
    total = 4.0 + 3.0 - 1.0
    output, baseline = (
        math.log((math.exp(sum_) + 1) / (math.exp(sum_) + math.exp(3) + 5)) for sum_ in (total, 0)
    )
    assert found.output == pytest.approx(output, abs=1e-5)
    assert found.baseline == pytest.approx(baseline, abs=1e-5)
    expected = np.zeros(len(window))
    for word, cue in (("denies", -1.0), ("cough", 3.0), ("asthma", 4.0)):
        ids = encoded[word]
        first = window.ids.index(ids[0])
        assert len(ids) == 1
        expected[first] = cue / total * (output - baseline)
    assert found.pieces == pytest.approx(expected, abs=1e-4)
    assert found.adds_up


def test_error_is_what_the_sum_misses() -> None:
    found = Attribution(np.array([0.5, -0.25, 1.0]), output=-0.5, baseline=-1.5)

    assert found.gain == 1.0
    assert found.error == 0.25
    assert not found.adds_up
    assert Attribution(np.array([1.009]), -0.5, -1.5).adds_up


@pytest.fixture(scope="module")
def random_bert(tmp_path_factory: pytest.TempPathFactory) -> BertAnnotator:
    """Load a tiny random classifier."""
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=64, id2label=dict(enumerate(CLASSES)),
        initializer_range=0.3,
    )  # fmt: skip
    folder: Path = tmp_path_factory.mktemp("bert")
    write_classifier(BertForTokenClassification(config), word_pieces(), folder)
    return load_bert(folder, device="cpu")


def assert_complete(bert: BertAnnotator, text: str, positions: list[int]) -> None:
    """Check an attribution against what the annotator's own way through the model gives."""
    (read,) = bert.read([Note("1", text)])
    [window] = read.windows
    hidden = Window((bert.classifier.pieces.mask,) * len(window.pieces))
    rows = classify(bert.classifier, {window.pieces, hidden}, 1, None)
    output, baseline = (
        float(np.log(rows[seen][positions][:, list(DISEASE)].sum(axis=1)).sum())
        for seen in (window.pieces, hidden)
    )

    found = attribute(bert.classifier, window.pieces, positions, DISEASE)

    assert found.output == pytest.approx(output, abs=1e-4)
    assert found.baseline == pytest.approx(baseline, abs=1e-4)
    assert abs(output - baseline) > 0.05  # else there would be nothing to explain
    assert found.pieces.sum() == pytest.approx(output - baseline, abs=0.01 * max(1.0, found.gain))
    assert found.pieces.shape == (len(window.pieces),)


def test_weights_of_a_random_model_add_up(random_bert: BertAnnotator) -> None:
    assert_complete(random_bert, "No fever, but asthma since childhood.", [3, 4])


def test_weights_of_the_shipped_model_add_up() -> None:
    bert = load_bert(data_path("models", "bert"), device="cpu")

    assert_complete(bert, "History of hypertension, treated with lisinopril.", [2])


def test_no_gradient_is_left_in_the_model(random_bert: BertAnnotator) -> None:
    attribute(random_bert.classifier, Window((2000, 2001)), [0], DISEASE)

    assert all(parameter.grad is None for parameter in random_bert.classifier.model.parameters())
