from __future__ import annotations

import pytest

from pipeline.link.clinical_abbreviations import Abbreviations
from pipeline.train.substitution import LongForms, substitute

LONG = {
    ("DISEASE", "gb"): ("gumboil", "giant bunion"),
    ("TREATMENT", "gb"): ("ginger beer",),
    ("DISEASE", "ww"): ("wart", "Wegner's wart"),
    ("DISEASE", "bb"): ("big bruise", "large bruise"),
    ("HEADING", "gb"): ("general behavior",),
}
SHORT = {
    ("DISEASE", "gumboil"): ("GBL", "GB"),
    ("DISEASE", "giant bunion"): ("GB",),
    ("TREATMENT", "ginger beer"): ("GB",),
    ("DISEASE", "wart"): ("WW",),
    ("DISEASE", "wegner's wart"): ("WW",),
    ("DISEASE", "big bruise"): ("BB",),
    ("HEADING", "general behavior"): ("GB",),
}


@pytest.fixture
def forms() -> LongForms:
    same = {"big bruise": "C1", "large bruise": "C1"}
    return LongForms(Abbreviations(SHORT, LONG), lambda label, form: same.get(form))


def test_rivals_differ_in_what_they_mean(forms: LongForms) -> None:
    assert forms.rivals == {
        "gb": ("gumboil", "giant bunion", "ginger beer"),
        "ww": ("wart", "wegner's wart"),
    }
    assert forms.labels["gb", "ginger beer"] == "TREATMENT"


def test_the_abbreviation_that_has_rivals_comes_first(forms: LongForms) -> None:
    assert forms.short_of["gumboil"] == "GB"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A Giant  bunion.", ["Giant  bunion"]),
        ("giant-bunions and gumboils", ["giant-bunions", "gumboils"]),
        ("Wegner\u2019s wart, a wart", ["Wegner\u2019s wart", "wart"]),
        ("Wegner wart", ["Wegner wart"]),
        ("giant, bunion", []),
        ("a giant", []),
        ("general behavior", []),
        ("", []),
    ],
)
def test_finds_long_forms(forms: LongForms, text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in forms.find(text)] == found


def test_abbreviations_stand_in_their_place(forms: LongForms) -> None:
    text = "No gumboil, but giant bunions hurt."
    written, placed = substitute(text, forms.find(text))
    assert written == "No GB, but GB hurt."
    assert [(one.start, one.end, one.form) for one in placed] == [
        (3, 5, "gumboil"),
        (11, 13, "giant bunion"),
    ]


def test_a_text_without_long_forms_stays(forms: LongForms) -> None:
    assert substitute("Nothing.", []) == ("Nothing.", [])
