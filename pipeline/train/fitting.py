"""What the trainings of token classifiers share: the loss, the steps, the mean of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn.functional import log_softmax

from pipeline.encoder._hf import WordPieces, pad
from pipeline.train.examples import Example
from pipeline.train.teachers import Teachers


def token_loss(
    model: Any,
    pieces: WordPieces,
    batch: Sequence[Example],
    masked: float,
    device: torch.device,
    teachers: Teachers | None = None,
) -> torch.Tensor:
    """Return the weighted mean loss over the first pieces of words.

    The loss of a word is the negative log of the probability that its class is one of those that
    the gold leaves possible, so what a corpus doesn't annotate teaches nothing (Greenberg et al.,
    2018, "Marginal Likelihood Training of BiLSTM-CRF for Biomedical Named Entity Recognition from
    Disjoint Label Sets"). With one possible class that is the cross entropy.

    Args:
        model: A token classifier.
        pieces: Its word pieces.
        batch: Windows.
        masked: The share of pieces hidden from the model, so that it also looks at the context.
        device: Where the model is.
        teachers: Whose opinion counts beside the gold.
    """
    ids, attention = pad(
        [(pieces.cls, *example.pieces, pieces.sep) for example in batch], pieces.pad
    )
    targets = torch.zeros_like(ids)
    types = torch.zeros_like(ids)
    for row, example in enumerate(batch):
        targets[row, 1 : len(example) + 1] = torch.tensor(example.targets)
        if example.types:
            types[row, 1 : len(example) + 1] = torch.tensor(example.types)
    hidden = torch.rand(ids.shape) < masked
    hidden &= (attention == 1) & (ids != pieces.cls) & (ids != pieces.sep)
    others = {"attention_mask": attention.to(device), "token_type_ids": types.to(device)}
    logits = model(input_ids=ids.masked_fill(hidden, pieces.mask).to(device), **others).logits
    words = (targets != 0).to(device)
    logs = log_softmax(logits[words].float(), dim=-1)
    possible = _possible(targets.to(device)[words], logs.shape[-1])
    losses = -torch.logsumexp(logs.masked_fill(~possible, -torch.inf), dim=-1)
    if teachers is not None:
        opinion = teachers.probabilities(input_ids=ids.to(device), **others)[words].float()
        share = torch.where(possible.all(dim=-1), 1.0, teachers.share)
        losses = (1 - share) * losses - share * (opinion * logs).sum(dim=-1)
    weights = torch.tensor([example.weight for example in batch], device=device)
    counted = weights[:, None].expand(ids.shape)[words]
    return (losses * counted).sum() / counted.sum().clamp(min=1e-6)


def _possible(targets: torch.Tensor, classes: int) -> torch.Tensor:
    """Write sets of classes as truth values, shape (words, classes)."""
    bits = torch.arange(classes, device=targets.device)
    return (targets[:, None] >> bits) & 1 == 1


class RunningMean:
    """The running mean of a model's weights, which errs less than the last step's.

    Polyak and Juditsky, 1992, "Acceleration of Stochastic Approximation by Averaging", with
    exponential weights.

    Attributes:
        weights: By name; those of the last steps count most.
    """

    def __init__(self, model: Any, keep: float) -> None:
        self.weights = {name: t.detach().clone() for name, t in model.state_dict().items()}
        self._keep = keep
        self._steps = 0

    def update(self, model: Any) -> None:
        """Take in the weights after a step."""
        self._steps += 1
        keep = min(self._keep, self._steps / (self._steps + 10))  # soon forget the beginning
        for name, tensor in model.state_dict().items():
            if tensor.is_floating_point():
                self.weights[name].lerp_(tensor.detach(), 1 - keep)

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint must hold to go on."""
        return {"weights": self.weights, "steps": self._steps}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what :meth:`state` returned."""
        self.weights = state["weights"]
        self._steps = state["steps"]


def share_of_peak(done: float) -> float:
    """Return a learning rate's share of its peak: it rises over a tenth of a run, then falls.

    Args:
        done: How much of the run is over, 0 to 1.
    """
    return min(done / 0.1, (1 - done) / 0.9)


def make_optimizer(
    model: Any, learning_rate: float, layer_decay: float, head_factor: float, weight_decay: float
) -> torch.optim.AdamW:
    """Make the optimizer of a model's parameters, grouped by :func:`parameter_groups`."""
    return torch.optim.AdamW(
        parameter_groups(model, learning_rate, layer_decay, head_factor, weight_decay),
        fused=model.device.type in ("cpu", "cuda"),
    )


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


def widen_types(model: Any, size: int) -> None:
    """Give an encoder this many token types, almost alike in the beginning.

    One that was trained with as many keeps them.
    """
    embeddings = model.get_submodule(f"{model.base_model_prefix}.embeddings")
    old = embeddings.token_type_embeddings.weight.data
    if len(old) == size:
        return
    new = torch.nn.Embedding(size, old.shape[1])
    new.weight.data = old[:1].repeat(size, 1)
    new.weight.data[1:] += 0.01 * torch.randn(size - 1, old.shape[1])
    embeddings.token_type_embeddings = new
    model.config.type_vocab_size = size
