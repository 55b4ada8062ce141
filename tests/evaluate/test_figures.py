"""Tests of the figures of an evaluation."""

from __future__ import annotations

from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest

from pipeline.evaluate.calibration import Calibration, Scored, score_calibration
from pipeline.evaluate.figures import draw_precision_recall, draw_reliability, write_figures

SVG = "{http://www.w3.org/2000/svg}"

# Bins of 1/15: two of four right at 0.5; three of three at 0.9. 0.5 is the better threshold: with
# it 5 of 7 are right and 5 of 6 found; with 0.9 alone, 3 of 3 and 3 of 6.
FEVERS: list[Scored] = [("SYMPTOM", 0.5, right) for right in (True, True, False, False)]
FEVERS += [("SYMPTOM", 0.9, True)] * 3
ONE = score_calibration(FEVERS, {"SYMPTOM": 6})


def circles(svg: str) -> list[tuple[float, float]]:
    """Return the centres of the dots, as shares of the first diagram, which begins at 48, 34."""
    dots = ElementTree.fromstring(svg).iter(f"{SVG}circle")
    return [
        ((float(dot.attrib["cx"]) - 48) / 200, 1 - (float(dot.attrib["cy"]) - 34) / 200)
        for dot in dots
    ]


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_dot_is_a_bin() -> None:
    svg = draw_reliability(ONE)

    assert circles(svg) == [pytest.approx((0.5, 0.5)), pytest.approx((0.9, 1.0))]
    assert "SYMPTOM" in texts(svg)
    assert "ECE 0.043" in texts(svg)  # three of seven are off by 0.1


def test_a_dot_marks_the_best_threshold() -> None:
    svg = draw_precision_recall(ONE)

    assert circles(svg) == [pytest.approx((5 / 6, 5 / 7), abs=0.001)]
    assert "F1 0.769 at 0.50" in texts(svg)


def test_figures_say_in_words_what_they_show() -> None:
    for svg, words in (
        (draw_reliability(ONE), "SYMPTOM: 7 mentions, mean score 0.671, share right 0.714, "
         "expected calibration error 0.043."),
        (draw_precision_recall(ONE), "SYMPTOM: best F1 0.769 at threshold 0.50, precision 0.714, "
         "recall 0.833."),
    ):  # fmt: skip
        root = ElementTree.fromstring(svg)
        assert root.attrib["role"] == "img"
        assert [element.text for element in root.iter(f"{SVG}desc")] == [words]


def test_labels_are_text_not_markup() -> None:
    odd = score_calibration([("<&>", 0.5, True)], {"<&>": 1})

    assert "<&>" in texts(draw_reliability(odd))
    assert "<&>" in texts(draw_precision_recall(odd))


@pytest.mark.parametrize("gold", [{}, {"SYMPTOM": 0}, {"SYMPTOM": 3}])
def test_nothing_found_can_be_drawn(gold: dict[str, int]) -> None:
    nothing = score_calibration([], gold)

    assert circles(draw_reliability(nothing)) == []
    assert circles(draw_precision_recall(nothing)) == []


def full() -> Calibration:
    rng = Random(1)
    labels = ("SYMPTOM", "DISEASE", "TREATMENT")
    drawn: list[Scored] = [
        (rng.choice(labels), rng.random(), rng.random() < 0.7) for _ in range(3000)
    ]
    return score_calibration(drawn, dict.fromkeys(labels, 1000))


def test_files_are_small(tmp_path: Path) -> None:
    files = write_figures(full(), tmp_path)

    assert [file.name for file in files] == ["reliability.svg", "precision_recall.svg"]
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert all(2000 < file.stat().st_size < 15_000 for file in files)


def test_colours_read_on_white_and_on_dark() -> None:
    def brightness(colour: str) -> float:
        """Return the relative luminance (WCAG 2)."""
        values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    root = ElementTree.fromstring(draw_reliability(full()))
    colours = {e.attrib[a] for e in root.iter() for a in ("fill", "stroke") if a in e.attrib}
    assert len(colours - {"none"}) == 4
    for colour in colours - {"none"}:
        assert 1.05 / (brightness(colour) + 0.05) > 3
        assert (brightness(colour) + 0.05) / (brightness("#0d1117") + 0.05) > 3
