from __future__ import annotations

import pytest

from pipeline.deid.replacement import ReleasedText, replace_spans
from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.known_forms import known_forms
from pipeline.evaluate.requirement import Policy, Requirement
from pipeline.evaluate.survival import NoteSurvival, Survivor, find_survivors
from pipeline.evaluate.survival_scores import score_survival
from pipeline.note import Note, PhiSpan, Span
from pipeline.patient import PatientRecord

LIMITED, HARBOR = Requirement("limited_dates"), Requirement("safe_harbor")


def release(text: str, *replaced: tuple[int, int, str]) -> ReleasedText:
    spans = [PhiSpan(start, end, "PHI") for start, end, _ in replaced]
    return replace_spans(text, spans, [replacement for _, _, replacement in replaced])


def survive(
    text: str,
    gold: list[tuple[int, int, str]],
    replaced: list[tuple[int, int, str]],
    requirement: Requirement = HARBOR,
    record: PatientRecord | None = None,
) -> NoteSurvival:
    document = GoldDocument(Note("n", text), tuple(Span(*span) for span in gold))
    forms = known_forms(record or PatientRecord(), load_lexicon())
    return find_survivors(document, release(text, *replaced), requirement, forms)


TEXT = "Ada Quill of Ghent, aged 67, seen 3/14/2021."
#       0   4        13          25        34
GOLD = [(0, 9, "PATIENT"), (13, 18, "CITY"), (25, 27, "AGE"), (34, 43, "DATE")]


def test_nothing_is_released_that_is_tagged() -> None:
    tags = [(0, 9, "[PATIENT]"), (13, 18, "[CITY]"), (34, 43, "[DATE]")]
    note = survive(TEXT, GOLD, tags)
    assert note.tokens == {"PATIENT": (2, 0), "CITY": (1, 0), "DATE": (2, 0)}
    assert note.survivors == ()


def test_what_was_not_replaced_survives_with_both_offsets() -> None:
    # Released: "[PATIENT] Quill of Ghent, ..."; everything behind the tag moves on by six.
    note = survive(TEXT, GOLD, [(0, 3, "[PATIENT]"), (34, 43, "[DATE]")])
    assert note.tokens == {"PATIENT": (2, 1), "CITY": (1, 1), "DATE": (2, 0)}
    assert note.survivors == (
        Survivor(10, 15, 4, 9, "PATIENT", "in place"),
        Survivor(19, 24, 13, 18, "CITY", "in place"),
    )


def test_half_a_token_left_is_a_token_left() -> None:
    assert survive("Quill", [(0, 5, "PATIENT")], [(0, 4, "[PATIENT]")]).all_tokens == (1, 1)
    assert survive("Quill", [(0, 5, "PATIENT")], [(0, 4, "Fe"), (4, 5, "n")]).all_tokens == (1, 0)


@pytest.mark.parametrize(
    ("label", "surface", "replacement", "survived"),
    [
        ("PATIENT", "Ada Quill", "Bea Fen", 0),
        ("PATIENT", "Ada Quill", "Bea Quill", 1),
        ("PATIENT", "Ada Quill", "ADA QUILL", 2),
        ("PATIENT", "Ada J Quill III", "Bea J Fen III", 0),
        ("STREET", "4 Elm Road", "7 Oak Road", 0),
        ("STREET", "4 Elm Road", "Flat 2, 4 Elm Road", 3),
        ("HOSPITAL", "Hospital", "[HOSPITAL]", 0),
        ("ZIP", "44870", "448**", 0),
        ("AGE", "90", "90+", 0),
        ("AGE", "93", "93", 1),
        ("PHONE", "555-0163", "555-0199", 0),
        ("PHONE", "555-0163", "555.0163", 2),
    ],
)
def test_surrogates(label: str, surface: str, replacement: str, survived: int) -> None:
    note = survive(surface, [(0, len(surface), label)], [(0, len(surface), replacement)])
    assert note.all_tokens[1] == survived


@pytest.mark.parametrize(
    ("policy", "surface", "replacement", "survived"),
    [
        ("limited_dates", "3/14/2021", "4/4/2021", 0),
        ("limited_dates", "3/14/2021", "3/14/2021", 2),
        ("limited_dates", "March 14, 2021", "April 14, 2021", 0),
        ("limited_dates", "Tuesday", "Tuesday", 0),
        ("safe_harbor", "3/14/2021", "2021", 0),
        ("safe_harbor", "March 14, 2021", "March 2021", 1),
        ("safe_harbor", "Tuesday", "Tuesday", 1),
    ],
)
def test_dates(policy: Policy, surface: str, replacement: str, survived: int) -> None:
    end = len(surface)
    note = survive(surface, [(0, end, "DATE")], [(0, end, replacement)], Requirement(policy))
    assert sum(left for _, left in note.tokens.values()) == survived


