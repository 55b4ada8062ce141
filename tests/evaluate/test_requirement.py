from __future__ import annotations

import pytest

from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.requirement import Policy, Requirement
from pipeline.note import Note, Span


def required(before: str, surface: str, after: str, label: str, policy: Policy) -> list[str]:
    """What of the surface must go, with a visit in 2024 for the document's latest year."""
    text = f"Seen 2024. {before}{surface}{after}"
    start = 11 + len(before)
    span = Span(start, start + len(surface), label)
    document = GoldDocument(Note("n", text), (Span(5, 9, "DATE"), span))
    return [text[a:b] for a, b in Requirement(policy).parts(document, span)]


@pytest.mark.parametrize("policy", ["limited_dates", "safe_harbor"])
@pytest.mark.parametrize(
    ("label", "surface", "after", "parts"),
    [
        ("PATIENT", "Quill, Ada", "", ["Quill", "Ada"]),
        ("STATE", "Ohio", "", ["Ohio"]),
        ("PHONE", "419-555-0163", "", ["419", "555", "0163"]),
        ("AGE", "67", "-year-old", []),
        ("AGE", "forty", " years", []),
        ("AGE", "89", "yo", []),
        ("AGE", "90", "-year-old", ["90"]),
        ("AGE", "early 90s", "", ["early", "90s"]),
        ("AGE", "ninety-two", "", ["ninety", "two"]),
        ("AGE", "100", " years old", ["100"]),
        ("AGE", "95", " days old", []),
        ("AGE", "95 days", "", []),
        ("DATE", "3/14/2021", "", ["3", "14"]),
        ("DATE", "March 1998", "", ["March"]),
        ("DATE", "2016", "", []),
        ("DATE", "1980s", "", []),
        ("DATE", "1935", "", []),
        ("DATE", "1934", "", ["1934"]),
        ("DATE", "2/3/1931", "", ["2", "3", "1931"]),
        ("DATE", "3/14/19", "", ["3", "14", "19"]),
        ("DATE", "03/14/2021 07:40", "", ["03", "14"]),
    ],
)
def test_both_policies(
    label: str, surface: str, after: str, parts: list[str], policy: Policy
) -> None:
    assert required("x ", surface, after, label, policy) == parts


@pytest.mark.parametrize(("policy", "parts"), [("limited_dates", []), ("safe_harbor", ["Tuesday"])])
def test_days_of_the_week_survive_a_shift_by_weeks(policy: Policy, parts: list[str]) -> None:
    assert required("last ", "Tuesday", "", "DATE", policy) == parts


def test_a_year_is_old_by_the_latest_date_of_the_document() -> None:
    text = "1934, seen 2023"
    spans = (Span(0, 4, "DATE"), Span(11, 15, "DATE"))
    document = GoldDocument(Note("n", text), spans)
    assert Requirement("safe_harbor").parts(document, spans[0]) == ()
