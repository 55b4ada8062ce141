"""Tests of rewriting training notes; the shares are set so that chance has no say."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.link.clinical_abbreviations import HEADING, Abbreviations
from pipeline.note import Span
from pipeline.train import rewriting
from pipeline.train.names import Names
from pipeline.train.rewriting import Rewriting
from tests.train.tiny import marked

NAMES = Names({"DISEASE": ("gout",), "TREATMENT": ("quorazin", "oralux")})
NO_NAMES = Names({})
NO_ABBREVIATIONS = Abbreviations({}, {})
ABBREVIATIONS = Abbreviations(
    short_of={
        ("DISEASE", "hypertension"): ("HTN",),
        (HEADING, "past medical history"): ("PMH",),
        (HEADING, "pain history"): ("PH",),
    },
    long_of={("DISEASE", "htn"): ("hypertension",), (HEADING, "pmh"): ("past medical history",)},
)


@pytest.fixture(autouse=True)
def every_form_and_no_slip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_REPLACED", 0.0)
    monkeypatch.setattr(rewriting, "_ABBREVIATED", 1.0)
    monkeypatch.setattr(rewriting, "_SLIPS", (0.0,))


def rewrite(
    text: str,
    seed: int = 0,
    names: Names = NO_NAMES,
    abbreviations: Abbreviations = NO_ABBREVIATIONS,
) -> tuple[str, list[Span]]:
    """Rewrite a text with mentions in braces."""
    return Rewriting(names, abbreviations).rewrite(*marked(text), Random(seed))


def test_a_mention_gets_a_name_of_its_label(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_REPLACED", 1.0)
    text = "Has {DISEASE asthma}, {SYMPTOM fever}; took {TREATMENT aspirin}."

    rewritten = [rewrite(text, seed, NAMES) for seed in range(20)]

    assert {
        (changed, *(changed[s.start : s.end] for s in spans)) for changed, spans in rewritten
    } == {
        ("Has gout, fever; took quorazin.", "gout", "fever", "quorazin"),
        ("Has gout, fever; took oralux.", "gout", "fever", "oralux"),
    }
    assert [span.label for span in rewritten[0][1]] == ["DISEASE", "SYMPTOM", "TREATMENT"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Has {DISEASE HTN} now.", "Has {DISEASE hypertension} now."),
        ("Has {DISEASE Hypertension} now.", "Has {DISEASE HTN} now."),
        ("{SYMPTOM HTN} of another label", "{SYMPTOM HTN} of another label"),
        ("Has HTN that is no mention", "Has HTN that is no mention"),
        ("PMH: {DISEASE htn}", "PAST MEDICAL HISTORY: {DISEASE hypertension}"),
        ("Pmh : well", "past medical history : well"),
        ("He said\n  Past medical history: none", "He said\n  PMH: none"),
        ("PMH, briefly: none", "PMH, briefly: none"),
    ],
)
def test_mentions_and_headings_take_their_other_form(text: str, expected: str) -> None:
    assert rewrite(text, abbreviations=ABBREVIATIONS) == marked(expected)


def test_a_mention_across_lines_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_REPLACED", 1.0)
    text = "Has {DISEASE heart\nfailure}."

    assert rewrite(text, 0, NAMES) == marked(text)


def test_a_heading_that_is_a_mention_changes_once() -> None:
    both = Abbreviations(
        short_of={("DISEASE", "hypertension"): ("HTN",), (HEADING, "hypertension"): ("HTN",)},
        long_of={},
    )

    assert rewrite("{DISEASE Hypertension}: stable", abbreviations=both) == marked(
        "{DISEASE HTN}: stable"
    )


@pytest.mark.parametrize("text", ["{SYMPTOM Pain} history: none", "Pain{SYMPTOM  hist}ory: none"])
def test_a_heading_that_holds_more_than_a_mention_stays(text: str) -> None:
    assert rewrite(text, abbreviations=ABBREVIATIONS) == marked(text)


SLIPS = {
    "fveer", "feevr", "fevre",  # swapped
    "fver", "feer", "fevr",  # left out
    "feever", "fevver", "feveer",  # doubled
    "frver", "fecer", "fevrr",  # the key beside
}  # fmt: skip


def test_slips_are_those_of_a_hurried_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_SLIPS", (1.0,))

    assert {rewrite("fever", seed)[0] for seed in range(300)} == SLIPS
    assert rewrite("His BP, 120/80, was high", 3) == ("His BP, 120/80, was high", [])


def test_the_share_of_slips_is_drawn_for_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_SLIPS", (0.0, 1.0))
    note = "fever " * 5

    changed = [sum(a in SLIPS for a in rewrite(note, seed)[0].split()) for seed in range(20)]

    assert set(changed) == {0, 5}


def test_the_same_choices_give_the_same_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_SLIPS", (0.5,))
    text = "Past medical history: {DISEASE hypertension}, {SYMPTOM headache} every morning"

    assert rewrite(text, 4, NAMES, ABBREVIATIONS) == rewrite(text, 4, NAMES, ABBREVIATIONS)


_TOKENS = st.lists(
    st.tuples(st.sampled_from(["fever", "knee", "weakness", "no", "headache:"]), st.booleans()),
    min_size=1,
    max_size=12,
)


@given(_TOKENS, st.integers(0, 1000))
def test_slips_never_cross_the_border_of_a_mention(
    tokens: list[tuple[str, bool]], seed: int
) -> None:
    """Mark the second to fourth letter of some words, and whole runs of others."""
    text = " ".join(token for token, _ in tokens)
    spans: list[Span] = []
    place = 0
    for token, is_inside in tokens:
        if is_inside and len(token) >= 5:
            spans.append(Span(place + 1, place + 4, "SYMPTOM"))
        elif len(token) >= 5:
            spans.append(Span(place, place + len(token), "DISEASE"))
        place += len(token) + 1
    rewritten = Rewriting(NO_NAMES, NO_ABBREVIATIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rewriting, "_SLIPS", (1.0,))
        changed, moved = rewritten.rewrite(text, spans, Random(seed))

    words = changed.split(" ")
    assert len(words) == len(tokens)
    place = 0
    left = iter(moved)
    for (token, is_inside), word in zip(tokens, words, strict=True):
        if len(token) < 5:
            assert word == token
        elif is_inside:
            assert word == token
            assert next(left) == Span(place + 1, place + 4, "SYMPTOM")
        else:
            assert next(left) == Span(place, place + len(word), "DISEASE")
        place += len(word) + 1


_FORMS: Mapping[str, str] = {"HTN": "hypertension", "hypertension": "HTN", "asthma": "asthma"}


@given(st.lists(st.sampled_from(sorted(_FORMS)), max_size=8), st.integers(0, 1000))
def test_a_mention_becomes_another_form_of_itself(found: list[str], seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rewriting, "_ABBREVIATED", 0.5)
        text, spans = rewrite(
            "Known " + ", ".join(f"{{DISEASE {name}}}" for name in found),
            seed,
            abbreviations=ABBREVIATIONS,
        )

    surfaces = [text[span.start : span.end] for span in spans]
    assert text == "Known " + ", ".join(surfaces)
    for surface, name in zip(surfaces, found, strict=True):
        assert surface in (name, _FORMS[name])
