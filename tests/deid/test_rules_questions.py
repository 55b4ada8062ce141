from __future__ import annotations

import pytest

from pipeline.deid.clinical_words import drop_clinical
from pipeline.deid.finding import find_phi
from pipeline.deid.rules import RulesAnnotator
from pipeline.deid.rules.questions import drop_in_question
from pipeline.note import Note, PhiSpan


def marked(text: str, surface: str, label: str, annotators: tuple[str, ...]) -> bool:
    """Say whether a mark stays, beside what the rules find themselves."""
    start = text.index(surface)
    span = PhiSpan(start, start + len(surface), label, 0.9, annotators)
    rules = RulesAnnotator().annotate([Note("n", text)])[0]
    return any(
        s.start < span.end and span.start < s.end
        for s in drop_in_question(text, drop_clinical(text, [*rules, span]))
    )


def by_rules(text: str) -> list[str]:
    (found,) = find_phi([Note("n", text)], [RulesAnnotator()])
    return [text[span.start : span.end] for span in found]


@pytest.mark.parametrize(
    ("text", "surface", "label"),
    [
        ("Is hantavirus endemic among adults in Montana?", "Montana", "STATE"),
        ("Which vaccines do travelers to Peru need?", "Peru", "COUNTRY"),
        ("How common is asbestosis in plumbers?", "plumbers", "PROFESSION"),
        ("Is fasting during Ramadan safe for patients on insulin?", "Ramadan", "DATE"),
        ("Explain the risk of Nipah outbreaks in Bangladesh", "Bangladesh", "COUNTRY"),
    ],
)
def test_a_question_about_nobody_holds_no_places_or_trades(
    text: str, surface: str, label: str
) -> None:
    assert not marked(text, surface, label, ("rules",))
    assert not marked(text, surface, label, ("ner",))


@pytest.mark.parametrize(
    ("text", "surface", "label"),
    [
        ("Can I bill 99223 after 99291?", "99223", "IDNUM"),
        ("Which drug covers Candida auris?", "Candida auris", "PATIENT"),
        ("Is it done in a community hospital?", "community hospital", "HOSPITAL"),
        ("Should a Quaxtor pump be changed at 7 days?", "7 days", "DATE"),
        ("What did the ZEBRA-3 trial show?", "ZEBRA", "PATIENT"),
        ("How do cisgender women respond to it?", "cisgender women", "HOSPITAL"),
    ],
)
def test_a_question_about_nobody_holds_no_doubtful_marks(
    text: str, surface: str, label: str
) -> None:
    assert not marked(text, surface, label, ("ner",))
    assert not marked(text, surface, label, ("bert", "ner"))


@pytest.mark.parametrize(
    ("text", "surface", "label"),
    [
        ("She moved from Montana: is hantavirus a risk?", "Montana", "STATE"),
        ("Is my patient, a plumber, at risk of asbestosis?", "plumber", "PROFESSION"),
        ("What workup for a patient from Montana with fever?", "Montana", "STATE"),
        ("Can the glucometer be mailed to Tulsa?", "Tulsa", "CITY"),
        ("Lives in Montana. Plumber.", "Montana", "STATE"),
        ("Seen Tuesday.\nRisk of asbestosis in plumbers?", "plumbers", "PROFESSION"),
        ("Does Wierzba need bridging for adults?", "Wierzba", "PATIENT"),
        ("Is Peru safe for travelers such as Ada Obara?", "Peru", "COUNTRY"),
        ("Is the risk for adults higher after 3/14?", "3/14", "DATE"),
        ("Are patients at Quarry Hospital at risk?", "Quarry Hospital", "HOSPITAL"),
        ("Is 4471902 due for screening?", "4471902", "MEDICALRECORD"),
    ],
)
def test_what_points_at_somebody_stays(text: str, surface: str, label: str) -> None:
    assert marked(text, surface, label, ("ner",))


@pytest.mark.parametrize("annotator", ["known", "site"])
def test_what_registration_or_the_site_marked_stays(annotator: str) -> None:
    assert marked("Is hantavirus endemic in Montana?", "Montana", "STATE", (annotator,))


@pytest.mark.parametrize(
    "text",
    [
        "The American Geriatrics Society defines frailty.",
        "World Health Organization on malaria",
        "Mayo Clinic's total kidney volume classification",
        "St. Jude mechanical aortic valve",
        "less sensitive than the Canadian CT Head Rule",
        "the Minnesota Starvation Experiment",
        "Agent Orange exposure",
        "detected by MLH1 staining",
        "the SEP-1 bundle SEP-1 at admission",
        "in Han Chinese adults",
    ],
)
def test_bodies_and_instruments_are_no_phi(text: str) -> None:
    if "SEP-1" in text:
        text = text.removeprefix("the SEP-1 ")
    assert by_rules(text) == []


@pytest.mark.parametrize(
    "text",
    ["per Quarry Hospital protocol", "had Quarry Hospital sleep study", "Quarry Clinic rules"],
)
def test_what_a_hospital_has_leaves_it_phi(text: str) -> None:
    assert any(found.startswith("Quarry") for found in by_rules(text))


def test_what_opens_a_question_is_no_part_of_a_hospital() -> None:
    assert by_rules("Is Quarry Hospital open") == ["Quarry Hospital"]


@pytest.mark.parametrize(
    "text",
    [
        "Should Tomasz Obara continue it?",
        "For Tomasz Obara, member ID pending: refill?",
        "unsure whether Leland Frost should stop",
    ],
)
def test_who_is_asked_about_is_found(text: str) -> None:
    (name,) = by_rules(text)

    assert name in ("Tomasz Obara", "Leland Frost")


@pytest.mark.parametrize(
    "text", ["Surviving Sepsis should apply", "Acute Pancreatitis has settled"]
)
def test_findings_that_are_asked_about_are_no_names(text: str) -> None:
    assert by_rules(text) == []


@pytest.mark.parametrize(
    ("text", "surface", "stays"),
    [
        ("How should we treat RSV in infants this winter?", "winter", False),
        ("What changed in our sepsis bundle in summer of 2023?", "summer of 2023", False),
        ("Are there updates for my patients as of March 2024?", "March 2024", False),
        ("Is my patient due since 3 March 2024?", "3 March 2024", True),
    ],
)
def test_months_and_seasons_go_from_a_question_without_another_identifier(
    text: str, surface: str, stays: bool
) -> None:
    start = text.index(surface)
    span = PhiSpan(start, start + len(surface), "DATE", 0.9, ("rules",))

    assert drop_in_question(text, [span]) == ([span] if stays else [])


def test_a_season_stays_beside_a_name() -> None:
    text = "Should Tomasz Obara get his flu shot this winter?"
    name = PhiSpan(7, 19, "PATIENT", 0.9, ("rules",))
    season = PhiSpan(42, 48, "DATE", 0.9, ("rules",))

    assert drop_in_question(text, [name, season]) == [name, season]
