"""Places keep what they are and lose what they are called."""

from __future__ import annotations

import re

import pytest

from pipeline.deid.surrogates import Surrogates

SECRETS = [bytes([number]) * 32 for number in range(12)]


def replaced(secret: bytes, *ids: tuple[str, str]) -> list[str]:
    made = Surrogates(secret, None, ids)
    written = [made.replace(label, surface) for label, surface in ids]
    assert None not in written
    return [value or "" for value in written]


@pytest.mark.parametrize("secret", SECRETS)
def test_the_kind_of_hospital_is_kept_and_its_acronym_follows(secret: bytes) -> None:
    long, short, dotted = replaced(
        secret,
        ("HOSPITAL", "Massachusetts General Hospital"),
        ("HOSPITAL", "MGH"),
        ("HOSPITAL", "M.G.H."),
    )
    name, kind = long.split(" ", 1)
    assert kind == "General Hospital"
    assert name != "Massachusetts"
    assert short == f"{name[0]}GH" != "MGH"
    assert dotted == f"{name[0]}.G.H."


@pytest.mark.parametrize("secret", SECRETS)
def test_a_city_has_one_name_also_within_a_hospital(secret: bytes) -> None:
    city, capitals, hospital = replaced(
        secret,
        ("CITY", "Rochester"),
        ("CITY", "ROCHESTER"),
        ("HOSPITAL", "Rochester Medical Center"),
    )
    assert capitals == city.upper()
    assert hospital == f"{city} Medical Center"
    assert "rochester" not in city.lower()


@pytest.mark.parametrize(
    ("label", "surface", "form"),
    [
        ("ORGANIZATION", "Tolliver Elementary", r"[A-Z][a-z]+ Elementary"),
        ("ORGANIZATION", "Hand & Pruitt LLP", r"[A-Z][a-z]+ & [A-Z][a-z]+ LLP"),
        ("ORGANIZATION", "ZQXW", r"[A-Z]{4}"),
        ("HOSPITAL", "TOLLIVER CLINIC", r"[A-Z]+ CLINIC"),
        ("HOSPITAL", "tolliver clinic", r"[a-z]+ clinic"),
        ("HOSPITAL", "St. Brendan's Hospital", r"St\. [A-Z][a-z]+'s Hospital"),
        ("HOSPITAL", "Bay Harbor Hospital", r"[A-Z][a-z]+ Hospital"),
        ("HOSPITAL", "5 West", r"[1-9] West"),
        ("LOCATION-OTHER", "Room 412B", r"Room [1-9]\d\d[A-Z]"),
        ("LOCATION-OTHER", "Hancock County", r"[A-Z][a-z]+ County"),
        ("STATE", "OH", r"[A-Z]{2}"),
        ("STATE", "N.Y.", r"[A-Z]\.[A-Z]\."),
        ("COUNTRY", "KENYA", r"[A-Z ]+"),
        ("STREET", "12 Oak St", r"[1-9]\d [A-Z][a-z]+ St"),
        ("STREET", "12 Old Ridge Rd", r"[1-9]\d (?!.*Ridge)(Old )?[A-Z][a-z]+ Rd"),
        ("STREET", "100 State Street", r"[1-9]\d\d (?!State)[A-Z][a-z]+ Street"),
        ("STREET", "400 North St", r"[1-9]\d\d (?!North)[A-Z][a-z]+ St"),
        ("STREET", "County Road 17", r"County Road [1-9]\d"),
        ("STREET", "9 Elm Ct, Bldg C", r"[1-9] [A-Z][a-z]+ Ct, Bldg (?!C)[A-Z]"),
        ("STREET", "P.O. Box 118", r"P\.O\. Box [1-9]\d\d"),
        ("STREET", "410 N 22nd Ave, Apt 4B", r"[1-9]\d\d N \d+(st|nd|rd|th) Ave, Apt [1-9][A-Z]"),
        ("PROFESSION", "retired school bus drivers", r"retired [a-z ]+(s|men)"),
        ("PROFESSION", "ROOFER", r"[A-Z ]+"),
    ],
)
def test_the_form_is_kept(label: str, surface: str, form: str) -> None:
    for secret in SECRETS:
        (made,) = replaced(secret, (label, surface))
        assert re.fullmatch(form, made)
        assert made != surface


