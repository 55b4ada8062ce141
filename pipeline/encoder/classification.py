"""Classify the pieces of many windows: equal ones once, in batches sorted by length."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.encoder._hf import TokenClassifier


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """What a model sees at once, without its opening and closing piece.

    Attributes:
        ids: Ids of the word pieces.
        types: The token type of each; empty if all are 0.
    """

    ids: tuple[int, ...]
    types: tuple[int, ...] = ()

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
    cls, sep = classifier.pieces.cls, classifier.pieces.sep
    found: dict[Window, NDArray[np.float32]] = {}
    for batch in _batches(windows, batch_pieces):
        ids = [(cls, *window.ids, sep) for window in batch]
        types = [(0, *(window.types or (0,) * len(window)), 0) for window in batch]
        rows = classifier.probabilities(ids, types, autocast)
        found.update((window, row[1:-1]) for window, row in zip(batch, rows, strict=True))
    return found


def _batches(windows: Collection[Window], size: int) -> Iterator[list[Window]]:
    batch: list[Window] = []
    for window in sorted(windows, key=lambda window: (len(window), window)):
        if batch and (len(batch) + 1) * (len(window) + 2) > size:
            yield batch
            batch = []
        batch.append(window)
    if batch:
        yield batch
