from __future__ import annotations

import pytest

from pipeline.medication.numerals import read_numeral
from pipeline.medication.tokens import find_tokens


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("40", "40", "plain"),
        (".5", "0.5", "plain"),
        ("1,000", "1000", "plain"),
        ("10,000.5", "10000.5", "plain"),
        ("one", "1", "plain"),
        ("twenty-five", "25", "plain"),
        ("half", "0.5", "plain"),
        ("one-half", "0.5", "plain"),
        ("three quarters", "0.75", "plain"),
        ("1/2", "0.5", "plain"),
        ("½", "0.5", "plain"),
        ("1½", "1.5", "plain"),
        ("1 1/2", "1.5", "plain"),
        ("1-1/2", "1.5", "plain"),
        ("1 and 1/2", "1.5", "plain"),
        ("two and a half", "2.5", "plain"),
        ("one and one-half", "1.5", "plain"),
        ("2.4 million", "2400000", "plain"),
        ("two (2)", "2", "plain"),
        ("1-2", "1-2", "range"),
        ("2 to 4", "2-4", "range"),
        ("one or two", "1-2", "range"),
        ("1/2 to 1", "0.5-1", "range"),
        ("5–10", "5-10", "range"),
        ("5/500", "5/500", "combination"),
        ("50/12.5/200", "50/12.5/200", "combination"),
        ("3/14/2002", "3/14/2002", "date"),
        ("03/2002", "03/2002", "date"),
    ],
)
def test_numbers(text: str, value: str, kind: str) -> None:
    tokens = find_tokens(text, 0, len(text))
    number = read_numeral(tokens, 0)
    assert number is not None
    assert (number.value, number.kind, number.after) == (value, kind, len(tokens))


def test_a_repetition_in_brackets_is_passed_over_but_not_within_the_number() -> None:
    text = "six (6) hours"
    number = read_numeral(find_tokens(text, 0, len(text)), 0)
    assert number is not None
    assert (number.end, number.after) == (3, 4)


@pytest.mark.parametrize("text", ["daily", "(", "third"])
def test_no_numbers(text: str) -> None:
    assert read_numeral(find_tokens(text, 0, len(text)), 0) is None


def test_a_change_is_no_range() -> None:
    text = "from 5 to 10"
    number = read_numeral(find_tokens(text, 0, len(text)), 1)
    assert number is not None
    assert number.value == "5"
