"""Tests of what mentions mean, with the shipped tables and vocabulary."""

from __future__ import annotations

import pytest

from pipeline.config import Config, Context
from pipeline.interpretation import Interpretation, Interpreter, load_interpreter
from pipeline.note import Mention, Note

TEXT = """HISTORY OF PRESENT ILLNESS: Denies chest pain. Seen for chronic renal failure (CRF).
PAST MEDICAL HISTORY: DVT, MS.
FAMILY HISTORY: Mother had breast cancer.
ALLERGIES: penicillin.
MEDICATIONS: metoprolol 25 mg po bid prn.
PLAN: Follow CRF.
"""
MARKED = (("chest pain", "SYMPTOM"), ("chronic renal failure", "DISEASE"), ("CRF", "DISEASE"),
          ("DVT", "DISEASE"), ("MS", "DISEASE"), ("breast cancer", "DISEASE"),
          ("penicillin", "TREATMENT"), ("metoprolol", "TREATMENT"))  # fmt: skip


@pytest.fixture(scope="module")
def interpreter() -> Interpreter:
    return load_interpreter(Config(context=Context(assertion="rules")))


def mentions(text: str) -> list[Mention]:
    found = []
    for surface, label in MARKED:
        start = text.index(surface)
        found.append(Mention(start, start + len(surface), label, 0.9, ("bert",)))
    return sorted(found)


@pytest.fixture(scope="module")
def told(interpreter: Interpreter) -> dict[str, Mention]:
    (one,) = interpreter.interpret([Note("1", TEXT)], [mentions(TEXT)])
    return {TEXT[m.start : m.end]: m for m in one.mentions}


@pytest.mark.parametrize(
    ("surface", "section", "status", "cue"),
    [
        ("chest pain", "hpi", "absent", "Denies"),
        ("chronic renal failure", "hpi", "present", None),
        ("DVT", "past_medical_history", "historical", "PAST MEDICAL HISTORY"),
        ("breast cancer", "family_history", "family", None),
        ("penicillin", "allergies", "absent", "ALLERGIES"),
        ("metoprolol", "medications", "present", None),
    ],
)
def test_sections_and_assertions(
    told: dict[str, Mention], surface: str, section: str, status: str, cue: str | None
) -> None:
    mention = told[surface]

    assert mention.section == section
    assert mention.assertion is not None
    assert mention.assertion.status == status
    if cue is not None:
        assert mention.assertion.cue is not None
        assert TEXT[slice(*mention.assertion.cue)] == cue


def test_allergens(told: dict[str, Mention]) -> None:
    assert [surface for surface, mention in told.items() if mention.allergy] == ["penicillin"]


def test_long_forms(told: dict[str, Mention]) -> None:
    """The note defines CRF; both long forms of DVT mean the same, those of MS don't."""
    forms = {surface: mention.long_form for surface, mention in told.items() if mention.long_form}

    assert forms == {"CRF": "chronic renal failure", "DVT": "deep vein thrombosis"}


@pytest.mark.parametrize(
    ("surface", "system", "code"),
    [
        ("chest pain", "mesh", "D002637"),
        ("CRF", "mesh", "D007676"),
        ("DVT", "mesh", "D020246"),
        ("breast cancer", "mesh", "D001943"),
        ("metoprolol", "drugbank", "DB00264"),
    ],
)
def test_concepts(told: dict[str, Mention], surface: str, system: str, code: str) -> None:
    concept = told[surface].concept

    assert concept is not None
    assert concept.codes[system] == code


def test_how_drugs_are_taken(interpreter: Interpreter) -> None:
    (one,) = interpreter.interpret([Note("1", TEXT)], [mentions(TEXT)])

    [(place, sig)] = one.sigs
    assert TEXT[one.mentions[place].start : one.mentions[place].end] == "metoprolol"
    assert (sig.dose, sig.unit, sig.route, sig.frequency, sig.prn) == (
        "25", "mg", "oral", "twice a day", True,
    )  # fmt: skip


def test_a_note_is_interpreted_alike_whatever_its_neighbours(interpreter: Interpreter) -> None:
    texts = [TEXT, "", "No DVT.", TEXT.replace("Denies", "Has")]
    given = [mentions(text) if "CRF" in text else [] for text in texts]
    given[2] = [Mention(3, 6, "DISEASE")]
    notes = [Note(str(number), text) for number, text in enumerate(texts)]

    together = interpreter.interpret(notes, given)

    assert together[1] == Interpretation()
    assert together == [
        interpreter.interpret([note], [of_note])[0]
        for note, of_note in zip(notes, given, strict=True)
    ]
