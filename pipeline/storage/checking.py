"""Source rows checked: cells in our types, or a code that says what is wrong with the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.patient import plain_id, plain_text
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
    note_id = _written(cells.get("note_id"))
    text, code = _text(cells, max_characters)
    if note_id is None:
        text, code = None, "undecodable" if _broken(cells, "note_id") else "null_id"
    elif any(_broken(cells, name) for name in ("patient_id", "encounter_id", "note_type")):
        # A patient that can't be read can't be protected: the row is refused whole.
        text, code = None, "undecodable"
    return CheckedRow(
        source.file,
        source.row,
        note_id=note_id,
        patient_id=_plain_id(cells.get("patient_id")),
        encounter_id=_plain_id(cells.get("encounter_id")),
        note_type=_written(cells.get("note_type")),
        note_time=_time(cells.get("note_time")),
        text=text,
        code=code,
    )


def _broken(cells: Mapping[str, object], name: str) -> bool:
    return isinstance(cells.get(name), bytes)


def _text(cells: Mapping[str, object], max_characters: int) -> tuple[str | None, str | None]:
    text = cells.get("text")
    if text is None or text != text:  # NaN is how pandas writes null
        return None, "null_text"
    if isinstance(text, bytes):
        return None, "undecodable"
    text = str(text)
    if not text.strip():
        return None, "empty_text"
    if len(text) > max_characters:
        return None, "too_long"
    return text, None


def _plain_id(cell: object) -> str | None:
    return None if isinstance(cell, bytes) else plain_id(cell)


def _written(cell: object) -> str | None:
    # A note's id in text stands as it is: taking "12.0" for "12" could cost a note.
    return None if isinstance(cell, bytes) else plain_text(cell)


def _time(cell: object) -> datetime | None:
    """Read a time; one that can't be read is null, since a note is worth more than its time."""
    if not isinstance(cell, (datetime, str)):
        return None
    moment = cell if isinstance(cell, datetime) else _parsed(cell.strip())
    if moment is None or moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:  # the first hours of the year 1 and the last of 9999
        return moment.replace(tzinfo=None)


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
