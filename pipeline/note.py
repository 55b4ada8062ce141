"""The types that every stage speaks: notes, spans and the annotators that find them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True)
class Note:
    """One clinical note, raw or released.

    Text and identifiers are kept out of ``repr``, so that no log or traceback shows them.

    Attributes:
        note_id: The note's identifier; PHI in a raw note, a pseudonym in a released one.
        text: Unicode text. All offsets count its code points.
        patient_id: None if the source doesn't say; such a note is a patient of its own.
        encounter_id: Visit or admission.
        note_type: The kind of document, as the source names it.
        note_time: When the note was written, without a time zone.
    """

    note_id: str = field(repr=False)
    text: str = field(repr=False)
    patient_id: str | None = field(default=None, repr=False)
    encounter_id: str | None = field(default=None, repr=False)
    note_type: str | None = field(default=None, repr=False)
    note_time: datetime | None = field(default=None, repr=False)

    @property
    def subject(self) -> tuple[str, str]:
        """Whose identifiers the note may share: its patient's, or only its own."""
        if self.patient_id is None:
            return ("note", self.note_id)
        return ("patient", self.patient_id)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points with a label; it carries no text.

    Attributes:
        start: First code point.
        end: One past the last code point; greater than ``start``.
        label: What stands there.
        score: How sure the finder is, 0 to 1.
    """

    start: int
    end: int
    label: str
    score: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got [{self.start}, {self.end})")
        if not self.label:
            raise ValueError("a span needs a label")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"a span's score lies in [0, 1], got {self.score}")

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share a code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, order=True)
class PhiSpan(Span):
    """Protected health information, by offsets in **raw** text, and who found it."""

    annotators: tuple[str, ...] = ()


ASSERTIONS = ("present", "absent", "possible", "historical", "hypothetical", "family")
"""What a note may say of a mention: exactly one of them."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a note says of a mention.

    Attributes:
        status: One of ``ASSERTIONS``.
        score: The chance that the status is right, 0 to 1.
        cue: The words that decided it, ``[start, end)`` in **released** text; None if none did.
    """

    status: str
    score: float = 1.0
    cue: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.status not in ASSERTIONS:
            raise ValueError(f"an assertion is one of {', '.join(ASSERTIONS)}")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"an assertion's score lies in [0, 1], got {self.score}")


SECTION_KINDS = (
    "other", "chief_complaint", "hpi", "past_medical_history", "past_surgical_history",
    "family_history", "social_history", "medications", "allergies", "review_of_systems", "exam",
    "results", "assessment", "plan", "assessment_and_plan", "hospital_course",
    "discharge_instructions", "procedure", "indication", "immunizations", "birth_history",
    "developmental_history", "obstetric_history", "psychiatric_history", "functional_status",
)  # fmt: skip
"""What a section may be about."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a note under one heading.

    Attributes:
        kind: What the part is about: one of ``SECTION_KINDS``.
        start: First code point, the heading's if there is one.
        end: One past the last code point of the section's text.
        heading: ``[start, end)`` of the heading without its colon; None before the first one.
    """

    kind: str
    start: int
    end: int
    heading: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry of a vocabulary that a mention means.

    Attributes:
        concept_id: The vocabulary's own id.
        name: The preferred name.
        score: The chance that the mention means it, 0 to 1.
        codes: Name of a terminology to its codes of the concept, several joined by ``|``.
    """

    concept_id: str
    name: str
    score: float
    codes: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, order=True)
class Mention(Span):
    """A symptom, disease or treatment, by offsets in **released** text, and who found it.

    Attributes:
        annotators: Who found it.
        section: The kind of the section that it stands in.
        assertion: What the note says of it.
        allergy: It stands there as what the patient is allergic to.
        long_form: What the abbreviation stands for, if the mention is one.
        concept: The entry of the vocabulary that it means; None if there is none.
    """

    annotators: tuple[str, ...] = ()
    section: str | None = None
    assertion: Assertion | None = None
    allergy: bool = False
    long_form: str | None = None
    concept: Concept | None = None


SpanT = TypeVar("SpanT", bound=Span)


class Annotator(Protocol[SpanT]):
    """Anything that finds spans: rules, known identifiers, spaCy, scispaCy, BERT."""

    @property
    def name(self) -> str:
        """Return the short name that spans and tables give as their annotator."""
        ...

    def annotate(self, notes: Sequence[Note]) -> list[list[SpanT]]:
        """Find spans in a batch of notes.

        Args:
            notes: Any number of notes of any length.

        Returns:
            One list for each note, in order; offsets are code points of that note's text.
        """
        ...


PhiAnnotator = Annotator[PhiSpan]
MentionAnnotator = Annotator[Mention]
