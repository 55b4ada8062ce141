"""What stands in the place of a patient's PHI: the policy applied, tags or surrogates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from pipeline.deid.known import ANNOTATOR as KNOWN
from pipeline.deid.known_numbers import parse_date
from pipeline.deid.policy import (
    OLD_AGE,
    Policy,
    reference_year,
    release_date,
    release_note_time,
    weeks_of,
)
from pipeline.deid.replacement import ReleasedText, replace_spans, tag
from pipeline.deid.small_areas import release_zip
from pipeline.deid.surrogates import Surrogates
from pipeline.deid.written_ages import release_age
from pipeline.note import Note, PhiSpan
from pipeline.patient import PatientRecord

_AGE_DIGITS: Final = re.compile(r"(?<![0-9])[4-9][0-9](?![0-9])")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What only the holder of the keys can reckon of a patient.

    Attributes:
        surrogates: 32 bytes that decide all surrogates.
        dates: 32 bytes that decide the shift of dates.
    """

    surrogates: bytes = field(repr=False)
    dates: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Release:
    """How the PHI of one patient's notes is replaced; the same in all of them.

    Attributes:
        policy: Says what stays of dates.
        weeks: The patient's shift of dates.
        latest_year: The latest year that the patient's notes show.
        reveals_birth: Registration knows a date of birth that tells an age of 90 or more, so that
            what it found of that date goes whole, also where it is written with two digits.
        surrogates: The patient's surrogates; None for tags.
    """

    policy: Policy
    weeks: int = field(repr=False)
    latest_year: int = field(repr=False)
    reveals_birth: bool = field(repr=False)
    surrogates: Surrogates | None = field(repr=False)

    @classmethod
    def of_patient(
        cls,
        notes: Sequence[Note],
        spans: Sequence[Sequence[PhiSpan]],
        policy: Policy,
        replacement: Literal["tag", "surrogate"],
        secrets: Secrets,
        record: PatientRecord | None,
    ) -> Release:
        """Work out how a patient's notes are released.

        Args:
            notes: All raw notes of the patient.
            spans: The PHI of each.
            policy: The release policy.
            replacement: What to write in the place of PHI that no policy keeps a part of.
            secrets: The patient's.
            record: What registration knows of the patient.
        """
        found = [
            (span.label, note.text[span.start : span.end])
            for note, of_note in zip(notes, spans, strict=True)
            for span in of_note
        ]
        dates = [surface for label, surface in found if label == "DATE"]
        latest_year = reference_year([note.note_time for note in notes], dates)
        births = [parse_date(written) for written in (record.dob if record else ())]
        return cls(
            policy,
            weeks_of(secrets.dates[:16]),
            latest_year,
            any(birth and birth.year <= latest_year - OLD_AGE for birth in births),
            Surrogates(secrets.surrogates, record, found) if replacement == "surrogate" else None,
        )

    def note_time(self, note: Note) -> datetime | None:
        """Return when the note was written, as it may be released."""
        return release_note_time(note.note_time, self.policy, self.weeks)

    def text(self, note: Note, spans: Sequence[PhiSpan]) -> tuple[ReleasedText, tuple[str, ...]]:
        """Replace the PHI of one of the patient's notes.

        Args:
            note: A raw note.
            spans: Its PHI in text order, without overlap.

        Returns:
            The released text, and what stands in each span's place. Where that is what stood there
            before, such as an age below 90, the region isn't in the map of offsets.
        """
        replacements = tuple(self._replacement(note, span) for span in spans)
        changed = [
            (span, replacement)
            for span, replacement in zip(spans, replacements, strict=True)
            if replacement != note.text[span.start : span.end]
        ]
        text = replace_spans(note.text, [s for s, _ in changed], [r for _, r in changed])
        return text, replacements

    def _tells_birth(self, note: Note, surface: str) -> bool:
        """Say whether an age, reckoned from the note's year, tells of 90 years by the latest one.

        At 88 in a note of 2015, a patient seen in 2019 was 92: 164.514(b)(2)(i)(C) covers all that
        is indicative of such an age.
        """
        if note.note_time is None:
            return False
        born = (note.note_time.year - int(age) for age in _AGE_DIGITS.findall(surface))
        return any(year <= self.latest_year - OLD_AGE for year in born)

    def _replacement(self, note: Note, span: PhiSpan) -> str:
        surface = note.text[span.start : span.end]
        released: str | None = None
        if span.label == "DATE" and self.reveals_birth and KNOWN in span.annotators:
            released = None
        elif span.label == "DATE":
            released = release_date(
                surface,
                policy=self.policy,
                weeks=self.weeks,
                note_time=note.note_time,
                latest_year=self.latest_year,
            )
        elif span.label == "AGE":
            released = release_age(surface)
            if released == surface and self._tells_birth(note, surface):
                released = None
        elif span.label == "ZIP":
            released = release_zip(surface)
        elif self.surrogates is not None:
            released = self.surrogates.replace(span.label, surface)
        return released or tag(span)
