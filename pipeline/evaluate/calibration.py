"""Whether scores mean what they say, and what a threshold on them would give.

Calibration: Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks (ICML 2017).
The event is that a predicted mention is right: a gold mention has its start, end and label.

A scored mention is ``(label, score, right)``: its predicted label, its score from 0 to 1, and
whether it is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from math import ceil

import numpy as np

Scored = tuple[str, float, bool]
"""A predicted mention: label, score and whether it is right."""

BINS = 15
MOST_POINTS = 50


@dataclass(frozen=True, slots=True)
class Bin:
    """The mentions whose scores lie in ``(low, high]``; the first bin holds 0 as well.

    Attributes:
        low: Lower end.
        high: Upper end.
        count: Number of mentions, at least 1.
        mean_score: Their mean score.
        share_right: The share of them that is right.
    """

    low: float
    high: float
    count: int
    mean_score: float
    share_right: float


@dataclass(frozen=True, slots=True)
class Point:
    """What keeping the mentions with a score of at least ``threshold`` gives, strictly scored."""

    threshold: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class LabelCalibration:
    """Calibration and curve of one label, or of all together.

    Attributes:
        count: Number of predicted mentions.
        mean_score: Their mean score; None if there are none.
        share_right: The share of them that is right; None if there are none.
        ece: Expected calibration error; None if there are none.
        bins: The bins that hold mentions, by score.
        curve: From the highest threshold to the lowest, no more than ``MOST_POINTS``.
        best: The point of the best F1 of all; None without a curve.
    """

    count: int
    mean_score: float | None
    share_right: float | None
    ece: float | None
    bins: tuple[Bin, ...]
    curve: tuple[Point, ...]
    best: Point | None

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON, to four places; thresholds as they are."""
        return {
            "count": self.count,
            "mean_score": _rounded(self.mean_score),
            "share_right": _rounded(self.share_right),
            "ece": _rounded(self.ece),
            "bins": [_plain(of_bin) for of_bin in self.bins],
            "curve": [_plain(point) for point in self.curve],
            "best_f1": None if self.best is None else _plain(self.best),
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration and curves of predicted mentions; numbers and labels only.

    Attributes:
        micro: All labels together.
        labels: By label, in alphabetical order.
    """

    micro: LabelCalibration
    labels: Mapping[str, LabelCalibration]

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "all": self.micro.to_dict(),
            "labels": {label: of_label.to_dict() for label, of_label in self.labels.items()},
        }


def score_calibration(scored: Sequence[Scored], gold: Mapping[str, int]) -> Calibration:
    """Compare scores with how often they are right, and draw the curves of thresholds.

    Args:
        scored: The predicted mentions; their labels are among those of ``gold``.
        gold: The number of gold mentions of each label.
    """
    return Calibration(
        micro=_of(scored, sum(gold.values())),
        labels={
            label: _of([mention for mention in scored if mention[0] == label], gold[label])
            for label in sorted(gold)
        },
    )


def calibration_bins(scored: Sequence[Scored], bins: int = BINS) -> tuple[Bin, ...]:
    """Sort mentions into bins of equal width, whatever their label; empty bins are left out.

    Args:
        scored: The predicted mentions.
        bins: Number of bins over 0 to 1.

    Raises:
        ValueError: A score lies outside 0 to 1.
    """
    if any(not 0 <= score <= 1 for _, score, _ in scored):
        raise ValueError("scores lie between 0 and 1")
    by_bin: dict[int, list[tuple[float, bool]]] = {}
    for _, score, right in scored:
        by_bin.setdefault(max(0, ceil(score * bins) - 1), []).append((score, right))
    return tuple(
        Bin(
            low=place / bins,
            high=(place + 1) / bins,
            count=len(members),
            mean_score=sum(score for score, _ in members) / len(members),
            share_right=sum(right for _, right in members) / len(members),
        )
        for place, members in sorted(by_bin.items())
    )


def expected_calibration_error(scored: Sequence[Scored], bins: int = BINS) -> float | None:
    """Return the mean over mentions of their bin's gap between mean score and share right.

    Args:
        scored: The predicted mentions, whatever their label.
        bins: Number of bins of equal width.

    Returns:
        A number from 0 to 1; None without mentions.
    """
    if not scored:
        return None
    return sum(
        of_bin.count / len(scored) * abs(of_bin.mean_score - of_bin.share_right)
        for of_bin in calibration_bins(scored, bins)
    )


def threshold_curve(scored: Sequence[Scored], gold: int) -> tuple[Point, ...]:
    """Score what each threshold keeps: a point for each score, from the highest to the lowest.

    Args:
        scored: The predicted mentions, whatever their label.
        gold: Number of gold mentions; with 0 there is no recall, so no curve.
    """
    points: list[Point] = []
    kept = right = 0
    ranked = sorted(scored, key=lambda mention: -mention[1])
    for threshold, equals in groupby(ranked, key=lambda mention: mention[1]) if gold else ():
        members = list(equals)
        kept += len(members)
        right += sum(is_right for _, _, is_right in members)
        points.append(Point(threshold, right / kept, right / gold, 2 * right / (kept + gold)))
    return tuple(points)


def best_point(points: Sequence[Point]) -> Point | None:
    """Return the point of the highest F1, of equals the lowest threshold; None without points."""
    return max(points, key=lambda point: (point.f1, -point.threshold), default=None)


def thin(points: Sequence[Point], most: int = MOST_POINTS) -> tuple[Point, ...]:
    """Keep at most so many points, spread evenly: the first, the last and the best among them.

    Args:
        points: A curve.
        most: How many to keep, 3 or more.
    """
    best = best_point(points)
    if best is None or len(points) <= most:
        return tuple(points)
    places = set(np.linspace(0, len(points) - 1, most - 1).round().astype(int).tolist())
    return tuple(points[place] for place in sorted(places | {points.index(best)}))


def _of(scored: Sequence[Scored], gold: int) -> LabelCalibration:
    points = threshold_curve(scored, gold)
    return LabelCalibration(
        count=len(scored),
        mean_score=_mean([score for _, score, _ in scored]),
        share_right=_mean([right for _, _, right in scored]),
        ece=expected_calibration_error(scored),
        bins=calibration_bins(scored),
        curve=thin(points),
        best=best_point(points),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _plain(part: Bin | Point) -> dict[str, float]:
    return {
        name: value if name == "threshold" else round(value, 4)
        for name, value in asdict(part).items()
    }
