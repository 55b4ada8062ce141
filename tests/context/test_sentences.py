"""Tests of sentence boundaries."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.context.sentences import LINE_BREAKS, divides, find_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in find_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t ", []),
        ("Fever", ["Fever"]),
        ("He has a cough. No fever.", ["He has a cough.", "No fever."]),
        ("Pain?  Denied! Sleeps well", ["Pain?", "Denied!", "Sleeps well"]),
        ("Seen by Dr. Novak today. Well.", ["Seen by Dr. Novak today.", "Well."]),
        ("Mr. J. Marsh came. He left.", ["Mr. J. Marsh came.", "He left."]),
        ("He has hepatitis C. He drinks.", ["He has hepatitis C.", "He drinks."]),
        ("Aspirin 81 mg p.o. daily.", ["Aspirin 81 mg p.o. daily."]),
        ("Lasix p.o. 40 mg. Stop it.", ["Lasix p.o. 40 mg.", "Stop it."]),
        ("Creatinine 1.2 today. Stable.", ["Creatinine 1.2 today.", "Stable."]),
        ("The rate was 80. Lungs clear.", ["The rate was 80.", "Lungs clear."]),
        ("Smoking: No. Alcohol: none.", ["Smoking: No.", "Alcohol: none."]),
        ("Lesion no. 4 grew. Biopsy.", ["Lesion no. 4 grew.", "Biopsy."]),
        ("1. Asthma. 2. Gout.", ["1. Asthma.", "2. Gout."]),
        ('She said "it hurts." Then left.', ['She said "it hurts."', "Then left."]),
        ("Pneumonia vs. Sarcoid.", ["Pneumonia vs. Sarcoid."]),
        ("Worse at night (see below). [PATIENT] agrees.",
         ["Worse at night (see below).", "[PATIENT] agrees."]),
    ],
)  # fmt: skip
def test_ends_in_a_line(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_headings_and_list_items_are_sentences() -> None:
    text = "ALLERGIES\n- penicillin\n- latex\n\nPLAN:\r\n1) Rest\r\n2) Fluids"

    assert sentences(text) == [
        "ALLERGIES", "- penicillin", "- latex", "PLAN:", "1) Rest", "2) Fluids",
    ]  # fmt: skip


def test_a_wrapped_line_goes_on() -> None:
    first = "The patient was seen again because of a long history of chest"
    second = "pain that wakes her. It is worse now."

    assert sentences(f"{first}\n{second}") == [
        f"{first}\npain that wakes her.",
        "It is worse now.",
    ]


def test_a_blank_line_ends_even_a_long_line() -> None:
    first = "The patient was seen again because of a long history of chest"

    assert sentences(f"{first}\n\npain") == [first, "pain"]


def test_a_short_line_in_lower_case_is_its_own() -> None:
    assert sentences("no fever\nno cough") == ["no fever", "no cough"]


@pytest.mark.parametrize("text", ["x" * 200_000, "word " * 40_000, "." * 200_000, ". A" * 60_000])
def test_a_text_without_sentences_takes_no_time(text: str) -> None:
    found = find_sentences(text)

    assert found[0][0] == text.find(text.strip())
    assert found[-1][1] == len(text.rstrip())


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("aB1. \n\r\t-[]?!\"'\u2028é😀"), max_size=200) | st.text())
def test_all_but_white_space_is_covered_in_order(text: str) -> None:
    found = find_sentences(text)

    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


@pytest.mark.parametrize("gap", [*sorted(LINE_BREAKS), "\r\n", " \n ", "\t", " \t", "   ", "-\n"])
def test_lines_and_columns_divide(gap: str) -> None:
    assert divides(gap)


@pytest.mark.parametrize("gap", ["", " ", "  ", "\u200b ", "\xa0", " - ", "  -  "])
def test_a_space_or_two_divide_nothing(gap: str) -> None:
    assert not divides(gap)
