from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.evaluate.gold import GoldDocument
from pipeline.note import Note, Span
from tests.benchmarks.damage import find_damaged, summarise, write_damaged
from tests.benchmarks.deid import OURS, compare
from tests.evaluate.test_evaluation import PhiWords


def test_systems_are_compared_on_the_same_gold() -> None:
    documents = [
        GoldDocument(Note("n1", "Ada saw Bo"), (Span(0, 3, "PATIENT"), Span(8, 10, "DOCTOR"))),
        GoldDocument(Note("n2", "well " * 200)),
    ]
    systems = [PhiWords("Ada|Bo", name=OURS), PhiWords("Ada|saw", name="peer")]
    result = compare(documents, systems, rounds=3)
    assert result["words"] == 203
    ours, peer = result["systems"][OURS], result["systems"]["peer"]
    assert (ours["recall"]["value"], ours["precision"]["value"]) == (1.0, 1.0)
    assert (peer["recall"]["value"], peer["precision"]["value"]) == (0.5, 0.5)
    assert ours["ours_is_faster_by"] == 1.0


DOCUMENTS = [
    GoldDocument(Note("n1", "Zquib and gout"), (Span(0, 5, "TREATMENT"), Span(10, 14, "DISEASE"))),
    GoldDocument(Note("n2", "zquib"), (Span(0, 5, "TREATMENT"),)),
]
RULES, NER = PhiWords("Zquib", "CITY", "rules"), PhiWords("(?i)zquib and|zquib", "CITY", "ner")


def test_damage_is_counted_by_finders_and_labels() -> None:
    summary = summarise(DOCUMENTS, find_damaged(DOCUMENTS, [RULES, NER]))
    assert summary["mentions"] == 3
    assert summary["overlapped"] == 2
    assert summary["finders"] == {"ner+rules": 1, "ner": 1}
    assert summary["taken_for"] == {"CITY": 2}
    assert summary["mention_labels"] == {"DISEASE": [0, 0.0], "TREATMENT": [2, 1.0]}


def test_damaged_texts_go_to_a_private_file(tmp_path: Path) -> None:
    path = tmp_path / "damage.jsonl"
    damaged = find_damaged(DOCUMENTS, [RULES])
    assert "Zquib" not in repr(damaged)
    write_damaged(path, damaged)
    assert path.stat().st_mode & 0o777 == 0o600
    row = {"n": 1, "mention": "zquib", "label": "TREATMENT", "phi": ["Zquib"]}
    assert json.loads(path.read_text()) == row | {"taken_for": ["CITY"], "finders": ["rules"]}


@pytest.mark.parametrize("ours", [True, False])
def test_presidio_loads_where_it_is_installed(ours: bool) -> None:
    pytest.importorskip("presidio_analyzer")
    from pipeline.resources import data_path
    from tests.benchmarks.presidio import AS_SHIPPED, load_presidio

    presidio = load_presidio(data_path("models", "phi") if ours else AS_SHIPPED, ours=ours)
    assert presidio is not None
    [found] = presidio.annotate([Note("n", "SSN 219-09-9999, mail ada@quill.example.com")])
    assert {"US_SSN", "EMAIL_ADDRESS"} <= {span.label for span in found}
