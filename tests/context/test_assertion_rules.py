"""Tests of the rules that say what a note says of its mentions."""

from __future__ import annotations

import random
import time

import pytest

from pipeline.context.assertion_rules import AssertionRules, load_assertion_rules
from pipeline.context.sections import find_sections
from pipeline.note import Note, Section, Span
from tests.context.marked import marked


@pytest.fixture(scope="module")
def rules() -> AssertionRules:
    return load_assertion_rules()


def statuses(rules: AssertionRules, text: str) -> list[str]:
    note, mentions = marked(text)
    return [v.status for v in rules.find_verdicts(note, mentions, find_sections(note.text))]


def check(rules: AssertionRules, text: str, expected: str) -> None:
    assert statuses(rules, text) == expected.split()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Lists.
        ("No {fever}, {chills}, or {cough}.", "absent absent absent"),
        ("He denies {nausea}, {vomiting} and {diarrhea}.", "absent absent absent"),
        ("Neck is supple without {bruits} or {masses}.", "absent absent"),
        ("Negative for {d:asthma}, {wheezing} or {d:COPD}.", "absent absent absent"),
        ("DENIES: {fever}, {chills}.", "absent absent"),
        ("The patient denies:\n- {fever}\n- {cough}\n\n{Rash} today.", "absent absent present"),
        ("She has never had {hives}.", "absent"),
        ("There is no evidence of {d:pneumonia}.", "absent"),
        ("No history of {d:stroke}.", "absent"),
        ("Denies any prior history of {d:gout}.", "absent"),
        ("Doesn't have {vertigo} now.", "absent"),
        ("Doesn\u2019t have {vertigo} now.", "absent"),
        ("(-) {fever} (-) {cough}", "absent absent"),
        ("w/o {edema}", "absent"),
        # What ends it.
        ("No {cough} but has {wheezing}.", "absent present"),
        ("She denies {dizziness}; however, {headaches} persist.", "absent present"),
        ("No {fever}, mild {cough}.", "absent present"),
        ("No {fever} and positive for {cough}.", "absent present"),
        ("No {fever}. {Cough} for a week.", "absent present"),
        ("He has no {chest pain}, history of {d:asthma}.", "absent historical"),
        ("No {d:hernia} due to {obesity}.", "absent present"),
        # Cues after the mention.
        ("{d:Myocardial infarction} was ruled out.", "absent"),
        ("{Fever} and {chills} were denied.", "absent absent"),
        ("{Edema}: none.", "absent"),
        ("{Chest pain}: No\n{Cough}: Yes", "absent present"),
        ("Babinski {sign} is absent.", "absent"),
        ("She is {pain}-free.", "absent"),
        ("In {pain}, {d:pneumonia} was ruled out.", "present absent"),
        ("No {masses} felt.", "absent"),
        # Words that only look like it.
        ("No increase in {swelling}.", "present"),
        ("The {pain} is no better.", "present"),
        ("Non-small cell {d:carcinoma}.", "present"),
        ("Gram negative {d:sepsis}.", "present"),
        ("Not only {nausea} but also {vomiting}.", "present present"),
        # Treatments.
        ("She refused {t:chemotherapy}.", "absent"),
        ("{t:Metformin} was discontinued.", "absent"),
        ("We stopped {t:lisinopril} because of {cough}.", "absent present"),
        ("He is not taking {t:aspirin}.", "absent"),
        ("{t:Dialysis} was declined.", "absent"),
        ("He has been off {t:warfarin} for a week.", "absent"),
        ("The {t:catheter} was placed without difficulty.", "present"),
    ],
)  # fmt: skip
def test_absent(rules: AssertionRules, text: str, expected: str) -> None:
    check(rules, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Possible {d:pneumonia}.", "possible"),
        ("Rule out {d:MI}.", "possible"),
        ("r/o {d:PE}", "possible"),
        ("{Swelling}, likely {d:cellulitis}.", "present possible"),
        ("Findings consistent with {d:sarcoidosis}.", "possible"),
        ("Suspicious for {d:melanoma}.", "possible"),
        ("Concern for {d:sepsis}.", "possible"),
        ("This may represent {d:atelectasis} or {d:infiltrate}.", "possible possible"),
        ("He probably has {d:gout}.", "possible"),
        ("{d:Appendicitis} versus {d:colitis}.", "possible possible"),
        ("Differential diagnosis includes {d:lymphoma} and {d:sarcoidosis}.", "possible possible"),
        ("{d:Fracture} cannot be excluded.", "possible"),
        ("{d:Embolism} cannot be ruled out.", "possible"),
        ("Cannot rule out {d:ischemia}.", "possible"),
        ("{d:Meningitis} is unlikely.", "possible"),
        ("Felt to be {d:bronchitis}.", "possible"),
        ("Cultures to evaluate for {d:endocarditis}.", "possible"),
        ("Questionable {d:hernia}.", "possible"),
        ("? {d:cholecystitis}", "possible"),
        ("It is unclear whether he has {d:dementia}.", "possible"),
        ("Suspected {d:croup} was ruled out.", "absent"),
    ],
)
def test_possible(rules: AssertionRules, text: str, expected: str) -> None:
    check(rules, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("History of {d:stroke} and {d:seizures}.", "historical historical"),
        ("Status post {t:appendectomy}.", "historical"),
        ("s/p {t:CABG}", "historical"),
        ("Previous {d:myocardial infarction}.", "historical"),
        ("She had {t:hysterectomy} three years ago.", "historical"),
        ("{t:Hip replacement} in 1998.", "historical"),
        ("In 1998 she had {d:hepatitis}.", "historical"),
        ("Three years ago he had {d:pneumonia}.", "historical"),
        ("He had {d:asthma} as a child.", "historical"),
        ("She was on {t:prednisone}.", "historical"),
        ("He used to take {t:ibuprofen}.", "historical"),
        ("Previously treated with {t:methotrexate}.", "historical"),
        ("h/o {d:DVT}", "historical"),
        ("History of {d:asthma} who presents with {cough}.", "historical present"),
        ("A two-day history of {vomiting}.", "present"),
        ("HISTORY OF PRESENT ILLNESS: {Cough} for two days.", "present"),
        ("She had {back pain} in the past.", "historical"),
        ("The {rash} has resolved.", "historical"),
        ("A 60-year-old man with {cough}.", "present"),
        ("PAST MEDICAL HISTORY:\n1. {d:Hypertension}.\n2. {d:Gout}.", "historical historical"),
        ("PAST MEDICAL HISTORY: {d:Asthma}, no {d:diabetes}.", "historical absent"),
        ("PAST SURGICAL HISTORY: {t:Tonsillectomy}.", "historical"),
        ("PAST MEDICAL HISTORY: {d:Hypertension} treated with {t:losartan}.", "present present"),
        ("PAST MEDICAL HISTORY: {d:Gout}.\n\nASSESSMENT: {d:Cellulitis}.", "historical present"),
    ],
)
def test_historical(rules: AssertionRules, text: str, expected: str) -> None:
    check(rules, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Return if {fever} or {chills} develop.", "hypothetical hypothetical"),
        ("Call for {bleeding}, {fever}, or {drainage}.", "hypothetical hypothetical hypothetical"),
        ("If {pain} persists, come back.", "hypothetical"),
        ("Risks include {bleeding}, {d:infection}, and {d:pneumothorax}.",
         "hypothetical hypothetical hypothetical"),
        ("Risks including but not limited to {bleeding} and {d:infection}.",
         "hypothetical hypothetical"),
        ("He is at risk for {d:stroke}.", "hypothetical"),
        ("{t:Percocet} p.r.n. for {pain}.", "present hypothetical"),
        ("{t:Percocet} prn {pain}.", "present hypothetical"),
        ("{t:Ondansetron} 4 mg for {nausea} as needed.", "present hypothetical"),
        ("{t:Heparin} to prevent {d:thrombosis}.", "present hypothetical"),
        ("I would consider {t:surgery}.", "hypothetical"),
        ("She may need {t:dialysis}.", "hypothetical"),
        ("He is a candidate for {t:transplantation}.", "hypothetical"),
        ("Should he develop {fever}, stop.", "hypothetical"),
        ("{t:Surgery} may be considered.", "hypothetical"),
        ("If there is no {fever}, go home.", "absent"),
        ("DISCHARGE INSTRUCTIONS: Watch the wound for {redness}.", "hypothetical"),
        ("Seek medical attention for:\n- {fever}\n- {bleeding}", "hypothetical hypothetical"),
    ],
)  # fmt: skip
def test_hypothetical(rules: AssertionRules, text: str, expected: str) -> None:
    check(rules, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mother had {d:breast cancer}.", "family"),
        ("His father died of {d:stroke} and had {d:diabetes}.", "family family"),
        ("{d:Glaucoma} in her mother.", "family"),
        ("{d:Diabetes} on the maternal side.", "family"),
        ("Family history of {d:colon cancer}.", "family"),
        ("FAMILY HISTORY: {d:Hypertension} and {d:asthma}.", "family family"),
        ("FAMILY HISTORY: No {d:diabetes}.", "family"),
        ("Her sister with {d:lupus} is here.", "family"),
        ("Mother states that he has {fever}.", "present"),
        ("He came with his mother for {cough}.", "present"),
        ("The family physician saw the {rash}.", "present"),
    ],
)
def test_family(rules: AssertionRules, text: str, expected: str) -> None:
    check(rules, text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ALLERGIES: {t:Penicillin} causes {rash}.", "absent hypothetical"),
        ("ALLERGIES: {t:Penicillin} ({hives}), {t:codeine}.", "absent hypothetical absent"),
        ("She is allergic to {t:sulfa}.", "absent"),
        ("{t:Sulfa} allergy.", "absent"),
        ("ALLERGIES: None.\nMEDICATIONS: {t:Aspirin}.", "present"),
    ],
)
def test_allergies(rules: AssertionRules, text: str, expected: str) -> None:
    check(rules, text, expected)


