from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.deid.known import KnownIdentifiers
from pipeline.note import Note
from pipeline.patient import PatientRecord

SUBJECT = ("patient", "p1")
ROSALIE = PatientRecord(
    names=("Rosalie Anne Brandvold-Quist",),
    mrn=("HV-0048213",),
    dob=("1951-04-09",),
    phones=("(555) 201-0143",),
    address=("418 Tamarack Street Apt 4B, Orr Falls, MN 55771",),
    ssn=("123-45-6789",),
    email=("rosie.bq@mail.example",),
    relatives=("Hope Brandvold", "Anders Quist"),
    providers=("Dr. Siobhan O'Malley", "Ned Young, MD", "Jin-ho MacDonald"),
)
WILL = PatientRecord(
    names=("Will Parkinson",),
    relatives=("Faith Young", "Rose Hand", "Penny Foley"),
    providers=("Dr. Mark Bright",),
)


def left_of(text: str, record: PatientRecord) -> str:
    """Return what is left of a note of the patient when all that is found is cut out."""
    annotator = KnownIdentifiers({SUBJECT: record})
    [spans] = annotator.annotate([Note("n1", text, patient_id="p1")])
    hidden = {place for span in spans for place in range(span.start, span.end)}
    return "".join("_" if place in hidden else char for place, char in enumerate(text))


def check(marked: str, record: PatientRecord) -> None:
    """Expect that what stands in braces, and no other letter or digit, is found."""
    text = re.sub(r"[{}]", "", marked)
    expected = re.sub(r"\{([^}]*)\}", lambda match: "_" * len(match[1]), marked)
    found = left_of(text, record)
    assert re.sub(r"[^\w]|_", "", found) == re.sub(r"[^\w]|_", "", expected)


@pytest.mark.parametrize(
    "marked",
    [
        "{Rosalie Brandvold-Quist} came in.",
        "{BRANDVOLD-QUIST, ROSALIE A.} is 72.",
        "{Brandvold-Quist, Rosalie Anne} is 72.",
        "{brandvold quist}, seen today",
        "{BrandvoldQuist} again",
        "Ms. {Quist} rests.",
        "{Rosalie} rests.",
        "{rosalie} rests.",
        "{R. Brandvold} rests.",
        "{R. A. Brandvold-Quist} rests.",
        "{Rosalie B.} rests.",
        "{Quist, R.} rests.",
        "{Rosie} rests.",
        "{Annie} rests.",
        "{ROSALIE}\n{QUIST}",
        "Brought {Rosalie Brand-\nvold} in.",
        "{R0sa1ie Brandvo1d} came.",
        "{BRANDV0LD, R0SALIE} came.",
        "{Brandvoid} came.",
        "{Rosaile} came.",
        "{Brandvlod} came.",
        "{Brandovld} came.",
        "{Branvold} came.",
        "{Brandwolt} came.",
        "{Br\u00e4ndvold} came.",
        "{Rosalie}'s pain is less.",
        "{Brandvold}’s pain is less.",
        "pt {R.B.} agrees",
        "Pt {RB} agrees.",
        "Initials: {RAB}",
        "login {rbrandvold7} reset",
        "user {brandvold_r} reset",
        "user: {rosalieb} reset",
        "mail to {brandvold.r@inbox.example} today",
        "mail to {rquist52@inbox.example} today",
        "{Rosalie “Ro” Quist} came. {Ro} left.",
        "{Rosalie Quist} ({Rolly}) came.",
        "{Rosalie} goes by {Zaza}.",
        "{Rosalie Quist}, née {Lindahl}, came.",
        "seen by {N. Young}, RN",
        "seen by {Ned Young}, MD",
        "{Young} MD",
        "{YOUNG, NED}",
        "Attending: {Young}",
        "{Siobhan O'Malley}",
        "Dr. {O Malley}",
        "Dr. {OMALLEY}",
        "Dr. {O’Ma11ey}",
        "Dr. {0'Malley}",
        "{S. O'Malley}",
        "{Mac Donald} called.",
        "{MacDonald} called.",
        "{Macdonald} called.",
        "{Jin ho MacDonald} called.",
        "{Jinho} called.",
        "Dictated by: {SO}",
        "Plan as above.\n{SOM}/{jm}\n",
        "her daughter {Hope} called",
        "{Hope} denies pain.",
        "{HOPE BRANDVOLD} (daughter)",
        "{Hope}'s husband drove.",
    ],
)
def test_finds_people_in_every_form(marked: str) -> None:
    check(marked, ROSALIE)


