"""What looks like PHI and is none, and what people write that is."""

from __future__ import annotations

import pytest

from pipeline.deid.rules import RulesAnnotator
from pipeline.deid.rules.numeric_dates import is_amount
from tests.deid.finding import find


@pytest.mark.parametrize(
    "text",
    [
        "hip flexors 2/5, quads 3/5, grip 4/5",
        "pain 7/10 at rest, 4/10 after ice",
        "Lawton 5/8 with Katz 3/6",
        "antibiotics, day 5/7",
        "recheck 3.9 after replacement",
        "pod 9 apr with end colostomy",
        "42 CFR Part 2 may apply",
        "it may surprise us and may be well",
        "rash in a sun-exposed area; call the sat phone",
        "underwent an APR; B dec L breath sounds",
        "ASC-US (Bethesda 2014), Beers 2023 reviewed",
        "metformin XR 2000, heparin 2000 bolus",
        "assumed care 1930; blood cx drawn 2040",
        "tet spells in clinic",
        "Allred 8/8, ER positive",
        "fear of fall; no fall",
    ],
)
def test_scores_doses_times_and_verbs_are_no_dates(rules: RulesAnnotator, text: str) -> None:
    assert [found for found in find(rules, text) if found[0] == "DATE"] == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Valid:..03/04/21-05/29/21..", "03/04/21"),
        ("Valid:..03/04/21-05/29/21..", "05/29/21"),
        ("visits on 3, 9 and 17 May 2016", "3, 9 and 17 May 2016"),
        ("recheck sat 10/17 for sutures", "sat"),
        ("meet sat 3p with family", "sat"),
        ("at sea until the 22nd (cook)", "22nd"),
        ("pacer seen Jan well", "Jan"),
        ("rpt 3 mo july", "july"),
        ("flying out for Chuseok", "Chuseok"),
        ("filed in 3Q19", "3Q19"),
        ("first seen in 11/90", "11/90"),
        ("budget of FY19", "FY19"),
        ("she was well last spring.", "spring"),
        ("date of birth nine fourteen sixty three uh", "nine fourteen sixty three"),
        ("worked at the plant until 2018, then retired", "2018"),
        ("Right oophorectomy 1949 for a mass", "1949"),
    ],
)
def test_dates_as_people_write_them(rules: RulesAnnotator, text: str, date: str) -> None:
    assert ("DATE", date) in find(rules, text)


@pytest.mark.parametrize(
    "text",
    [
        "suprapubic 18F changed; R radial 6F sheath",
        "furnace 64F, fridge 38F",
        "wait 1 yr w/ films",
        "DTR 3+, 2 beats clonus",
        "6 wk f/u with the midwife",
        "wife is 7 mo pregnant",
    ],
)
def test_sizes_durations_and_grades_are_no_ages(rules: RulesAnnotator, text: str) -> None:
    assert [found for found in find(rules, text) if found[0] == "AGE"] == []


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("eczema, treated since he was 3.", "3"),
        ("uncle d. 47, stroke", "47"),
        ("sister with lupus (dx 37)", "37"),
        ("She is 52. She sews.", "52"),
        ("Ezra (8) lives upstairs", "8"),
        ("Orla (now 4) had croup", "4"),
        ("est age 50s by medics", "50s"),
        ("her 3 and 5 year olds", "3"),
        ("Attempt at 19 with pills", "19"),
    ],
)
def test_ages_as_people_write_them(rules: RulesAnnotator, text: str, age: str) -> None:
    assert ("AGE", age) in find(rules, text)