@pytest.mark.parametrize(
    "text",
    [
        "He complains of {cough}.",
        "{Fever} to 101.",
        "{t:Aspirin} 81 mg daily for {d:angina}.",
        "The {wound} was irrigated.",
        "Positive for {headache}.",
        "{d:Diabetes}, on {t:insulin}.",
    ],
)
def test_without_a_cue_a_mention_is_present(rules: AssertionRules, text: str) -> None:
    assert set(statuses(rules, text)) == {"present"}


def test_a_verdict_names_its_cue_and_its_rule(rules: AssertionRules) -> None:
    note, mentions = marked("PLAN: Rest. No sign of {fever}; {d:gout} was ruled out.")
    before, after = rules.find_verdicts(note, mentions, find_sections(note.text))
    assert (before.rule, note.text[slice(*before.cue or ())]) == ("absent_before", "No sign of")
    assert (after.rule, note.text[slice(*after.cue or ())]) == ("absent_after", "was ruled out")


def test_a_sections_heading_is_the_cue_where_it_decides(rules: AssertionRules) -> None:
    note, mentions = marked("Family: {d:gout}.")
    sections = [Section("family_history", 0, len(note.text), (0, 6))]
    (verdict,) = rules.find_verdicts(note, mentions, sections)
    assert (verdict.status, verdict.rule) == ("family", "family_history_section")
    assert verdict.cue == (0, 6)


