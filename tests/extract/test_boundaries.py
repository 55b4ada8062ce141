"""Tests of where a mention may begin and end."""

from __future__ import annotations

import pytest

from pipeline.extract.boundaries import find_breaks, tidy


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("has chest pain.", " chest pain.", "chest pain"),
        ("(fever)", "(fever)", "fever"),
        ("take vitamin (B12) daily", "vitamin (B12)", "vitamin (B12)"),
        ("severe heart\nfailure", "heart\nfailure", "failure"),
        ("gave [PATIENT] aspirin", "[PATIENT] aspirin", "aspirin"),
        ("gave [PATIENT] aspirin", "IENT] aspirin", "aspirin"),
        ("pain [DATE] today", "pain [DA", "pain"),
        ("for [DATE] only", "[DATE]", None),
        ("for [DATE] only", "DATE", None),
        ("well ...", "...", None),
        ("with cafe\u0301", "cafe\u0301", "cafe\u0301"),
    ],
)
def test_tidy(text: str, marked: str, expected: str | None) -> None:
    start = text.index(marked)

    place = tidy(text, start, start + len(marked), find_breaks(text))

    assert (place and text[slice(*place)]) == expected