@pytest.mark.parametrize(
    "marked",
    [
        "MRN {HV-0048213}",
        "MRN {HV0048213}",
        "MRN# {0048213}",
        "MRN: {48213}",
        "mrn {hv 004 8213}",
        "MRN {HVOO48213}",
        "MRN {HV-00482l3}",
        "MRN ending in {8213}",
        "MRN ***{8213}",
        "call {555-201-0143}",
        "call ({555) 201-0143}",
        "call {555.201.0143}",
        "call +{1 555 201 0143}",
        "call {5552010143}",
        "call {201-0143}",
        "call {555–201–0143}",
        "call {555 / 201 / 0143}",
        "call {555-2O1-0143}",
        "phone ending in {0143}",
        "SSN {123-45-6789}",
        "SSN {123456789}",
        "SSN {123 45 6789}",
        "SSN {123.45.6789}",
        "SSN xxx-xx-{6789}",
        "SSN ***-**-{6789}",
        "SSN ending in {6789}",
        "last 4 of SSN: {6789}",
        "last four {6789}",
        "SSN: {6789}",
        "DOB {04/09/1951}",
        "DOB {4/9/51}",
        "DOB {04-09-51}",
        "DOB {4.9.1951}",
        "DOB {1951-04-09}",
        "DOB {1951/04/09}",
        "DOB {19510409}",
        "DOB {04091951}",
        "DOB {040951}",
        "DOB {April 9, 1951}",
        "DOB {Apr. 9 1951}",
        "DOB {9 Apr 51}",
        "DOB {09APR1951}",
        "DOB {09-Apr-1951}",
        "DOB {1951Apr09}",
        "born {April ninth, 1951}",
        "born on the {ninth of April 1951}",
        "DOB {O4/O9/1951}",
        "DOB {04/09/l951}",
        "DOB {04 / 09 / 1951}",
        "DOB {4/ 9/1951}",
        "DOB {1951-04-09}T00:00:00",
        "{04/09/1951}, seen 5 days ago",
        "born in {1951}",
        "born in '{51}",
        "DOB: {1951}",
        "YOB {1951}",
        "born {April 1951}",
        "birthday {4/9}",
        "birthday is {April 9}",
        "lives at {418 Tamarack Street Apt 4B}",
        "lives at {418 TAMARACK ST}",
        "lives at {418 Tamarack St., Apt. 4B}",
        "lives at {418 Tamarack}",
        "lives on {Tamarack Street}",
        "in {Apt 4B}",
        "from {Orr Falls}",
        "from {ORR FALLS}, {MN} {55771}",
        "zip {55771-2204}",
        "write to {rosie.bq@mail.example}",
        "write to {ROSIE.BQ@MAIL.EXAMPLE}",
        "write to {rosie.bq at mail dot example}",
    ],
)
def test_finds_numbers_dates_and_places_in_every_form(marked: str) -> None:
    check(marked, ROSALIE)


@pytest.mark.parametrize(
    "marked",
    [
        "Mr. {Parkinson} has Parkinson disease.",
        "{Parkinson} denies falls. Parkinson's disease since 2011.",
        "{PARKINSON, WILL}",
        "{Will Parkinson} will follow up.",
        "{Will} reports pain. Will follow up in June.",
        "{Will}'s wife drove.",
        "{Parkinson}'s wife drove.",
        "Last: {PARKINSON}   First: {WILL}",
        "Name: {Will}",
        "{Will}, 71 yo, fell.",
        "wife {Faith} drove; has faith in the plan",
        "{Faith} agreed. Keep faith.",
        "{Faith Young} drove. A young woman.",
        "{YOUNG, FAITH} drove.",
        "{Young, F.} drove.",
        "contact: {Young}",
        "daughter {rose hand} says her hand rose slowly",
        "her sister {Rose} came",
        "We met {Rose} today.",
        "{penny} called",
        "Mrs. {Foley} saw the Foley catheter.",
        "{Foley}'s son came; Foley in place.",
        "signed {Mark Bright}",
        "{Bright}, MD",
        "Doing well.\n- {Faith}\n",
        "{BRIGHT} RN",
        "{WILL PARKINSON III}, ID {Will Ford Parkinson}",
        "Mr. W. {Hand} drove",
        "QUARLES, MAE ({FAITH})   1948",
        "{Hand, R}   MRN",
        "20:03 {rose}: hi there",
        "father Odell {Parkinson} died",
        'nephew Odell "{Jay}" {Young} drove',
        "X ({Rose}, sister), {Faith} (aunt)",
        "{faith} (aunt) drove",
        "d/w {young} today",
        "PER {FAITH}, OK",
        "{Rose} Lindahl, MD",
        "{young} rm 22 bp low",
        "OBX|1|{YOUNG}^NED",
        "Re: {Will}",
        "Re: Hand pain",
        "{faith} cell 555-201-0188, {Rose} (555) 201-0189",
        "{Faith} will drive. {Rose} at bedside. {young} at bedside",
        "mark the site; Bright's disease",
        "Wolff-Parkinson-White pattern",
        "Will continue. May need a scan. Hope to leave soon.",
        "WILL FOLLOW UP. HAND XRAY.",
        "will call, young man, hand exam, rose to 40",
        "family history of Parkinson's",
        "rule out Parkinson disease",
        "Modified Parkinson 1+ tremor",
        "x-ray of the hand, bright light, in good faith",
        "Foley 16 Fr, foley out",
    ],
)
def test_words_and_eponyms_count_only_as_names(marked: str) -> None:
    check(marked, WILL)


