"""Tests of what raw scores mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SetupError
from pipeline.extract.calibration import UNCALIBRATED, Calibration, Curve, read_calibration

SCORES = st.floats(0, 1)
SLOPES = st.floats(0, 50)


@pytest.mark.parametrize(
    ("curve", "raw", "probability"),
    [
        (Curve(), 0.3, 0.3),
        (Curve(rise=2, fall=2), 0.8, 16 / 17),  # odds of 4, squared
        (Curve(rise=1, fall=0), 0.5, 1 / 3),  # odds of 0.5
        (Curve(rise=0, fall=1), 0.75, 0.8),  # odds of 1 / 0.25
        (Curve(rise=0, fall=0), 0.9, 0.5),
        (Curve(shift=-800), 0.9, 0.0),
        (Curve(shift=800), 0.0, 1.0),
    ],
)
def test_a_curve_maps_scores(curve: Curve, raw: float, probability: float) -> None:
    assert curve.apply(raw) == pytest.approx(probability)


@given(SLOPES, SLOPES, st.floats(-1000, 1000), SCORES, SCORES)
def test_no_curve_falls_or_leaves_0_to_1(
    rise: float, fall: float, shift: float, one: float, other: float
) -> None:
    low, high = (Curve(rise, fall, shift).apply(raw) for raw in sorted((one, other)))

    assert 0 <= low <= high + 1e-12
    assert high <= 1


@given(SCORES)
def test_without_a_calibration_scores_stay_to_three_digits(raw: float) -> None:
    assert UNCALIBRATED.probability("DISEASE", raw) == pytest.approx(raw, abs=2e-6)


@pytest.mark.parametrize(
    "numbers", [{"rise": -0.1}, {"fall": -0.1}, {"shift": float("nan")}, {"rise": float("inf")}]
)
def test_a_curve_that_falls_is_refused(numbers: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="a curve"):
        Curve(**numbers)


def test_each_label_has_its_curve() -> None:
    calibration = Calibration({"DISEASE": Curve(rise=2, fall=2), "SYMPTOM": Curve(0, 0)})

    assert calibration.probability("DISEASE", 0.8) == pytest.approx(16 / 17)
    assert calibration.probability("SYMPTOM", 0.8) == 0.5
    assert calibration.probability("TREATMENT", 0.8) == pytest.approx(0.8)


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_text(
        '{"DISEASE": {"rise": 2, "fall": 0.5, "shift": -1}, "SYMPTOM": '
        '{"rise": 1.0, "fall": 1.0, "shift": 0.0}}'
    )

    assert read_calibration(tmp_path) == Calibration(
        {"DISEASE": Curve(2, 0.5, -1), "SYMPTOM": Curve()}
    )


def test_a_missing_file_leaves_scores(tmp_path: Path) -> None:
    assert read_calibration(tmp_path) is UNCALIBRATED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        '{"DISEASE": 1}',
        '{"DISEASE": {"rise": 1, "fall": 1}}',
        '{"DISEASE": {"rise": 1, "fall": 1, "shift": 0, "more": 1}}',
        '{"DISEASE": {"rise": -1, "fall": 1, "shift": 0}}',
        '{"DISEASE": {"rise": "1", "fall": 1, "shift": 0}}',
        '{"DISEASE": {"rise": NaN, "fall": 1, "shift": 0}}',
        '{"DISEASE": {"rise": null, "fall": 1, "shift": 0}}',
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "calibration.json").write_text(text)

    with pytest.raises(SetupError, match=r"calibration.json is no calibration .* delete the file"):
        read_calibration(tmp_path)


def test_a_file_of_other_bytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "calibration.json").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SetupError, match="is no calibration"):
        read_calibration(tmp_path)
