"""What holds for all surrogates together."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.surrogates import Surrogates
from pipeline.deid.surrogates.words import load_surrogate_words
from pipeline.patient import PatientRecord

SECRETS = st.binary(min_size=32, max_size=32)
LABELS = """
PATIENT DOCTOR USERNAME PROFESSION HOSPITAL ORGANIZATION STREET CITY STATE COUNTRY LOCATION-OTHER
PHONE FAX EMAIL URL IPADDR SSN MEDICALRECORD HEALTHPLAN ACCOUNT LICENSE VEHICLE DEVICE BIOID IDNUM
"""
ODD = st.one_of(
    st.text(max_size=20),
    st.lists(
        st.sampled_from(
            ["Calder", "O'Leary", "de", "la", "St.", "12", "1l", "O0", ",", "-", '"', "(x)", "王芳",
             "Žižek", "½", "٣", "İ", "ß", "\u0301", "Jr.", "MD", "Dr.", "MGH", "a.b@c.d", "::",
             "10.1.2.3", "x12", "+1", "617", "http://", "#", "\ud800", "\x00"]
        ),
        min_size=1,
        max_size=6,
    ).map(" ".join),
)  # fmt: skip
IDENTIFIERS = [
    ("PATIENT", "Ines Calder"), ("PATIENT", "CALDER"), ("PATIENT", "I.C."),
    ("DOCTOR", "Ruth Amadi"), ("DOCTOR", "amadi"),
    ("HOSPITAL", "Dunmore General Hospital"), ("HOSPITAL", "DGH"),
    ("CITY", "Dunmore"), ("STATE", "Ohio"), ("STREET", "12 Oak St"), ("PHONE", "617-234-8890"),
    ("MEDICALRECORD", "00-41-22"), ("MEDICALRECORD", "004122"), ("USERNAME", "ramadi"),
    ("EMAIL", "icalder@mailhost.com"), ("IDNUM", "7"), ("IDNUM", "8"), ("PROFESSION", "welder"),
]  # fmt: skip


@given(SECRETS, st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(secret: bytes, rng: random.Random) -> None:
    shuffled = IDENTIFIERS + IDENTIFIERS[:5]
    rng.shuffle(shuffled)
    one, other = Surrogates(secret, None, IDENTIFIERS), Surrogates(secret, None, iter(shuffled))
    for label, surface in shuffled:
        assert other.replace(label, surface) == one.replace(label, surface)


@given(SECRETS)
def test_nothing_known_of_the_patient_comes_back(secret: bytes) -> None:
    record = PatientRecord(
        names=("Ines Calder",), mrn=("3",), relatives=("Rosa Whitfield",), providers=("Amadi",)
    )
    known = {surface.casefold() for _, surface in IDENTIFIERS}
    known |= {
        "ines",
        "calder",
        "rosa",
        "whitfield",
        "ruth",
        "amadi",
        "3",
        "dunmore",
        "oak",
        "004122",
    }
    made = Surrogates(secret, record, IDENTIFIERS)
    for label, surface in IDENTIFIERS:
        value = made.replace(label, surface)
        assert value
        assert value.casefold() not in known
        assert not known & set(value.casefold().replace("@", " ").replace(".", " ").split())


def test_another_patient_has_other_surrogates() -> None:
    one, other = (Surrogates(bytes([n]) * 32, None, IDENTIFIERS) for n in (1, 2))
    same = [i for i in IDENTIFIERS if one.replace(*i) == other.replace(*i)]
    assert len(same) < len(IDENTIFIERS) / 3


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(SECRETS, st.lists(st.tuples(st.sampled_from(LABELS.split()), ODD), max_size=12))
def test_odd_text_neither_fails_nor_survives(secret: bytes, ids: list[tuple[str, str]]) -> None:
    made = Surrogates(secret, None, ids)
    known = {surface.casefold() for _, surface in ids}
    for label, surface in ids:
        value = made.replace(label, surface)
        assert value is None or (value.strip() and value.casefold() not in known)


@pytest.mark.parametrize("label", ["DATE", "AGE", "ZIP", "OTHER"])
def test_what_the_policy_handles_has_no_surrogate(label: str) -> None:
    assert Surrogates(bytes(32), None, [(label, "1950")]).replace(label, "1950") is None


def test_what_was_not_announced_has_no_surrogate() -> None:
    made = Surrogates(bytes(32), None, [("PATIENT", "Ines Calder")])
    assert made.replace("PATIENT", "Ruth Amadi") is None
    assert made.replace("DOCTOR", "Ines Calder") is None


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="has 32 bytes, got 16"):
        Surrogates(bytes(16), None, [])


def test_lists_hold_no_word_with_a_meaning() -> None:
    lexicon, words = load_lexicon(), load_surrogate_words()
    names = {*words.first[""].names, *words.surnames.names, *words.places.names}
    lowered = {name.lower() for name in names}
    clinical = lexicon.common | lexicon.eponyms | lexicon.device_eponyms | lexicon.abbreviations
    assert not lowered & (clinical | lexicon.not_names | lexicon.countries)
    assert not {name.lower() for name in words.places.names} & (lexicon.cities | lexicon.surnames)
    assert not {"parkinson", "foley", "allegra", "down", "cushing", "bell"} & lowered
    assert len(words.first["f"].names) > 800
    assert len(words.first["m"].names) > 400
    assert len(words.surnames.names) > 4000


def test_kept_words_are_no_usual_names() -> None:
    words = load_surrogate_words()
    pools = (words.first[""], words.surnames, words.places)
    names = {name.lower() for pool in pools for name in pool.names}
    assert not names & words.kept.keys()


def test_building_and_replacing_are_fast() -> None:
    letters = "bcdfglmnpr"
    ids = [("PATIENT", f"{a}al{b}en Kor{b}o{a}t".title()) for a in letters for b in letters]
    Surrogates(bytes(32), None, ids[:1])
    start = time.process_time()
    made = Surrogates(bytes(32), None, ids)
    built = time.process_time()
    for _ in range(100):
        for label, surface in ids:
            made.replace(label, surface)
    assert built - start < 0.1
    assert time.process_time() - built < 0.5


def test_the_time_to_build_grows_with_the_identifiers() -> None:
    kinds = (
        ("PATIENT", lambda n: f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}ren K{word(n)}".title()),
        ("DOCTOR", lambda n: f"{chr(65 + n % 26)}. {word(n).title()}"),
        ("PHONE", lambda n: f"412-{200 + n // 100}-{n:04d}"),
        ("SSN", lambda n: f"417-66-{n:04d}"),
    )

    def word(number: int) -> str:
        return "".join(
            "bcdfglmnpr"[number // 10**place % 10] + "aeo"[place % 3] for place in range(4)
        )

    for label, make in kinds:
        ids = [(label, make(number)) for number in range(4000)]
        Surrogates(bytes(32), None, ids[:1])
        start = time.process_time()
        Surrogates(bytes(32), None, ids)
        assert time.process_time() - start < 2
