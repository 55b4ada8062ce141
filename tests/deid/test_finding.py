"""Tests of all finders of PHI together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deid.finding import NOTHING_ALLOWED, add_phi, find_phi
from pipeline.deid.phrases import Phrases
from pipeline.note import Note, PhiSpan


class Finder:
    """Marks given strings with given labels wherever they stand first."""

    def __init__(self, name: str, score: float = 1.0, **labels: str) -> None:
        self.name, self.score, self.labels = name, score, labels

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        return [
            [
                PhiSpan(at, at + len(surface), label, self.score, (self.name,))
                for surface, label in self.labels.items()
                if (at := note.text.find(surface)) >= 0
            ]
            for note in notes
        ]


def found(text: str, *finders: Finder, allowed: Phrases = NOTHING_ALLOWED) -> list[tuple[str, str]]:
    [spans] = find_phi([Note("1", text)], finders, allowed)
    return [(text[span.start : span.end], span.label) for span in spans]


def phrases(*allowed: str) -> Phrases:
    return Phrases((phrase, "allowed") for phrase in allowed)


def test_what_any_finder_marks_is_marked() -> None:
    rules, known = Finder("rules", Okonjo="DOCTOR"), Finder("known", Brackwater="CITY")

    assert found("Okonjo of Brackwater", rules, known) == [
        ("Okonjo", "DOCTOR"),
        ("Brackwater", "CITY"),
    ]


def test_each_note_gets_its_own_spans() -> None:
    notes = [Note("1", "well"), Note("2", "Okonjo"), Note("3", "")]

    spans = find_phi(notes, [Finder("rules", Okonjo="DOCTOR"), Finder("site", lame="CITY")])

    assert [[s.label for s in of_note] for of_note in spans] == [[], ["DOCTOR"], []]
    assert find_phi([], [Finder("rules")]) == []


def test_finders_of_one_span_are_all_named() -> None:
    finders = [Finder("rules", 0.8, Okonjo="DOCTOR"), Finder("bert", 0.9, Okonjo="DOCTOR")]

    [[span]] = find_phi([Note("1", "Okonjo")], finders)

    assert (span.start, span.end, span.label, span.score) == (0, 6, "DOCTOR", 0.9)
    assert sorted(span.annotators) == ["bert", "rules"]


def test_what_the_site_allows_is_left() -> None:
    text = "Brackwater scale, seen by Okonjo"
    rules = Finder("rules", Brackwater="CITY", Okonjo="DOCTOR")

    assert found(text, rules, allowed=phrases("Brackwater scale")) == [("Okonjo", "DOCTOR")]


def test_what_registration_knows_is_hidden_though_the_site_allows_it() -> None:
    known = Finder("known", Brackwater="PATIENT")

    assert found("Brackwater scale", known, allowed=phrases("Brackwater scale")) == [
        ("Brackwater", "PATIENT")
    ]


@pytest.mark.parametrize("name", ["ner", "bert"])
def test_clinical_words_that_a_recogniser_alone_marks_are_left(name: str) -> None:
    assert found("No abdominal pain", Finder(name, abdominal="CITY")) == []


def test_clinical_words_that_others_mark_too_are_hidden() -> None:
    bert = Finder("bert", 0.9, abdominal="CITY")

    for other in ("rules", "known"):
        assert found("No abdominal pain", bert, Finder(other, abdominal="CITY")) == [
            ("abdominal", "CITY")
        ]


def test_what_is_found_later_joins_what_is_settled() -> None:
    text = "Zephyr Okonjo. An Okonjo scale"
    settled = [PhiSpan(0, 6, "PATIENT", 1.0, ("known",))]
    more = [PhiSpan(7, 13, "PATIENT", 0.8, ("learned",)), PhiSpan(18, 24, "PATIENT", 0.8)]

    assert add_phi(text, settled, more, phrases("Okonjo scale")) == [
        PhiSpan(0, 6, "PATIENT", 1.0, ("known",)),
        PhiSpan(7, 13, "PATIENT", 0.8, ("learned",)),
    ]


SPANS = st.lists(
    st.builds(
        lambda start, length, label, finder: PhiSpan(start, start + length, label, 0.9, (finder,)),
        st.integers(0, 20),
        st.integers(1, 9),
        st.sampled_from(["PATIENT", "DATE", "PHONE"]),
        st.sampled_from(["rules", "known", "site"]),
    ),
    max_size=6,
)


class Fixed:
    name = "fixed"

    def __init__(self, spans: list[PhiSpan]) -> None:
        self.spans = spans

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        return [self.spans for _ in notes]


@given(st.lists(SPANS, min_size=1, max_size=3), st.text("ab 1\n", min_size=30, max_size=30))
def test_no_marked_letter_or_digit_is_lost(of_finders: list[list[PhiSpan]], text: str) -> None:
    [spans] = find_phi([Note("1", text)], [Fixed(spans) for spans in of_finders])

    marked = {i for spans_ in of_finders for s in spans_ for i in range(s.start, s.end)}
    hidden = [i for s in spans for i in range(s.start, s.end)]
    assert len(hidden) == len(set(hidden))
    assert {i for i in marked if text[i].isalnum()} <= set(hidden) <= marked


@pytest.mark.parametrize(
    ("text", "surer", "other"),
    [
        (
            "MRN 1030 seen",
            Finder("bert", **{"1030": "DATE"}),
            Finder("known", **{"1030": "MEDICALRECORD"}),
        ),
        (
            "Dr. Abdomen",
            Finder("bert", 0.98, Abdomen="CITY"),
            Finder("rules", 0.9, Abdomen="DOCTOR"),
        ),
        (
            "Abdomen Pain",
            Finder("bert", **{"Abdomen Pain": "HOSPITAL"}),
            Finder("known", Abdomen="PATIENT"),
        ),
    ],
)
def test_a_surer_clinical_span_never_takes_away_what_another_finder_marked(
    text: str, surer: Finder, other: Finder
) -> None:
    [(surface, _)] = found(text, other)
    assert any(surface in hidden for hidden, _ in found(text, surer, other))


def test_a_question_about_nobody_is_one_only_where_no_patient_is_given() -> None:
    text = "Is valley fever endemic in Arizona?"
    finder = Finder("rules", Arizona="STATE")
    notes = [Note("1", text), Note("2", text, "p")]

    assert [len(spans) for spans in find_phi(notes, [finder])] == [0, 1]


def test_a_month_within_a_date_is_no_name_though_a_doctor_bears_it() -> None:
    text = "On 6 May 2024 Dr. May agreed."
    dates = Finder("rules", **{"6 May 2024": "DATE"})
    known = Fixed([PhiSpan(5, 8, "DOCTOR", 1.0, ("known",)), PhiSpan(18, 21, "DOCTOR")])
    [spans] = find_phi([Note("1", text, "p")], [dates, known])

    assert [(text[s.start : s.end], s.label) for s in spans] == [
        ("6 May 2024", "DATE"), ("May", "DOCTOR"),
    ]  # fmt: skip


def test_another_identifier_has_all_the_ground_of_a_date_that_it_overlaps() -> None:
    date = Finder("bert", **{"03-14-1950": "DATE"})
    number = Finder("rules", 0.5, **{"4-1950-7": "IDNUM"})

    assert found("No 03-14-1950-7.", date, number) == [("03-1", "IDNUM"), ("4-1950-7", "IDNUM")]


def test_the_rest_of_a_misread_date_goes_with_it() -> None:
    assert found("on 3|14|2019 at", Finder("bert", **{"3|14": "DATE"})) == [("3|14|2019", "DATE")]
