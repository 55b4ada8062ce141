from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SetupError
from pipeline.link.ranking import (
    FEATURES,
    Ranking,
    letters_alike,
    load_ranking,
    read_ranking,
    triples,
    write_ranking,
)

NOTHING = (0.0,) * len(FEATURES)


def ranking(shift: float = 0.0, first: float = 1.0) -> Ranking:
    return Ranking((first, *NOTHING[1:]), shift, 0.5)


def test_chances_leave_room_for_none() -> None:
    # odds 0 for the only candidate and 0 for none
    assert ranking().chances([NOTHING]) == [0.5]
    assert ranking().chances([]) == []


def test_better_candidates_have_better_chances() -> None:
    good, bad = ranking(first=2.0).chances([(1.0, *NOTHING[1:]), NOTHING])
    # e^2 : 1 : 1
    assert good == pytest.approx(0.787, abs=0.001)
    assert bad == pytest.approx(0.107, abs=0.001)


def test_odds_beyond_floats() -> None:
    assert ranking(shift=-5000.0).chances([NOTHING]) == [0.0]
    assert ranking(shift=5000.0).chances([NOTHING]) == [1.0]


def test_letters_whatever_the_order_of_words() -> None:
    assert letters_alike(triples(["back", "pain"]), triples(["pain", "back"])) == 1.0
    assert letters_alike(triples(["gout"]), triples(["rash"])) == 0.0
    assert letters_alike(frozenset(), frozenset()) == 0.0


def test_reads_what_was_written(tmp_path: Path) -> None:
    write_ranking(ranking(0.25, -1.5), tmp_path / "ranking.json")
    assert read_ranking(tmp_path / "ranking.json") == ranking(0.25, -1.5)


def test_damaged_weights(tmp_path: Path) -> None:
    path = tmp_path / "ranking.json"
    path.write_text('{"weights": {}, "shift": 0, "least": 0}', encoding="utf-8")
    with pytest.raises(SetupError, match="missing or damaged"):
        read_ranking(path)


@pytest.mark.parametrize(
    ("weights", "shift", "least"),
    [((1.0,), 0.0, 0.5), (NOTHING, float("nan"), 0.5), (NOTHING, 0.0, 1.5)],
)
def test_impossible_weights(weights: tuple[float, ...], shift: float, least: float) -> None:
    with pytest.raises(ValueError, match=r"ranking has|least probability"):
        Ranking(weights, shift, least)


def test_shipped_weights_prefer_exact_names() -> None:
    weights = dict(zip(FEATURES, load_ranking().weights, strict=True))
    assert weights["cosine"] > 0
    assert weights["letters"] > 0
    assert weights["label"] > 0
