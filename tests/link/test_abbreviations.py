from __future__ import annotations

import pytest

from pipeline.link.abbreviations import find_definitions, long_form


@pytest.mark.parametrize(
    ("text", "definitions"),
    [
        ("She has chronic renal failure (CRF).", {"CRF": "chronic renal failure"}),
        (
            "amyotrophic lateral sclerosis (ALS; confirmed) and gout",
            {"ALS": "amyotrophic lateral sclerosis"},
        ),
        ("HIT (heparin-induced thrombocytopenia)", {"HIT": "heparin-induced thrombocytopenia"}),
        ("No pain. Atrial fibrillation (AF)", {"AF": "Atrial fibrillation"}),
        ("pulmonary embolism (PE), later PE (possible event)", {"PE": "pulmonary embolism"}),
        ("blood pressure (see below)", {}),
        ("seen by the team (3)", {}),
        ("aspirin (XYZ)", {}),
        ("(CRF)", {}),
        ("", {}),
    ],
)
def test_definitions(text: str, definitions: dict[str, str]) -> None:
    assert find_definitions(text) == definitions


def test_words_of_the_sentence_before_do_not_count() -> None:
    assert find_definitions("He is calm. Renal failure (CRF)") == {}


@pytest.mark.parametrize(
    ("mention", "spelt_out"),
    [
        ("CRF", "chronic renal failure"),
        ("CRFs", "chronic renal failure"),
        ("severe CRF", "severe chronic renal failure"),
        ("renal failure", None),
        ("CRFX", None),
    ],
)
def test_long_form(mention: str, spelt_out: str | None) -> None:
    assert long_form(mention, {"CRF": "chronic renal failure"}) == spelt_out


def test_nothing_defined() -> None:
    assert long_form("CRF", {}) is None
