"""What a work unit has to redo: attempts, patient by patient."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pipeline.keys import Keys
from pipeline.patient import PatientRecord
from pipeline.storage.checking import CheckedRow


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row to be turned into output.

    Attributes:
        row: The row.
        attempt_id: Keyed digest of everything that decides what comes out of the row: all rows of
            its patient, the patient's registration record and the pipeline's fingerprint.
    """

    row: CheckedRow
    attempt_id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A work unit's rows, divided by whether their patient is up to date in the tables."""

    stale: tuple[Attempt, ...]
    current: tuple[Attempt, ...]


def plan_unit(
    rows: Sequence[CheckedRow],
    records: Mapping[str, PatientRecord],
    made: Collection[str],
    keys: Keys,
    fingerprint: str,
) -> Plan:
    """Find the patients of a work unit whose output is not what it would be made of now.

    Args:
        rows: All rows of the unit.
        records: Raw patient id → registration record.
        made: The attempt ids that the tables hold.
        keys: Make the digests.
        fingerprint: The pipeline's.
    """
    subjects: defaultdict[tuple[str, str], list[CheckedRow]] = defaultdict(list)
    for row in rows:
        subjects[row.subject].append(row)
    stale: list[Attempt] = []
    current: list[Attempt] = []
    for subject, of_subject in sorted(subjects.items()):
        kind, raw = subject
        record = records.get(raw) if kind == "patient" else None
        patient = (*subject, fingerprint, _known(record))
        attempts = _attempts(of_subject, patient, keys)
        is_current = all(attempt.attempt_id in made for attempt in attempts)
        (current if is_current else stale).extend(attempts)
    return Plan(tuple(stale), tuple(current))


def failed(attempt_id: str, keys: Keys) -> str:
    """Return the attempt id of a row that a stage failed on: never that of a finished attempt."""
    return keys.digest("failed attempt", attempt_id)


def _attempts(rows: Sequence[CheckedRow], patient: tuple[str, ...], keys: Keys) -> list[Attempt]:
    contents = sorted(
        ((_content(row), row.file, row.row, row) for row in rows), key=lambda c: c[:3]
    )
    digest = keys.digest("patient", *patient, *(content for content, *_ in contents))
    return [
        Attempt(row, keys.digest("attempt", digest, str(place)))
        for place, (_, _, _, row) in enumerate(contents)
    ]


def _known(record: PatientRecord | None) -> str:
    """Write down what registration knows of a patient, in whatever order it was read."""
    identifiers = record.to_mapping() if record else {}
    return json.dumps({name: sorted(values) for name, values in identifiers.items()})


def _content(row: CheckedRow) -> str:
    """Write down what a row says, wherever it stands."""
    text = hashlib.sha256((row.text or "").encode("utf-8")).hexdigest()
    time = None if row.note_time is None else row.note_time.isoformat()
    ids = [row.note_id, row.patient_id, row.encounter_id, row.note_type]
    return json.dumps([*ids, time, row.code, text])