def test_the_year_of_a_date_may_be_left_in_place() -> None:
    note = survive("March 14, 2021", [(0, 14, "DATE")], [(0, 8, "[DATE]")], LIMITED)
    assert note.tokens == {"DATE": (2, 0)}


RECORD = PatientRecord(names=("Ada Zquillby",), mrn=("00-61-27",), dob=("1951-03-14",))


def test_known_identifiers_anywhere_in_any_form() -> None:
    # The annotators missed both; MRN and birthday stand there no more.
    text = "ZQUILLBY, MRN 006127, b. March 14, 1951; zquillby's"
    replaced = [(14, 20, "[MEDICALRECORD]"), (25, 39, "[DATE]")]
    note = survive(text, [], replaced, record=RECORD)
    assert note.columns == {"names": (1, 1), "mrn": (1, 0), "dob": (1, 0)}
    assert [(s.raw_start, s.label, s.how) for s in note.survivors] == [
        (0, "names", "known"),
        (41, "names", "known"),
    ]


def test_known_identifiers_that_the_note_does_not_hold_do_not_count() -> None:
    assert survive("well", [], [], record=RECORD).columns == {}


@pytest.mark.parametrize(("gold", "counts"), [([(0, 5, "PATIENT")], (1, 1)), ([], None)])
def test_a_name_that_is_a_word_counts_where_it_is_marked(
    gold: list[tuple[int, int, str]], counts: tuple[int, int] | None
) -> None:
    record = PatientRecord(names=("Short",))
    note = survive("Short stay", gold, [], record=record)
    assert note.columns.get("names") == counts


def test_a_surrogate_may_not_be_a_known_name() -> None:
    text = "Zquillby and Fen"
    replaced = [(0, 8, "Moss"), (13, 16, "Zquillby")]
    note = survive(text, [], replaced, record=RECORD)
    assert note.columns == {"names": (1, 1)}
    assert [s.raw_start for s in note.survivors] == [13]


def test_a_shifted_date_may_be_the_birthday_by_chance() -> None:
    text = "b. 3/14/1951, seen 3/21/1951"
    replaced = [(3, 12, "3/7/1951"), (19, 28, "3/14/1951")]
    assert survive(text, [], replaced, LIMITED, RECORD).columns == {"dob": (1, 0)}


def test_a_shifted_date_may_name_a_month_that_is_a_name() -> None:
    record = PatientRecord(names=("May",))
    text = "May Fen, seen March 15"
    gold = [(0, 7, "PATIENT"), (14, 22, "DATE")]
    note = survive(text, gold, [(0, 7, "Bea Moss"), (14, 22, "May 10")], LIMITED, record)
    assert note.columns == {"names": (1, 0)}


def test_a_name_is_not_found_in_a_tag() -> None:
    record = PatientRecord(names=("Zpatient",))
    note = survive("Zpatient", [], [(0, 8, "[ZPATIENT]")], record=record)
    assert note.columns == {"names": (1, 0)}


def test_scores_over_documents() -> None:
    notes = [
        NoteSurvival({"CITY": (2, 1), "DATE": (3, 0)}, (5, 1), {}, ()),
        NoteSurvival({"CITY": (1, 0)}, (1, 0), {"names": (2, 0)}, ()),
        NoteSurvival({}, (0, 0), {"names": (2, 1)}, ()),
        NoteSurvival({}, (0, 0), {}, ()),
    ]
    scores = score_survival(notes, "safe_harbor")
    assert (scores.documents, scores.documents_with_phi) == (4, 3)
    assert (scores.tokens.n, scores.tokens.survived) == (6, 1)
    assert (scores.known.n, scores.known.survived) == (4, 1)
    assert scores.clean_notes.value == pytest.approx(1 / 3)
    assert {label: (s.n, s.survived) for label, s in scores.labels.items()} == {
        "CITY": (3, 1),
        "DATE": (3, 0),
    }
    assert scores.columns["names"].rate.value == pytest.approx(1 / 4)
    assert scores.to_dict()["policy"] == "safe_harbor"
