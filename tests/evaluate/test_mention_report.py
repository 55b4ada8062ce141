from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

from rich.console import Console

from pipeline.deid.finding import NOTHING_ALLOWED
from pipeline.evaluate.mention_report import MentionReport, run_mentions
from pipeline.evaluate.report import render, to_json
from pipeline.stages import Models
from tests.evaluate.test_evaluation import MentionWords

MODELS = Models(
    phi=(),
    allowed=NOTHING_ALLOWED,
    mention=(MentionWords("gout"), MentionWords("(bad )?[a-z]*ache", "SYMPTOM")),
)


def report(folder: Path, seen: frozenset[str] | None = None, examples: int = 0) -> MentionReport:
    """Evaluate three notes: one right and one too long; one missed; one invented."""
    gold = folder / "gold.jsonl"
    rows = [
        {
            "note_id": "n1",
            "text": "gout with [bold] headache",
            "entities": [
                {"start": 0, "end": 4, "label": "DISEASE"},
                {"start": 17, "end": 25, "label": "SYMPTOM"},
            ],
        },
        {
            "note_id": "n2",
            "text": "no fever, bad earache",
            "entities": [
                {"start": 3, "end": 8, "label": "SYMPTOM"},
                {"start": 14, "end": 21, "label": "DISEASE"},
            ],
        },
        {"note_id": "n3", "text": "read about gout", "entities": []},
    ]
    gold.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return run_mentions(MODELS, gold, None, None, seen, examples)


def printed(found: MentionReport) -> str:
    console = Console(width=80, file=StringIO())
    with console.capture() as capture:
        console.print(render(found))
    return capture.get()


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_scores_breakdown_and_calibration_stand_in_json(tmp_path: Path) -> None:
    # "earache" is a disease to the gold, and "bad earache" a symptom to us.
    plain = json.loads(to_json(report(tmp_path, frozenset({"n1", "n9"}))))
    assert list(plain)[:4] == ["corpus", "documents", "micro", "labels"]
    assert (plain["documents"], plain["seen_documents"]) == (3, 1)
    assert plain["micro"]["strict"]["matched"] == 2
    assert plain["breakdown"]["all"]["gold"] == {
        "right": 2,
        "wrong_label": 0,
        "wrong_boundary": 0,
        "wrong_both": 1,
        "missed": 1,
    }
    assert plain["breakdown"]["all"]["predicted"]["invented"] == 1
    assert plain["confusion"]["DISEASE"]["SYMPTOM"] == 1
    assert plain["calibration"]["all"]["count"] == 4
    assert plain["calibration"]["all"]["ece"] == 0.4
    assert plain["calibration"]["labels"]["DISEASE"]["curve"] == [
        {"threshold": 0.9, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    ]


def test_text_stands_neither_in_json_nor_in_a_table_that_was_not_asked_for_it(
    tmp_path: Path,
) -> None:
    with_examples = report(tmp_path, examples=5)
    assert with_examples.examples
    for text in (to_json(with_examples), repr(with_examples), printed(report(tmp_path))):
        assert not any(word in text for word in ("gout", "fever", "earache", "n2"))


def test_a_report_for_the_eye(tmp_path: Path) -> None:
    text = printed(report(tmp_path, frozenset({"n2", "n3"})))
    assert "! A model was trained on 2 of these 3 documents" in text
    assert max(map(len, text.splitlines())) <= 80
    found = rows(text)
    assert ["DISEASE", "strict", "2", "2", "0.500", "0.500", "0.500", "(0.000-1.000)"] in found
    # mentions, right, wrong label, wrong bounds, both wrong, missed or invented
    assert ["SYMPTOM", "gold", "2", "1", "0", "0", "0", "1"] in found
    assert ["predicted", "2", "1", "0", "0", "1", "0"] in found
    assert ["DISEASE", "gold", "2", "1", "0", "0", "1", "0"] in found
    assert ["predicted", "2", "1", "0", "0", "0", "1"] in found
    assert ["DISEASE", "1", "1", "0", "0"] in found
    assert ["none", "1", "0", "0"] in found
    assert ["SYMPTOM", "2", "0.900", "0.500", "0.400"] in found
    assert ["TREATMENT", "0", "-", "-", "-"] in found


def test_documents_never_seen_need_no_word_and_unknown_ones_do(tmp_path: Path) -> None:
    assert "trained" not in printed(report(tmp_path, frozenset({"n9"})))
    assert "don't say which documents they were trained on" in printed(report(tmp_path))
    assert report(tmp_path).to_dict()["seen_documents"] is None


def test_examples_for_the_eye(tmp_path: Path) -> None:
    text = printed(report(tmp_path, examples=2))
    lines = [" ".join(row) for row in rows(text[text.index("Examples") :])]
    assert lines == [
        "Examples, {gold} and <predicted>",
        "",
        "Wrong label and wrong start or end",
        "{DISEASE} no fever, <bad {earache}>",
        "<SYMPTOM>",
        "",
        "Missed",
        "{SYMPTOM} no {fever}, bad earache",
        "",
        "Invented",
        "<DISEASE> read about <gout>",
    ]
