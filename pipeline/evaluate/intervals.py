"""Ratios over a set of documents with bootstrap intervals.

Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13: the percentile interval.
Documents are drawn, not tokens or mentions, for those of one document go wrong together. Where no
document goes wrong, or every one wholly, draws don't differ and would promise certainty; the
interval is then the exact binomial one (Clopper and Pearson, 1934) with documents for trials.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 1000
_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio with its 95 % interval.

    Attributes:
        value: The ratio over all documents; None if there is nothing to count.
        low: The interval's lower end; None if ``value`` is, or with fewer than two documents.
        high: Its upper end.
    """

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "-"
        if self.low is None or self.high is None:
            return f"{self.value:.3f}"
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"

    def to_dict(self) -> dict[str, float | None]:
        """Return the numbers to four places."""
        return {
            name: None if number is None else round(number, 4)
            for name, number in (("value", self.value), ("low", self.low), ("high", self.high))
        }


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The same draws of documents for every ratio of a report.

    Attributes:
        weights: How often each draw holds each document, (draws, documents).
    """

    weights: NDArray[np.float64]

    def ratio(self, numerators: ArrayLike, denominators: ArrayLike) -> Estimate:
        """Estimate a sum over documents divided by another.

        Draws whose denominator is 0 are left out of the interval.

        Args:
            numerators: One number for each document.
            denominators: One number for each document.
        """
        over = np.asarray(numerators, np.float64)
        under = np.asarray(denominators, np.float64)
        if under.sum() == 0:
            return Estimate(None)
        value = float(over.sum() / under.sum())
        if len(under) < 2:
            return Estimate(value)
        if not over.any() or np.array_equal(over, under):
            reach = _TAIL ** (1 / np.count_nonzero(under))
            return Estimate(value, reach, 1.0) if value else Estimate(value, 0.0, 1 - reach)
        drawn = self.weights @ under
        ratios = (self.weights @ over)[drawn > 0] / drawn[drawn > 0]
        low, high = np.quantile(ratios, (_TAIL, 1 - _TAIL))
        return Estimate(value, float(low), float(high))


def draw(documents: int, resamples: int = RESAMPLES, seed: int = 0) -> Bootstrap:
    """Draw as many documents as there are, with replacement, ``resamples`` times.

    Args:
        documents: Their number, at least 1.
        resamples: Number of draws.
        seed: The same seed gives the same draws.
    """
    chances = np.full(documents, 1 / documents)
    weights = np.random.default_rng(seed).multinomial(documents, chances, size=resamples)
    return Bootstrap(weights.astype(np.float64))
