"""The same person is the same in every form; different people stay different."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.surrogates import Surrogates
from pipeline.deid.surrogates.words import load_surrogate_words
from pipeline.patient import PatientRecord

SECRETS = st.binary(min_size=32, max_size=32)
MARGARET = (
    "Margaret O'Leary", "O'Leary", "O'LEARY", "M.O.", "M. O'Leary", "Peggy", "OLEARY, MARGARET A",
    "Margret O'leary", "O'Leary's", "Margaret", "Margaret O Leary",
)  # fmt: skip


def replaced(
    secret: bytes,
    patients: Iterable[str] = (),
    doctors: Iterable[str] = (),
    record: PatientRecord | None = None,
) -> dict[str, str]:
    ids = [("PATIENT", name) for name in patients] + [("DOCTOR", name) for name in doctors]
    made = Surrogates(secret, record, ids)
    written = {name: made.replace(label, name) for label, name in ids}
    assert all(written.values())
    return {name: value or "" for name, value in written.items()}


@given(SECRETS)
def test_a_person_is_the_same_in_every_form(secret: bytes) -> None:
    made = replaced(secret, MARGARET)
    first, last = made["Margaret O'Leary"].split()
    assert made["O'Leary"] == last
    assert made["O'LEARY"] == last.upper()
    assert made["O'Leary's"] == f"{last}'s"
    assert made["Margaret"] == first
    assert made["Margret O'leary"] == f"{first} {last}"
    assert made["Margaret O Leary"] == f"{first} {last}"
    assert made["M. O'Leary"] == f"{first[0]}. {last}"
    assert made["M.O."] == f"{first[0]}.{last[0]}."
    surname, given_names = made["OLEARY, MARGARET A"].split(", ")
    assert surname == last.upper()
    assert re.fullmatch(rf"{first.upper()} [A-Z]", given_names)


@given(SECRETS)
def test_a_nickname_becomes_the_nickname_or_the_name(secret: bytes) -> None:
    made = replaced(secret, ["Margaret O'Leary", "Peggy"])
    first = made["Margaret O'Leary"].split()[0]
    nicknames = load_surrogate_words().nicknames.get(first.lower(), ())
    assert made["Peggy"] == first or made["Peggy"].lower() in nicknames


def test_a_nickname_of_somebody_else_is_somebody_else() -> None:
    made = replaced(bytes(32), ["Margaret O'Leary", "Peggy Brandt"])
    assert made["Margaret O'Leary"].split()[1] != made["Peggy Brandt"].split()[1]
    first, other = made["Margaret O'Leary"].split()[0], made["Peggy Brandt"].split()[0]
    assert first != other
    assert other.lower() not in load_surrogate_words().nicknames.get(first.lower(), ())


@given(SECRETS)
def test_relatives_share_a_surname(secret: bytes) -> None:
    made = replaced(secret, ["Ana Quiroga", "Luis Quiroga", "Mr. Quiroga"])
    last = made["Ana Quiroga"].split()[1]
    assert made["Luis Quiroga"].split()[1] == last
    assert made["Mr. Quiroga"] == f"Mr. {last}"
    assert made["Ana Quiroga"].split()[0] != made["Luis Quiroga"].split()[0]


def test_sex_follows_the_first_name() -> None:
    words = load_surrogate_words()
    for number in range(60):
        made = replaced(bytes([number]) * 32, ["Deborah Kline", "Gregory Kline"])
        assert words.sexes.get(made["Deborah Kline"].split()[0].lower(), "f") == "f"
        assert words.sexes.get(made["Gregory Kline"].split()[0].lower(), "m") == "m"


@given(SECRETS)
def test_length_class_is_kept(secret: bytes) -> None:
    made = replaced(secret, ["Ann Lee", "Christopher Wolfeschlegel"])
    first, last = made["Ann Lee"].split()
    assert len(first) <= 4
    assert len(last) <= 4
    first, last = made["Christopher Wolfeschlegel"].split()
    assert len(first) >= 8
    assert len(last) >= 8


@pytest.mark.parametrize(
    ("surface", "form"),
    [
        ("patel", r"[a-z]+"),
        ("PATEL, ANIL R.", r"[A-Z]+, [A-Z]+ [A-Z]\."),
        ("Patel, Anil, MD", r"[A-Z][a-z]+, [A-Z][a-z]+, MD"),
        ("Anil Patel Jr.", r"[A-Z][a-z]+ [A-Z][a-z]+ Jr\."),
        ("Dr. Patel", r"Dr\. [A-Z][a-z]+"),
        ("R. Patel, MD", r"[A-Z]\. [A-Z][a-z]+, MD"),
        ("Mrs. Patel RN", r"Mrs\. [A-Z][a-z]+ RN"),
        ("Anil Patel MD", r"[A-Z][a-z]+ [A-Z][a-z]+ MD"),
        ("A. Patel, M.D.", r"[A-Z]\. [A-Z][a-z]+, M\.D\."),
        ("Anil Patel, Ph.D.", r"[A-Z][a-z]+ [A-Z][a-z]+, Ph\.D\."),
        ("Patel, PA-C", r"[A-Z][a-z]+, PA-C"),
        ("Anil Patel Jr., MD", r"[A-Z][a-z]+ [A-Z][a-z]+ Jr\., MD"),
        ("Patel III", r"[A-Z][a-z]+ III"),
        ("PATEL MD", r"[A-Z]+ MD"),
        ("patel rn", r"[a-z]+ rn"),
        ("Patel, DO", r"[A-Z][a-z]+, DO"),
        ("Patel, Do", r"[A-Z][a-z]+, (?!Do)[A-Z][a-z]+"),
        ("A.P., MD", r"[A-Z]\.[A-Z]\., MD"),
        ("Mr. and Mrs. Patel", r"Mr\. and Mrs\. [A-Z][a-z]+"),
        ("Dr Patel, DO/Amadi, RN", r"Dr [A-Z][a-z]+, DO/[A-Z][a-z]+, RN"),
        ("Patel (Dr.)", r"[A-Z][a-z]+ \(Dr\.\)"),
        ("Nurse Patel", r"Nurse [A-Z][a-z]+"),
        ("Vega-Patel", r"[A-Z][a-z]+-[A-Z][a-z]+"),
        ('Jaspal "Jesse" Patel', r'[A-Z][a-z]+ "[A-Z][a-z]+" [A-Z][a-z]+'),
        ("Baby Girl Patel", r"Baby Girl [A-Z][a-z]+"),
        ("ksl", r"[a-z]{3}"),
        ("J.K.", r"[A-Z]\.[A-Z]\."),
        ("Ruben de la Cruz", r"[A-Z][a-z]+ [A-Z][a-z]+"),
    ],
)
def test_the_form_is_kept(surface: str, form: str) -> None:
    for number in range(8):
        assert re.fullmatch(form, replaced(bytes([number]) * 32, [surface])[surface])


def test_accents_particles_and_scanned_letters_do_not_part_a_person() -> None:
    made = replaced(
        bytes(32), ["José Peña", "PENA, JOSE", "Rosa de la Cruz", "Cruz", "delacruz", "Jo5e Pena"]
    )
    first, last = made["José Peña"].split()
    assert made["PENA, JOSE"] == f"{last}, {first}".upper()
    assert made["Jo5e Pena"] == f"{first} {last}"
    assert made["Cruz"] == made["Rosa de la Cruz"].split()[1]
    assert made["delacruz"] == made["Cruz"].lower()


def test_a_middle_initial_follows_the_middle_name() -> None:
    made = replaced(bytes(32), ["Anna Beatrice Holm", "Anna B. Holm"])
    first, middle, last = made["Anna Beatrice Holm"].split()
    assert made["Anna B. Holm"] == f"{first} {middle[0]}. {last}"


def test_people_of_whom_only_initials_are_known_differ() -> None:
    surfaces = [f"{letter}. Holm" for letter in "ABCDEFGHK"]
    made = replaced(bytes(32), surfaces)
    assert len(set(made.values())) == len(surfaces)
    assert all(made[surface][0] != surface[0] for surface in surfaces)


def test_alike_surnames_of_two_people_stay_two() -> None:
    made = replaced(bytes(32), ["Mark Hansen"], ["Karen Hanson", "Hanson"])
    assert made["Mark Hansen"].split()[1] != made["Karen Hanson"].split()[1]
    assert made["Hanson"] == made["Karen Hanson"].split()[1]


def test_registered_people_are_not_each_others_misspelling() -> None:
    record = PatientRecord(names=("Katherine Sorel",), relatives=("Catherine Sorel",))
    made = replaced(bytes(32), ["Katherine", "Catherine"], record=record)
    assert made["Katherine"] != made["Catherine"]


def test_two_hundred_people_stay_two_hundred() -> None:
    lexicon, words = load_lexicon(), load_surrogate_words()
    firsts = sorted(lexicon.first_names - lexicon.particles - lexicon.titles)[::25]
    lasts = sorted(lexicon.surnames - lexicon.first_names - lexicon.particles)[::95]
    people = [
        f"{first.title()} {last.title()}"
        for first, last in zip(firsts, lasts, strict=False)
        if len(first) > 2 and len(last) > 2
    ][:200]
    assert len(people) > 150
    made = replaced(bytes(32), people)
    assert len({name.split()[0] for name in made.values()}) == len(
        {name.split()[0] for name in people}
    )
    assert len({name.split()[-1] for name in made.values()}) == len(people)
    assert words.surnames.names


def test_more_people_than_names_of_their_kind_stay_apart() -> None:
    vowels, consonants = "aeiou", "bdfgklmnprstvz"
    names = [(c + v + d).title() for c in consonants for v in vowels for d in consonants]
    made = replaced(bytes(32), (), [f"Dr. {name}" for name in names])
    assert len(set(made.values())) == len(names)


@given(SECRETS)
def test_no_part_of_a_name_comes_back(secret: bytes) -> None:
    record = PatientRecord(names=("Nguyen", "Bich"), providers=("Ines Calder",))
    surfaces = ["Bich Nguyen", "Keller", "Rose Harmon", "Lopez"]
    parts = {"bich", "nguyen", "ines", "calder", "keller", "rose", "harmon", "lopez"}
    for name in replaced(secret, surfaces, record=record).values():
        assert not parts & set(re.findall(r"[a-z]+", name.lower()))


@given(SECRETS)
def test_no_name_is_a_clinical_or_common_word(secret: bytes) -> None:
    lexicon = load_lexicon()
    forbidden = lexicon.common | lexicon.eponyms | lexicon.device_eponyms | lexicon.not_names
    for name in replaced(secret, ["Ann Lee", "Wolfgang Haas", "Rose", "Will May"]).values():
        assert not forbidden & set(re.findall(r"[a-z]+", name.lower()))
