"""From a model's raw scores to the probability that a mention is right.

Kull, Silva Filho and Flach, 2017, "Beta calibration: a well-founded and easily implemented
improvement on logistic calibration for binary classifiers". A mention is right if its start, end
and label are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import exp, isfinite, log
from pathlib import Path

from pipeline.errors import SetupError

FILE = "calibration.json"
"""The file's name, in the folder of the model whose scores it calibrates."""

_LEAST = 1e-6
"""Scores nearer to 0 or 1 count as this near."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A map of raw scores to probabilities that never falls.

    The probability of a score ``s`` has the log odds ``rise ln s - fall ln(1 - s) + shift``. With
    equal ``rise`` and ``fall`` this is logistic calibration of the score's log odds (Platt, 1999);
    as it stands without arguments, it changes nothing.

    Attributes:
        rise: How much the score's nearness to 0 counts, at least 0.
        fall: How much its nearness to 1 counts, at least 0.
        shift: Log odds for all scores.

    Raises:
        ValueError: A number is infinite or would let the curve fall.
    """

    rise: float = 1.0
    fall: float = 1.0
    shift: float = 0.0

    def __post_init__(self) -> None:
        if not all(map(isfinite, (self.rise, self.fall, self.shift))):
            raise ValueError("a curve has finite numbers")
        if self.rise < 0 or self.fall < 0:
            raise ValueError("a curve never falls: rise and fall are at least 0")

    def apply(self, raw: float) -> float:
        """Return the probability of a raw score from 0 to 1."""
        low, high = log_odds(raw)
        odds = self.rise * low + self.fall * high + self.shift
        return 1.0 / (1.0 + exp(-odds)) if odds > -700 else 0.0


def log_odds(raw: float) -> tuple[float, float]:
    """Return both parts of a score's log odds, ``ln s`` and ``-ln(1 - s)``, kept finite."""
    score = min(max(raw, _LEAST), 1.0 - _LEAST)
    return log(score), -log(1.0 - score)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the raw scores of a model's mentions mean.

    Attributes:
        curves: Label to its curve; scores of other labels stay as they are.
    """

    curves: Mapping[str, Curve]

    def probability(self, label: str, raw: float) -> float:
        """Return the probability that a mention with this label and raw score is right."""
        return self.curves.get(label, _UNCHANGED).apply(raw)


_UNCHANGED = Curve()
_NAMES = {field.name for field in fields(Curve)}

UNCALIBRATED = Calibration({})
"""Leaves every score as it is."""


def read_calibration(folder: Path) -> Calibration:
    """Read the calibration beside a model's weights; without one, scores stay as they are.

    Args:
        folder: The model's.

    Raises:
        SetupError: The file can't be read or holds something else.
    """
    calibration = None
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
        curves = {label: Curve(**curve) for label, curve in found.items()}
        if all(curve.keys() == _NAMES for curve in found.values()):
            calibration = Calibration(curves)
    except FileNotFoundError:
        return UNCALIBRATED
    except (OSError, ValueError, TypeError, AttributeError):
        pass
    if calibration is None:
        raise SetupError(
            f"{folder / FILE} is no calibration (for each label rise, fall and shift): train the"
            " model anew, or delete the file to get its scores as they are"
        )
    return calibration
