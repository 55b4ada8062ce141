"""What registration knows of a patient: the identifiers that must never survive in a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields


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

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> PatientRecord:
        """Make a record from a row whose cells are null, a string or a list of strings.

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


def _strings(column: str, cell: object) -> tuple[str, ...]:
    if cell is None or cell != cell:  # NaN is how pandas writes null
        return ()
    if isinstance(cell, str):
        return (cell.strip(),) if cell.strip() else ()
    if isinstance(cell, (list, tuple)):
        return tuple(part for item in cell for part in _strings(column, item))
    if isinstance(cell, dict):
        raise TypeError(f"column {column!r} holds an object; give a string or a list of strings")
    return (str(cell),)
