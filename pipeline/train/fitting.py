"""What the trainings of token classifiers share: the loss, and which parameter learns how fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from pipeline.encoder._hf import WordPieces, pad
from pipeline.train.examples import IGNORED, Example


def token_loss(
    model: Any, pieces: WordPieces, batch: Sequence[Example], masked: float, device: torch.device
) -> torch.Tensor:
    """Return the weighted mean cross entropy over the first pieces of words.

    Args:
        model: A token classifier.
        pieces: Its word pieces.
        batch: Windows.
        masked: The share of pieces hidden from the model, so that it also looks at the context.
        device: Where the model is.
    """
    ids, attention = pad(
        [(pieces.cls, *example.pieces, pieces.sep) for example in batch], pieces.pad
    )
    classes = torch.full_like(ids, IGNORED)
    types = torch.zeros_like(ids)
    for row, example in enumerate(batch):
        classes[row, 1 : len(example) + 1] = torch.tensor(example.classes)
        if example.types:
            types[row, 1 : len(example) + 1] = torch.tensor(example.types)
    hidden = torch.rand(ids.shape) < masked
    hidden &= (attention == 1) & (ids != pieces.cls) & (ids != pieces.sep)
    ids = ids.masked_fill(hidden, pieces.mask)
    weights = torch.tensor([example.weight for example in batch])[:, None].expand(ids.shape)
    logits = model(
        input_ids=ids.to(device),
        attention_mask=attention.to(device),
        token_type_ids=types.to(device),
    ).logits
    losses = cross_entropy(
        logits.flatten(0, 1), classes.flatten().to(device),
        ignore_index=IGNORED, reduction="none",
    )  # fmt: skip
    counted = (weights * (classes != IGNORED)).flatten().to(device)
    return (losses * counted).sum() / counted.sum().clamp(min=1.0)


def parameter_groups(
    model: Any, learning_rate: float, layer_decay: float, head_factor: float, weight_decay: float
) -> list[dict[str, Any]]:
    """Group a model's parameters by learning rate and weight decay.

    The head learns fastest, then each layer slower than the one above it, the embeddings slowest.
    Biases and normalisation don't decay.

    Args:
        model: A token classifier.
        learning_rate: The top layer's.
        layer_decay: Each layer learns this much slower than the one above it.
        head_factor: How much faster the head learns.
        weight_decay: Of everything but biases and normalisation.
    """
    layers = int(model.config.num_hidden_layers)
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if name.startswith("classifier"):
            rate = learning_rate * head_factor
        else:
            parts = name.split(".")
            height = int(parts[parts.index("layer") + 1]) if "layer" in parts else -1
            rate = learning_rate * layer_decay ** (layers - 1 - height)
        decay = weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "weight_decay": decay}
        for (rate, decay), parameters in groups.items()
    ]
