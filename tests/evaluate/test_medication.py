from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluate.medication import GoldSig, predict_sigs, read_sigs, score_sigs
from pipeline.medication.sig import Sig

ROW: dict[str, object] = {
    "text": "Zocor 40 mg prn",
    "drug": [0, 5],
    "dose": "40",
    "unit": "mg",
    "route": None,
    "frequency": None,
    "duration": None,
    "prn": True,
    "spans": {
        "dose": [6, 8],
        "unit": [9, 11],
        "route": None,
        "frequency": None,
        "duration": None,
        "prn": [12, 15],
    },
}
SIG = Sig(dose="40", unit="mg", prn=True, dose_span=(6, 8), unit_span=(9, 11), prn_span=(12, 15))


def _write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return path


def test_gold_is_read(tmp_path: Path) -> None:
    path = _write(tmp_path / "gold.jsonl", ROW)
    assert read_sigs(path) == [GoldSig("Zocor 40 mg prn", (0, 5), SIG)]


def test_the_line_is_read_with_its_drug_given() -> None:
    assert predict_sigs([GoldSig("Zocor 40 mg prn", (0, 5), SIG)]) == [SIG]


def test_values_and_spans_are_scored_apart() -> None:
    gold = [GoldSig("Zocor 40 mg prn", (0, 5), SIG), GoldSig("Zocor now", (0, 5), Sig())]
    moved = Sig(
        dose="40", unit="g", prn=True, dose_span=(6, 9), unit_span=(9, 11), prn_span=(12, 15)
    )
    scores = score_sigs(gold, [moved, Sig(route="oral", route_span=(6, 9))])
    assert scores.lines == 2
    figures = {
        name: (field.written, field.value.value, field.span.value)
        for name, field in scores.fields.items()
    }
    assert figures == {
        "dose": (1, 1.0, 0.5),
        "unit": (1, 0.5, 1.0),
        "route": (0, 0.5, 0.5),
        "frequency": (0, 1.0, 1.0),
        "duration": (0, 1.0, 1.0),
        "prn": (1, 1.0, 1.0),
    }
    assert (scores.all_right.value, scores.all_spans_right.value) == (0.0, 0.0)


def test_scores_as_plain_values() -> None:
    gold = [GoldSig("Zocor 40 mg prn", (0, 5), SIG)]
    plain = score_sigs(gold, [SIG]).to_dict()
    assert plain["lines"] == 1
    assert plain["all_right"] == {"value": 1.0, "low": None, "high": None}


def test_a_missing_prediction_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        score_sigs([GoldSig("Zocor", (0, 5), Sig())], [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": None}, "has no text"),
        ({"drug": [0, 99]}, "'drug' needs"),
        ({"drug": None}, "needs 'drug'"),
        ({"spans": []}, "needs 'drug'"),
        ({"spans": {"strength": [0, 1]}}, "unknown fields"),
        ({"dose": 40}, "'dose' must be a string"),
        ({"prn": "yes"}, "'prn' must be"),
        ({"prn": False}, "'prn' has a value without a span or the reverse"),
        ({"route": "oral"}, "'route' has a value without a span"),
        ({"spans": {"dose": [8, 6]}}, "'dose' needs"),
    ],
)
def test_what_is_no_gold_is_refused_without_its_text(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    path = _write(tmp_path / "gold.jsonl", ROW, ROW | change)
    with pytest.raises(InputError, match=message) as caught:
        read_sigs(path)
    assert "line 2" in str(caught.value)
    assert "Zocor" not in str(caught.value)


def test_broken_json_is_refused_without_its_text(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"text": "Zocor', encoding="utf-8")
    with pytest.raises(InputError, match="isn't a JSON object") as caught:
        read_sigs(path)
    assert "Zocor" not in str(caught.value)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no line"):
        read_sigs(path)
