"""Tests of the scores of sections."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.errors import InputError
from pipeline.evaluate.meaning import run_sections
from pipeline.evaluate.section_gold import HeadedNote, read_section_gold
from pipeline.evaluate.sections import KindScores, render_sections, score_sections
from pipeline.note import Note, Section

TEXT = "PLAN: Rest.\nDIET: Soft."
HEAD = "note_id\tstart\tend\tsection\n"


def gold_file(folder: Path, rows: Sequence[str], head: str = HEAD) -> Path:
    path = folder / "gold.tsv"
    path.write_text(head + "".join(f"{row}\n" for row in rows))
    return path


def notes_file(folder: Path, ids: Sequence[str] = ("a", "b")) -> Path:
    path = folder / "notes.jsonl"
    path.write_text("".join(json.dumps({"note_id": i, "text": TEXT}) + "\n" for i in ids))
    return path


def test_scores_count_headings_by_exact_offsets() -> None:
    # First note: plan right, diet of another kind. Second: plan one too long, diet not found.
    gold = [
        HeadedNote(Note("a", "a"), {(0, 4): "plan", (12, 16): "discharge_instructions"}),
        HeadedNote(Note("b", "b"), {(0, 4): "plan", (12, 16): "discharge_instructions"}),
    ]
    found = {
        "a": [Section("plan", 0, 12, (0, 4)), Section("social_history", 12, 23, (12, 16))],
        "b": [Section("other", 0, 0), Section("plan", 0, 23, (0, 5))],
    }
    scores = score_sections(gold, found.__getitem__)
    assert (scores.notes, scores.gold, scores.predicted) == (2, 4, 3)
    assert scores.recall.value == 2 / 4
    assert scores.precision.value == 2 / 3
    assert scores.f1.value == 4 / 7
    assert scores.accuracy.value == 1 / 2
    assert scores.kinds == {
        "social_history": KindScores(gold=0, found=0, right=0, invented=0),
        "plan": KindScores(gold=2, found=1, right=1, invented=1),
        "discharge_instructions": KindScores(gold=2, found=1, right=0, invented=0),
    }
    assert scores.confusion == {
        ("discharge_instructions", "social_history"): 1,
        ("plan", "none"): 1,
        ("none", "plan"): 1,
        ("discharge_instructions", "none"): 1,
    }


def test_scores_of_files(tmp_path: Path) -> None:
    rows = ["a\t0\t4\tplan", "a\t12\t16\tdischarge_instructions", "b\t0\t4\tplan"]
    scores = run_sections(gold_file(tmp_path, rows), notes_file(tmp_path), None)
    assert (scores.recall.value, scores.accuracy.value) == (1.0, 1.0)
    assert scores.precision.value == 3 / 4  # the gold lacks b's second heading
    plain = scores.to_dict()
    assert plain["kinds"] == {
        "plan": {"gold": 2, "found": 2, "right": 2, "invented": 0},
        "discharge_instructions": {"gold": 1, "found": 1, "right": 1, "invented": 1},
    }
    assert plain["confusion"] == [
        {"gold": "none", "predicted": "discharge_instructions", "count": 1}
    ]
    assert json.dumps(plain)


def test_rendered_scores_hold_counts_and_no_text(tmp_path: Path) -> None:
    scores = run_sections(gold_file(tmp_path, ["a\t0\t4\tplan"]), notes_file(tmp_path), None)
    console = Console(width=80, record=True)
    with console.capture() as capture:
        console.print(render_sections(scores))
    shown = capture.get()
    assert "Sections of 1 notes" in shown
    assert "discharge_instructions" in shown
    assert "Rest" not in shown


def test_a_note_without_headings_counts(tmp_path: Path) -> None:
    gold = read_section_gold(gold_file(tmp_path, ["a\t0\t4\tplan", "b"]), notes_file(tmp_path))
    assert [(g.note.note_id, g.headings) for g in gold] == [("a", {(0, 4): "plan"}), ("b", {})]


def test_notes_may_be_parquet(tmp_path: Path) -> None:
    path = tmp_path / "notes.parquet"
    pq.write_table(pa.table({"note_id": ["z", "a"], "text": ["", TEXT]}), path)
    [gold] = read_section_gold(gold_file(tmp_path, ["a\t0\t4\tplan"]), path)
    assert gold.note.text == TEXT


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a\t0\t4\twalk", "line 2 has an unknown kind of section"),
        ("a\t4\t4\tplan", r"line 2: \[4, 4\) is empty"),
        ("a\t-1\t4\tplan", "line 2 needs a note's id and whole offsets"),
        ("a\t0\t4.0\tplan", "line 2 needs a note's id and whole offsets"),
        ("\t0\t4\tplan", "line 2 needs a note's id and whole offsets"),
        ("a\t0\t24\tplan", "an offset beyond its text of 23 code points"),
        ("c\t0\t4\tplan", "line 2: NOTES doesn't hold this note"),
    ],
)
def test_gold_that_makes_no_sense(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        run_sections(gold_file(tmp_path, [row]), notes_file(tmp_path), None)


def test_files_that_make_no_sense(tmp_path: Path) -> None:
    notes = notes_file(tmp_path)
    with pytest.raises(InputError, match="names no note"):
        read_section_gold(gold_file(tmp_path, [], HEAD.rstrip()), notes)
    with pytest.raises(InputError, match="has other columns than note_id, start, end, section"):
        read_section_gold(gold_file(tmp_path, [], "id\tstart\n"), notes)
    gold = gold_file(tmp_path, ["a\t0\t4\tplan"])
    with pytest.raises(InputError, match="holds a note of the gold twice"):
        read_section_gold(gold, notes_file(tmp_path, ("a", "a")))
    with pytest.raises(InputError, match="can't read"):
        read_section_gold(gold, tmp_path / "absent.jsonl")