@pytest.mark.parametrize(
    "text",
    [
        "Thought of Foville, Weber, Benedikt, Claude, Raymond.",
        "LAB: TSH, SPE, ANA were normal",
        "ANESTHESIA: Demerol 50 mg. ANESTHESIA: 1% Xylocaine",
        "Rhinitis treated with Allegra 180 mg daily",
        "CC: HA and vision loss",
        "CC: Fall with nausea",
        "Sig: Dispense: 30",
        "dilated with Hank dilators; Metzenbaum scissors; Bier block",
        "An Armstrong grommet was placed; secured with Lorenz plates",
        "baby Metzenbaum scissors were used",
        "15 cm Veress needle; at 3.2 mA. Impedances normal",
        "seen by PT. Brace left at home",
        "MR BRAIN without contrast",
        "RE-EVAL and I-PASS handoff; Badge-in at noon",
        "HOW DO I KNOW; CONFIDENTIAL, DO NOT RELEASE",
        "CPAP OF RESMED AIRSENSE SN 40177",
        "image E. Small contusions seen",
        "grade B. Paris classification",
        "culture with Salmonella S. Newport; S. Dublin",
        "1. R. Hand: cut on glass",
        "aunt Takotsubo last year; brother Ponseti cast",
        "N/V. Blue drape placed",
        "TEAM SIGNOUT; GENETICS INITIAL",
        "Nurse line called; interpreter (Somali) present",
        "pt OK with plan; Jen RN: Ok, will fax it",
        "Child-Pugh B cirrhosis; criteria for child pugh",
        "Norwood, Glenn and Fontan staged repair",
        "tried Jenny Craig and Richard Simmons diets",
    ],
)
def test_eponyms_drugs_and_headings_are_no_names(rules: RulesAnnotator, text: str) -> None:
    found = [item for item in find(rules, text) if item[0] in ("PATIENT", "DOCTOR")]
    assert [item for item in found if item != ("DOCTOR", "Jen")] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("d/w audrey k rn at 0320", ("DOCTOR", "audrey k")),
        ("seen by p. obara, md", ("DOCTOR", "p. obara")),
        ("closure per plastics Ito", ("DOCTOR", "Ito")),
        ("that's O-R-L-E-T-T-A, he said", ("PATIENT", "O-R-L-E-T-T-A")),
        ("this is Orla Callaway C A L L A W A Y again", ("PATIENT", "C A L L A W A Y")),
        ("kids Odette, Brannon and Ezra came", ("PATIENT", "Brannon")),
        ("Dr. Oyelowo operation note", ("DOCTOR", "Oyelowo")),
        ("Dr. Oyelowo's procedure went well", ("DOCTOR", "Oyelowo")),
        ("his uncle T-Bone called", ("PATIENT", "T-Bone")),
        ("Dr. Sm1th called", ("DOCTOR", "Sm1th")),
        ("Bo Lee, CGC", ("DOCTOR", "Bo Lee")),
        ("Tpr. Obara and Bishop Amory came", ("PATIENT", "Obara")),
    ],
)
def test_names_as_people_write_them(
    rules: RulesAnnotator, text: str, name: tuple[str, str]
) -> None:
    assert name in find(rules, text)


def test_a_bottle_is_no_doctor(rules: RulesAnnotator) -> None:
    assert find(rules, "feeds by Dr Brown's preemie nipple") == []


@pytest.mark.parametrize(
    "text",
    [
        "Iowa Gambling task, California Verbal Learning, Texas FAS",
        "reads labels well in English",
        "Out of Spiriva for two days",
        "Special stains: Congo red",
        "fetal heart (4 Chamber View): normal",
        "Rocky Mountain spotted fever titer",
        "TRANSFER if no better; CVS: S1 and S2",
        "NICU 11 d, then home; schedule OR 2 wk",
        "Local 1% with epinephrine; TROPONIN I HS; HR 86, RR 30",
        "Mayo Clinic criteria; St. Louis encephalitis",
        "the Canadian CT head rule; a score of Epworth 14",
    ],
)
def test_tests_drugs_and_views_are_no_places(rules: RulesAnnotator, text: str) -> None:
    assert [f for f in find(rules, text) if f[0] not in ("PATIENT", "DOCTOR")] == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("her mother flew in from Amman, Jordan, today", ("COUNTRY", "Jordan")),
        ("811 Tansy Ave, Columbus 43299", ("ZIP", "43299")),
        ("lives at 22 Quarry Ridge Way, #118", ("STREET", "22 Quarry Ridge Way, #118")),
        ("2718 Harrow, Ste 940, third door", ("STREET", "2718 Harrow, Ste 940")),
        ("found on 5th ave last night", ("STREET", "5th ave")),
        ("410 Cedar St, 2nd Fl.", ("STREET", "410 Cedar St, 2nd Fl")),
        ("wed at Our Lady of Mercy", ("ORGANIZATION", "Our Lady of Mercy")),
        ("member of Local 41", ("ORGANIZATION", "Local 41")),
        ("served with the 101st Airborne", ("ORGANIZATION", "101st Airborne")),
        ("paid by Blue Shield of Ohio", ("ORGANIZATION", "Blue Shield of Ohio")),
        ("hauls for Quarry Gap Towing", ("ORGANIZATION", "Quarry Gap Towing")),
        ("Ro0m 2O4", ("LOCATION-OTHER", "Ro0m 2O4")),
        ("transfer to 5 West.", ("HOSPITAL", "5 West")),
        ("lunch lady at Quarry Hill HS", ("ORGANIZATION", "Quarry Hill HS")),
        ("to PACU then ICU 3. No recall.", ("LOCATION-OTHER", "ICU 3")),
    ],
)
def test_places_as_people_write_them(
    rules: RulesAnnotator, text: str, place: tuple[str, str]
) -> None:
    assert place in find(rules, text)


