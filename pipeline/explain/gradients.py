"""Integrated gradients: what each word piece adds to the log-probability of classes.

Sundararajan, Taly and Yan, 2017, "Axiomatic Attribution for Deep Networks".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.encoder._hf import TokenClassifier
from pipeline.encoder.classification import Window

_STEPS = (32, 64, 128, 256)
"""Points on the path; more are taken only if fewer don't add up."""

_BATCH = 8
"""Points computed at once, so that the largest window needs some 200 MB."""

_GOOD = 0.01
"""The error, as a share of what is explained, that is small enough."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """What the pieces of a window add to an output.

    Attributes:
        pieces: Shape (pieces,): what each adds, in nats of log-probability.
        output: The output for the window.
        baseline: The output for the same window with every piece masked.
    """

    pieces: NDArray[np.float64]
    output: float
    baseline: float

    @property
    def gain(self) -> float:
        """What the pieces add together, by the model itself."""
        return self.output - self.baseline

    @property
    def error(self) -> float:
        """How far the pieces' sum misses the gain: the completeness of the paper, 0 if exact."""
        return float(self.pieces.sum()) - self.gain

    @property
    def adds_up(self) -> bool:
        """Say whether the error is at most a hundredth of the gain, or of one nat."""
        return abs(self.error) <= _GOOD * max(1.0, abs(self.gain))


def attribute(
    classifier: TokenClassifier,
    window: Window,
    positions: Sequence[int],
    classes: Sequence[int],
) -> Attribution:
    """Explain how probable some classes are at some pieces of a window.

    The output is the sum over the positions of the logarithm of the classes' joint probability.
    Its gradient with respect to the embeddings of pieces and of their types is integrated
    (Gauss-Legendre) on the straight path from the window whose every piece is ``[MASK]`` of type 0,
    with its opening and closing piece and positions as they are: that a word stands in a known
    name counts for the word. ``[MASK]`` stands for "some word" to the encoder, and training
    hides words behind it; ``[PAD]``, the usual choice, is a piece that the model never attended to.

    Args:
        classifier: The model; it computes in float32.
        window: What the model sees at once.
        positions: Places of pieces in the window, at least one.
        classes: Indices of classes whose probabilities are added up.
    """
    model, pieces, device = classifier.model, classifier.pieces, classifier.device
    ids = torch.tensor((pieces.cls, *window.ids, pieces.sep), device=device)
    hidden = ids.clone()
    hidden[1:-1] = pieces.mask
    places = torch.tensor(positions, device=device) + 1
    chosen = torch.tensor(classes, device=device)

    def output(embedded: torch.Tensor) -> torch.Tensor:
        logits = model(inputs_embeds=embedded).logits  # the types are in there
        log_probabilities = logits.float().log_softmax(dim=-1)
        at_places = log_probabilities[:, places][:, :, chosen]
        summed: torch.Tensor = at_places.logsumexp(dim=-1).sum(dim=-1)
        return summed

    with torch.no_grad():
        end, start = model.get_input_embeddings()(torch.stack((ids, hidden)))
        if window.types:
            name = f"{model.base_model_prefix}.embeddings.token_type_embeddings"
            types = torch.tensor((0, *window.types, 0), device=device)
            of_types = model.get_submodule(name)
            end = end + of_types(types) - of_types(torch.zeros_like(types))
        reached, begun = output(torch.stack((end, start))).tolist()
    for steps in _STEPS:
        gradient = _mean_gradient(output, start, end, steps)
        weights = (gradient * (end - start).double()).sum(dim=-1)[1:-1]
        attribution = Attribution(weights.cpu().numpy(), reached, begun)
        if attribution.adds_up:
            break
    return attribution


def _mean_gradient(
    output: Callable[[torch.Tensor], torch.Tensor],
    start: torch.Tensor,
    end: torch.Tensor,
    steps: int,
) -> torch.Tensor:
    """Average the gradient of an output over the straight path between two points, in float64."""
    quadrature: Any = np.polynomial.legendre.leggauss
    nodes, weights = quadrature(steps)  # on [-1, 1], summing to 2
    total = torch.zeros_like(end, dtype=torch.float64)
    for first in range(0, steps, _BATCH):
        share = torch.tensor((nodes[first : first + _BATCH] + 1) / 2).to(end)[:, None, None]
        weight = torch.tensor(weights[first : first + _BATCH] / 2).to(total)[:, None, None]
        points = (start + share * (end - start)).requires_grad_()
        (gradients,) = torch.autograd.grad(output(points).sum(), points)
        total += (weight * gradients).sum(dim=0)
    return total
