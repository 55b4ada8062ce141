from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.calibration import (
    Bin,
    Point,
    Scored,
    best_point,
    calibration_bins,
    expected_calibration_error,
    score_calibration,
    thin,
    threshold_curve,
)

MENTIONS: list[Scored] = [
    ("DISEASE", 0.95, True),
    ("DISEASE", 0.95, False),
    ("SYMPTOM", 0.6, True),
    ("SYMPTOM", 0.5, False),
]


def test_bins_hold_their_upper_end() -> None:
    # 0 and 1/15 lie in the first bin of (0, 1/15], 0.07 in the next; 0.2 = 3/15 in the third.
    scores = [0.0, 1 / 15, 0.07, 0.2, 1.0]
    bins = calibration_bins([("X", score, True) for score in scores])
    assert [(round(b.low * 15), round(b.high * 15), b.count) for b in bins] == [
        (0, 1, 2),
        (1, 2, 1),
        (2, 3, 1),
        (14, 15, 1),
    ]


def test_a_bin_compares_its_mean_score_with_the_share_right() -> None:
    [first, second] = calibration_bins(MENTIONS, bins=2)
    assert first == Bin(low=0.0, high=0.5, count=1, mean_score=0.5, share_right=0.0)
    assert (second.count, second.share_right) == (3, pytest.approx(2 / 3))
    assert second.mean_score == pytest.approx(2.5 / 3)


def test_expected_calibration_error() -> None:
    # Bins of 1/15: two at 0.95 of which half is right; one at 0.6, right; one at 0.5, wrong.
    assert expected_calibration_error(MENTIONS) == pytest.approx((2 * 0.45 + 0.4 + 0.5) / 4)
    assert expected_calibration_error([]) is None


def test_scores_that_are_always_right_to_the_share_are_calibrated() -> None:
    scored: list[Scored] = [("X", 0.75, right) for right in (True, True, True, False)]
    assert expected_calibration_error(scored) == 0


def test_a_score_outside_of_0_to_1_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        calibration_bins([("X", 1.01, True)])


def test_a_curve_has_a_point_for_each_score() -> None:
    # With 4 gold mentions: 1 of 2 right, then 2 of 3, then 2 of 4.
    assert threshold_curve(MENTIONS, 4) == (
        Point(0.95, 1 / 2, 1 / 4, 2 / 6),
        Point(0.6, 2 / 3, 2 / 4, 4 / 7),
        Point(0.5, 2 / 4, 2 / 4, 4 / 8),
    )
    assert threshold_curve([], 4) == ()
    assert threshold_curve(MENTIONS, 0) == ()


def test_of_equally_good_points_the_lowest_threshold_is_best() -> None:
    points = [Point(0.9, 1, 0.5, 0.6), Point(0.7, 0.9, 0.5, 0.5), Point(0.4, 0.5, 1, 0.6)]
    assert best_point(points) == points[2]
    assert best_point([]) is None


def test_a_thinned_curve_keeps_its_ends_and_its_best_point() -> None:
    points = [Point(1 - n / 1000, 1, 1, 0.9 if n == 340 else 0.5) for n in range(1000)]
    few = thin(points)
    assert len(few) == 50
    assert (few[0], few[-1]) == (points[0], points[-1])
    assert points[340] in few
    assert list(few) == sorted(few, key=lambda point: -point.threshold)
    gaps = [a.threshold - b.threshold for a, b in pairwise(few)]
    assert max(gaps) < 0.022
    assert thin(points[:50]) == tuple(points[:50])


def test_labels_are_calibrated_apart_and_together() -> None:
    calibration = score_calibration(MENTIONS, {"DISEASE": 1, "SYMPTOM": 2, "TREATMENT": 3})
    assert calibration.micro.count == 4
    assert calibration.micro.share_right == 0.5
    assert calibration.micro.mean_score == pytest.approx(0.75)
    disease, symptom, treatment = calibration.labels.values()
    assert disease.ece == pytest.approx(0.45)
    assert disease.best == Point(0.95, 1 / 2, 1, 2 / 3)
    assert symptom.best == Point(0.6, 1, 1 / 2, 2 / 3)
    assert treatment.to_dict() == {
        "count": 0,
        "mean_score": None,
        "share_right": None,
        "ece": None,
        "bins": [],
        "curve": [],
        "best_f1": None,
    }


def test_json_rounds_all_but_thresholds() -> None:
    # A threshold that were rounded up would drop the very mention that it stands for.
    plain = score_calibration([("X", 0.666666, True)], {"X": 3}).to_dict()["all"]
    point = {"threshold": 0.666666, "precision": 1.0, "recall": 0.3333, "f1": 0.5}
    assert plain == {
        "count": 1,
        "mean_score": 0.6667,
        "share_right": 1.0,
        "ece": 0.3333,
        "bins": [
            {"low": 0.6, "high": 0.6667, "count": 1, "mean_score": 0.6667, "share_right": 1.0}
        ],
        "curve": [point],
        "best_f1": point,
    }


scored = st.lists(st.tuples(st.just("X"), st.floats(0, 1), st.booleans()).map(tuple), max_size=80)


@given(scored, st.integers(0, 20))
def test_the_curve_ends_with_all_mentions(mentions: list[Scored], missed: int) -> None:
    right = sum(is_right for _, _, is_right in mentions)
    points = threshold_curve(mentions, right + missed)
    if mentions and right + missed:
        assert points[-1].precision == right / len(mentions)
        assert points[-1].recall == right / (right + missed)
    recalls = [point.recall for point in points]
    assert recalls == sorted(recalls)
    best = best_point(points)
    assert len(thin(points)) <= 50
    assert best is None or best in thin(points)


@given(scored)
def test_bins_hold_every_mention_once(mentions: list[Scored]) -> None:
    bins = calibration_bins(mentions)
    assert sum(of_bin.count for of_bin in bins) == len(mentions)
    error = expected_calibration_error(mentions)
    assert error is None or -1e-9 <= error <= 1 + 1e-9
