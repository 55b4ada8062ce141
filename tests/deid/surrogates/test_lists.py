"""The lists are made of names that mean nothing else."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pipeline.deid.surrogates import lists


def test_names_with_a_clinical_meaning_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, terms, out = (tmp_path / name for name in ("lists", "terms", "out"))
    for folder in (sources, terms, out):
        folder.mkdir()
    (sources / "dist.female.first").write_text(
        "MARLENA 0.9 0.9 1\nROSE 0.8 1.7 2\nJESSIE 0.3 2 3\nJO 0.3 2.3 4\n"
    )
    (sources / "dist.male.first").write_text("NORBERT 0.9 0.9 1\nJESSIE 0.2 1.1 2\n")
    (sources / "dist.all.last").write_text(
        "KOWALSKI 0.9 0.9 1\nPARKINSON 0.8 1.7 2\nTAVAREZ 0.7 2.4 3\nWEXLER 0.6 3.0 4\n"
        "MCKOWALSKI 0.5 3.5 5\nLEFORD 0.5 4.0 6\nNORBERT 0.1 4.1 7\n"
    )
    cities = "ID,STATE_CODE,STATE_NAME,CITY\n1,OH,Ohio,Findlay\n2,OH,Ohio,Hamletville\n"
    (sources / "us_cities.csv").write_text(cities)
    (sources / "us_hospitals.csv").write_text("1,A HOSPITAL,1 A ST,FINDLAY,OH\n")
    (terms / "diseases.tsv").write_text("1\tTavarez syndrome\n")
    notes = [
        {"note_id": "a", "text": "Wexler sign", "entities": [{"start": 0, "end": 6}]},
        {"note_id": "b", "text": "Leford sign", "entities": [{"start": 0, "end": 6}]},
    ]
    (tmp_path / "gold.jsonl").write_text("\n".join(map(json.dumps, notes)))
    (tmp_path / "folds.json").write_text(json.dumps({"folds": {"a": 1, "b": 0}}))
    command = f"lists --lists {sources} --terms {terms} --gold {tmp_path}/gold.jsonl"
    command += f" --folds {tmp_path}/folds.json --out {out}"
    monkeypatch.setattr(sys, "argv", command.split())
    lists.main()
    made = {
        path.stem.removeprefix("surrogate_"): path.read_text().split() for path in out.iterdir()
    }
    assert made["surnames"] == ["kowalski", "leford"]  # the test fold (b) bars nothing
    assert made["female"] == ["marlena", "jessie"]
    assert made["male"] == ["norbert", "jessie"]
    assert "marlena f" in (out / "surrogate_sexes.txt").read_text()
    assert "jessie" not in made["sexes"]
    assert made["cities"] == ["Findlay"]
    assert "kestrelford" in made["places"]
    assert "oakwood" not in made["places"]
