"""Tests of what stands as an allergen."""

from __future__ import annotations

import pytest

from pipeline.context.allergies import find_allergens
from pipeline.context.assertion_rules import AssertionRules, load_assertion_rules
from pipeline.context.sections import find_sections
from tests.context.marked import marked


@pytest.fixture(scope="module")
def rules() -> AssertionRules:
    return load_assertion_rules()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ALLERGIES: {t:Penicillin} ({rash}).", [True, False]),
        ("ALLERGIES: {t:Penicillin}, {t:sulfa} and {t:codeine}.", [True, True, True]),
        ("ALLERGIES:\n1. {t:Aspirin} causes {hives}.\n2. {t:Latex}.", [True, False, True]),
        ("ALLERGIES: She has no known drug allergies.\n\nMEDICATIONS: {t:Aspirin}.", [False]),
        ("ALLERGIES: Not allergic to {t:penicillin}.", [False]),
        ("ALLERGIES: {t:Penicillin}; tolerates {t:cephalexin}.", [True, False]),
        ("ALLERGIES: Possible allergy to {t:codeine}.", [True]),
        ("She is allergic to {t:sulfa}.", [True]),
        ("He is allergic to {t:penicillin} and {t:iodine}.", [True, True]),
        ("{t:Sulfa} allergy noted.", [True]),
        ("Severe allergic reaction to {t:vancomycin}.", [True]),
        ("No allergy to {t:penicillin}.", [False]),
        ("He takes {t:loratadine} for {d:seasonal allergies}.", [False, False]),
        ("{t:Penicillin} was given for {d:pharyngitis}.", [False, False]),
        ("{t:Aspirin} was stopped.", [False]),
    ],
)
def test_allergens(rules: AssertionRules, text: str, expected: list[bool]) -> None:
    note, mentions = marked(text)
    verdicts = rules.find_verdicts(note, mentions, find_sections(note.text))
    assert find_allergens(mentions, verdicts) == expected


def test_there_must_be_a_verdict_for_each_mention(rules: AssertionRules) -> None:
    note, mentions = marked("Allergic to {t:sulfa}.")
    with pytest.raises(ValueError, match="shorter"):
        find_allergens(mentions, rules.find_verdicts(note, [], []))
