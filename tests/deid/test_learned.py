from __future__ import annotations

from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deid.learned import LearnedName, LearnedNames, learn_names
from pipeline.note import Note, PhiSpan

SUBJECT = ("patient", "p1")
BOTH = ("rules", "ner")


def mark(text: str, surface: str, label: str, score: float, finders: tuple[str, ...]) -> PhiSpan:
    start = text.index(surface)
    return PhiSpan(start, start + len(surface), label, score, finders)


def learn(
    text: str, surface: str, finders: tuple[str, ...], *, score: float = 0.9, label: str = "DOCTOR"
) -> set[str]:
    """Return the names learned of a text in which one span was found."""
    note = Note("n1", text, patient_id="p1")
    learned = learn_names([note], [[mark(text, surface, label, score, finders)]])
    assert set(learned) <= {SUBJECT}
    return {name.name for name in learned.get(SUBJECT, ())}


def find(text: str, *names: tuple[str, str]) -> list[tuple[str, str]]:
    """Return label and text of what is found of learned names, given as label and name."""
    annotator = LearnedNames({SUBJECT: [LearnedName(*name) for name in names]})
    [spans] = annotator.annotate([Note("n1", text, patient_id="p1")])
    assert all(span.annotators == ("learned",) for span in spans)
    return [(span.label, text[span.start : span.end]) for span in spans]


@pytest.mark.parametrize(
    ("text", "surface", "learned"),
    [
        ("Seen by Rina Patel.", "Rina Patel", "Rina Patel"),
        ("Seen by PATEL,  RINA K.", "PATEL,  RINA K.", "RINA K PATEL"),
        ("Seen by Rina\nPatel.", "Rina\nPatel", "Rina Patel"),
        ("Dr. Rina Patel, MD", "Dr. Rina Patel, MD", "Rina Patel"),
        ("Dr. Patel's note", "Patel's", "Patel"),
        ("nurse nav Trudy Vasquez", "nav Trudy Vasquez", "Trudy Vasquez"),
        ("brother Pavel (Minsk)", "Pavel (Minsk)", "Pavel"),
        ("wife Ana de la Cruz", "Ana de la Cruz", "Ana de la Cruz"),
    ],
)
def test_learns_what_two_finders_agree_on(text: str, surface: str, learned: str) -> None:
    assert learn(text, surface, BOTH) == {learned}
    assert learn(text, surface, ("known",), score=1.0) == {learned}


@pytest.mark.parametrize(
    "surface",
    [
        "Hand",  # a common word
        "Wilson",  # an eponym
        "Foley",  # a device
        "JKM",  # initials
        "Li",  # too short
        "Attending",  # a role
        "Somali",  # a language
        "Toledo12",  # no name holds digits
        "M0rgan Patel",
        "valentines, candy",  # common words
        "MRI",  # an abbreviation
        "Orchitis",  # a disease
    ],
)
def test_refuses_what_is_no_sure_name_even_if_finders_agree(surface: str) -> None:
    assert learn(f"With {surface} today.", surface, BOTH) == set()


def test_does_not_learn_other_labels() -> None:
    assert learn("At Patel Clinic.", "Patel", BOTH, label="HOSPITAL") == set()


@pytest.mark.parametrize(
    ("surface", "finders", "score", "learned"),
    [
        ("Patel", ("rules",), 0.95, {"Patel"}),  # after Mr or Dr
        ("Patel", ("rules",), 0.9, set()),
        ("Bovienne", ("rules",), 0.95, set()),  # nobody's name that we know
        ("Patel", ("ner",), 0.95, set()),
        ("Rina Patel", ("ner",), 0.9, {"Rina Patel"}),  # two names from the lists
        ("Rina Okwuosanna", ("ner",), 0.9, set()),
        ("Rina Okwuosanna", ("rules",), 0.9, {"Rina Okwuosanna"}),  # cued, one from the lists
        ("Rina Okwuosanna", ("rules",), 0.75, set()),
        ("Ann Arbor", ("ner",), 0.9, set()),  # a town
        ("Rina Wilson", ("ner",), 0.9, set()),  # half an eponym
        ("Patel", ("ner", "learned"), 0.9, set()),  # what was learned is no second finder
    ],
)
def test_one_finder_must_be_sure(
    surface: str, finders: tuple[str, ...], score: float, learned: set[str]
) -> None:
    assert learn(f"x {surface} y", surface, finders, score=score) == learned


def test_a_note_without_a_patient_teaches_only_itself() -> None:
    text = "Seen by Rina Patel."
    notes = [Note("n1", text), Note("n2", text, patient_id="p1")]
    spans = [[mark(text, "Rina Patel", "DOCTOR", 0.9, BOTH)], []]
    assert learn_names(notes, spans) == {
        ("note", "n1"): frozenset([LearnedName("DOCTOR", "Rina Patel")])
    }


def test_the_order_and_division_of_notes_does_not_matter() -> None:
    texts = {
        "Seen by Rina Patel.": ("Rina Patel", "DOCTOR"),
        "Wife Latoya Quill called.": ("Latoya Quill", "PATIENT"),
        "Dr. Vasquez agrees.": ("Vasquez", "DOCTOR"),
    }
    pairs = [
        (Note(str(i), text, patient_id="p1"), [mark(text, name, label, 0.9, BOTH)])
        for i, (text, (name, label)) in enumerate(texts.items())
    ]
    expected = {
        SUBJECT: frozenset(
            [
                LearnedName("DOCTOR", "Rina Patel"),
                LearnedName("PATIENT", "Latoya Quill"),
                LearnedName("DOCTOR", "Vasquez"),
            ]
        )
    }
    for order in permutations(pairs):
        assert learn_names([n for n, _ in order], [s for _, s in order]) == expected
        one_by_one = [learn_names([note], [spans])[SUBJECT] for note, spans in order]
        assert frozenset().union(*one_by_one) == expected[SUBJECT]


