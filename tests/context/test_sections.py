"""Tests of sections, on notes invented for them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.context.heading_words import read_heading_words
from pipeline.context.section_codes import load_section_codes, read_section_codes
from pipeline.context.sections import find_sections, section_of
from pipeline.errors import InputError
from pipeline.evaluate.meaning import run_sections
from pipeline.note import SECTION_KINDS, Section
from tests.conftest import REPOSITORY

OPERATION = "PREOPERATIVE DIAGNOSIS: Hernia.\nANESTHESIA: General.\n"
IMAGING = "REASON FOR EXAM: Fall.\nTECHNIQUE: Axial slices.\n"
VISIT = "CHIEF COMPLAINT: Cough.\nHISTORY OF PRESENT ILLNESS: A week.\n"


def kinds(text: str) -> list[tuple[str, str]]:
    return [
        (text[slice(*section.heading)], section.kind)
        for section in find_sections(text)
        if section.heading is not None
    ]


def last_kind(text: str) -> str:
    return find_sections(text)[-1].kind


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("CC", "chief_complaint"),
        ("REASON FOR VISIT", "chief_complaint"),
        ("REASON FOR ADMISSION", "chief_complaint"),
        ("REASON FOR REFERRAL", "indication"),
        ("INDICATIONS FOR THE PROCEDURE", "indication"),
        ("HPI", "hpi"),
        ("SUBJECTIVE", "hpi"),
        ("HISTORY", "hpi"),
        ("PMHx", "past_medical_history"),
        ("PAST MEDICAL HISTORY", "past_medical_history"),
        ("HISTORY OF BEE STINGS", "past_medical_history"),
        ("PAST SURGICAL HISTORY", "past_surgical_history"),
        ("FHx", "family_history"),
        ("FAMILY AND SOCIAL HISTORY", "family_history"),
        ("LEGAL HISTORY", "social_history"),
        ("SUBSTANCE ABUSE HISTORY", "social_history"),
        ("Habits", "social_history"),
        ("DISCHARGE MEDICATIONS", "medications"),
        ("CURRENT MEDS", "medications"),
        ("ALLERGIES TO MEDICINES", "allergies"),
        ("FUNCTIONAL INQUIRY", "review_of_systems"),
        ("ROS", "review_of_systems"),
        ("PHYSICAL EXAMINATION ON ADMISSION", "exam"),
        ("MENTAL STATUS EXAM", "exam"),
        ("VITALS", "exam"),
        ("LABS", "results"),
        ("CHEST X-RAY", "results"),
        ("MRI OF THE LEFT KNEE", "results"),
        ("AXIS IV", "assessment"),
        ("IMPRESSION", "assessment"),
        ("ADMITTING DIAGNOSES", "assessment"),
        ("POSTOPERATIVE DIAGNOSIS", "assessment"),
        ("DISPOSITION", "plan"),
        ("FOLLOW-UP", "plan"),
        ("RECOMMENDATIONS", "plan"),
        ("A/P", "assessment_and_plan"),
        ("IMPRESSION & PLAN", "assessment_and_plan"),
        ("DIAGNOSIS AND RECOMMENDATIONS", "assessment_and_plan"),
        ("HOSPITAL COURSE", "hospital_course"),
        ("EMERGENCY DEPARTMENT COURSE", "hospital_course"),
        ("DISCHARGE INSTRUCTIONS", "discharge_instructions"),
        ("DIET", "discharge_instructions"),
        ("PROCEDURE PERFORMED", "procedure"),
        ("ESTIMATED BLOOD LOSS", "procedure"),
        ("IMMUNIZATIONS", "immunizations"),
        ("BIRTH HISTORY", "birth_history"),
        ("DEVELOPMENTAL MILESTONES", "developmental_history"),
        ("OB/GYN HISTORY", "obstetric_history"),
        ("PAST PSYCHIATRIC HISTORY", "psychiatric_history"),
        ("ACTIVITIES OF DAILY LIVING", "functional_status"),
        ("IDENTIFYING DATA", "other"),
        ("ORCHARD NOTES", "other"),
    ],
)
def test_kind_of_a_heading(heading: str, kind: str) -> None:
    assert kinds(f"{heading}: None.") == [(heading, kind)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (OPERATION + "FINDINGS: A sac.", "procedure"),
        (OPERATION + "HISTORY: A lump for years.", "hpi"),
        (OPERATION + "PATHOLOGY: The sac.", "procedure"),
        (OPERATION + "ORCHARD NOTES: None.", "procedure"),
        (IMAGING + "FINDINGS: Normal.", "results"),
        (IMAGING + "HISTORY: Fell from a tree.", "indication"),
        (IMAGING + "EXAM: Films of the wrist.", "procedure"),
        (VISIT + "FINDINGS: Normal.", "exam"),
        (VISIT + "HISTORY: Smokes.", "hpi"),
        (VISIT + "EXAM: Clear.", "exam"),
    ],
)
def test_kind_depends_on_the_note(text: str, kind: str) -> None:
    assert last_kind(text) == kind


def test_a_study_is_told_from_its_results() -> None:
    text = (
        "CT HEAD\n\nTECHNIQUE: Axial.\nFINDINGS: Normal.\n\n"
        "CT NECK\n\nTECHNIQUE: Axial.\nCT CHEST: Normal."
    )
    assert kinds(text) == [
        ("CT HEAD", "procedure"),
        ("TECHNIQUE", "procedure"),
        ("FINDINGS", "results"),
        ("CT NECK", "procedure"),
        ("TECHNIQUE", "procedure"),
        ("CT CHEST", "results"),
    ]


@pytest.mark.parametrize(
    ("section", "kind"),
    [
        ("PHYSICAL EXAMINATION", "exam"),
        ("REVIEW OF SYSTEMS", "review_of_systems"),
        ("LABORATORY DATA", "results"),
        ("PLAN", "plan"),
        ("ASSESSMENT AND PLAN", "assessment_and_plan"),
        ("HOSPITAL COURSE", "hospital_course"),
    ],
)
@pytest.mark.parametrize("part", ["HEENT", "GI", "Heart and Lungs", "Right shoulder"])
def test_parts_keep_the_kind_of_their_section(section: str, kind: str, part: str) -> None:
    assert kinds(f"{section}: Yes.\n{part}: Normal.")[1] == (part, kind)


def test_unknown_headings_keep_it_too_and_others_end_it() -> None:
    text = "EXAM: Fair.\nKNEECAPS: Two.\nALLERGIES: Nuts.\nORCHARD NOTES: Apples."
    assert [kind for _, kind in kinds(text)] == ["exam", "exam", "allergies", "other"]


def test_opinions_end_with_the_paragraph_for_headings_that_tell_nothing() -> None:
    text = "PLAN: Two things.\nKNEECAPS: Ice.\n\nORCHARD NOTES: Apples."
    assert [kind for _, kind in kinds(text)] == ["plan", "plan", "other"]


def test_parts_right_below_a_heading_keep_its_kind() -> None:
    text = "PAST MEDICAL HISTORY:\nCARDIAC: Stent.\nGI: Ulcer.\nALLERGIES: Nuts.\nSKIN: Dry."
    assert [kind for _, kind in kinds(text)] == [
        "past_medical_history",
        "past_medical_history",
        "past_medical_history",
        "allergies",
        "exam",
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GENERAL: Tired.\nGI: No pain.\nGU: None.\nENDOCRINE: None.", "review_of_systems"),
        ("GENERAL: Denies fever.\nSKIN: Denies rash.", "review_of_systems"),
        ("GENERAL: Well.\nNECK: Supple.\nLUNGS: Clear.", "exam"),
        ("SKIN: Dry.", "exam"),
        ("LEFT VENTRICLE: Normal.\nAORTIC VALVE: Normal.", "results"),
    ],
)
def test_parts_that_no_section_holds(text: str, kind: str) -> None:
    assert {found for _, found in kinds(text)} == {kind}


def test_an_examination_without_a_heading() -> None:
    body = "HEENT: Clear.\nNECK: Supple.\nLUNGS: Clear.\nABDOMEN: Soft.\n"
    after_labs = kinds("LABS: Normal.\n" + body + "PLAN: Rest.")
    assert [kind for _, kind in after_labs] == ["results", "exam", "exam", "exam", "exam", "plan"]
    after_review = kinds("ROS:\nHEENT: No earache.\nLUNGS: No wheeze.\n" + body)
    assert [kind for _, kind in after_review] == ["review_of_systems"] * 3 + ["exam"] * 4


def test_sections_cover_heading_and_body() -> None:
    text = "Seen today. PLAN: Rest.\nALLERGIES\nNuts."
    assert find_sections(text) == [
        Section("other", 0, 12),
        Section("plan", 12, 24, (12, 16)),
        Section("allergies", 24, 39, (24, 33)),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n ", [Section("other", 0, 2)]),
        ("He is well.", [Section("other", 0, 11)]),
        ("PLAN", [Section("plan", 0, 4, (0, 4))]),
        ("PLAN:", [Section("plan", 0, 5, (0, 4))]),
    ],
)
def test_notes_with_hardly_anything(text: str, expected: list[Section]) -> None:
    assert find_sections(text) == expected


def test_section_of_a_place() -> None:
    text = "Well. PLAN: Rest. DIET: Soft."
    sections = find_sections(text)
    places = {0: "other", 5: "other", 6: "plan", 17: "plan", 18: "discharge_instructions"}
    assert {start: section_of(sections, start).kind for start in places} == places
    assert section_of(sections, len(text) - 1) is sections[-1]


@given(st.text(alphabet="ABab PLAN:.\n\r\t-*#1)(\u2028\U0001f600é,", max_size=120))
def test_sections_cover_any_text(text: str) -> None:
    sections = find_sections(text)
    assert "".join(text[section.start : section.end] for section in sections) == text
    assert all(one.end == two.start for one, two in pairwise(sections))
    assert all(section.start < section.end for section in sections)
    assert all(section.kind in SECTION_KINDS for section in sections)


def test_codes_are_loincs() -> None:
    codes = load_section_codes()
    assert codes["hpi"].code == "10164-2"
    assert codes["hospital_course"].code == "8648-8"
    assert "other" not in codes
    for section_code in codes.values():  # LOINC's check digit is Luhn's
        number, check = section_code.code.split("-")
        digits = [int(digit) for digit in reversed(number)]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[::2]]
        assert (sum(doubled) + sum(digits[1::2]) + int(check)) % 10 == 0


@pytest.mark.parametrize("row", ["plan", "walk\t1-8\tWalk", "plan\t\tPlan"])
def test_codes_that_make_no_sense(tmp_path: Path, row: str) -> None:
    path = tmp_path / "codes.tsv"
    path.write_text(f"# a comment\n{row}\n")
    with pytest.raises(InputError, match="line 2 isn't a known kind of section"):
        read_section_codes(path)


@pytest.mark.parametrize("row", ["plan\tsection\twalk", "plan\twalk\tplan", "\tsection\tplan"])
def test_headings_that_make_no_sense(tmp_path: Path, row: str) -> None:
    path = tmp_path / "sections.tsv"
    path.write_text(f"# a comment\n{row}\n")
    with pytest.raises(InputError, match="line 2 has no heading, an unknown use"):
        list(read_heading_words(path))


def test_tables_that_are_absent(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give a readable UTF-8 file"):
        read_section_codes(tmp_path / "absent.tsv")
    with pytest.raises(InputError, match="give a readable UTF-8 file"):
        list(read_heading_words(tmp_path / "absent.tsv"))


@pytest.mark.shared
def test_headings_of_reports(shared: Path) -> None:
    gold = REPOSITORY / "tests" / "context" / "headings.tsv"
    scores = run_sections(gold, shared / "notes" / "mtsamples.parquet", None)
    assert scores.notes == 50
    assert scores.f1.value is not None
    assert scores.accuracy.value is not None
    assert scores.f1.value >= 0.95
    assert scores.accuracy.value >= 0.90  # the kinds are a matter of opinion more than headings