@pytest.mark.parametrize(
    ("names", "marked"),
    [
        (("Lennox Gastaut",), "{Lennox Gastaut} has Lennox-Gastaut syndrome."),
        (("Ward Price",), "{Ward Price} called, price of the drug is high"),
        (("Jane Way",), "Janeway lesions on the palm of {Jane}"),
        (("Ray Stone",), "{Ray Stone} has an x-ray: renal stone"),
        (("Desmond Tedrow",), "DES to the LAD; {Desmond} rests"),
        (("Edward Quist",), "TED hose on; {Ned} walks"),
        (("Beauregard Quist",), "{Beau} walks"),
        (("Maeve Dell",), "{Dell, Maeve}\t{Maeve}"),
        (("Bo Li",), "{Bo Li} walks, Mr. {Li} sits"),
        (("Bird In Ground", "Ethel"), "{Ethel Bird in Ground} walks"),
        (("Ana Early",), "early cellulitis w/ early sepsis; {Ana} rests"),
        (("Wendell Short",), "Pt is short of breath w/ short distances, Mr. {Short}"),
    ],
)
def test_names_that_mislead(names: tuple[str, ...], marked: str) -> None:
    check(marked, PatientRecord(names=names))


@pytest.mark.parametrize(
    "text",
    [
        "BP 123/45, HR 67, 89 kg",
        "room 418, bed 4",
        "on 04/10/1951 and 5/9/1951",
        "ending in 4 days, last 4 weeks 1951 mL",
        "pain since 1951",
        "x5551 ext 2010",
        "prefers Spanish; prefers Tylenol",
        "the RN called; PT eval; SOB",
        "K 4.9, 51 mg",
        "https://site.example/and/or",
        "price.list_2 and the/hand",
    ],
)
def test_other_words_and_numbers_stay(text: str) -> None:
    assert left_of(text, ROSALIE) == text


FIRSTS = st.sampled_from(["Marguerite", "Kwabena", "Lorenzo", "Ingrid", "Thaddeus", "Yolanda"])
LASTS = st.sampled_from(["Halvorsen", "O'Rourke", "Villanueva", "Szymanski", "Abernathy", "Nuñez"])
NAME_FORMS = st.sampled_from(
    [
        "{first} {last}",
        "{last}, {first}",
        "{LAST}, {FIRST}",
        "{last}^{first}",
        "{first} X. {last}",
        "{lower_first} {lower_last}",
        "Mr. {last}",
        "{first}",
        "{i}. {last}",
        "{last}, {i}.",
        "{FIRST}\n{LAST}",
        "{i}{lower_plain}42",
        "{lower_plain}.{lower_first}@mail.example",
    ]
)
SENTENCES = st.sampled_from(["{} was seen.", "Pain per {}; no fever.", "d/w {} today", "- {}\n"])


@settings(max_examples=200, deadline=None)
@given(FIRSTS, LASTS, NAME_FORMS, SENTENCES)
def test_no_form_of_an_uncommon_name_survives(
    first: str, last: str, form: str, sentence: str
) -> None:
    plain = "".join(char for char in last.lower() if char.isalpha()).replace("ñ", "n")
    written = form.format(
        first=first,
        last=last,
        FIRST=first.upper(),
        LAST=last.upper(),
        lower_first=first.lower(),
        lower_last=last.lower(),
        lower_plain=plain,
        i=first[0],
    )
    left = left_of(sentence.format(written), PatientRecord(names=(f"{first} {last}",))).lower()

    assert first.lower() not in left
    assert last.lower() not in left
    assert plain not in left


@settings(max_examples=200, deadline=None)
@given(
    st.integers(min_value=10**8, max_value=10**9 - 1),
    st.sampled_from(["", "-", " ", ".", "/", " - "]),
    st.sampled_from(["SSN {}", "id:{},", "({})", "no {}; seen"]),
)
def test_no_form_of_a_number_survives(number: int, mark: str, sentence: str) -> None:
    digits = str(number)
    written = mark.join((digits[:3], digits[3:5], digits[5:]))
    record = PatientRecord(ssn=(digits,), mrn=(digits[::-1],))

    assert not any(char.isdigit() for char in left_of(sentence.format(written), record))


@settings(max_examples=300, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2019, 12, 31)),
    st.sampled_from(
        [
            "%m/%d/%Y",
            "%d.%m.%Y",
            "%Y-%m-%d",
            "%m-%d-%y",
            "%B %d, %Y",
            "%d %b %Y",
            "%d%b%y",
            "%Y%m%d",
        ]
    ),
)
def test_no_form_of_a_date_of_birth_survives(birth: date, form: str) -> None:
    left = left_of(f"DOB {birth.strftime(form)}, here", PatientRecord(dob=(birth.isoformat(),)))
    assert not any(char.isdigit() for char in left)
