"""The bar: every field right on 150 lines whose writer hadn't seen the rules."""

from __future__ import annotations

from pathlib import Path

from pipeline.evaluate.medication import predict_sigs, read_sigs, score_sigs
from pipeline.medication.sig import FIELDS

GOLD = Path(__file__).with_name("sig_lines.jsonl")
BAR = 0.95


def test_every_field_is_right_in_nineteen_lines_of_twenty() -> None:
    gold = read_sigs(GOLD)
    scores = score_sigs(gold, predict_sigs(gold))
    below = [field for field in FIELDS if (scores.fields[field].value.value or 0) < BAR]
    assert (scores.lines, below) == (150, [])
