"""Tests of what a work unit has to redo."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.keys import Keys
from pipeline.patient import PatientRecord
from pipeline.plan import Plan, failed, plan_unit
from pipeline.storage.checking import CheckedRow

KEYS = Keys(bytes(range(32)), bytes(range(1, 33)))
NOTHING: Mapping[str, PatientRecord] = {}


def note(row: int, note_id: str | None, patient_id: str | None, **cells: Any) -> CheckedRow:
    cells = {"text": f"Text of {note_id}", **cells}
    return CheckedRow(0, row, note_id=note_id, patient_id=patient_id, **cells)


ROWS = [
    note(1, "n1", "p1"),
    note(2, "n2", "p1"),
    note(3, "n3", "p2"),
    note(4, "n4", None),
    note(5, "n5", None),
]


def plan(
    rows: Sequence[CheckedRow],
    made: set[str] | None = None,
    records: Mapping[str, PatientRecord] = NOTHING,
    fingerprint: str = "f",
) -> Plan:
    return plan_unit(rows, records, made or set(), KEYS, fingerprint)


def ids(plan: Plan) -> set[str]:
    return {attempt.attempt_id for attempt in plan.stale + plan.current}


def stale(plan: Plan) -> set[str | None]:
    return {attempt.row.note_id for attempt in plan.stale}


def test_at_first_everything_is_stale_and_then_nothing() -> None:
    first = plan(ROWS)

    assert stale(first) == {"n1", "n2", "n3", "n4", "n5"}
    assert first.current == ()
    second = plan(ROWS, ids(first))
    assert second.stale == ()
    assert ids(second) == ids(first)
    assert sorted((a.row for a in second.current), key=lambda row: row.row) == ROWS


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Other text"},
        {"note_type": "ED"},
        {"note_time": datetime(2024, 1, 31)},
        {"encounter_id": "e1"},
        {"note_id": "n9"},
        {"code": "duplicate"},
        {"text": None, "code": "null_text"},
    ],
)
def test_a_changed_row_redoes_its_patient_and_nobody_else(change: dict[str, Any]) -> None:
    made = ids(plan(ROWS))
    changed = [ROWS[0], replace(ROWS[1], **change), *ROWS[2:]]

    assert stale(plan(changed, made)) == {"n1", changed[1].note_id}


def test_a_changed_note_without_a_patient_redoes_itself_alone() -> None:
    made = ids(plan(ROWS))

    assert stale(plan([*ROWS[:4], replace(ROWS[4], text="Other")], made)) == {"n5"}


def test_a_new_or_removed_note_redoes_its_patient() -> None:
    made = ids(plan(ROWS))

    assert stale(plan(ROWS[1:], made)) == {"n2"}
    assert stale(plan([*ROWS, note(6, "n6", "p2")], made)) == {"n3", "n6"}
    assert stale(plan([*ROWS[:3], ROWS[4]], made)) == set()


def test_a_note_that_moves_redoes_both_patients() -> None:
    made = ids(plan(ROWS))
    moved = [ROWS[0], replace(ROWS[1], patient_id="p2"), *ROWS[2:]]

    assert stale(plan(moved, made)) == {"n1", "n2", "n3"}


def test_a_patient_is_not_a_note_of_the_same_id() -> None:
    one, other = note(1, "n1", "7"), note(2, "7", None)

    assert len(ids(plan([one, other]))) == 2
    record = {"7": PatientRecord(mrn=("1",))}
    assert stale(plan([one, other], ids(plan([one, other])), record)) == {"n1"}


def test_a_changed_record_redoes_its_patient() -> None:
    records = {"p1": PatientRecord(names=("Ada", "Quill"), mrn=("7",))}
    made = ids(plan(ROWS, records=records))

    assert stale(plan(ROWS, made)) == {"n1", "n2"}
    more = {"p1": PatientRecord(names=("Ada", "Quill", "Addie"), mrn=("7",))}
    assert stale(plan(ROWS, made, more)) == {"n1", "n2"}
    moved = {"p1": PatientRecord(names=("Ada", "7"), mrn=("Quill",))}
    assert stale(plan(ROWS, made, moved)) == {"n1", "n2"}
    elsewhere = {**records, "p9": PatientRecord(mrn=("1",)), "n4": PatientRecord(mrn=("1",))}
    assert stale(plan(ROWS, made, elsewhere)) == set()


def test_the_order_of_a_record_and_an_empty_record_change_nothing() -> None:
    made = ids(plan(ROWS, records={"p1": PatientRecord(names=("Ada", "Quill"))}))
    turned = {"p1": PatientRecord(names=("Quill", "Ada")), "p2": PatientRecord()}

    assert stale(plan(ROWS, made, turned)) == set()


def test_another_fingerprint_or_key_redoes_everything() -> None:
    made = ids(plan(ROWS))

    assert len(stale(plan(ROWS, made, fingerprint="g"))) == 5
    assert len(plan_unit(ROWS, {}, made, Keys(bytes(32), bytes(32)), "f").stale) == 5


def test_a_failed_attempt_is_tried_again_with_its_whole_patient() -> None:
    first = plan(ROWS)
    attempts = {a.row.note_id: a.attempt_id for a in first.stale}
    made = (ids(first) - {attempts["n1"]}) | {failed(attempts["n1"], KEYS)}

    assert failed(attempts["n1"], KEYS) not in ids(first)
    assert stale(plan(ROWS, made)) == {"n1", "n2"}


@given(st.randoms())
def test_neither_order_nor_place_of_rows_matters(shuffle: random.Random) -> None:
    made = ids(plan(ROWS))
    rows = [replace(row, file=3, row=row.row + 70) for row in ROWS]
    shuffle.shuffle(rows)

    assert plan(rows, made).stale == ()
    assert ids(plan(rows)) == made


def test_equal_rows_of_a_patient_are_counted() -> None:
    twins = [note(1, "n1", "p1", code="duplicate"), note(2, "n1", "p1", code="duplicate")]
    made = ids(plan(twins))

    assert len(made) == 2
    assert plan(twins, made).stale == ()
    assert len(plan(twins[:1], made).stale) == 1
    third = [*twins, note(3, "n1", "p1", code="duplicate")]
    assert len(plan(third, made).stale) == 3


def test_equal_rows_that_are_nobodys_are_counted() -> None:
    nobodys = [CheckedRow(0, row, code="malformed_row") for row in (1, 2, 3)]
    made = ids(plan(nobodys[:2]))

    assert len(made) == 2
    assert [a.row.row for a in plan(nobodys, made).stale] == [3]
    assert ids(plan(nobodys[:1])) < made


def test_an_attempt_tells_nothing_without_the_key() -> None:
    (attempt,) = plan(ROWS[:1]).stale

    assert "Text" not in repr(attempt)
    assert "n1" not in repr(attempt)
    assert len(attempt.attempt_id) == 26
