"""One work unit, start to end: staged rows in, committed tables out. No orchestration in here."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.assignment import Assignment, UnitCounts
from pipeline.deid.known import KnownIdentifiers
from pipeline.errors import QuarantineError
from pipeline.keys import Keys, read_keys
from pipeline.note import Note
from pipeline.patient import PatientRecord
from pipeline.plan import Attempt, Plan, failed, plan_unit
from pipeline.rows import (
    identity_map_table,
    mention_table,
    note_table,
    offset_map_table,
    phi_span_table,
    quarantine_table,
)
from pipeline.schema import (
    CODES,
    IDENTITY_MAP,
    MENTION,
    NOTE,
    NOTE_STATUS,
    OFFSET_MAP,
    PHI_SPAN,
    PHI_TABLES,
    QUARANTINE,
    RETRIED_CODES,
    Table,
)
from pipeline.stages import Models, Processed, Pseudonyms, deidentify, extract, isolate
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
        outcomes, parts = self._process_notes(plan, records, done)
        failures = sum(outcome is None for outcome in outcomes.values())
        if failures and not permit(failures):
            raise QuarantineError(
                f"stages failed on {failures} notes of work unit {unit}, more than "
                "input.max_quarantine_rate leaves; the unit was not committed. See log/ in the "
                "PHI root for the reason"
            )
        coded = [replace(a.row, code=_code(a, outcomes)) for a in plan.stale + plan.current]
        quarantine = quarantine_table(coded, self._files)
        if (
            plan.stale
            or current != made
            or not is_whole
            or not self._tables.read(QUARANTINE, unit).equals(QUARANTINE.sort(quarantine))
        ):
            kept = pc.is_in(status["attempt_id"], pa.array(sorted(current), pa.string()))
            status = pa.concat_tables([status.filter(kept), self._status(plan, outcomes)])
            tables = self._carry(unit, plan, parts) | {
                NOTE_STATUS.name: status,
                IDENTITY_MAP.name: identity_map_table(coded, self._pseudonyms),
                QUARANTINE.name: quarantine,
            }
            self._tables.commit(unit, tables)
        registered = sum(row.code is None and row.patient_id in records for row in rows)
        return _count(status, outcomes, registered)

    def _process_notes(
        self, plan: Plan, records: Mapping[str, PatientRecord], done: Callable[[int], None]
    ) -> tuple[_Outcomes, _Parts]:
        """Run the stages over the stale notes, batch by batch.

        Each batch becomes Arrow rows at once: a work unit's notes and mentions as Python objects
        would take many times the memory.
        """
        done(sum(attempt.row.code is None for attempt in plan.current))
        attempts = [attempt for attempt in plan.stale if attempt.row.code is None]
        known = KnownIdentifiers(
            {("patient", patient_id): record for patient_id, record in records.items()}
        )
        outcomes: _Outcomes = {}
        parts: _Parts = {table: [] for table in _BUILDERS}
        size = self._assignment.config.run.batch_notes
        for start in range(0, len(attempts), size):
            batch = attempts[start : start + size]
            results = self._process_batch([_note(attempt.row) for attempt in batch], known)
            for attempt, result in zip(batch, results, strict=True):
                outcomes[attempt.attempt_id] = None if result is None else _outcome(result)
            finished = [result for result in results if result is not None]
            for table, build in _BUILDERS.items():
                parts[table].append(build(finished))
            done(len(batch))
        return outcomes, parts

    def _process_batch(
        self, notes: Sequence[Note], known: KnownIdentifiers
    ) -> list[Processed | None]:
        models = self._models
        note_types = self._assignment.config.deid.note_types

        def release(raw: Sequence[Note]) -> list[Processed]:
            return deidentify(raw, models, known, self._pseudonyms, note_types)

        def annotate(released: Sequence[Processed]) -> list[Processed]:
            return extract(released, models)

        released = isolate(release, notes, self._log)
        ready = [p for p in released if p is not None]
        extracted = iter(isolate(annotate, ready, self._log))
        return [None if p is None else next(extracted) for p in released]

    def _log(self, error: Exception) -> None:
        """Write down an error, which may quote a note, where only the owner of PHI reads it."""
        self._phi.append("".join(traceback.format_exception(error)), "log", "failed-notes.log")

    def _status(self, plan: Plan, outcomes: _Outcomes) -> pa.Table:
        """Build the status rows of the stale attempts."""
        rows = []
        for attempt in plan.stale:
            code = _code(attempt, outcomes)
            attempt_id = attempt.attempt_id
            outcome = outcomes.get(attempt_id)
            rows.append(
                {
                    "note_id": self._status_id(attempt.row),
                    "status": "ok" if code is None else CODES[code][0],
                    "n_phi": 0 if outcome is None else outcome.phi,
                    "n_mentions": 0 if outcome is None else outcome.mentions,
                    "attempt_id": failed(attempt_id, self._keys)
                    if code in RETRIED_CODES
                    else attempt_id,
                    "fingerprint": self._assignment.fingerprint,
                    "run_id": self._assignment.run_id,
                }
            )
        return NOTE_STATUS.rows(rows)

    def _status_id(self, row: CheckedRow) -> str:
        if row.note_id is None:
            return self._keys.pseudonym("row", f"{row.file}:{row.row}")
        return self._pseudonyms.of("note", row.note_id)

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


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is counted of a note that went through all stages."""

    words: int
    phi: int
    mentions: int


_Outcomes = dict[str, _Outcome | None]
"""Attempt id → the note's counts; None where a stage failed on it."""

_BUILDERS = {
    NOTE: note_table,
    MENTION: mention_table,
    PHI_SPAN: phi_span_table,
    OFFSET_MAP: offset_map_table,
}
_Parts = dict[Table, list[pa.Table]]
"""Table → the rows that were made, batch by batch."""


def _outcome(processed: Processed) -> _Outcome:
    words = len(processed.raw.text.split())
    return _Outcome(words, len(processed.phi), len(processed.mentions))


def _note(row: CheckedRow) -> Note:
    if row.note_id is None or row.text is None:
        raise ValueError("only a row with an id and text is a note")
    return Note(
        row.note_id, row.text, row.patient_id, row.encounter_id, row.note_type, row.note_time
    )


def _code(attempt: Attempt, outcomes: _Outcomes) -> str | None:
    """Return what is wrong with a row after the stages have run."""
    if attempt.attempt_id in outcomes and outcomes[attempt.attempt_id] is None:
        return "stage_failed"
    return attempt.row.code


def _count(status: pa.Table, outcomes: _Outcomes, registered: int) -> UnitCounts:
    by_status = Counter(status.column("status").to_pylist())
    made = [outcome for outcome in outcomes.values() if outcome is not None]
    return UnitCounts(
        ok=by_status["ok"],
        empty=by_status["empty"],
        duplicate=by_status["duplicate"],
        quarantined=by_status["quarantined"],
        failed=len(outcomes) - len(made),
        redone=len(made),
        registered=registered,
        words=sum(outcome.words for outcome in made),
        phi=sum(status.column("n_phi").to_pylist()),
        mentions=sum(status.column("n_mentions").to_pylist()),
    )
