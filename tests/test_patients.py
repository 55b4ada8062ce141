"""Tests of what must be the same in all notes of a patient."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Deid
from pipeline.deid.finding import NOTHING_ALLOWED
from pipeline.deid.learned import LearnedName
from pipeline.deid.site import load_allowed
from pipeline.errors import SetupError
from pipeline.keys import Keys
from pipeline.note import Note, PhiSpan
from pipeline.patients import PatientNotes, group_by_patient, propagate, settle_patient
from tests.site import Site
from tests.stub import load_cue_stubs

KEYS = Keys(bytes(range(32)), bytes(range(1, 33)))
TELLING = {"note_id": "a", "patient_id": "p", "text": "Mr. Okonkwo has fever."}
HOLDING = {"note_id": "b", "patient_id": "p", "text": "okonkwo is calm, no cough."}
OTHER = {"note_id": "c", "patient_id": "q", "text": "The okonkwo trial, cough."}


def mark(text: str, surface: str, label: str, *annotators: str) -> PhiSpan:
    start = text.index(surface)
    return PhiSpan(start, start + len(surface), label, 0.95, annotators)


def texts(site: Site) -> set[str]:
    return {row["text"] for row in site.read("note")}


def test_a_name_that_one_note_gives_away_is_masked_in_the_patients_others(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write([TELLING, HOLDING, OTHER])
    site.run(load=load_cue_stubs)

    assert texts(site) == {
        "Mr. [PATIENT] has fever.", "[PATIENT] is calm, no cough.", "The okonkwo trial, cough.",
    }  # fmt: skip


def test_a_released_note_is_redone_when_a_later_one_gives_its_name_away(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write([HOLDING])
    site.run(load=load_cue_stubs)
    before = texts(site)
    site.write([HOLDING, TELLING])
    site.run(load=load_cue_stubs)

    assert before == {"okonkwo is calm, no cough."}
    assert "[PATIENT] is calm, no cough." in texts(site)


def test_what_was_learned_outlasts_the_note_that_taught_it(tmp_path: Path) -> None:
    settings = Site(tmp_path).config(input={"max_removed_rate": 1.0})
    site = Site(tmp_path)
    site.write([HOLDING, TELLING])
    site.run(settings, load=load_cue_stubs)
    site.write([HOLDING])
    site.run(settings, load=load_cue_stubs)

    assert texts(site) == {"[PATIENT] is calm, no cough."}
    assert [(row["raw"], row["name"]) for row in site.read("learned_name")] == [("p", "Okonkwo")]


def test_a_name_in_a_note_that_fails_is_masked_in_the_others(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write([{**TELLING, "text": "Mr. Okonkwo RAISE"}, HOLDING])
    site.run(load=load_cue_stubs)

    assert texts(site) == {"[PATIENT] is calm, no cough."}


def test_names_that_cannot_be_read_are_not_forgotten_silently(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write([TELLING, HOLDING])
    site.run(load=load_cue_stubs)
    for file in (site.phi / "learned_name").iterdir():
        file.write_bytes(b"garbage")
    with pytest.raises(SetupError, match=r"learned_name/unit-\d+\.parquet .* can't be read"):
        site.run(load=load_cue_stubs)


def test_out_does_not_tell_on_which_night_a_patient_was_redone(tmp_path: Path) -> None:
    site = Site(tmp_path)
    settings = site.config(storage={"work_units": 1})
    site.write([TELLING, OTHER])
    site.run(settings, load=load_cue_stubs)
    site.write([TELLING, HOLDING, OTHER])
    second = site.run(settings, load=load_cue_stubs).run_id

    assert {row["run_id"] for row in site.read("note_status")} == {second}
    assert {note for note, run in site.makers().items() if run == second} == {"a", "b"}


def test_what_was_learned_goes_with_the_patient(tmp_path: Path) -> None:
    site = Site(tmp_path)
    settings = site.config(input={"max_removed_rate": 1.0})
    site.write([TELLING, OTHER])
    site.run(settings, load=load_cue_stubs)
    site.write([OTHER])
    site.run(settings, load=load_cue_stubs)

    assert site.read("learned_name") == []


def test_the_order_of_notes_changes_nothing(tmp_path: Path) -> None:
    released = []
    for rows in ([TELLING, HOLDING, OTHER], [OTHER, HOLDING, TELLING]):
        site = Site(tmp_path / rows[0]["note_id"])
        site.write(rows)
        site.run(load=load_cue_stubs)
        released.append(texts(site))

    assert released[0] == released[1]


def test_names_of_earlier_runs_count(tmp_path: Path) -> None:
    note = Note("b", "Spoke with Okonkwo.", "p")
    before = PatientNotes((0,), (note,), ([],), frozenset({LearnedName("PATIENT", "Okonkwo")}))
    after = propagate(before, NOTHING_ALLOWED)

    assert [(s.start, s.end, s.annotators) for s in after.spans[0]] == [(11, 18, ("learned",))]
    assert after.names == before.names


def test_an_allowed_phrase_is_not_learned_back() -> None:
    text = "The Okonkwo protocol for Mr. Okonkwo."
    span = PhiSpan(29, 36, "PATIENT", 0.95, ("rules", "ner"))
    patient = PatientNotes((0,), (Note("a", text, "p"),), ([span],))
    after = propagate(patient, load_allowed(["Okonkwo protocol"]))

    assert [(s.start, s.end) for s in after.spans[0]] == [(29, 36)]


def test_a_patients_dates_move_together_and_patients_apart() -> None:
    moved = {}
    for patient in map(str, range(40)):
        notes = (Note("a", "On 3/14/2019.", patient), Note("b", "On 3/21/2019.", patient))
        spans = tuple([mark(note.text, note.text[3:-1], "DATE", "rules")] for note in notes)
        settled = settle_patient(
            PatientNotes((0, 1), notes, spans), NOTHING_ALLOWED, Deid(), KEYS, {}
        )
        dates = [
            settled.release.text(n, s)[0].text[3:-1] for n, s in zip(notes, spans, strict=True)
        ]
        moved[patient] = settled.release.weeks
        first, second = ((int(m), int(d), int(y)) for m, d, y in (x.split("/") for x in dates))
        assert first != (3, 14, 2019)
        assert second != first

    assert all(weeks and -52 <= weeks <= 52 for weeks in moved.values())
    assert len(set(moved.values())) > 20


def test_notes_are_grouped_by_patient_and_keep_their_places() -> None:
    notes = [Note("a", "x", "p"), Note("b", "y"), Note("c", "z", "p")]
    groups = group_by_patient(notes, [[], [], []], {})

    assert [(group.subject, group.places) for group in groups] == [
        (("patient", "p"), (0, 2)), (("note", "b"), (1,)),
    ]  # fmt: skip


@pytest.mark.parametrize("replacement", ["tag", "surrogate"])
def test_a_run_with_either_replacement_writes_no_marker(tmp_path: Path, replacement: str) -> None:
    site = Site(tmp_path)
    site.write([TELLING, HOLDING])
    site.run(
        site.config(deid={"ner": site.model, "bert": site.model, "replacement": replacement}),
        load=load_cue_stubs,
    )

    assert not any("okonkwo" in text.lower() for text in texts(site))
