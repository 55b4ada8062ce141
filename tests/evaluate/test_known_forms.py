from __future__ import annotations

import pytest

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.evaluate.known_forms import known_forms
from pipeline.patient import PatientRecord


def found(record: PatientRecord, text: str) -> list[tuple[str, str]]:
    forms = known_forms(record, load_lexicon())
    return [(f.column, m[0]) for f in forms for m in f.pattern.finditer(text)]


@pytest.mark.parametrize(
    ("name", "text", "matches"),
    [
        ("Ada Zquillby", "ADA zquillby's mother", ["ADA", "zquillby"]),
        ("O'Zconnor-Ruxiz", "seen with Zconnor and ruxiz", ["Zconnor", "ruxiz"]),
        ("Jo Li", "Jo Li left", []),
        ("Zquillby", "Zquillbyson left", []),
        ("Żółćka", "zolcka and ŻÓŁĆKA", ["zolcka", "ŻÓŁĆKA"]),
        ("Dr. Zquillby MD", "the dr. left", []),
    ],
)
def test_parts_of_names(name: str, text: str, matches: list[str]) -> None:
    assert [m for _, m in found(PatientRecord(names=(name,)), text)] == matches


def test_names_that_are_words_or_eponyms_are_told() -> None:
    record = PatientRecord(names=("Zquillby Short",), providers=("Parkinson",))
    forms = {f.identifier: f.is_word for f in known_forms(record, load_lexicon())}
    assert forms == {"zquillby": False, "short": True, "parkinson": True}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("MRN 00-61-27-44", ["00-61-27-44"]),
        ("MRN:00612744.", ["00612744"]),
        ("0061 2744", ["0061 2744"]),
        ("100612744", []),
        ("006127441", []),
    ],
)
def test_numbers_with_and_without_separators(text: str, matches: list[str]) -> None:
    assert [m for _, m in found(PatientRecord(mrn=("00-61-27-44",)), text)] == matches


@pytest.mark.parametrize(
    "text", ["419-555-0163", "(419) 555-0163", "4195550163", "+1.419.555.0163", "call 555-0163"]
)
def test_telephone_numbers(text: str) -> None:
    assert found(PatientRecord(phones=("419-555-0163",)), text) != []


def test_other_telephone_numbers() -> None:
    record = PatientRecord(phones=("419-555-0163",))
    assert found(record, "419-555-0164, 15550163, 555-01634") == []


@pytest.mark.parametrize(
    "text",
    [
        *("03/04/1951", "3/4/51", "3-4-1951", "1951-03-04", "19510304"),
        *("March 4, 1951", "Mar. 4 1951", "4 March 1951", "4th of March, 1951", "04-MAR-51"),
    ],
)
def test_dates_of_birth(text: str) -> None:
    assert found(PatientRecord(dob=("1951-03-04",)), f"b. {text};") == [("dob", text)]


@pytest.mark.parametrize("text", ["13/4/1951", "3/4/1952", "3/14/1951", "March 4", "1951"])
def test_other_dates(text: str) -> None:
    assert found(PatientRecord(dob=("1951-03-04",)), text) == []


def test_addresses_and_mail() -> None:
    record = PatientRecord(email=("ada.q@mail.example",), address=("4 Elm Road, Ghent, NY",))
    assert found(record, "ADA.Q@mail.example, 4 elm\nroad") == [
        ("email", "ADA.Q@mail.example"),
        ("address", "4 elm\nroad"),
    ]


def test_an_identifier_that_is_given_twice_counts_once() -> None:
    record = PatientRecord(names=("Ada Zquillby", "Zquillby"))
    assert sorted(f.identifier for f in known_forms(record, load_lexicon())) == ["ada", "zquillby"]
