"""Tests of what a source row becomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from pipeline.storage.checking import CheckedRow, check
from pipeline.storage.source import SourceRow

SECRET = "Zebulon Quix"


def checked(**cells: object) -> CheckedRow:
    return check(SourceRow(3, 14, {"note_id": "n1", "text": "Fever.", **cells}), 10)


def test_a_good_row_is_a_note() -> None:
    row = checked(patient_id="p1", encounter_id="e1", note_type="ED", note_time="2024-01-31")

    assert row == CheckedRow(
        3, 14, "n1", "p1", "e1", "ED", datetime(2024, 1, 31), "Fever.", code=None
    )


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"note_id": None}, "null_id"),
        ({"note_id": ""}, "null_id"),
        ({"note_id": " \t"}, "null_id"),
        ({"note_id": float("nan")}, "null_id"),
        ({"note_id": None, "text": None}, "null_id"),
        ({"note_id": b"\xff"}, "undecodable"),
        ({"patient_id": b"\xff"}, "undecodable"),
        ({"encounter_id": b"\xff"}, "undecodable"),
        ({"note_type": b"\xff"}, "undecodable"),
        ({"text": b"fi\xe8vre"}, "undecodable"),
        ({"text": None}, "null_text"),
        ({"text": float("nan")}, "null_text"),
        ({"text": ""}, "empty_text"),
        ({"text": " \r\n\t\u00a0\u2003"}, "empty_text"),
        ({"text": "a" * 11}, "too_long"),
        ({"text": "a" * 10}, None),
        ({"text": "🤒" * 10}, None),
        ({"note_time": b"\xff"}, None),
        ({"note_time": "some day"}, None),
    ],
)
def test_what_is_wrong_with_a_row(cells: dict[str, object], code: str | None) -> None:
    row = checked(**cells)

    assert row.code == code
    assert (row.text is None) == (code is not None)


def test_a_row_without_cells_is_malformed() -> None:
    row = check(SourceRow(3, 14, None), 10)

    assert row == CheckedRow(3, 14, code="malformed_row")


def test_text_is_kept_as_it_is() -> None:
    assert checked(text="\n Fever\x00 ").text == "\n Fever\x00 "


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (7, "7"),
        (12.0, "12"),
        (Decimal("12.000"), "12"),
        (" 0012 ", "0012"),
        ("MRN 7", "MRN 7"),
        (UUID(int=0), "00000000-0000-0000-0000-000000000000"),
        (None, None),
        (float("nan"), None),
        ("", None),
    ],
)
def test_ids_are_written_the_same_whatever_their_type(cell: object, expected: str | None) -> None:
    row = checked(patient_id=cell, encounter_id=cell)

    assert (row.patient_id, row.encounter_id) == (expected, expected)
    if expected is not None:
        assert checked(note_id=cell).note_id == expected


def test_a_float_that_pandas_wrote_to_csv_is_the_same_patient_but_another_note() -> None:
    row = checked(note_id="12.0", patient_id="12.0", encounter_id="7.00")

    assert (row.note_id, row.patient_id, row.encounter_id) == ("12.0", "12", "7")
    assert checked(patient_id="12.5").patient_id == "12.5"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-01-31 10:20:30", datetime(2024, 1, 31, 10, 20, 30)),
        ("2024-01-31T10:20:30.5", datetime(2024, 1, 31, 10, 20, 30, 500_000)),
        ("2024-01-31T10:20:30.123456789", datetime(2024, 1, 31, 10, 20, 30, 123_456)),
        ("2024-01-31T22:00:00-05:00", datetime(2024, 2, 1, 3, 0)),
        ("2024-01-31T22:00:00Z", datetime(2024, 1, 31, 22, 0)),
        (" 2024-01-31 ", datetime(2024, 1, 31)),
        ("20240131", datetime(2024, 1, 31)),
        ("01/31/2024", datetime(2024, 1, 31)),
        ("1/31/2024 4:05 PM", datetime(2024, 1, 31, 16, 5)),
        ("01/31/2024 16:05:06", datetime(2024, 1, 31, 16, 5, 6)),
        ("31-Jan-2024", datetime(2024, 1, 31)),
        ("31-JAN-2024 16:05:06", datetime(2024, 1, 31, 16, 5, 6)),
        (datetime(2024, 1, 31, 10), datetime(2024, 1, 31, 10)),
        (datetime(2024, 1, 31, 20, tzinfo=timezone(timedelta(hours=-5))),
         datetime(2024, 2, 1, 1)),
        ("0001-01-01T00:00:00+14:00", datetime(1, 1, 1)),
        ("9999-12-31T23:59:59-05:00", datetime(9999, 12, 31, 23, 59, 59)),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))), datetime.max),
        (datetime.min.replace(tzinfo=UTC), datetime.min),
        ("", None),
        ("13/31/2024", None),
        ("yesterday", None),
        (20240131, None),
        (None, None),
    ],
)  # fmt: skip
def test_times_are_read_in_usual_forms_and_told_in_utc(
    cell: object, expected: datetime | None
) -> None:
    row = checked(note_time=cell)

    assert row.note_time == expected
    assert row.code is None


def test_a_row_belongs_to_its_patient_or_to_nobody_else() -> None:
    assert checked(patient_id="p1").subject == ("patient", "p1")
    assert checked(patient_id=None).subject == ("note", "n1")
    assert checked(note_id=None).subject == ("row", "3:14")
    assert checked(note_id=None, patient_id="p1").subject == ("patient", "p1")


def test_ids_that_look_alike_are_different_subjects() -> None:
    subjects = {
        checked(note_id="3:14").subject,
        checked(note_id=None).subject,
        checked(patient_id="3:14").subject,
    }

    assert len(subjects) == 3


def test_repr_shows_neither_ids_nor_text() -> None:
    shown = repr(checked(note_id=SECRET, patient_id=SECRET, note_type=SECRET))

    assert SECRET not in shown
    assert "Fever" not in shown
