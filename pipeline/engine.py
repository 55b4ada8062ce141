"""One work unit, start to end: staged rows in, committed tables out. No orchestration in here."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.assignment import Assignment, UnitCounts
from pipeline.deid.finding import find_phi
from pipeline.deid.known import KnownIdentifiers
from pipeline.deid.learned import LearnedName, Subject
from pipeline.errors import QuarantineError
from pipeline.keys import Keys, read_keys
from pipeline.note import Note, PhiAnnotator, PhiSpan
from pipeline.outcomes import (
    Outcome,
    Outcomes,
    code_of,
    count_unit,
    outcome_of,
    status_table,
    with_run,
)
from pipeline.patient import PatientRecord
from pipeline.patients import PatientNotes, SettledPatient, group_by_patient, settle_patient
from pipeline.plan import Plan, plan_unit
from pipeline.rows import (
    identity_map_table,
    learned_name_table,
    medication_table,
    mention_table,
    note_table,
    offset_map_table,
    phi_span_table,
    quarantine_table,
    read_learned_names,
)
from pipeline.schema import (
    ATTEMPT,
    IDENTITY_MAP,
    LEARNED_NAME,
    MEDICATION,
    MENTION,
    NOTE,
    NOTE_STATUS,
    OFFSET_MAP,
    PHI_SPAN,
    PHI_TABLES,
    QUARANTINE,
    Table,
)
from pipeline.spans import unite
from pipeline.stages import (
    FoundNote,
    Models,
    Processed,
    Pseudonyms,
    deidentify,
    extract,
    isolate,
)
from pipeline.storage.checking import CheckedRow
from pipeline.storage.staging import read_staged_files, read_staged_records, read_staged_rows
from pipeline.storage.tables import Tables


class Engine:
    """Processes work units, one after another, with models that are loaded once."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        out, phi = assignment.roots
        self._phi = phi
        self._tables = Tables(out, phi)
        self._keys: Keys = read_keys(phi.path)
        self._pseudonyms = Pseudonyms(self._keys, assignment.config.ids.release)

    @cached_property
    def _models(self) -> Models:
        return self._assignment.load(self._assignment.config)

    @cached_property
    def _files(self) -> Sequence[str]:
        return read_staged_files(self._phi)

    def process(
        self, unit: int, permit: Callable[[int], bool], done: Callable[[int], None]
    ) -> UnitCounts:
        """Bring a work unit's tables up to date with its staged rows and commit them.

        Args:
            unit: The work unit.
            permit: Asked, before the commit, whether so many notes may have failed.
            done: Told the number of notes each time some are finished.

        Raises:
            QuarantineError: More notes failed than may; nothing was committed.
        """
        rows = read_staged_rows(self._phi, unit)
        records = read_staged_records(self._phi, unit)
        is_whole = self._tables.is_whole(unit)
        status = self._tables.read(NOTE_STATUS, unit) if is_whole else NOTE_STATUS.rows([])
        made = set(status.column("attempt_id").to_pylist())
        plan = plan_unit(rows, records, made, self._keys, self._assignment.fingerprint)
        current = {attempt.attempt_id for attempt in plan.current}
        names = read_learned_names(self._tables.read_kept(LEARNED_NAME, unit))
        outcomes, parts, learned = self._process_notes(plan, records, names, done)
        failures = sum(outcome is None for outcome in outcomes.values())
        if failures and not permit(failures):
            raise QuarantineError(
                f"stages failed on {failures} notes of work unit {unit}, more than "
                "input.max_quarantine_rate leaves; the unit was not committed. See log/ in the "
                "PHI root for the reason"
            )
        coded = [replace(a.row, code=code_of(a, outcomes)) for a in plan.stale + plan.current]
        quarantine = quarantine_table(coded, self._files)
        if (
            plan.stale
            or current != made
            or not is_whole
            or not self._tables.read(QUARANTINE, unit).equals(QUARANTINE.sort(quarantine))
        ):
            new = status_table(plan, outcomes, self._pseudonyms, self._assignment)
            attempts = self._tables.read(ATTEMPT, unit) if is_whole else ATTEMPT.rows([])
            status = with_run(_join(status, current, new), self._assignment.run_id)
            tables = self._carry(unit, plan, parts) | {
                NOTE_STATUS.name: status,
                ATTEMPT.name: _join(attempts, current, new.select(ATTEMPT.schema.names)),
                IDENTITY_MAP.name: identity_map_table(coded, self._pseudonyms),
                LEARNED_NAME.name: learned_name_table(learned),
                QUARANTINE.name: quarantine,
            }
            self._tables.commit(unit, tables)
        registered = sum(row.code is None and row.patient_id in records for row in rows)
        return count_unit(status, outcomes, registered)

    def _process_notes(
        self,
        plan: Plan,
        records: Mapping[str, PatientRecord],
        names: Mapping[Subject, frozenset[LearnedName]],
        done: Callable[[int], None],
    ) -> tuple[Outcomes, _Parts, dict[Subject, frozenset[LearnedName]]]:
        """Run the stages over the stale notes, batch by batch.

        PHI is found in all of them before any is released: a name that one note gives away is
        masked in the patient's others. Each batch becomes Arrow rows at once: a work unit's notes
        and mentions as Python objects would take many times the memory.
        """
        done(sum(attempt.row.code is None for attempt in plan.current))
        learned = {
            subject: names[subject]
            for subject in {attempt.row.subject for attempt in plan.stale + plan.current}
            if subject in names
        }
        attempts = [attempt for attempt in plan.stale if attempt.row.code is None]
        found = self._find_phi([_note(attempt.row) for attempt in attempts], records, learned)
        outcomes: dict[str, Outcome | None] = {}
        parts: _Parts = {table: [] for table in _BUILDERS}
        size = self._assignment.config.run.batch_notes
        for start in range(0, len(attempts), size):
            batch = attempts[start : start + size]
            results = self._process_batch(found[start : start + size])
            for attempt, result in zip(batch, results, strict=True):
                outcomes[attempt.attempt_id] = None if result is None else outcome_of(result)
            finished = [result for result in results if result is not None]
            for table, build in _BUILDERS.items():
                parts[table].append(build(finished))
            done(len(batch))
        return outcomes, parts, learned

    def _find_phi(
        self,
        notes: Sequence[Note],
        records: Mapping[str, PatientRecord],
        learned: dict[Subject, frozenset[LearnedName]],
    ) -> list[FoundNote | None]:
        """Find the PHI of all notes, patient by patient, and add to the names learned of each."""
        models = self._models
        of_subject = {("patient", raw): record for raw, record in records.items()}
        finders = (*models.phi, KnownIdentifiers(of_subject))

        def find(batch: Sequence[Note]) -> list[list[PhiSpan]]:
            return find_phi(batch, finders, models.allowed)

        def settle(patients: Sequence[PatientNotes]) -> list[SettledPatient]:
            deid = self._assignment.config.deid
            return [
                settle_patient(p, models.allowed, deid, self._keys, of_subject) for p in patients
            ]

        size = self._assignment.config.run.batch_notes
        results: list[list[PhiSpan] | None] = []
        for start in range(0, len(notes), size):
            results += isolate(find, notes[start : start + size], self._log)
        # A note on which a finder failed isn't released, but the others may tell a name that
        # stands in the patient's other notes too.
        spans = [
            self._find_part(note, finders) if of_note is None else of_note
            for note, of_note in zip(notes, results, strict=True)
        ]
        patients = group_by_patient(notes, spans, learned)
        found: list[FoundNote | None] = [None] * len(notes)
        for settled in isolate(settle, patients, self._log):
            if settled is None:
                continue
            patient = settled.patient
            if patient.names:
                learned[patient.subject] = patient.names
            for place, note, phi in zip(patient.places, patient.notes, patient.spans, strict=True):
                if results[place] is not None:
                    found[place] = FoundNote(note, phi, settled.release)
        return found

    def _find_part(self, note: Note, finders: Sequence[PhiAnnotator]) -> list[PhiSpan]:
        """Unite what those finders mark that don't fail on a note."""
        found: list[PhiSpan] = []
        for finder in finders:
            for spans in isolate(finder.annotate, [note], self._log):
                found += spans or []
        return unite(found)

    def _process_batch(self, found: Sequence[FoundNote | None]) -> list[Processed | None]:
        models = self._models
        note_types = self._assignment.config.deid.note_types

        def release(batch: Sequence[FoundNote]) -> list[Processed]:
            return deidentify(batch, self._pseudonyms, note_types)

        def annotate(released: Sequence[Processed]) -> list[Processed]:
            return extract(released, models)

        ready = iter(isolate(release, [f for f in found if f is not None], self._log))
        released = [None if f is None else next(ready) for f in found]
        extracted = iter(isolate(annotate, [p for p in released if p is not None], self._log))
        return [None if p is None else next(extracted) for p in released]

    def _log(self, error: Exception) -> None:
        """Write down an error, which may quote a note, where only the owner of PHI reads it."""
        self._phi.append("".join(traceback.format_exception(error)), "log", "failed-notes.log")

    def _carry(self, unit: int, plan: Plan, parts: _Parts) -> dict[str, pa.Table]:
        """Join the rows of current patients, carried over, and those just made."""
        raw_ids = [a.row.note_id for a in plan.current if a.row.code is None and a.row.note_id]
        released_ids = [self._pseudonyms.of("note", note_id) for note_id in raw_ids]
        tables: dict[str, pa.Table] = {}
        for table, made in parts.items():
            carried = table.rows([])
            if raw_ids:
                note_ids = pa.array(raw_ids if table in PHI_TABLES else released_ids, pa.string())
                rows = self._tables.read(table, unit)
                carried = rows.filter(pc.is_in(rows["note_id"], note_ids))
            tables[table.name] = pa.concat_tables([carried, *made])
        return tables


_BUILDERS = {
    NOTE: note_table,
    MENTION: mention_table,
    MEDICATION: medication_table,
    PHI_SPAN: phi_span_table,
    OFFSET_MAP: offset_map_table,
}
_Parts = dict[Table, list[pa.Table]]
"""Table → the rows that were made, batch by batch."""


def _join(rows: pa.Table, current: Collection[str], made: pa.Table) -> pa.Table:
    """Keep the rows of attempts that are still current, and add those just made."""
    kept = pc.is_in(rows["attempt_id"], pa.array(sorted(current), pa.string()))
    return pa.concat_tables([rows.filter(kept), made])


def _note(row: CheckedRow) -> Note:
    if row.note_id is None or row.text is None:
        raise ValueError("only a row with an id and text is a note")
    return Note(
        row.note_id, row.text, row.patient_id, row.encounter_id, row.note_type, row.note_time
    )
