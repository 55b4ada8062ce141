"""Tests of registration records."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pipeline.patient import PatientRecord, plain_id, plain_text

NAN = float("nan")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ()),
        (NAN, ()),
        ("", ()),
        (" \n", ()),
        ([], ()),
        ([None, "", NAN], ()),
        ("Margaret Rose Price", ("Margaret Rose Price",)),
        ("  Price, Margaret Rose ", ("Price, Margaret Rose",)),
        ("Margaret Price; Peg Price", ("Margaret Price", "Peg Price")),
        ("Margaret|Peg\r\nRose;;", ("Margaret", "Peg", "Rose")),
        (["Margaret", " Peg ", None], ("Margaret", "Peg")),
        (("Margaret", "Peg"), ("Margaret", "Peg")),
        (["Price; Margaret"], ("Price; Margaret",)),
    ],
)
def test_a_cell_is_null_a_string_or_a_list(cell: object, expected: tuple[str, ...]) -> None:
    assert PatientRecord.from_mapping({"names": cell}) == PatientRecord(names=expected)


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("mrn", 77, "77"),
        ("mrn", 77.0, "77"),
        ("mrn", "77.0", "77"),
        ("mrn", "0077", "0077"),
        ("mrn", "7.5", "7.5"),
        ("mrn", Decimal("123456789012345678"), "123456789012345678"),
        ("phones", 6175550100.0, "6175550100"),
        ("dob", date(1950, 3, 2), "1950-03-02"),
        ("dob", datetime(1950, 3, 2), "1950-03-02"),
        ("dob", datetime(1950, 3, 2, 14, 30), "1950-03-02"),
        ("dob", "1950-03-02 00:00:00", "1950-03-02"),
        ("dob", "1950-03-02T00:00:00.000Z", "1950-03-02"),
        ("dob", "03/02/1950", "03/02/1950"),
        ("ssn", 12345678, "012345678"),
        ("ssn", 1234567.0, "001234567"),
        ("ssn", "012-34-5678", "012-34-5678"),
        ("ssn", "5678", "5678"),
        ("mrn", 1234567, "1234567"),
    ],
)
def test_numbers_and_dates_are_written_as_registration_writes_them(
    column: str, cell: object, expected: str
) -> None:
    record = PatientRecord.from_mapping({column: cell})

    assert getattr(record, column) == (expected,)
    assert PatientRecord.from_mapping({column: [cell]}) == record


@pytest.mark.parametrize("cell", [{"first": "Zebulon"}, [["Zebulon"]], b"Zebulon", True, {"Z"}])
def test_what_cannot_be_searched_for_is_an_error_that_quotes_nothing(cell: object) -> None:
    with pytest.raises(TypeError, match="column 'names' holds a") as caught:
        PatientRecord.from_mapping({"names": cell})
    assert "Z" not in str(caught.value)


@pytest.mark.parametrize("names", ["Zebulon", ["Zebulon"], (7,), (None,), ("Zebulon", " ")])
def test_a_record_checks_itself(names: Any) -> None:
    with pytest.raises(TypeError, match="names of a patient's record") as caught:
        PatientRecord(names=names)
    assert "Zebulon" not in str(caught.value)


def test_other_columns_are_ignored() -> None:
    assert PatientRecord.from_mapping({"sex": "F", "mrn": "7"}) == PatientRecord(mrn=("7",))


def test_a_union_keeps_each_identifier_once() -> None:
    one = PatientRecord(names=("Ada", "Addie"), mrn=("7",))
    other = PatientRecord(names=("Addie", "Quill"), dob=("1950-03-02",))

    assert one.union(other) == PatientRecord(
        names=("Ada", "Addie", "Quill"), mrn=("7",), dob=("1950-03-02",)
    )


def test_a_mapping_reads_back_as_the_same_record() -> None:
    record = PatientRecord(names=("Price; Margaret", "Peg"), ssn=("012-34-5678",))

    assert record.to_mapping() == {"names": ["Price; Margaret", "Peg"], "ssn": ["012-34-5678"]}
    assert PatientRecord.from_mapping(record.to_mapping()) == record


def test_an_empty_record_is_false() -> None:
    assert not PatientRecord()
    assert PatientRecord(providers=("Cy Marsh",))


def test_repr_shows_nothing() -> None:
    assert repr(PatientRecord(names=("Zebulon",), mrn=("7",))) == "PatientRecord()"


@pytest.mark.parametrize(
    ("cell", "text", "id_"),
    [
        (None, None, None),
        (NAN, None, None),
        ("  ", None, None),
        (7, "7", "7"),
        (12.0, "12", "12"),
        (-3.0, "-3", "-3"),
        (12.5, "12.5", "12.5"),
        (float("inf"), "inf", "inf"),
        (Decimal("12.00"), "12", "12"),
        (Decimal("12.50"), "12.50", "12.50"),
        (" 12.0 ", "12.0", "12"),
        ("12.00", "12.00", "12"),
        ("v12.0", "v12.0", "v12.0"),
        ("1.12.0", "1.12.0", "1.12.0"),
        ("0012", "0012", "0012"),
    ],
)
def test_scalars_as_text(cell: object, text: str | None, id_: str | None) -> None:
    assert plain_text(cell) == text
    assert plain_id(cell) == id_
