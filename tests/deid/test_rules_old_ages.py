from __future__ import annotations

import re
import time

import pytest

from pipeline.deid.rules import RulesAnnotator
from pipeline.deid.rules.old_ages import RULES
from pipeline.deid.rules.rule import RuleSet
from pipeline.deid.written_ages import release_age
from tests.deid.finding import find


def ages(rules: RulesAnnotator, text: str) -> list[str]:
    return [surface for label, surface in find(rules, text) if label == "AGE"]


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("This nonagenarian fell.", "nonagenarian"),
        ("Two Centenarians share a room.", "Centenarians"),
        ("She is in her early nineties.", "early nineties"),
        ("A woman, mid-nineties, frail.", "mid-nineties"),
        ("He is in his nineties.", "nineties"),
        ("parents in their 90s", "90s"),
        ("in her late 90's", "late 90's"),
        ("in his mid to late 90s", "mid to late 90s"),
        ("now in the tenth decade of life", "tenth decade of life"),
        ("well into her 10th decade", "10th decade"),
        ("after her 95th birthday party", "95th"),
        ("after his ninety-fifth birthday", "ninety-fifth"),
        ("her hundredth birthday", "hundredth"),
        ("her one hundred and second birthday", "one hundred and second"),
        ("He was born 94 years ago in a village.", "94"),
        ("born ninety-four years ago", "ninety-four"),
        ("She is over ninety and lives alone.", "over ninety"),
        ("He is well past ninety", "well past ninety"),
        ("She is nearly a hundred.", "nearly a hundred"),
        ("Pt is over 90 and frail", "over 90"),
        ("She is ninety-four and well.", "ninety-four"),
        ("who turned ninety-two", "ninety-two"),
        ("mother lived to be 101", "101"),
        ("94 and a half years old", "94 and a half"),
        ("a 94 1/2 year old man", "94 1/2"),
        ("ninety-four and a half years old", "ninety-four and a half"),
        ("a 1O2 yo woman", "1O2"),
        ("lO2-year-old woman", "lO2"),
        ("a 9 2 year old man", "9 2"),
        ("one hundred and two year old man", "one hundred and two"),
        ("a hundred-and-one-year-old", "a hundred-and-one"),
        ("a one hundred year old", "one hundred"),
        ("the hundred and 3 years old lady", "hundred and 3"),
    ],
)
def test_old_ages_are_found_whole_and_released_as_one_category(
    rules: RulesAnnotator, text: str, age: str
) -> None:
    assert ages(rules, text) == [age]
    assert release_age(age) in ("90+", None)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("before his 12th birthday", "12th"),
        ("since her eighteenth birthday", "eighteenth"),
        ("born 34 years ago", "34"),
        ("2 1/2 year old girl", "2 1/2"),
        ("three and a half years old", "three and a half"),
    ],
)
def test_younger_ages_of_these_forms_stay(rules: RulesAnnotator, text: str, age: str) -> None:
    assert ages(rules, text) == [age]
    assert release_age(age) == age


@pytest.mark.parametrize(
    "text",
    [
        "Sats in the mid nineties on room air.",
        "Oxygen saturation stayed in the low nineties.",
        "His heart rate is over ninety.",
        "BP one hundred and ten over ninety.",
        "flexion over ninety degrees",
        "more than a hundred pounds, over ninety percent blocked",
        "one hundred and twenty milligrams",
        "smoked in the early nineties",
        "95th percentile for height",
        "in the last decade, two decades ago",
        "symptoms began 94 days ago",
        "she was ninety on two liters",
        "turned ninety degrees",
        "over 90 on room air",
        "over a hundred seizures, nearly one hundred cigarettes",
        "weight in her chart: mid 90s kg",
    ],
)
def test_amounts_and_the_last_century_are_no_ages(text: str) -> None:
    assert RuleSet(RULES).find(text) == []


def test_each_rule_is_found_where_its_leads_say() -> None:
    """What a pattern finds anywhere must be found at the leads too."""
    for rule in RULES:
        for example in re.split(r"[,:] ", rule.source):
            if re.search(rule.pattern, example):
                assert RuleSet([rule]).find(example), example


def test_they_are_quick() -> None:
    text = "She is in her room and turned over a hundred times. The patient was one of nine. " * 600
    rules = RuleSet(RULES)
    began = time.process_time()
    rules.find(text)
    assert time.process_time() - began < 1
