from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.evaluate.evaluation import run_identifiers
from pipeline.evaluate.release import run_survival
from tests.evaluate.test_evaluation import MODELS, gold_file


@pytest.mark.parametrize(("known", "survived"), [(True, 0), (False, 1)])
def test_what_survives_of_a_file(tmp_path: Path, known: bool, survived: int) -> None:
    # Only registration knows Quill; 3, 4 and Fen are found without it.
    errors = tmp_path / "errors.jsonl"
    scores = run_survival(MODELS, gold_file(tmp_path), known, "safe_harbor", "tag", errors)
    assert (scores.tokens.n, scores.tokens.survived) == (4, survived)
    assert (scores.known.n, scores.known.survived) == (1, survived)
    assert scores.clean_notes.value == 1 - survived
    [row] = map(json.loads, errors.read_text().splitlines())
    assert [s["how"] for s in row["survivors"]] == ["in place", "known"] * survived


def test_identifiers_of_a_file(tmp_path: Path) -> None:
    scores = run_identifiers(MODELS, gold_file(tmp_path), True, None)
    recalls = {s.identifier.letter: s.recall.tokens for s in scores if s.recall is not None}
    assert recalls == {"A": 2, "C": 2}


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    absent = tmp_path / "absent" / "errors.jsonl"
    with pytest.raises(ConfigError, match="make it first"):
        run_survival(MODELS, tmp_path / "gold", True, "safe_harbor", "tag", absent)
