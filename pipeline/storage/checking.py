"""Source rows checked: cells in our types, or a code that says what is wrong with the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from pipeline.storage.source import SourceRow

_TIME_FORMATS = (
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y",
    "%d-%b-%Y %H:%M:%S",
    "%d-%b-%Y",
    "%Y%m%d",
)


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A source row in our types.

    Attributes:
        file: The file's place in the order of reading, from 0.
        row: The row's number in its file, from 1.
        note_id: None if the row has none.
        text: None if nothing of the row is kept but its ids.
        code: What is wrong with the row; None for a note with text.
    """

    file: int
    row: int
    note_id: str | None = field(default=None, repr=False)
    patient_id: str | None = field(default=None, repr=False)
    encounter_id: str | None = field(default=None, repr=False)
    note_type: str | None = field(default=None, repr=False)
    note_time: datetime | None = field(default=None, repr=False)
    text: str | None = field(default=None, repr=False)
    code: str | None = None

    @property
    def subject(self) -> tuple[str, str]:
        """The patient whom the row belongs to; a row without one is a patient of its own."""
        if self.patient_id is not None:
            return ("patient", self.patient_id)
        if self.note_id is not None:
            return ("note", self.note_id)
        return ("row", f"{self.file}:{self.row}")


def check(source: SourceRow, max_characters: int) -> CheckedRow:
    """Check a row.

    Args:
        source: The row as the source has it.
        max_characters: A longer text is refused.
    """
    if source.cells is None:
        return CheckedRow(source.file, source.row, code="malformed_row")
    cells = source.cells
    ids = {name: _id(cells.get(name)) for name in ("note_id", "patient_id", "encounter_id")}
    text, code = _text(cells, max_characters)
    if ids["note_id"] is None:
        text, code = None, "undecodable" if _broken(cells, "note_id") else "null_id"
    elif any(_broken(cells, name) for name in ("patient_id", "encounter_id", "note_type")):
        # A patient that can't be read can't be protected: the row is refused whole.
        text, code = None, "undecodable"
    return CheckedRow(
        source.file,
        source.row,
        **ids,
        note_type=_id(cells.get("note_type")),
        note_time=_time(cells.get("note_time")),
        text=text,
        code=code,
    )


def _broken(cells: Mapping[str, object], name: str) -> bool:
    return isinstance(cells.get(name), bytes)


def _text(cells: Mapping[str, object], max_characters: int) -> tuple[str | None, str | None]:
    text = cells.get("text")
    if text is None:
        return None, "null_text"
    if isinstance(text, bytes):
        return None, "undecodable"
    text = str(text)
    if not text.strip():
        return None, "empty_text"
    if len(text) > max_characters:
        return None, "too_long"
    return text, None


def _id(cell: object) -> str | None:
    """Write an id as text; a whole number without the ``.0`` that a float column gives it."""
    if cell is None or isinstance(cell, bytes) or cell != cell:
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip() or None


def _time(cell: object) -> datetime | None:
    """Read a time; one that can't be read is null, since a note is worth more than its time."""
    if isinstance(cell, datetime):
        moment = cell
    elif isinstance(cell, date):
        moment = datetime(cell.year, cell.month, cell.day)
    elif isinstance(cell, str):
        parsed = _parsed(cell.strip())
        if parsed is None:
            return None
        moment = parsed
    else:
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    # Built anew, since Arrow's nanosecond cells come as a subclass with nanoseconds of its own.
    day = (moment.year, moment.month, moment.day)
    return datetime(*day, moment.hour, moment.minute, moment.second, moment.microsecond)


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in _TIME_FORMATS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None
