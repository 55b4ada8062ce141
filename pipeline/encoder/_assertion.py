"""The network that reads assertions off the hidden states of a shared encoder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from pipeline.encoder.classification import Window
from pipeline.errors import SetupError

EPSILON = 1e-12
"""BERT's, in its normalisation."""

_SCALE = ".scale"
_CONFIG, _WEIGHTS = "config.json", "model.safetensors"


@dataclass(frozen=True, slots=True)
class AssertionConfig:
    """What the network is.

    Attributes:
        encoder: SHA-256 of the encoder whose states it was trained on
            (:func:`pipeline.fingerprint.hash_model`).
        depth: The layer of the encoder whose output is read; 0 are its embeddings.
        width: Of that output.
        copies: How many of the encoder's next layers the network has trained copies of.
        heads: Of each of these.
        size: Of the network's own states.
        layers: Of the network's own.
        labels: Of mentions, in the order of their marks from 1 on; 0 marks words in none.
        sections: Kinds of sections, in the order of their marks from 0 on.
        statuses: Assertions, in the order of the outputs, and of the marks of cues from 1 on.
        rules: Rules that decide, in the order of their marks from 1 on; 0 is unknown.
        temperature: What the outputs are divided by, so that they are probabilities.
    """

    encoder: str
    depth: int
    width: int
    copies: int
    heads: int
    size: int
    layers: int
    labels: tuple[str, ...]
    sections: tuple[str, ...]
    statuses: tuple[str, ...]
    rules: tuple[str, ...]
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class MarkedWindow:
    """A window as the network reads it, without opening and closing piece.

    Attributes:
        pieces: What the encoder reads.
        marks: Of each piece: in which mention's label it stands, or 0.
        sections: The kind of section that each piece stands in.
        cues: What rules take each piece for: the mark of an assertion, or 0.
        mentions: ``[first, last)`` pieces of each mention; at least one piece each.
        verdicts: Which rule decides of each mention, as a mark.
    """

    pieces: Window
    marks: Sequence[int]
    sections: Sequence[int]
    cues: Sequence[int]
    mentions: Sequence[tuple[int, int]]
    verdicts: Sequence[int]


class AssertionNetwork(nn.Module):
    """A small transformer over the states of an encoder, the marks of mentions, and rules.

    Copies of the encoder's next layers, trained on, read the states first. A mention's assertion
    is read off the mean state of its pieces and the rules' verdict.
    """

    def __init__(self, config: AssertionConfig) -> None:
        super().__init__()
        self.config = config
        size = config.size
        width = config.width
        self.copies = nn.ModuleList(
            nn.TransformerEncoderLayer(
                width, config.heads, 4 * width, 0.1, "gelu", EPSILON, batch_first=True
            )
            for _ in range(config.copies)
        )
        self.project = nn.Linear(width, size)
        self.marks = nn.Embedding(1 + len(config.labels), size)
        self.sections = nn.Embedding(len(config.sections), size)
        self.cues = nn.Embedding(1 + len(config.statuses), size)
        self.norm = nn.LayerNorm(size)
        self.dropout = nn.Dropout(0.2)
        layer = nn.TransformerEncoderLayer(
            size, 4, 4 * size, 0.1, "gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, config.layers, enable_nested_tensor=False)
        self.verdicts = nn.Embedding(1 + len(config.rules), size)
        self.read = nn.Sequential(
            nn.LayerNorm(size), nn.Linear(size, size), nn.GELU(), nn.Dropout(0.2),
            nn.Linear(size, len(config.statuses)),
        )  # fmt: skip

    def forward(
        self, windows: Sequence[MarkedWindow], states: Sequence[torch.Tensor]
    ) -> torch.Tensor:
        """Tell what is said of the mentions of windows.

        Args:
            windows: Windows, each with a mention or more.
            states: The encoder's states of each, shape (pieces + 2, width): those of the opening
                and of the closing piece, too.

        Returns:
            The logits of all mentions, in order: (mentions, statuses).
        """
        device = self.project.weight.device
        hidden = nn.utils.rnn.pad_sequence([one.float() for one in states], batch_first=True)
        hidden = hidden.to(device)
        padding = _padding([len(one) for one in states], device)
        for layer in self.copies:
            hidden = layer(hidden, src_key_padding_mask=padding)
        marks, sections, cues = (
            nn.utils.rnn.pad_sequence(
                [torch.tensor(getattr(w, name), dtype=torch.int64) for w in windows],
                batch_first=True,
            ).to(device)
            for name in ("marks", "sections", "cues")
        )
        own = self.project(hidden[:, 1:-1]) + self.marks(marks)
        own = self.norm(own + self.sections(sections) + self.cues(cues))
        padding = _padding([len(window.marks) for window in windows], device)
        own = self.layers(self.dropout(own), src_key_padding_mask=padding)
        pooled = torch.stack(
            [
                own[row, first:last].mean(dim=0)
                for row, window in enumerate(windows)
                for first, last in window.mentions
            ]
        )
        verdicts = torch.tensor([v for w in windows for v in w.verdicts], device=device)
        logits: torch.Tensor = self.read(pooled + self.verdicts(verdicts))
        return logits / self.config.temperature


def _padding(lengths: Sequence[int], device: torch.device) -> torch.Tensor | None:
    """Say where rows of some lengths are padding; None if they are as long as each other."""
    if min(lengths) == max(lengths):
        return None
    places = torch.arange(max(lengths), device=device)
    return places[None, :] >= torch.tensor(lengths, device=device)[:, None]


def write_network(network: AssertionNetwork, folder: Path) -> None:
    """Write a network's configuration and weights (safetensors); the weights last.

    Weights are float16, but for the matrices of the copies: int8 with a scale for each row.
    """
    folder.mkdir(parents=True, exist_ok=True)
    config = json.dumps(asdict(network.config), indent=2) + "\n"
    (folder / _CONFIG).write_text(config, encoding="utf-8")
    weights: dict[str, torch.Tensor] = {}
    for name, tensor in network.state_dict().items():
        weights |= _pack(name, tensor.detach().cpu())
    temporary = folder / f".{_WEIGHTS}"
    save_file(weights, temporary)
    temporary.replace(folder / _WEIGHTS)


def load_network(folder: Path, device: torch.device) -> AssertionNetwork:
    """Load a network for inference, in float32.

    Raises:
        SetupError: The folder holds none, or a damaged one.
    """
    network = None
    try:
        told = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
        lists = {name: tuple(cell) for name, cell in told.items() if isinstance(cell, list)}
        config = AssertionConfig(**(told | lists))
        network = AssertionNetwork(config)
        network.load_state_dict(_unpack(load_file(folder / _WEIGHTS)))
    except (
        OSError, ValueError, AssertionError, KeyError, TypeError, AttributeError, RuntimeError,
        SafetensorError,
    ):  # fmt: skip
        network = None
    if network is None:
        raise SetupError(
            f"the model of assertions in {folder} is missing, damaged or of another version: copy"
            " it again, or train one with `chartsift train assertion`"
        )
    return network.float().to(device).eval()


def _pack(name: str, tensor: torch.Tensor) -> dict[str, torch.Tensor]:
    if not name.startswith("copies.") or tensor.ndim < 2:
        return {name: tensor.to(torch.float16).contiguous()}
    scale = tensor.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
    return {name: (tensor / scale).round().to(torch.int8), name + _SCALE: scale.float()}


def _unpack(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {
        name: tensor.float() * weights[name + _SCALE] if tensor.dtype == torch.int8 else tensor
        for name, tensor in weights.items()
        if not name.endswith(_SCALE)
    }