def test_a_name_is_kept_out_of_repr() -> None:
    assert "Patel" not in repr(LearnedName("DOCTOR", "Rina Patel"))


@pytest.mark.parametrize(("label", "name"), [("CITY", "Lima"), ("DOCTOR", " "), ("DOCTOR", "A  B")])
def test_a_learned_name_checks_itself(label: str, name: str) -> None:
    with pytest.raises(ValueError, match="a learned name"):
        LearnedName(label, name)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rina Patel came.", "Rina Patel"),
        ("PATEL, RINA", "PATEL, RINA"),
        ("rina patel called", "rina patel"),
        ("spoke w/ patel", "patel"),
        ("R. Patel agreed.", "R. Patel"),
        ("Patel, R. agreed.", "Patel, R."),
        ("Patel's plan stands.", "Patel"),
        ("As Rina said, rest.", "Rina"),
    ],
)
def test_finds_a_name_whole_and_in_parts(text: str, found: str) -> None:
    assert find(text, ("DOCTOR", "Rina K Patel")) == [("DOCTOR", found)]


@pytest.mark.parametrize("text", ["R.P. agreed.", "RP", "R. Quill agreed.", "K. today"])
def test_initials_alone_are_not_found(text: str) -> None:
    assert find(text, ("DOCTOR", "Rina K Patel")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mr. Parkinson has Parkinson disease.", ["Parkinson"]),
        ("Ada Parkinson has Parkinson's disease.", ["Ada Parkinson"]),
        ("Family history of Parkinson's.", []),
        ("Parkinson's wife called.", ["Parkinson"]),
        ("Today Parkinson denies pain.", ["Parkinson"]),
    ],
)
def test_an_eponym_needs_a_context(text: str, found: list[str]) -> None:
    assert find(text, ("PATIENT", "Ada Parkinson")) == [("PATIENT", name) for name in found]
    if "Ada" not in text:
        assert find(text, ("PATIENT", "Parkinson")) == [("PATIENT", name) for name in found]


def test_the_first_parkinson_is_the_man() -> None:
    text = "Mr. Parkinson has Parkinson disease."
    annotator = LearnedNames({SUBJECT: [LearnedName("PATIENT", "Parkinson")]})
    [[span]] = annotator.annotate([Note("n1", text, patient_id="p1")])
    assert (span.start, span.end) == (4, 13)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Right Hand and wrist hurt.", []),
        ("Mrs. Hand rests.", ["Hand"]),
        ("daughter Hope helps", ["Hope"]),
        ("We Hope to leave.", []),
        ("Hope Hand came.", ["Hope Hand"]),
        ("HAND, HOPE", ["HAND, HOPE"]),
    ],
)
def test_a_common_word_needs_a_title_or_its_other_half(text: str, found: list[str]) -> None:
    assert find(text, ("PATIENT", "Hope Hand")) == [("PATIENT", name) for name in found]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ANA is positive.", "Ana Quill"),
        ("Takes Allegra 180 mg daily.", "Allegra Quill"),
        ("Pain as he walks.", "Ashe Quill"),
    ],
)
def test_look_alikes_are_left(text: str, name: str) -> None:
    assert find(text, ("PATIENT", name)) == []


def test_capitals_are_found_in_a_note_of_capitals() -> None:
    assert find("SEEN WITH ANA AT HOME.", ("PATIENT", "Ana Quill")) == [("PATIENT", "ANA")]


def test_one_place_has_one_span() -> None:
    names = (("DOCTOR", "Rina Patel"), ("PATIENT", "Kim Patel"), ("DOCTOR", "Patel"))
    assert find("Patel and Kim Patel came.", *names) == [
        ("PATIENT", "Patel"),
        ("PATIENT", "Kim Patel"),
    ]


def test_only_the_notes_of_the_same_subject_are_searched() -> None:
    annotator = LearnedNames({SUBJECT: [LearnedName("DOCTOR", "Rina Patel")]})
    text = "Rina Patel came."
    notes = [Note("1", text, patient_id="p2"), Note("2", text), Note("3", text, patient_id="p1")]
    [other, nobody, own] = annotator.annotate(notes)
    assert (other, nobody) == ([], [])
    assert own == [PhiSpan(0, 10, "DOCTOR", 0.75, ("learned",))]


WORDS = st.sampled_from(
    ["Rina", "Patel", "Quill", "Hand", "Wilson", "Dr.", "Hope", "de", "MD", "J"]
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=4), st.randoms())
def test_learning_is_independent_of_order(surfaces: list[list[str]], random: Random) -> None:
    notes, spans = [], []
    for number, words in enumerate(surfaces):
        text = " ".join(words)
        notes.append(Note(str(number), text, patient_id="p1"))
        spans.append([PhiSpan(0, len(text), "PATIENT", 0.9, BOTH)])
    order = list(range(len(notes)))
    random.shuffle(order)
    assert learn_names(notes, spans) == learn_names(
        [notes[i] for i in order], [spans[i] for i in order]
    )
    for name in learn_names(notes, spans).get(SUBJECT, ()):
        assert {"Rina", "Patel", "Quill", "Hand", "Wilson", "Hope"} & set(name.name.split())
