from __future__ import annotations

import pytest

from pipeline.deid.clinical_words import drop_clinical
from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.note import PhiSpan


def kept(text: str, surface: str, label: str, annotators: tuple[str, ...] = ("ner",)) -> bool:
    start = text.index(surface)
    span = PhiSpan(start, start + len(surface), label, 0.9, annotators)
    return drop_clinical(text, [span]) == [span]


@pytest.mark.parametrize(
    ("text", "surface", "label"),
    [
        ("continue Lovenox til Monday", "Lovenox", "PATIENT"),
        ("via Dobhoff, Vital AF", "Dobhoff", "CITY"),
        ("start keppra tonight", "keppra", "DOCTOR"),
        ("opened with a scalpel", "scalpel", "PATIENT"),
        ("Ticket 0771824 opened", "Ticket", "PATIENT"),
        ("strength 4/5 throughout", "4/5", "DATE"),
        ("BiPAP 18/14 tonight", "18/14", "DATE"),
        ("extubated 1642 on the ward", "1642", "DATE"),
        ("FUTURE: 8-12 visits a year", "8-12", "DATE"),
        ("49 F, 64 kg today", "64", "AGE"),
        ("the belted driver of a truck", "belted driver", "PROFESSION"),
        ("seen in the recovery room", "recovery room", "LOCATION-OTHER"),
        ("seen by General Surgery", "General Surgery", "HOSPITAL"),
        ("GI: benign", "GI", "DOCTOR"),
        ("was hand-irrigated", "hand-irrigated", "DOCTOR"),
        ("Lovenox was held", "Lovenox", "HOSPITAL"),
        ("Explain Murphy's sign to her", "Murphy's sign", "DOCTOR"),
        ("Role of Duke criteria in this", "Duke criteria", "LOCATION-OTHER"),
        ("Salter fracture of the wrist", "Salter", "PATIENT"),
        ("differs from CIDP in time", "CIDP", "CITY"),
        ("Continue Humira with it", "Continue Humira", "ORGANIZATION"),
        ("treated as in GOLD 2024", "GOLD 2024", "VEHICLE"),
        ("per the American College of Radiology", "American College of Radiology", "HOSPITAL"),
        ("advice of the Endocrine Society on it", "the Endocrine Society", "ORGANIZATION"),
        ("covered by Medicare Advantage", "Medicare Advantage", "ORGANIZATION"),
        ("Edinburgh Postnatal Depression Scale 9", "Edinburgh", "CITY"),
        ("by the Ottawa ankle rules", "Ottawa", "CITY"),
        ("of Han Chinese ancestry", "Han Chinese", "CITY"),
        ("a trough of 15-20 today", "15-20", "DATE"),
        ("in women 65-75 who smoke", "65-75", "IDNUM"),
        ("billed as CPT 99214 again", "99214", "PHONE"),
        ("over the first 8 hours", "first 8", "LOCATION-OTHER"),
        ("a 3-week-old twin", "3-week-old", "PHONE"),
        ("COPD group E, on tiotropium", "E", "DOCTOR"),
        ("Could Legionella do this", "Could Legionella", "PATIENT"),
        ("differs from AIMS65 in use", "AIMS65", "DEVICE"),
        ("ask the pharmacist about it", "pharmacist", "PROFESSION"),
    ],
)
def test_clinical_words_that_only_the_recogniser_marked_go(
    text: str, surface: str, label: str
) -> None:
    assert not kept(text, surface, label)
    assert not kept(text, surface, label, ("bert",))
    assert not kept(text, surface, label, ("bert", "ner"))


