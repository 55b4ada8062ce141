from __future__ import annotations

import numpy as np
import pytest

from pipeline.evaluate.intervals import Estimate, draw


def test_ratio_of_sums() -> None:
    assert draw(3).ratio([1, 2, 0], [2, 2, 4]).value == pytest.approx(3 / 8)


def test_interval_of_a_share_agrees_with_theory() -> None:
    # 400 documents, half of them right: standard error 0.025, so 0.5 plus or minus 0.049.
    estimate = draw(400, resamples=4000).ratio([1, 0] * 200, np.ones(400))
    assert estimate.low == pytest.approx(0.451, abs=0.005)
    assert estimate.high == pytest.approx(0.549, abs=0.005)


def test_documents_that_agree_leave_no_doubt() -> None:
    estimate = draw(50).ratio([3] * 50, [4] * 50)
    assert (estimate.low, estimate.high) == (0.75, 0.75)


def test_the_same_seed_gives_the_same_interval() -> None:
    over, under = np.arange(20), np.full(20, 30)
    assert draw(20).ratio(over, under) == draw(20).ratio(over, under)
    assert draw(20, seed=1).ratio(over, under) != draw(20).ratio(over, under)


def test_nothing_to_count_has_no_value() -> None:
    assert draw(2).ratio([0, 0], [0, 0]) == Estimate(None)


def test_one_document_has_no_interval() -> None:
    assert draw(1).ratio([1], [2]) == Estimate(0.5)


def test_draws_without_anything_to_count_are_left_out() -> None:
    # Only one of two documents counts: every draw that holds it gives the same ratio.
    estimate = draw(2).ratio([1, 0], [4, 0])
    assert (estimate.low, estimate.high) == (0.25, 0.25)


def test_documents_without_a_miss_promise_no_certainty() -> None:
    # Exact binomial: of 2 documents 0.025 ** (1/2), of 100 0.025 ** (1/100).
    two = draw(3).ratio([2, 5, 0], [2, 5, 0])
    assert (two.value, two.low, two.high) == (1.0, pytest.approx(0.1581, abs=1e-4), 1.0)
    none = draw(100).ratio([0] * 100, [3] * 100)
    assert (none.value, none.low, none.high) == (0.0, 0.0, pytest.approx(0.0362, abs=1e-4))


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (Estimate(None), "-"),
        (Estimate(0.5), "0.500"),
        (Estimate(0.98765, 0.9, 1.0), "0.988 (0.900-1.000)"),
    ],
)
def test_estimates_as_text(estimate: Estimate, text: str) -> None:
    assert str(estimate) == text


def test_estimates_as_numbers() -> None:
    assert Estimate(2 / 3, 0.5, 1.0).to_dict() == {"value": 0.6667, "low": 0.5, "high": 1.0}
