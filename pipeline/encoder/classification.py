"""Classify the pieces of many windows: equal ones once, in batches sorted by length."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.encoder._hf import TokenClassifier, WordPieces


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """What a model sees at once, without its opening and closing piece.

    Attributes:
        ids: Ids of the word pieces.
        types: The token type of each; empty if all are 0.
    """

    ids: tuple[int, ...] = field(repr=False)  # which the vocabulary turns into text
    types: tuple[int, ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.ids)


def classify(
    classifier: TokenClassifier,
    windows: Collection[Window],
    batch_pieces: int,
    autocast: torch.dtype | None,
) -> dict[Window, NDArray[np.float32]]:
    """Compute the class probabilities of the pieces of windows.

    Args:
        classifier: The model.
        windows: Distinct windows; clinical text repeats itself, so give a set.
        batch_pieces: The most pieces in a batch, padding included; a larger window is a batch of
            its own.
        autocast: The type to compute in; None is float32.

    Returns:
        Window to an array of shape (pieces, classes).
    """
    found: dict[Window, NDArray[np.float32]] = {}
    for batch in _batches(windows, batch_pieces):
        rows = classifier.probabilities(*open_windows(batch, classifier.pieces), autocast)
        found.update((window, row[1:-1]) for window, row in zip(batch, rows, strict=True))
    return found


@dataclass(frozen=True, slots=True)
class EncodedWindow:
    """What a model made of a window.

    Attributes:
        probabilities: Of the classes of its pieces, shape (pieces, classes).
        states: A layer's states, shape (pieces + 2, width), float16: those of the opening and of
            the closing piece, too.
    """

    probabilities: NDArray[np.float32]
    states: torch.Tensor


def encode(
    classifier: TokenClassifier,
    windows: Collection[Window],
    batch_pieces: int,
    autocast: torch.dtype | None,
    depth: int,
) -> dict[Window, EncodedWindow]:
    """Compute what :func:`classify` does, and keep the states of the layer ``depth``."""
    found: dict[Window, EncodedWindow] = {}
    for batch in _batches(windows, batch_pieces):
        rows = classifier.encode(*open_windows(batch, classifier.pieces), autocast, depth)
        for window, (row, states) in zip(batch, rows, strict=True):
            if states is not None:
                found[window] = EncodedWindow(row[1:-1], states.clone())
    return found


def open_windows(
    windows: Sequence[Window], pieces: WordPieces
) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """Return the ids and types of windows with their opening and closing pieces."""
    ids = [(pieces.cls, *window.ids, pieces.sep) for window in windows]
    return ids, [(0, *(window.types or (0,) * len(window)), 0) for window in windows]


def _batches(windows: Collection[Window], size: int) -> Iterator[list[Window]]:
    batch: list[Window] = []
    for window in sorted(windows, key=lambda window: (len(window), window)):
        if batch and (len(batch) + 1) * (len(window) + 2) > size:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch
