from __future__ import annotations

import time

import pytest

from pipeline.deid.known import KnownIdentifiers
from pipeline.note import Note
from pipeline.patient import PatientRecord

SUBJECT = ("patient", "p1")
MARGARET = PatientRecord(
    names=("Margaret O'Leary",),
    mrn=("00448213",),
    dob=("1951-04-09",),
    phones=("(555) 201-0143",),
    address=("12 Elm Street Apt 4, White Brook, VA 22578",),
    ssn=("123-45-6789",),
    email=("maggie.oleary@mail.example",),
    relatives=("Kieran O'Leary", "Rosa Delgado-Quill"),
    providers=("Dr. Tobias Wendt",),
)


def find(text: str, record: PatientRecord) -> list[tuple[str, str]]:
    """Return label and text of what is found in a note of the patient."""
    annotator = KnownIdentifiers({SUBJECT: record})
    [spans] = annotator.annotate([Note("n1", text, patient_id="p1")])
    return [(span.label, text[span.start : span.end]) for span in spans]


def named(*names: str) -> PatientRecord:
    return PatientRecord(names=names)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Margaret O'Leary was seen.", "Margaret O'Leary"),
        ("O'LEARY, MARGARET was seen.", "O'LEARY, MARGARET"),
        ("margaret oleary called", "margaret oleary"),
        ("Mrs. O’Leary rested.", "O’Leary"),
        ("Ms. O Leary rested.", "O Leary"),
        ("Margaret's pain is less.", "Margaret"),
        ("Peggy feels better.", "Peggy"),
        ("Meg feels better.", "Meg"),
        ("M. O'Leary agreed.", "M. O'Leary"),
        ("O'Leary, M. agreed.", "O'Leary, M."),
        ("Pt M.O. agreed.", "M.O."),
        ("Margret is here.", "Margret"),
        ("Margaert is here.", "Margaert"),
        ("MARGARET IS HERE.", "MARGARET"),
    ],
)
def test_finds_the_patient_in_every_form(text: str, found: str) -> None:
    assert find(text, MARGARET) == [("PATIENT", found)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Martínez is here", "Martínez"),
        ("Martinez is here", "Martinez"),
        ("Marti\u0301nez is here", "Marti\u0301nez"),
        ("MARTÍNEZ, JOSE", "MARTÍNEZ, JOSE"),
        ("Jose Martinez", "Jose Martinez"),
    ],
)
def test_accents_do_not_matter(text: str, found: str) -> None:
    assert find(text, named("José", "Martínez")) == [("PATIENT", found)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ms. Quill-Abara came", "Quill-Abara"),
        ("Ms. Quill Abara came", "Quill Abara"),
        ("Ms. QuillAbara came", "QuillAbara"),
        ("Ms. Abara came", "Abara"),
        ("Ada Quill came", "Ada Quill"),
    ],
)
def test_hyphenated_names_are_found_joined_and_in_pieces(text: str, found: str) -> None:
    assert find(text, named("Ada", "Quill-Abara")) == [("PATIENT", found)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Luis de la Cruz came", "Luis de la Cruz"),
        ("Mr. de la Cruz came", "de la Cruz"),
        ("delacruz came", "delacruz"),
        ("DE LA CRUZ, LUIS", "DE LA CRUZ, LUIS"),
    ],
)
def test_particles_belong_to_the_surname(text: str, found: str) -> None:
    assert find(text, named("Luis de la Cruz")) == [("PATIENT", found)]


def test_suffix_and_middle_initial_are_taken_along() -> None:
    record = named("Wendell T. Farrow Jr.")

    assert find("FARROW, WENDELL T. was here", record) == [("PATIENT", "FARROW, WENDELL T.")]
    assert find("Wendell Farrow Jr. was here", record) == [("PATIENT", "Wendell Farrow Jr.")]


@pytest.mark.parametrize(
    "text",
    [
        "He will follow up in May.",
        "Will follow up. May need a scan.",
        "will call, may go",
        "WILL FOLLOW UP. MAY NEED A SCAN.",
        "hand and foot exam",
        "Her hand is sore. Hand grip 5/5.",
        "young woman in no distress",
        "Short of breath. Long discussion.",
    ],
)
def test_common_words_are_left_alone(text: str) -> None:
    record = PatientRecord(names=("Will May",), relatives=("Young Hand", "Short Long"))

    assert find(text, record) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We met Mr. May again", "May"),
        ("pt hand says no", "hand"),
        ("Yesterday Hope walked.", "Hope"),
        ("Hope was tearful.", "Hope"),
        ("Hope's plan is good.", "Hope"),
        ("HAND, HOPE", "HAND, HOPE"),
        ("hope hand came", "hope hand"),
        ("H. Hand came", "H. Hand"),
    ],
)
def test_common_words_count_where_context_makes_them_names(text: str, found: str) -> None:
    assert find(text, named("Hope Hand", "Hope May")) == [("PATIENT", found)]


@pytest.mark.parametrize(
    "text",
    [
        "Parkinson disease is stable.",
        "Parkinson's disease is stable.",
        "Wolff-Parkinson-White pattern",
        "foley draining, Foley catheter in place",
        "Foley 16 Fr to gravity",
        "foley out at 6",
    ],
)
def test_eponyms_are_left_alone(text: str) -> None:
    assert find(text, PatientRecord(names=("Parkinson",), relatives=("Foley",))) == []


def test_an_eponym_with_a_title_is_a_name() -> None:
    record = named("Edna Foley")

    assert find("Mrs. Foley's Foley catheter leaks", record) == [("PATIENT", "Foley")]
    assert find("Edna Foley is here", record) == [("PATIENT", "Edna Foley")]


def test_parts_of_two_letters_never_stand_alone() -> None:
    record = named("Thi Ng")

    assert find("ng tube out, NG tube in, Ng 5", record) == []
    assert find("Thi Ng came; Ms. Ng left", record) == [("PATIENT", "Thi Ng"), ("PATIENT", "Ng")]


def test_initials_that_are_abbreviations_are_left_alone() -> None:
    assert find("Seen at 8 A.M. by the team", named("Alma Mercado")) == []


def test_a_word_of_the_language_is_no_typo() -> None:
    assert find("patients painful, patience", named("Patiens Painfull")) == []


def test_relatives_are_patients_and_providers_doctors() -> None:
    text = "Kieran drove her; Rosa Quill paid. T. Wendt signed."

    assert find(text, MARGARET) == [
        ("PATIENT", "Kieran"),
        ("PATIENT", "Rosa Quill"),
        ("DOCTOR", "T. Wendt"),
    ]


@pytest.mark.parametrize(
    "text",
    ["448213", "00448213", "0448213", "448-213", "44 82 13", "MRN448213", "4482l3", "44.82.13"],
)
def test_finds_the_record_number_however_it_is_written(text: str) -> None:
    assert find(f"no. {text}, seen", MARGARET) == [("MEDICALRECORD", text)]


@pytest.mark.parametrize("text", ["1448213", "448213.5x", "4482134", "448", "213"])
def test_another_number_is_not_the_record_number(text: str) -> None:
    found = find(f"no. {text} seen", MARGARET)
    assert [f for f in found if f[1] == text] == []


def test_a_record_number_with_letters_is_found_with_and_without_them() -> None:
    record = PatientRecord(mrn=("HS-20417",))

    assert find("HS20417; hs 20417; 20417", record) == [
        ("MEDICALRECORD", "HS20417"),
        ("MEDICALRECORD", "hs 20417"),
        ("MEDICALRECORD", "20417"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "555-201-0143",
        "(555) 201-0143",
        "555.201.0143",
        "5552010143",
        "1 555 201 0143",
        "1-555-201-0143",
        "201-0143",
        "2010143",
        "555/201-0143",
    ],
)
def test_finds_the_phone_however_it_is_written(text: str) -> None:
    found = find(f"call {text} today", MARGARET)
    assert [label for label, _ in found] == ["PHONE"]
    assert found[0][1] == text.lstrip("(")


@pytest.mark.parametrize(
    "text",
    [
        "1951-04-09",
        "04/09/1951",
        "4/9/51",
        "4-9-1951",
        "9.4.1951",
        "19510409",
        "04091951",
        "April 9, 1951",
        "Apr 9th 1951",
        "9 April 1951",
        "09-APR-1951",
        "9APR51",
        "1951-Apr-09",
        "9th of April, 1951",
    ],
)
def test_finds_the_birth_date_in_all_usual_forms(text: str) -> None:
    assert find(f"DOB {text}, female", MARGARET) == [("DATE", text)]


def test_finds_the_birthday_without_a_year() -> None:
    assert find("Her birthday is 4/9 and pain 4/9", MARGARET) == [("DATE", "4/9")]


@pytest.mark.parametrize("text", ["04/10/1951", "4/9/52", "April 9", "14/9/51"])
def test_another_date_is_not_the_birth_date(text: str) -> None:
    assert find(f"on {text} seen", MARGARET) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lives at 12 Elm St.", [("STREET", "12 Elm St.")]),
        ("lives at 12 ELM STREET APT 4", [("STREET", "12 ELM STREET APT 4")]),
        ("back on Elm Street", [("STREET", "Elm Street")]),
        ("from White Brook", [("CITY", "White Brook")]),
        ("zip 22578-0012", [("ZIP", "22578-0012")]),
        ("white brook in the kidney", []),
        ("seen under the elm", []),
    ],
)
def test_finds_the_address_in_its_parts(text: str, found: list[tuple[str, str]]) -> None:
    assert sorted(set(find(text, MARGARET))) == sorted(found)


@pytest.mark.parametrize(
    ("registered", "text"),
    [
        ("450 N. Quarry Road, Barre, VT 05641", "450 North Quarry Rd"),
        ("450 North Quarry Rd., Barre, VT 05641", "450 N Quarry Road"),
        ("County Road 316", "County Rd 316"),
        ("9 Saint James Avenue", "9 St. James Ave"),
    ],
)
def test_abbreviations_in_streets_work_both_ways(registered: str, text: str) -> None:
    found = find(f"home: {text}", PatientRecord(address=(registered,)))
    assert ("STREET", text) in found


@pytest.mark.parametrize("text", ["123-45-6789", "123456789", "123 45 6789"])
def test_finds_the_ssn(text: str) -> None:
    assert find(f"ssn {text}", MARGARET) == [("SSN", text)]


def test_finds_the_email() -> None:
    assert ("EMAIL", "Maggie.OLeary@mail.example") in find(
        "write to Maggie.OLeary@mail.example today", MARGARET
    )


def test_each_note_gets_its_own_patient() -> None:
    annotator = KnownIdentifiers(
        {("patient", "p1"): named("Ada Quill"), ("note", "n3"): named("Bo Farrow")}
    )
    text = "Quill and Farrow"
    notes = [
        Note("n1", text, patient_id="p1"),
        Note("n2", text, patient_id="p2"),
        Note("n3", text),
        Note("n4", text),
    ]

    found = annotator.annotate(notes)

    assert [[text[s.start : s.end] for s in spans] for spans in found] == [
        ["Quill"],
        [],
        ["Farrow"],
        [],
    ]


def test_spans_name_their_annotator_and_are_sure() -> None:
    annotator = KnownIdentifiers({SUBJECT: named("Ada Quill")})
    [[span]] = annotator.annotate([Note("n1", "Quill", patient_id="p1")])

    assert annotator.name == "known"
    assert (span.annotators, span.score) == (("known",), 1.0)


def test_an_empty_record_and_an_empty_note_find_nothing() -> None:
    assert find("Ada Quill", PatientRecord()) == []
    assert find("", MARGARET) == []


@pytest.mark.parametrize(
    "text",
    [
        "Margaret " * 11_000,
        "M." * 50_000,
        "4 " * 50_000,
        "o-" * 50_000,
        "12 elm " * 14_000,
        "margaret" * 12_000,
    ],
    ids=["names", "initials", "digits", "hyphens", "streets", "letters"],
)
def test_long_adversarial_text_takes_linear_time(text: str) -> None:
    begun = time.process_time()
    find(text, MARGARET)
    assert time.process_time() - begun < 4.0
