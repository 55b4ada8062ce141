"""What registration knows of a patient: the identifiers that must never survive in a note."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal

_SEPARATORS = re.compile(r"[;|\r\n]")
_WHOLE = re.compile(r"(\d+)\.0+")
_MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[T ]00:00(:00(\.0+)?)?(Z|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """The known identifiers of one patient; each is a tuple of strings as registered.

    Attributes:
        names: The patient's names: full, parts or nicknames, in any order.
        mrn: Medical record numbers.
        dob: Dates of birth, ``YYYY-MM-DD`` or any usual form.
        phones: Telephone numbers.
        address: Postal addresses on one line.
        ssn: Social security numbers.
        email: E-mail addresses.
        relatives: Names of relatives and contacts.
        providers: Names of clinicians who treat the patient.
    """

    names: tuple[str, ...] = field(default=(), repr=False)
    mrn: tuple[str, ...] = field(default=(), repr=False)
    dob: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    address: tuple[str, ...] = field(default=(), repr=False)
    ssn: tuple[str, ...] = field(default=(), repr=False)
    email: tuple[str, ...] = field(default=(), repr=False)
    relatives: tuple[str, ...] = field(default=(), repr=False)
    providers: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        for f in fields(self):
            values = getattr(self, f.name)
            is_tuple = isinstance(values, tuple)
            if not is_tuple or not all(isinstance(v, str) and v.strip() for v in values):
                raise TypeError(f"{f.name} of a patient's record must be a tuple of strings")

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> PatientRecord:
        """Make a record from a row whose cells are null, a string or a list of strings.

        A string is one identifier, white space and commas included, unless ``;``, ``|`` or line
        ends divide it into several; the strings of a list are taken as they are. Numbers and
        dates are written as registration would write them: 12 for 12.0, 1950-03-02 for midnight
        of that day, an SSN with the leading zeros that a number loses.

        Args:
            values: Column to cell; columns that are no field of the record are ignored.

        Raises:
            TypeError: A cell is neither null, a scalar nor a list of scalars (the message names
                the column, never the cell).
        """
        return cls(**{f.name: _strings(f.name, values.get(f.name)) for f in fields(cls)})

    def union(self, other: PatientRecord) -> PatientRecord:
        """Join two records of the same patient, keeping each identifier once."""
        joined = {
            f.name: tuple(dict.fromkeys(getattr(self, f.name) + getattr(other, f.name)))
            for f in fields(self)
        }
        return PatientRecord(**joined)

    def to_mapping(self) -> dict[str, list[str]]:
        """Return the identifiers as a mapping that :meth:`from_mapping` reads back."""
        return {f.name: list(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name)}

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))


def plain_text(cell: object) -> str | None:
    """Write a scalar cell as text, a whole number without the ``.0`` of a float column.

    Args:
        cell: A string, number or date; None and NaN, which is how pandas writes null, are null.

    Returns:
        The text without white space around it; None if nothing is left.
    """
    if cell is None or cell != cell:
        return None
    if isinstance(cell, (float, Decimal)) and math.isfinite(cell) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip() or None


def plain_id(cell: object) -> str | None:
    """Write a patient's id or number as text, the same whatever type a file gives it.

    Like :func:`plain_text`, but 12 also for the string ``12.0``: pandas makes floats of whole
    numbers with gaps between them and writes them so to CSV.
    """
    text = plain_text(cell)
    whole = None if text is None else _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def _strings(column: str, cell: object) -> tuple[str, ...]:
    if isinstance(cell, str):
        cell = _SEPARATORS.split(cell)
    items = cell if isinstance(cell, (list, tuple)) else [cell]
    return tuple(text for item in items if (text := _identifier(column, item)) is not None)


def _identifier(column: str, cell: object) -> str | None:
    if isinstance(cell, datetime):
        cell = cell.date()
    is_scalar = cell is None or isinstance(cell, (str, int, float, Decimal, date))
    if not is_scalar or isinstance(cell, bool):
        kind = type(cell).__name__
        raise TypeError(f"column {column!r} holds a {kind}; give a string or a list of strings")
    text = plain_id(cell)
    if text is None:
        return None
    if column == "dob" and (midnight := _MIDNIGHT.fullmatch(text)):
        return midnight[1]
    if column == "ssn" and len(text) in (7, 8) and text.isdecimal():
        return text.zfill(9)
    return text