@pytest.mark.parametrize(
    "text",
    [
        "model #12345 and product # 4068",
        "REF 5964-14-51, LOT",
        "grown in GM12878 and HEK293",
        "thr 0.75V@0.4ms",
        "patient will report 60% improvement",
        "CSF: RBC18550, WBC25",
        "isolette 32.5, weaning; STN 12.1 lateral",
        "chair 3x daily",
    ],
)
def test_models_forms_and_cell_lines_are_no_numbers_of_anybody(
    rules: RulesAnnotator, text: str
) -> None:
    assert find(rules, text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("| 6620-K-417 | QR83D | 2031-04-30 |", ("DEVICE", "QR83D")),
        (
            "(01)00812345678906(17)200131(10)AB1234",
            ("DEVICE", "00812345678906(17)200131(10)AB1234"),
        ),
        ("dial rapid response 6-3372 now", ("PHONE", "6-3372")),
        (
            "four one nine five five five oh one seven three",
            ("PHONE", "four one nine five five five oh one seven three"),
        ),
        ("1234567893 on the form", ("LICENSE", "1234567893")),
        ("signed AB1234563 below", ("LICENSE", "AB1234563")),
        ("DSN 731-4480.", ("PHONE", "731-4480")),
        ("in isolette D-31, stable", ("IDNUM", "D-31")),
        ("sealed envelope 640917.", ("IDNUM", "640917")),
        ("rcpt 71408", ("IDNUM", "71408")),
        ("taken in by unit K-23, crew", ("IDNUM", "K-23")),
    ],
)
def test_numbers_as_people_write_them(
    rules: RulesAnnotator, text: str, number: tuple[str, str]
) -> None:
    assert number in find(rules, text)


@pytest.mark.parametrize(
    ("text", "login"),
    [
        ("note locked by pdelaney from 10.9.8.7", "pdelaney"),
        ("Ada Quill, MD aobara", "aobara"),
        ("QB/wr5521\nJob# 1", "wr5521"),
        ("printed by ksorenson", "ksorenson"),
    ],
)
def test_logins_made_of_names(rules: RulesAnnotator, text: str, login: str) -> None:
    assert ("USERNAME", login) in find(rules, text)


def test_a_room_a_name_and_an_age_in_a_list_of_patients(rules: RulesAnnotator) -> None:
    assert find(rules, "Night list\n518 Obara 61F ileus\n12 Foley 16F\n") == [
        ("LOCATION-OTHER", "518"),
        ("PATIENT", "Obara"),
        ("AGE", "61"),
    ]


def test_words_after_by_are_no_logins(rules: RulesAnnotator) -> None:
    assert find(rules, "confirmed by biopsy\nverified by ultrasound\nuser manual") == []


@pytest.mark.parametrize(
    "text",
    [
        "I will cook for the family",
        "noticed by his teacher, Miss",
        "the wound appeared much cleaner",
    ],
)
def test_verbs_and_other_people_have_no_profession(rules: RulesAnnotator, text: str) -> None:
    assert [f for f in find(rules, text) if f[0] == "PROFESSION"] == []


def test_work_told_by_a_verb(rules: RulesAnnotator) -> None:
    assert find(rules, "She waits tables; he laid brick for years") == [
        ("PROFESSION", "waits tables"),
        ("PROFESSION", "laid brick"),
    ]


@pytest.mark.parametrize(
    ("text", "fraction", "expected"),
    [
        ("strength 4/5 in the arm", "4/5", True),
        ("4/5 mg", "4/5", True),
        ("seen 4/5 at home", "4/5", False),
    ],
)
def test_is_amount(text: str, fraction: str, expected: bool) -> None:
    start = text.index(fraction)

    assert is_amount(text, start, start + len(fraction)) is expected
