"""Tests of what the trainings of token classifiers share."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForTokenClassification

from pipeline.encoder._hf import WordPieces
from pipeline.resources import data_path
from pipeline.train.examples import IGNORED, Example
from pipeline.train.fitting import parameter_groups, token_loss

PIECES = WordPieces(Tokenizer.from_file(str(data_path("models", "bert") / "tokenizer.json")))
CPU = torch.device("cpu")
BATCH = [
    Example((5, 6, 7), (1, IGNORED, 2), 1.0),
    Example((8, 9, 10, 11, 12), (0, 0, IGNORED, 3, 0), 0.5),
    Example((13,), (IGNORED,), 2.0),
    Example((14, 15), (4, 4), 2.0),
]


@pytest.fixture(scope="module")
def model() -> Any:
    """Make a tiny random classifier of five classes that drops nothing."""
    torch.manual_seed(7)
    config = BertConfig(vocab_size=30522, hidden_size=16, num_hidden_layers=2, num_labels=5,
                        num_attention_heads=2, intermediate_size=16, type_vocab_size=4,
                        initializer_range=0.5)  # fmt: skip
    return BertForTokenClassification(config).eval()


def plain_loss(model: Any, batch: list[Example]) -> float:
    """Compute the loss piece by piece, each window alone, without padding or batches."""
    total = weights = 0.0
    for example in batch:
        ids = torch.tensor([[PIECES.cls, *example.pieces, PIECES.sep]])
        types = torch.tensor([[0, *(example.types or (0,) * len(example)), 0]])
        with torch.inference_mode():
            logits = model(input_ids=ids, token_type_ids=types).logits[0, 1:-1]
        for row, target in zip(torch.log_softmax(logits, dim=-1), example.classes, strict=True):
            if target != IGNORED:
                total -= example.weight * row[target].item()
                weights += example.weight
    return total / weights


def test_the_loss_is_the_weighted_mean_over_first_pieces(model: Any) -> None:
    loss = token_loss(model, PIECES, BATCH, 0.0, CPU)

    assert loss.item() == pytest.approx(plain_loss(model, BATCH), rel=1e-5)


def test_no_types_are_the_models_own_default(model: Any) -> None:
    ids = torch.tensor([[PIECES.cls, 5, 6, 7, PIECES.sep]])
    with torch.inference_mode():
        logits = model(input_ids=ids).logits[0, 1:-1]
    rows = torch.log_softmax(logits, dim=-1)
    expected = -(rows[0, 1] + rows[2, 2]) / 2

    assert token_loss(model, PIECES, BATCH[:1], 0.0, CPU).item() == pytest.approx(expected.item())


def test_the_loss_sees_types(model: Any) -> None:
    batch = [Example((5, 6, 7), (1, 0, 2), types=(1, 1, 2)), Example((8,), (3,), types=(3,))]

    loss = token_loss(model, PIECES, batch, 0.0, CPU).item()

    assert loss == pytest.approx(plain_loss(model, batch), rel=1e-5)
    assert loss != pytest.approx(plain_loss(model, [Example(e.pieces, e.classes) for e in batch]))


def test_hidden_pieces_are_masked_but_for_the_ends(model: Any) -> None:
    masked = [
        Example((PIECES.mask,) * len(example), example.classes, example.weight)
        for example in BATCH
    ]  # fmt: skip

    loss = token_loss(model, PIECES, BATCH, 1.1, CPU)

    assert loss.item() == pytest.approx(plain_loss(model, masked), rel=1e-5)


def test_a_batch_without_a_class_costs_nothing(model: Any) -> None:
    loss = token_loss(model, PIECES, [Example((5, 6), (IGNORED, IGNORED))], 0.0, CPU)
    loss.backward()  # type: ignore[no-untyped-call]

    assert loss.item() == 0.0
    assert all(not p.grad.any() for p in model.parameters() if p.grad is not None)


def test_layers_learn_slower_towards_the_input(model: Any) -> None:
    groups = parameter_groups(
        model, learning_rate=0.1, layer_decay=0.5, head_factor=3.0, weight_decay=0.01
    )

    rates = {id(p): group["lr"] for group in groups for p in group["params"]}
    decays = {id(p): group["weight_decay"] for group in groups for p in group["params"]}
    layers = model.bert.encoder.layer
    assert len(rates) == len(list(model.parameters()))
    assert rates[id(model.classifier.weight)] == pytest.approx(0.3)
    assert rates[id(layers[1].output.dense.weight)] == pytest.approx(0.1)
    assert rates[id(layers[0].output.dense.weight)] == pytest.approx(0.05)
    assert rates[id(model.bert.embeddings.word_embeddings.weight)] == pytest.approx(0.025)
    assert decays[id(model.classifier.weight)] == 0.01
    assert decays[id(model.classifier.bias)] == 0.0
    assert decays[id(layers[0].output.LayerNorm.weight)] == 0.0
