"""Arrow columns as Python cells: text decoded cell by cell, times that may lie out of range."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyarrow as pa

_EPOCH = datetime(1970, 1, 1)
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def is_nested(kind: pa.DataType) -> bool:
    """Say whether a column of this type holds lists, records or maps instead of plain cells."""
    return bool(pa.types.is_nested(_innermost(kind)))


def to_cells(column: pa.Array) -> list[object]:
    """Turn a column into Python cells.

    Args:
        column: Any plain column, dictionary-encoded or not.

    Returns:
        Text as ``str``, or as ``bytes`` where it isn't UTF-8; dates and times as ``datetime``
        without a zone (in UTC if the column has a zone), or None beyond the year 9999.
    """
    if isinstance(column.type, pa.BaseExtensionType) and not _is_uuid(column.type):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = column.type
    # Arrow raises for the whole column on one cell that is not UTF-8 or no datetime, quoting it.
    if pa.types.is_timestamp(kind):
        return _moments(column.cast(pa.int64()), _PER_SECOND[kind.unit])
    if pa.types.is_date32(kind):
        return [_moment(days, 1, 86_400) for days in column.cast(pa.int32()).to_pylist()]
    if pa.types.is_date64(kind):
        return _moments(column.cast(pa.int64()), _PER_SECOND["ms"])
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        kind = pa.binary_view() if pa.types.is_string_view(kind) else pa.large_binary()
        column = column.cast(kind)
    if not _is_binary(kind):
        return list(column.to_pylist())
    return [None if cell is None else _decoded(cell) for cell in column.to_pylist()]


def _innermost(kind: pa.DataType) -> pa.DataType:
    if isinstance(kind, pa.BaseExtensionType):
        return _innermost(kind.storage_type)
    return _innermost(kind.value_type) if pa.types.is_dictionary(kind) else kind


def _is_uuid(kind: pa.BaseExtensionType) -> bool:
    return bool(kind.extension_name == "arrow.uuid")


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    )


def _decoded(cell: bytes) -> str | bytes:
    try:
        return cell.decode("utf-8")
    except UnicodeDecodeError:
        return cell


def _moments(counts: pa.Array, per_second: int) -> list[object]:
    return [_moment(count, per_second) for count in counts.to_pylist()]


def _moment(count: int | None, per_second: int, seconds: int = 1) -> datetime | None:
    if count is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=count * seconds * 10**6 // per_second)
    except OverflowError:
        return None
