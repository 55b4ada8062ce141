"""What an annotated corpus says: documents with their gold spans."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.note import Note, Span
from pipeline.patient import PatientRecord


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One annotated document.

    Attributes:
        note: The document; its text is exactly the file's, line ends included.
        spans: What annotators marked, in text order, by code points of ``note.text``. They may
            overlap where the corpus lets them.
        known: What registration knows of the patient; empty if the corpus doesn't say.

    Raises:
        ValueError: A span ends beyond the text.
    """

    note: Note
    spans: tuple[Span, ...] = ()
    known: PatientRecord = field(default_factory=PatientRecord)

    def __post_init__(self) -> None:
        length = len(self.note.text)
        if any(span.end > length for span in self.spans):
            raise ValueError(f"a gold span ends beyond the text of {length} code points")
