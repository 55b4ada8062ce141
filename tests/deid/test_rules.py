from __future__ import annotations

import random
import time

import pytest

from pipeline.deid.rules import RulesAnnotator
from pipeline.note import Note
from pipeline.spans import unite
from tests.deid.finding import find


def test_spans_name_their_annotator(rules: RulesAnnotator) -> None:
    [[span]] = rules.annotate([Note("n1", "seen on 3/14/2019")])

    assert rules.name == "rules"
    assert (span.start, span.end, span.label, span.annotators) == (8, 17, "DATE", ("rules",))


def test_each_note_of_a_batch_gets_its_own_spans(rules: RulesAnnotator) -> None:
    notes = [Note("n1", "seen 3/14/2019"), Note("n2", ""), Note("n3", "MRN 4482139")]

    assert [[s.label for s in unite(spans)] for spans in rules.annotate(notes)] == [
        ["DATE"],
        [],
        ["MEDICALRECORD"],
    ]


def test_the_clinical_look_alikes_of_a_whole_note_stay(rules: RulesAnnotator) -> None:
    note = (
        "POD 2, HD#3. GCS 15, pain 8/10 -> 3/10, strength 5/5 in all extremities, 2/6 murmur.\n"
        "BP 120/80, HR 72, T 98.6, RR 16, SpO2 97% on 2 L. 0314: 1-2 tabs of Percocet 5/325.\n"
        "Parkinson disease on Sinemet 25/100. Crohn's colitis, Hodgkin lymphoma, Bell's palsy.\n"
        "Babinski down, Murphy's sign negative, Foley to gravity, Swan-Ganz in place.\n"
        "L4-5 fusion 3 weeks ago. Wilson disease ruled out. K 4.1 (3.5-5.1), WBC 10.2, Hgb 9/27.\n"
        "She may need dialysis; will discuss. Drew labs. Apgars 8/9. Sat 94. EF 55%.\n"
        "A&O x 3. 1/2 NS at 75 cc/h. 10/14 criteria met. Vision 20/40. Titrate to 90-100.\n"
    )

    assert find(rules, note) == []


def test_one_short_query(rules: RulesAnnotator) -> None:
    text = (
        "Options for a 72-year-old male, Richard B., seen at St. Joseph's clinic on"
        " February 2nd, 2024 (MRN: QD-40613)"
    )

    found = find(rules, text)

    assert ("PATIENT", "Richard B.") in found
    assert ("AGE", "72") in found
    assert ("DATE", "February 2nd, 2024") in found
    assert ("MEDICALRECORD", "QD-40613") in found
    assert ("HOSPITAL", "St. Joseph's") in found


def test_a_name_given_away_once_is_found_again(rules: RulesAnnotator) -> None:
    text = "Dr. Oyelowo saw her.\nOyelowo will return; paged oyelowo at 0200."

    assert find(rules, text) == [
        ("DOCTOR", "Oyelowo"),
        ("DOCTOR", "Oyelowo"),
        ("DOCTOR", "oyelowo"),
    ]


def test_a_name_that_is_an_eponym_is_not_found_in_the_device(rules: RulesAnnotator) -> None:
    assert find(rules, "Mrs. Foley has a Foley catheter.") == [("PATIENT", "Foley")]


def test_initials_of_a_clinician_count_where_they_sign(rules: RulesAnnotator) -> None:
    text = "Ada T. Quill, MD\nATQ/jm\nATQ levels were normal."

    assert find(rules, text)[:2] == [("DOCTOR", "Ada T. Quill"), ("DOCTOR", "ATQ")]
    assert len([f for f in find(rules, text) if f[1] == "ATQ"]) == 1


def test_the_age_after_a_name(rules: RulesAnnotator) -> None:
    assert find(rules, "Lives with husband Amos (76) and daughter Latoya, 44, a baker.") == [
        ("PATIENT", "Amos"),
        ("AGE", "76"),
        ("PATIENT", "Latoya"),
        ("AGE", "44"),
        ("PROFESSION", "baker"),
    ]


ALPHABETS = {
    "words": "Ada Bo Cy Dr. Mr. of the and ",
    "digits": "0123456789",
    "dates": "1/2-3.4 ",
    "dots": "a.b.c@d-",
    "capitals": "A. BC-D'E, ",
    "blanks": "a  \t\n",
    "brackets": "(555) x1 #",
    "commas": "Lee, Ann, ",
    "letters": "lIoO0 ",
    "cues": "mrn: dr. wife acct # ",
    "logins": "abcdef1 ",
    "scores": "8/10; ",
}


@pytest.mark.parametrize("kind", list(ALPHABETS))
def test_long_adversarial_text_takes_linear_time(rules: RulesAnnotator, kind: str) -> None:
    alphabet = ALPHABETS[kind]
    generator = random.Random(7)
    repeated = (alphabet * 50_000)[:50_000]
    mixed = "".join(generator.choice(alphabet) for _ in range(50_000))

    begun = time.process_time()
    rules.annotate([Note("n1", repeated + mixed)])

    assert time.process_time() - begun < 5.0


@pytest.mark.parametrize("char", ["a", "1", ".", "-", "@", " ", "\n"])
def test_one_character_repeated_takes_linear_time(rules: RulesAnnotator, char: str) -> None:
    begun = time.process_time()
    rules.annotate([Note("n1", char * 200_000)])
    assert time.process_time() - begun < 5.0