def test_a_heading_of_a_known_kind_holds_no_cue(rules: AssertionRules) -> None:
    note, mentions = marked("Rule out: {cough}")
    known = [Section("indication", 0, len(note.text), (0, 8))]
    other = [Section("other", 0, len(note.text), (0, 8))]
    assert rules.find_verdicts(note, mentions, known)[0].status == "present"
    assert rules.find_verdicts(note, mentions, other)[0].status == "possible"


def test_scope_ends_with_the_section(rules: AssertionRules) -> None:
    note, mentions = marked("No {fever} chest clear {rash}")
    sections = [Section("other", 0, 9), Section("exam", 9, len(note.text), (9, 14))]
    assert [v.status for v in rules.find_verdicts(note, mentions, sections)] == [
        "absent",
        "present",
    ]


def test_assertions_agree_with_verdicts(rules: AssertionRules) -> None:
    note, mentions = marked("No {fever}. {Cough}.")
    (assertions,) = rules.assert_mentions([note], [mentions], [[]])
    assert [(a.status, a.cue) for a in assertions] == [("absent", (0, 2)), ("present", None)]
    assert all(0.5 < a.score <= 1 for a in assertions)


def test_neither_order_nor_batch_matters(rules: AssertionRules) -> None:
    texts = [
        "No {fever}, has {cough}.",
        "Mother had {d:gout}. {Rash}, possible {d:lupus}.",
        "{Ill}",
    ]
    notes, mentions = zip(*(marked(text) for text in texts), strict=True)
    sections = [find_sections(note.text) for note in notes]
    together = rules.assert_mentions(notes, mentions, sections)
    for note, spans, parts, expected in zip(notes, mentions, sections, together, strict=True):
        order = list(range(len(spans)))
        random.Random(1).shuffle(order)
        (shuffled,) = rules.assert_mentions([note], [[spans[i] for i in order]], [parts])
        assert shuffled == [expected[i] for i in order]


def test_overlapping_mentions_share_what_reaches_them(rules: AssertionRules) -> None:
    note = Note("n1", "No chest pain today.")
    mentions = [Span(3, 13, "SYMPTOM"), Span(9, 13, "SYMPTOM")]
    assert [v.status for v in rules.find_verdicts(note, mentions, [])] == ["absent", "absent"]


@pytest.mark.parametrize("text", ["", "...", "No ", "\n\n"])
def test_notes_without_mentions(rules: AssertionRules, text: str) -> None:
    assert rules.find_verdicts(Note("n1", text), [], []) == []


def test_a_mention_without_a_word_is_present(rules: AssertionRules) -> None:
    verdicts = rules.find_verdicts(Note("n1", "No   fever"), [Span(3, 4, "SYMPTOM")], [])
    assert len(verdicts) == 1


def _seconds(rules: AssertionRules, sentence: str, length: int) -> float:
    note, mentions = marked(sentence * (length // len(sentence)))
    sections = [Section("other", i, i + 10, (i, i + 2)) for i in range(0, len(note.text), 10)]
    start = time.process_time()
    verdicts = rules.find_verdicts(note, mentions, sections)
    seconds = time.process_time() - start
    assert len(verdicts) == len(mentions)
    return seconds


@pytest.mark.parametrize(
    "sentence", ["no {fever}, if {cough} and his mother had {pain} ", "no no if "]
)
def test_time_is_linear_in_one_endless_sentence(rules: AssertionRules, sentence: str) -> None:
    small = min(_seconds(rules, sentence, 25_000) for _ in range(3))
    assert _seconds(rules, sentence, 200_000) < 40 * max(small, 0.005)