NAME = r"[A-Z][a-z]+(?: [A-Z][a-z]+)?"


@pytest.mark.parametrize(
    ("surface", "form"),
    [
        ("Brigham and Women's Hospital", rf"{NAME} Hospital"),
        ("Hospital for Special Surgery", rf"Hospital for {NAME}"),
        ("Massachusetts Eye and Ear", NAME),
        ("National Institutes of Health", NAME),
        ("Veterans Affairs Medical Center", rf"{NAME} Medical Center"),
        ("Women & Infants Hospital", rf"{NAME} & {NAME} Hospital"),
        ("Women & Children's Hospital", rf"{NAME} & {NAME}'s Hospital"),
        ("Golden Gate Bridge", rf"{NAME} Bridge"),
        ("Rocky Mountain National Park", rf"{NAME} Park"),
        ("Memorial Sloan Kettering Cancer Center", rf"{NAME} Center"),
        ("General Electric", NAME),
        ("Children's National Medical Center", rf"{NAME} Medical Center"),
        ("Hospital for Sick Children", rf"Hospital for {NAME}"),
        ("Centers for Disease Control and Prevention", NAME),
        ("Boston Children's", rf"{NAME} Children's"),
        ("Rochester General", rf"{NAME} General"),
        ("Tolliver Cardiology Associates", rf"{NAME} Cardiology Associates"),
        ("Children's Hospital of Philadelphia", rf"Children's Hospital of {NAME}"),
        ("Lake Tolliver", rf"Lake {NAME}"),
        ("Mount Tolliver", NAME),
        ("Gate 5", r"Gate [1-9]"),
        ("Home Depot", NAME),
        ("Department of Public Health", rf"Department of {NAME} Health"),
        ("Mass. Gen. Hosp.", r"[A-Z][a-z]+\. Gen\. Hosp\."),
    ],
)
def test_only_words_for_kinds_of_places_stay(surface: str, form: str) -> None:
    kept = re.sub(r"[^A-Za-z']+", " ", form.replace(NAME, "")).split()
    lost = {word.removesuffix("'s") for word in surface.split()} - {
        k.removesuffix("'s") for k in kept
    }
    for secret in SECRETS:
        (made,) = replaced(secret, ("HOSPITAL", surface))
        assert re.fullmatch(form, made)
        assert not lost & set(re.findall("[A-Za-z]+", made)) - {"for", "of", "and"}


@pytest.mark.parametrize("secret", SECRETS)
def test_a_street_is_the_same_in_every_form(secret: bytes) -> None:
    short, long, name = replaced(
        secret, ("STREET", "12 Oak St"), ("STREET", "12 Oak Street, Unit 7"), ("STREET", "Oak St")
    )
    assert short.endswith(" St")
    assert long.startswith(short.removesuffix(" St") + " Street, Unit ")
    assert short.endswith(name)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_state_is_the_same_in_both_forms(secret: bytes) -> None:
    codes = {"Texas": "TX", "Utah": "UT", "Iowa": "IA", "New York": "NY"}
    name, code = replaced(secret, ("STATE", "Ohio"), ("STATE", "OH"))
    assert name != "Ohio"
    assert codes.get(name, code) == code


def test_what_is_only_kept_words_is_left_to_a_tag() -> None:
    made = Surrogates(bytes(32), None, [("HOSPITAL", "Clinic"), ("PROFESSION", "drives long-haul")])
    assert made.replace("HOSPITAL", "Clinic") is None
    assert made.replace("PROFESSION", "drives long-haul") is None


@pytest.mark.parametrize(
    "surface", ["of the", "of Hospital", "St. of", "Lake", "Lake Park", "St. "]
)
def test_a_place_of_few_words_does_not_fail(surface: str) -> None:
    made = Surrogates(bytes(32), None, [("LOCATION-OTHER", surface)])
    assert made.replace("LOCATION-OTHER", surface) != surface


def test_different_places_stay_different() -> None:
    letters = "bcdfglmnprst"
    names = [f"{a}a{b}o{c}ton".title() for a in letters for b in letters[:4] for c in letters[:4]]
    made = replaced(bytes(32), *(("CITY", name) for name in names))
    assert len(set(made)) == len(names) == 192
