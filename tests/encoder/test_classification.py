"""Tests of classifying windows in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertConfig, BertForTokenClassification

from pipeline.encoder._hf import TokenClassifier, WordPieces
from pipeline.encoder.classification import Window, classify
from pipeline.errors import StageError
from pipeline.resources import data_path


def word_pieces() -> WordPieces:
    return WordPieces(
        Tokenizer.from_file(str(data_path("models", "bert") / "tokenizer.json"))
    )  # fmt: skip


@dataclass
class Pieces:
    cls: int = 101
    sep: int = 102


@dataclass
class Echo:
    """Gives each piece its id and its type as the probabilities of two classes."""

    pieces: Pieces = field(default_factory=Pieces)
    batches: list[list[tuple[int, ...]]] = field(default_factory=list)

    def probabilities(
        self,
        windows: Sequence[tuple[int, ...]],
        types: Sequence[tuple[int, ...]],
        autocast: torch.dtype | None = None,
    ) -> list[NDArray[np.float32]]:
        self.batches.append(list(windows))
        return [np.array([w, t], np.float32).T for w, t in zip(windows, types, strict=True)]


def run(echo: Echo, windows: set[Window], size: int) -> dict[Window, list[list[float]]]:
    found = classify(cast(TokenClassifier, echo), windows, size, None)
    return {window: rows.tolist() for window, rows in found.items()}


def test_windows_get_back_their_own_rows_without_the_ends() -> None:
    typed, plain = Window((7, 8), (2, 3)), Window((9,))

    assert run(Echo(), {typed, plain}, 100) == {typed: [[7, 2], [8, 3]], plain: [[9, 0]]}


def test_batches_hold_windows_of_like_length_up_to_a_size() -> None:
    echo = Echo()
    windows = {Window((n,) * size) for n, size in enumerate((1, 2, 2, 6, 20), start=1)}

    run(echo, windows, 12)

    assert [[len(window) for window in batch] for batch in echo.batches] == [
        [3, 4, 4],
        [8],
        [22],
    ]


def test_a_batch_does_not_depend_on_the_order_of_a_set() -> None:
    windows = [Window((n, n + 1), (n % 3, 0)) for n in range(40)]
    one, other = Echo(), Echo()

    classify(cast(TokenClassifier, one), windows, 30, None)
    classify(cast(TokenClassifier, other), windows[::-1], 30, None)

    assert one.batches == other.batches


def test_same_pieces_of_other_types_are_another_window() -> None:
    found = run(Echo(), {Window((5,), (1,)), Window((5,), (2,))}, 100)

    assert found == {Window((5,), (1,)): [[5, 1]], Window((5,), (2,)): [[5, 2]]}


def test_nothing_to_classify() -> None:
    assert run(Echo(), set(), 100) == {}


def classifier(types: int = 4) -> TokenClassifier:
    torch.manual_seed(3)
    config = BertConfig(vocab_size=200, hidden_size=16, num_hidden_layers=1, num_labels=3,
                        num_attention_heads=2, intermediate_size=16, type_vocab_size=types,
                        initializer_range=0.5)  # fmt: skip
    model = BertForTokenClassification(config).eval()
    return TokenClassifier(model, word_pieces(), ("O", "A", "B"), 512, torch.device("cpu"))


@pytest.mark.parametrize("types", [2, 4])
def test_no_types_are_the_first_type(types: int) -> None:
    model = classifier(types)
    ids = (101, 5, 6, 102)
    with torch.inference_mode():
        logits = model.model(input_ids=torch.tensor([ids])).logits[0]

    (rows,) = model.probabilities([ids], [(0,) * 4])

    assert rows == pytest.approx(torch.softmax(logits, dim=-1).numpy())
    assert rows.sum(axis=1) == pytest.approx(1.0)


def test_a_type_changes_what_the_model_sees() -> None:
    found = classify(classifier(), {Window((5, 6)), Window((5, 6), (0, 3))}, 1, None)

    assert not np.allclose(found[Window((5, 6))], found[Window((5, 6), (0, 3))], atol=1e-3)


def test_padding_changes_nothing() -> None:
    model, windows = classifier(), [Window((5,), (1,)), Window((6, 7, 8, 9), (0, 1, 2, 3))]

    together, alone = (classify(model, windows, size, None) for size in (100, 1))

    for window in windows:
        assert together[window] == pytest.approx(alone[window], abs=1e-5)


def test_a_model_that_computes_no_numbers_is_stopped() -> None:
    model = classifier()
    with torch.no_grad():
        model.model.classifier.bias[1] = torch.nan

    with pytest.raises(StageError, match="computed no probabilities"):
        classify(model, {Window((5,))}, 1, None)
