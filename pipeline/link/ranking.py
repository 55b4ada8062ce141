"""Which of several concepts a mention means, and how surely.

A weighted sum of what speaks for a concept gives its log odds against "none of them"; the weights
are learned on annotated mentions (:mod:`pipeline.train.linking`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite
from operator import mul
from pathlib import Path
from typing import Final

from pipeline.errors import SetupError
from pipeline.resources import data_path

STAGES: Final = ("spelling", "spelling_bare", "meaning", "meaning_bare", "core", "words")
"""How a name was found: by its spelling forms or meaning forms, with all of the mention's words
or without those that may be dropped, by the words that say more than that something is wrong, or by
some of its words."""

WHOLE: Final = (STAGES.index("spelling"), STAGES.index("meaning"))
"""The stages where all words of a name are found."""

FEATURES: Final = (
    *STAGES, "cosine", "letters", "label", "familiar", "common",
    "more_words", "more_modifiers", "more_general", "less_words", "less_modifiers", "less_general",
    "covered", "covering", "abbreviation", "induced", "part", "noun", "slips", "head", "gathered",
)  # fmt: skip
"""What speaks for or against a concept, in the order of the weights."""

_FILE: Final = "ranking.json"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Weights and the least probability of a concept.

    Attributes:
        weights: One for each of ``FEATURES``.
        shift: Log odds without any of them.
        least: A mention whose best concept is less probable has none.

    Raises:
        ValueError: A number is missing, infinite, or no probability.
    """

    weights: tuple[float, ...]
    shift: float
    least: float

    def __post_init__(self) -> None:
        if len(self.weights) != len(FEATURES):
            raise ValueError(f"a ranking has {len(FEATURES)} weights, got {len(self.weights)}")
        if not all(map(isfinite, (*self.weights, self.shift))):
            raise ValueError("a ranking has finite weights")
        if not 0.0 <= self.least <= 1.0:
            raise ValueError(f"a least probability lies in [0, 1], got {self.least}")

    def odds(self, features: Sequence[float]) -> float:
        """Return the log odds of a concept with these features against none."""
        return float(self.shift + sum(map(mul, self.weights, features)))

    def chances(self, candidates: Sequence[Sequence[float]]) -> list[float]:
        """Return the chance of each of a mention's concepts; the rest is that of none.

        Args:
            candidates: Each concept's features.
        """
        return shares([self.odds(features) for features in candidates])


def shares(odds: Sequence[float]) -> list[float]:
    """Return the chance of each of a mention's concepts by its log odds against none."""
    most = max(0.0, *odds) if odds else 0.0
    powers = [exp(one - most) for one in odds]
    whole = exp(-most) + sum(powers)
    return [power / whole for power in powers]


def letters_alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Dice coefficient of two sets of letter triples."""
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0


def triples(words: Sequence[str]) -> frozenset[str]:
    """Return the letter triples of words, whatever their order."""
    return frozenset(
        padded[place : place + 3]
        for padded in (f" {word} " for word in words)
        for place in range(len(padded) - 2)
    )


def load_ranking() -> Ranking:
    """Read the shipped weights (``data/vocabulary/ranking.json``)."""
    return read_ranking(data_path("vocabulary", _FILE))


def read_ranking(path: Path) -> Ranking:
    """Read weights.

    Raises:
        SetupError: The file is missing or damaged.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))
        weights = tuple(float(cells["weights"][name]) for name in FEATURES)
        return Ranking(weights, float(cells["shift"]), float(cells["least"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise SetupError(f"{path} is missing or damaged: copy the folder of the vocabulary again")


def write_ranking(ranking: Ranking, path: Path) -> None:
    """Write weights, to four places."""
    weights = {n: round(w, 4) for n, w in zip(FEATURES, ranking.weights, strict=True)}
    cells = {"weights": weights, "shift": round(ranking.shift, 4), "least": ranking.least}
    path.write_text(json.dumps(cells, indent=2) + "\n", encoding="utf-8")
