from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.predictions import write_predictions, write_survivors
from pipeline.evaluate.readers import read_gold
from pipeline.evaluate.survival import Survivor
from pipeline.note import Mention, Note, PhiSpan, Span

DOCUMENTS = [GoldDocument(Note("n2", "fever and gout")), GoldDocument(Note("n1", "well"))]
MENTIONS = [[Mention(0, 5, "SYMPTOM", 0.912345, ("bert",)), Mention(10, 14, "DISEASE")], []]


def test_one_line_for_each_document_in_the_order_of_the_gold(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    write_predictions(path, DOCUMENTS, MENTIONS, "entities")
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [
        {
            "note_id": "n2",
            "entities": [
                {"start": 0, "end": 5, "label": "SYMPTOM", "score": 0.9123},
                {"start": 10, "end": 14, "label": "DISEASE", "score": 1.0},
            ],
        },
        {"note_id": "n1", "entities": []},
    ]


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    write_predictions(path, DOCUMENTS, [[PhiSpan(0, 5, "PATIENT")], []], "spans")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["predictions.jsonl"]


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    path.write_text("old")
    with pytest.raises(ValueError, match="shorter"):
        write_predictions(path, DOCUMENTS, [[]], "spans")
    assert path.read_text() == "old"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="its folder doesn't exist"):
        write_predictions(tmp_path / "absent" / "p.jsonl", DOCUMENTS, MENTIONS, "entities")


def test_predictions_with_their_text_read_as_gold(tmp_path: Path) -> None:
    path = tmp_path / "predictions.jsonl"
    write_predictions(path, DOCUMENTS, MENTIONS, "entities")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row, document in zip(rows, DOCUMENTS, strict=True):
        row["text"] = document.note.text
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert read_gold(path, "mentions")[0].spans == (Span(0, 5, "SYMPTOM"), Span(10, 14, "DISEASE"))


def test_survivors_are_places_in_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "errors.jsonl"
    write_survivors(path, DOCUMENTS, [[Survivor(3, 9, 4, 10, "CITY", "in place")], []])
    assert path.stat().st_mode & 0o777 == 0o600
    survivor = {"start": 3, "end": 9, "raw_start": 4, "raw_end": 10}
    assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [
        {"note_id": "n2", "survivors": [survivor | {"label": "CITY", "how": "in place"}]},
        {"note_id": "n1", "survivors": []},
    ]
