"""Tests of Arrow columns as Python cells."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from pipeline.storage.cells import is_nested, to_cells

TEXTS = ["fièvre", None, "", "🤒 38.5"]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_text_of_every_type_is_text(kind: pa.DataType) -> None:
    assert to_cells(pa.array(TEXTS, kind)) == TEXTS


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()])
def test_bytes_that_are_utf_8_are_text(kind: pa.DataType) -> None:
    assert to_cells(pa.array([b"fi\xc3\xa8vre", None, b"\xff\xfe"], kind)) == [
        "fièvre",
        None,
        b"\xff\xfe",
    ]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_a_string_column_with_broken_bytes_costs_only_its_cell(kind: pa.DataType) -> None:
    binary = pa.binary() if kind == pa.string() else pa.large_binary()
    broken = pa.array([b"well", b"br\xffken", None], binary)
    column = pa.Array.from_buffers(kind, 3, broken.buffers())

    assert to_cells(column) == ["well", b"br\xffken", None]


def test_a_broken_cell_in_a_dictionary_costs_only_its_rows() -> None:
    values = pa.Array.from_buffers(pa.string(), 2, pa.array([b"ok", b"\xc3"]).buffers())
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0], pa.int8()), values)

    assert to_cells(column) == ["ok", b"\xc3", None, "ok"]


@pytest.mark.parametrize(
    ("cells", "kind", "expected"),
    [
        ([7, None], pa.int64(), [7, None]),
        ([2**64 - 1], pa.uint64(), [18446744073709551615]),
        ([12.0, None], pa.float64(), [12.0, None]),
        ([Decimal("12.00")], pa.decimal128(10, 2), [Decimal("12.00")]),
        ([date(2024, 2, 29), None], pa.date32(), [datetime(2024, 2, 29), None]),
        ([date(1899, 12, 31)], pa.date64(), [datetime(1899, 12, 31)]),
        ([-1], pa.timestamp("s"), [datetime(1969, 12, 31, 23, 59, 59)]),
        ([1_500], pa.timestamp("ms"), [datetime(1970, 1, 1, 0, 0, 1, 500_000)]),
        ([1], pa.timestamp("us"), [datetime(1970, 1, 1, 0, 0, 0, 1)]),
        ([1_999], pa.timestamp("ns"), [datetime(1970, 1, 1, 0, 0, 0, 1)]),
        ([0], pa.timestamp("us", "Mars/Olympus"), [datetime(1970, 1, 1)]),
        ([None], pa.null(), [None]),
    ],
)
def test_numbers_dates_and_times(cells: list[Any], kind: pa.DataType, expected: list[Any]) -> None:
    assert to_cells(pa.array(cells, kind)) == expected


def test_a_time_with_a_zone_is_told_in_utc() -> None:
    evening = datetime(2024, 1, 31, 20, 0, tzinfo=ZoneInfo("America/New_York"))
    column = pa.array([evening], pa.timestamp("us", "America/New_York"))

    assert to_cells(column) == [datetime(2024, 2, 1, 1, 0)]
    assert evening.astimezone(UTC).hour == 1


@pytest.mark.parametrize("kind", [pa.timestamp("s"), pa.timestamp("us"), pa.date64()])
def test_a_time_beyond_the_year_9999_is_null_and_costs_nothing_else(kind: pa.DataType) -> None:
    column = pa.array([0, 2**62, -(2**62)], pa.int64()).view(kind)

    assert to_cells(column) == [datetime(1970, 1, 1), None, None]


def test_a_day_beyond_the_year_9999_is_null() -> None:
    assert to_cells(pa.array([0, 2**30], pa.int32()).view(pa.date32())) == [
        datetime(1970, 1, 1),
        None,
    ]


def test_an_extension_type_is_its_storage() -> None:
    column = pa.ExtensionArray.from_storage(pa.json_(), pa.array(["{}", None], pa.string()))

    assert to_cells(column) == ["{}", None]


def test_a_uuid_is_written_as_people_write_it() -> None:
    column = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"\x01" * 16], pa.binary(16)))

    assert [str(cell) for cell in to_cells(column)] == ["01010101-0101-0101-0101-010101010101"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (pa.string(), False),
        (pa.dictionary(pa.int8(), pa.string()), False),
        (pa.list_(pa.string()), True),
        (pa.struct([("text", pa.string())]), True),
        (pa.map_(pa.string(), pa.string()), True),
        (pa.dictionary(pa.int8(), pa.list_(pa.string())), True),
    ],
)
def test_lists_and_records_are_nested(kind: pa.DataType, expected: bool) -> None:
    assert is_nested(kind) is expected
