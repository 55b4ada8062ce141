"""Tests of headings, on notes invented for them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.context.headings import find_headings


def headings(text: str) -> list[str]:
    return [text[heading.start : heading.end] for heading in find_headings(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Nothing to find
        ("", []),
        (" \n\t\n ", []),
        (":", []),
        ("::\n: :", []),
        ("He slept well and walked to the shop.", []),
        # Before a colon at the begin of a line
        ("ALLERGIES: None.", ["ALLERGIES"]),
        ("Allergies: None.", ["Allergies"]),
        ("allergies: none", ["allergies"]),
        ("  PLAN : Rest.", ["PLAN"]),
        ("PLAN:Rest.", ["PLAN"]),
        ("Past Medical History: Gout.", ["Past Medical History"]),
        ("Past medical history: Gout.", ["Past medical history"]),
        ("PAST  MEDICAL HISTORY: Gout.", ["PAST  MEDICAL HISTORY"]),
        ("AXIS   II: Deferred.", ["AXIS   II"]),
        ("ASSESSMENT/PLAN: Gout.", ["ASSESSMENT/PLAN"]),
        ("Assessment & Plan: Gout.", ["Assessment & Plan"]),
        ("PRE-OPERATIVE DIAGNOSIS (ES): Hernia.", ["PRE-OPERATIVE DIAGNOSIS (ES)"]),
        ("FAMILY, SOCIAL, AND WORK HISTORY: Baker.", ["FAMILY, SOCIAL, AND WORK HISTORY"]),
        ("Head, Eyes, Ears: Normal.", ["Head, Eyes, Ears"]),
        ("PATIENT'S GOALS: To dance.", ["PATIENT'S GOALS"]),
        ("Left lower extremity: Warm.", ["Left lower extremity"]),
        ("ESTIMATED BLOOD LOSS: 50 mL.", ["ESTIMATED BLOOD LOSS"]),
        ("TOTAL FLUID GIVEN: 300 mL.", ["TOTAL FLUID GIVEN"]),
        ("HISTORY OF BEEKEEPING INJURIES: Two.", ["HISTORY OF BEEKEEPING INJURIES"]),
        ("ORCHARD NOTES: Apples.", ["ORCHARD NOTES"]),
        ("PLAN:\r\nRest.\r\nDIET: Soft.", ["PLAN", "DIET"]),
        ("HPI: Cough.\fROS: Negative.", ["HPI", "ROS"]),
        # Bullets, numbers, Markdown
        ("- HEENT: Normal.", ["HEENT"]),
        ("\u2022 Respiratory: No wheeze.", ["Respiratory"]),
        ("3. PAST SURGICAL HISTORY: None.", ["PAST SURGICAL HISTORY"]),
        ("IV. ALLERGIES: None.", ["ALLERGIES"]),
        ("(b) Social history: Baker.", ["Social history"]),
        ("## Plan\nRest.", ["Plan"]),
        ("## Orchard walk\nApples.", ["Orchard walk"]),
        ("**Assessment:** Gout.", ["Assessment"]),
        ("**Assessment**\nGout.", ["Assessment"]),
        ("__Plan__: Rest.", ["Plan"]),
        ("=== MEDICATIONS ===\nAspirin", ["MEDICATIONS"]),
        # In the middle of a line
        ("He is stable. ALLERGIES: None. MEDICATIONS: Aspirin.", ["ALLERGIES", "MEDICATIONS"]),
        ("He is stable. Allergies: None.", ["Allergies"]),
        ("EXAM: HEENT: Clear. Neck: Supple. Gait: Steady.", ["EXAM", "HEENT", "Neck", "Gait"]),
        ("Lungs clear, HEART: Regular.", ["HEART"]),
        ("no distress LUNGS: clear HEART: regular", ["LUNGS", "HEART"]),
        ("he feels well Allergies: none Medications: aspirin", ["Allergies", "Medications"]),
        ("EXAM:TECHNIQUE: Axial slices.", ["EXAM", "TECHNIQUE"]),
        ("PE: BP 130/80 HEENT: Clear.", ["PE", "HEENT"]),
        ("Neck\tSupple\tSkin: Dry", ["Skin"]),
        ("No rash (see SKIN: dry).", ["SKIN"]),
        # Alone on a line
        ("FAMILY HISTORY\nMother had gout.", ["FAMILY HISTORY"]),
        ("Family History\nMother had gout.", ["Family History"]),
        ("He is well.\n\nmedications\n\naspirin", ["medications"]),
        ("PHYSICAL EXAM\n\nVITALS\n\nNormal.", ["PHYSICAL EXAM", "VITALS"]),
        ("CT OF THE KNEE\n\nTECHNIQUE: Axial.", ["CT OF THE KNEE", "TECHNIQUE"]),
        ("PLAN", ["PLAN"]),
        ("PLAN\nALLERGIES\nLABS", ["PLAN", "ALLERGIES", "LABS"]),
        # Notes in capitals
        ("PLAN: REST. ALLERGIES: NONE.\nMR. OAK: WELL.", ["PLAN", "ALLERGIES"]),
        ("ASPIRIN DAILY\nGOUT AND ASTHMA\nHE SLEPT: WELL ENOUGH TO GO TO WORK", ["HE SLEPT"]),
        # Unicode
        ("\u00c9lan returned. PLAN: Rest.", ["PLAN"]),
        ("\U0001f600 \U0001f600. PLAN: Rest.", ["PLAN"]),
        ("PATIENT\u2019S GOALS: To dance.", ["PATIENT\u2019S GOALS"]),
        ("PRE\u2010OPERATIVE DIAGNOSIS: Hernia.", ["PRE\u2010OPERATIVE DIAGNOSIS"]),
    ],
)
def test_headings(text: str, expected: list[str]) -> None:
    assert headings(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "BP: 120/80",
        "Temp: 98.6  Pulse: 72  Resp rate: 14",
        "WBC: 8.1, HGB: 13",
        "Age: 44",
        "Date of Birth: 01/02/1960",
        "DATE OF ADMISSION: 01/02/2020",
        "Dosage: 40 mg  Sig: one daily  Dispense: 30  Refills: 2",
        "Seen at 10:30 and again at 11:45 a.m.",
        "PLAN 10:30",
        "A ratio of 2:1 was given.",
        "See http://plan.example/a",
        "Dear Dr. OAKWELL: thank you.",
        "Dear Doctor:",
        "RE: A patient",
        "[doctor] how are you?\n[patient] fine",
        "Doctor: How are you?\nPatient: Fine.",
        "DOCTOR: How are you?\nPATIENT: Fine.",
        "The plan is as follows: rest.",
        "The following drugs were given: aspirin.",
        "His medications include the following: aspirin.",
        "SERUM IRON: 80",
        "1. GOUTY ARTHRITIS: rest.",
        "1. Asthma\n2. Gout\n3. Plan",
        "ASPIRIN\nDIGOXIN\nNAPROXEN",
        "Aspirin\nDigoxin",
        "HENRY OAKWELL, MD",
        "He was sent for surgery\nhistory and all.",
        "S: 4/5",
        "P: 80 and regular",
        "ELM, OAK, ASH, FIR, YEW, BOX, FIG, NUT, PINE, PLUM, PEAR, LIME, BEECH: trees",
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert headings(text) == []


def test_headings_of_letters() -> None:
    assert headings("S: Coughs.\nO: Clear.\nA: Cold.\nP: Rest.") == ["S", "O", "A", "P"]
    assert headings("He coughs. P: Rest.") == []


@pytest.mark.parametrize(
    "piece",
    [
        "HEENT: clear ",
        "A:",
        ": ",
        "Neck\n",
        "PLAN: ",
        "(((",
        "- - ",
        "AB CD: x ",
        "\t:\t",
        "**",
        "Lime, ",
    ],
)
def test_time_is_linear(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        begin = time.process_time()
        find_headings(text)
        return time.process_time() - begin

    short = min(seconds(10_000) for _ in range(3))
    assert seconds(100_000) < 60 * max(short, 0.001)  # quadratic time would be 100 times as long


@given(st.text(alphabet="ABab PLAN:.\n\r\t-*#1)(\u2028\U0001f600é,", max_size=120))
def test_headings_lie_in_order_and_have_no_edges(text: str) -> None:
    last = 0
    for heading in find_headings(text):
        surface = text[heading.start : heading.end]
        assert last <= heading.start < heading.end <= len(text)
        assert surface == surface.strip()
        assert not surface.endswith(":")
        assert "\n" not in surface
        last = heading.end
