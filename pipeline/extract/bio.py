"""From class probabilities of words to mentions: constrained decoding of the BIO scheme.

Ramshaw and Marcus, 1995, "Text Chunking using Transformation-Based Learning", for the scheme;
Viterbi, 1967, for the best valid sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_FORBIDDEN = -1e9


@dataclass(frozen=True, slots=True)
class Scheme:
    """The classes of a BIO scheme and what may follow what.

    Attributes:
        classes: ``O``, then ``B-X`` and ``I-X`` of each label, in any order.
        outside: Index of ``O``.
        begins: Label to the index of its ``B-``.
        inside: Label to the index of its ``I-``.
        transitions: Shape (classes, classes): 0 where the column may follow the row, else a
            large negative number.

    Raises:
        ValueError: The classes are no complete BIO scheme.
    """

    classes: tuple[str, ...]
    outside: int = field(init=False)
    begins: dict[str, int] = field(init=False)
    inside: dict[str, int] = field(init=False)
    transitions: NDArray[np.float32] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        begins = {name[2:]: i for i, name in enumerate(self.classes) if name.startswith("B-")}
        inside = {name[2:]: i for i, name in enumerate(self.classes) if name.startswith("I-")}
        complete = "O" in self.classes and begins.keys() == inside.keys() and len(begins) > 0
        if not complete or len(set(self.classes)) != 1 + 2 * len(begins):
            raise ValueError(f"no complete BIO scheme: {', '.join(self.classes)}")
        allowed = np.zeros((len(self.classes), len(self.classes)), dtype=np.float32)
        for label, index in inside.items():
            allowed[:, index] = _FORBIDDEN
            allowed[[begins[label], index], index] = 0.0
        object.__setattr__(self, "outside", self.classes.index("O"))
        object.__setattr__(self, "begins", begins)
        object.__setattr__(self, "inside", inside)
        object.__setattr__(self, "transitions", allowed)

    def decode(
        self,
        probabilities: NDArray[np.float32],
        breaks: NDArray[np.bool_],
        blocked: NDArray[np.bool_],
    ) -> NDArray[np.intp]:
        """Find the most probable valid sequence of classes.

        Args:
            probabilities: Shape (words, classes), at least one word.
            breaks: Shape (words,): no mention goes on from the word before into this one.
            blocked: Shape (words,): the word is in no mention.

        Returns:
            The class of each word.
        """
        scores = np.log(np.maximum(probabilities, 1e-12))
        scores[blocked] = _FORBIDDEN
        scores[blocked, self.outside] = 0.0
        for index in self.inside.values():
            scores[breaks, index] = _FORBIDDEN
            scores[0, index] = _FORBIDDEN
        best: NDArray[np.intp] = scores.argmax(axis=1)
        if np.all(self.transitions[best[:-1], best[1:]] == 0.0):
            return best
        pointers = np.zeros(scores.shape, dtype=np.intp)
        total = scores[0]
        for word in range(1, len(scores)):
            paths = total[:, None] + self.transitions
            pointers[word] = paths.argmax(axis=0)
            total = paths.max(axis=0) + scores[word]
        best[-1] = total.argmax()
        for word in range(len(scores) - 1, 0, -1):
            best[word - 1] = pointers[word, best[word]]
        return best

    def find_runs(self, path: Sequence[int]) -> list[tuple[int, int, str]]:
        """Find the mentions in a valid sequence of classes.

        Returns:
            ``(first, last, label)`` with half-open ranges of words.
        """
        labels = {index: label for label, index in self.begins.items()}
        inside = set(self.inside.values())
        runs: list[tuple[int, int, str]] = []
        for word, index in enumerate(path):
            if index in labels:
                runs.append((word, word + 1, labels[index]))
            elif index in inside:
                first, _, label = runs[-1]
                runs[-1] = (first, word + 1, label)
        return runs
