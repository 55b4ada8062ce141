"""Tests of scoring what given gold mentions mean, and of the predictions that are written."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.config import Config, Context
from pipeline.evaluate.meaning import run_assertion, run_linking, run_medication, run_sections
from pipeline.evaluate.report import render, to_json

ASSERTED = {
    "note_id": "a",
    "text": "Denies cough. Allergic to sulfa.\nFAMILY HISTORY: asthma.",
    "entities": [
        {"start": 7, "end": 12, "label": "SYMPTOM", "assertion": "absent"},
        {"start": 26, "end": 31, "label": "TREATMENT", "assertion": "absent"},
        {"start": 49, "end": 55, "label": "DISEASE", "assertion": "family"},
    ],
}
SIG = {
    "text": "Lasix 40 mg po bid prn",
    "drug": [0, 5],
    "dose": "40", "unit": "mg", "route": "oral", "frequency": "twice a day", "duration": None,
    "prn": True,
    "spans": {"dose": [6, 8], "unit": [9, 11], "route": [12, 14], "frequency": [15, 18],
              "duration": None, "prn": [19, 22]},
}  # fmt: skip
ABSTRACT = "1|t|Asthma in mice.\n1|a|No more.\n1\t0\t6\tAsthma\tDisease\tD001249\n\n"


RULES = Config(context=Context(assertion="rules"))


def read(path: Path) -> list[dict[str, Any]]:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_assertion(tmp_path: Path) -> None:
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.jsonl"
    gold.write_text(json.dumps(ASSERTED))

    scores = run_assertion(gold, RULES, out)

    assert scores.accuracy is not None
    assert scores.accuracy.value == 1.0
    [row] = read(out)
    assert row["note_id"] == "a"
    told = [(e["start"], e["assertion"], e["allergy"], e["cue_start"]) for e in row["entities"]]
    assert told == [(7, "absent", False, 0), (26, "absent", True, 14), (49, "family", False, 33)]
    assert render(scores)
    assert json.loads(to_json(scores))["statuses"]["family"]["gold"] == 1


def test_assertion_by_the_network(tmp_path: Path) -> None:
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.jsonl"
    gold.write_text(json.dumps(ASSERTED))

    scores = run_assertion(gold, Config(), out)

    assert scores.seen_documents == 0
    [row] = read(out)
    told = [(e["start"], e["assertion"], e["allergy"]) for e in row["entities"]]
    assert told == [(7, "absent", False), (26, "absent", True), (49, "family", False)]
    run_assertion(gold, RULES, out)
    [by_rules] = read(out)
    assert all(
        one["assertion_score"] != other["assertion_score"]
        for one, other in zip(row["entities"], by_rules["entities"], strict=True)
    )


def test_link(tmp_path: Path) -> None:
    gold, out = tmp_path / "gold.txt", tmp_path / "out.jsonl"
    gold.write_text(ABSTRACT)

    scores = run_linking(gold, Config().link.vocabulary, out)

    assert scores.accuracy.value == 1.0
    [row] = read(out)
    [entity] = row["entities"]
    assert entity["codes"]["mesh"] == "D001249"
    assert 0 < entity["link_score"] <= 1
    assert render(scores)


def test_sections(tmp_path: Path) -> None:
    gold, notes, out = (tmp_path / name for name in ("gold.tsv", "notes.jsonl", "out.jsonl"))
    notes.write_text(json.dumps({"note_id": "a", "text": "PLAN: Rest.\n"}))
    gold.write_text("note_id\tstart\tend\tsection\na\t0\t4\tplan\n")

    scores = run_sections(gold, notes, out)

    assert (scores.f1.value, scores.accuracy.value) == (1.0, 1.0)
    assert read(out) == [{"note_id": "a", "sections": [{"start": 0, "end": 4, "section": "plan"}]}]
    assert render(scores)


def test_medication(tmp_path: Path) -> None:
    gold, out = tmp_path / "gold.jsonl", tmp_path / "out.jsonl"
    gold.write_text(json.dumps(SIG))

    scores = run_medication(gold, out)

    assert scores.all_right.value == 1.0
    [row] = read(out)
    assert row == {key: value for key, value in SIG.items() if key not in ("text", "drug")}
    assert render(scores)


@pytest.mark.parametrize(
    "arguments", [["sections", "g.tsv"], ["assertion", "g.jsonl", "--notes", "notes.parquet"]]
)
def test_notes_are_asked_for_by_sections_alone(arguments: list[str]) -> None:
    done = CliRunner().invoke(app, ["evaluate", *arguments])

    assert done.exit_code == 2
    assert "--notes" in done.output
