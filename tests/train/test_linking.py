from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.evaluate.linked_gold import read_linked_pubtator
from pipeline.link.ranking import FEATURES
from pipeline.train.linking import Choice, fit_ranking, read_choices
from tests.link.terminologies import small_linker


def choice(*candidates: tuple[dict[str, float], bool], count: int = 1) -> Choice:
    features = [[values.get(name, 0.0) for name in FEATURES] for values, _ in candidates]
    right = np.array([right for _, right in candidates], np.bool_)
    return Choice(np.array(features).reshape(len(candidates), len(FEATURES)), right, count)


def test_learns_what_speaks_for_a_concept() -> None:
    better, worse = {"words": 1.0, "cosine": 0.9}, {"words": 1.0, "cosine": 0.3}
    choices = [choice((better, True), (worse, False)), choice((worse, False))] * 30
    ranking = fit_ranking(choices)
    chances = [ranking.chances(one.features.tolist()) for one in choices[:2]]
    assert chances[0][0] > 0.8
    assert chances[0][1] < 0.1
    assert chances[1][0] < 0.2
    assert chances[1][0] < ranking.least <= chances[0][0]


def test_what_never_differs_keeps_its_weight() -> None:
    ranking = fit_ranking([choice(({"spelling": 1.0, "cosine": 0.0}, True))])
    assert dict(zip(FEATURES, ranking.weights, strict=True))["label"] == 0.5


def test_reads_each_distinct_mention_once(tmp_path: Path) -> None:
    gold = tmp_path / "gold.txt"
    gold.write_text(
        "1|t|Renal cancer, renal cancer, gout.\n1|a|Gout.\n"
        "1\t0\t12\tRenal cancer\tDisease\tD007680\n1\t14\t26\trenal cancer\tDisease\tD007680\n"
        "1\t28\t32\tgout\tDisease\t-1\n2|t|Renal cancer.\n2|a|None.\n"
        "2\t0\t12\tRenal cancer\tDisease\tD007680\n",
        encoding="utf-8",
    )
    choices = read_choices(read_linked_pubtator(gold), small_linker())
    assert sorted(one.count for one in choices) == [1, 2]
    assert all(one.right.any() for one in choices)