@pytest.mark.parametrize(
    ("text", "surface", "label"),
    [
        ("told Will about it", "Will", "PATIENT"),
        ("nieces tova and promise beside her", "promise", "PATIENT"),
        ("read by Dr. Night", "Night", "DOCTOR"),
        ("Driven by Tooth, a friend", "Tooth", "PATIENT"),
        ("signed cm", "cm", "DOCTOR"),
        ("pupils read by Oyelowo", "Oyelowo", "DOCTOR"),
        ("lives in Rose", "Rose", "CITY"),
        ("seen 8/19 by podiatry", "8/19", "DATE"),
        ("drawn 2019 and later", "2019", "DATE"),
        ("level 4/24 was low", "4/24", "DATE"),
        ("may come in april", "april", "DATE"),
        ("wife, 64, is well", "64", "AGE"),
        ("a retired baker", "baker", "PROFESSION"),
        ("CABG 8/95 and stent", "8/95", "DATE"),
        ("works at Family Recovery Center", "Family Recovery Center", "ORGANIZATION"),
        ("met at the clinic", "clinic", "HOSPITAL"),
        ("born at Memorial", "Memorial", "HOSPITAL"),
        ("PT LIVES IN ERIE NOW", "ERIE", "CITY"),
        ("Mr. Salter called", "Salter", "PATIENT"),
        ("Hope clinic today", "Hope clinic", "HOSPITAL"),
        ("seen at Foxglove Clinic", "Foxglove Clinic", "HOSPITAL"),
        ("sent to Quarry Manor", "Quarry Manor", "HOSPITAL"),
        ("Ms. Gold called", "Gold", "PATIENT"),
        ("SEEN BY MARY GOLD TODAY", "GOLD", "DOCTOR"),
        ("works at the American Heart Association", "American Heart Association", "ORGANIZATION"),
        ("moved from Boston in spring", "Boston", "CITY"),
        ("Should Obara stop it", "Should Obara", "PATIENT"),
        ("per Quarry General protocol", "Quarry General", "HOSPITAL"),
        ("he is a pharmacist", "pharmacist", "PROFESSION"),
        ("signed E, RN", "E", "DOCTOR"),
        ("seen 8-12 and later", "8-12", "DATE"),
        ("record 65-75 was pulled", "65-75", "IDNUM"),
    ],
)
def test_what_could_be_phi_stays(text: str, surface: str, label: str) -> None:
    assert kept(text, surface, label)


@pytest.mark.parametrize(
    "annotators", [("rules",), ("known",), ("ner", "rules"), ("known", "bert"), ("site", "ner"), ()]
)
def test_what_another_finder_marked_stays(annotators: tuple[str, ...]) -> None:
    assert kept("continue Lovenox til Monday", "Lovenox", "PATIENT", annotators)


def test_the_others_keep_their_order() -> None:
    text = "Ada Obara takes Lovenox since 3/14/2019"
    spans = [
        PhiSpan(0, 9, "PATIENT", 0.9, ("ner",)),
        PhiSpan(16, 23, "DOCTOR", 0.9, ("ner",)),
        PhiSpan(30, 39, "DATE", 0.9, ("rules",)),
    ]

    assert drop_clinical(text, spans) == [spans[0], spans[2]]


def test_nobody_and_no_place_is_called_by_a_clinical_word() -> None:
    lexicon = load_lexicon()
    names = lexicon.first_names | lexicon.surnames | lexicon.cities | lexicon.countries

    assert not lexicon.clinical & names
    assert {"lovenox", "appendicitis", "nausea"} <= lexicon.clinical


@pytest.mark.parametrize("annotators", [("rules",), ("bert",), ("bert", "ner")])
def test_a_device_keeps_its_name_beside_a_patient_of_that_name(
    annotators: tuple[str, ...],
) -> None:
    text = "Mr. Foley's Foley (16 Fr) drains."
    person = PhiSpan(4, 9, "PATIENT", 0.95, ("rules",))
    device = PhiSpan(12, 17, "PATIENT", 0.75, annotators)

    assert drop_clinical(text, [person, device]) == [person]


def test_what_registration_knows_stays_though_it_is_an_eponym() -> None:
    known = PhiSpan(4, 9, "PATIENT", 1.0, ("known",))

    assert drop_clinical("The Foley.", [known]) == [known]


@pytest.mark.parametrize(
    ("text", "stays"),
    [("She had a ground-level fall.", False), ("Seen last fall.", True), ("in the fall", True)],
)
def test_a_fall_is_an_accident_or_a_season(text: str, stays: bool) -> None:
    start = text.index("fall")
    span = PhiSpan(start, start + 4, "DATE", 0.9, ("bert",))

    assert bool(drop_clinical(text, [span])) == stays
