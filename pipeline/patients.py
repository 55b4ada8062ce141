"""What must be the same in all notes of a patient: names found, surrogates, the shift of dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.config import Deid
from pipeline.deid.finding import add_phi
from pipeline.deid.learned import LearnedName, LearnedNames, Subject, learn_names
from pipeline.deid.phrases import Phrases
from pipeline.deid.policy import POLICIES
from pipeline.deid.release import Release, Secrets
from pipeline.keys import Keys
from pipeline.note import Note, PhiSpan
from pipeline.patient import PatientRecord


@dataclass(frozen=True, slots=True)
class PatientNotes:
    """What the finders marked in all notes of a patient, note by note.

    Attributes:
        places: Where the notes stand among those of all patients.
        notes: The patient's raw notes, at least one.
        spans: For each note its PHI, united.
        names: Names that earlier runs learned of the patient.
    """

    places: tuple[int, ...]
    notes: tuple[Note, ...]
    spans: tuple[Sequence[PhiSpan], ...] = field(repr=False)
    names: frozenset[LearnedName] = field(default=frozenset(), repr=False)

    @property
    def subject(self) -> Subject:
        """Whose notes these are."""
        return self.notes[0].subject


@dataclass(frozen=True, slots=True)
class SettledPatient:
    """A patient's notes with all of their PHI, and how it is replaced."""

    patient: PatientNotes
    release: Release


def propagate(patient: PatientNotes, allowed: Phrases) -> PatientNotes:
    """Mask in all of a patient's notes the names that one of them, now or earlier, gave away.

    Args:
        patient: The notes, with what the finders marked.
        allowed: The site's words and phrases that are no PHI.
    """
    subject = patient.subject
    names = patient.names | learn_names(patient.notes, patient.spans).get(subject, frozenset())
    if not names:
        return patient
    found = LearnedNames({subject: names}).annotate(patient.notes)
    spans = tuple(
        add_phi(note.text, settled, more, allowed)
        for note, settled, more in zip(patient.notes, patient.spans, found, strict=True)
    )
    return replace(patient, spans=spans, names=names)


def plan_release(
    patient: PatientNotes, deid: Deid, keys: Keys, records: Mapping[Subject, PatientRecord]
) -> Release:
    """Work out how a patient's PHI is replaced.

    Args:
        patient: All notes of the patient with all of their PHI.
        deid: The settings.
        keys: Decide surrogates and the shift of dates.
        records: What registration knows of each patient.
    """
    subject = patient.subject
    return Release.of_patient(
        patient.notes,
        patient.spans,
        POLICIES[deid.policy],
        deid.replacement,
        Secrets(keys.surrogate_secret(subject), keys.date_secret(subject)),
        records.get(subject),
    )


def settle_patient(
    patient: PatientNotes,
    allowed: Phrases,
    deid: Deid,
    keys: Keys,
    records: Mapping[Subject, PatientRecord],
) -> SettledPatient:
    """Settle what is PHI in a patient's notes (:func:`propagate`), and how it is replaced."""
    patient = propagate(patient, allowed)
    return SettledPatient(patient, plan_release(patient, deid, keys, records))


def group_by_patient(
    notes: Sequence[Note],
    spans: Sequence[Sequence[PhiSpan]],
    names: Mapping[Subject, frozenset[LearnedName]],
) -> list[PatientNotes]:
    """Bring the notes of each patient together.

    Args:
        notes: Raw notes of any patients, in any order.
        spans: The PHI of each.
        names: What earlier runs learned of each patient.
    """
    places: dict[Subject, list[int]] = {}
    for place, note in enumerate(notes):
        places.setdefault(note.subject, []).append(place)
    return [
        PatientNotes(
            tuple(of_patient),
            tuple(notes[place] for place in of_patient),
            tuple(spans[place] for place in of_patient),
            names.get(subject, frozenset()),
        )
        for subject, of_patient in places.items()
    ]
