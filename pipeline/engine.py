"""One work unit, start to end: staged rows in, committed tables out. No orchestration in here."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.config import Config
from pipeline.deid.known import KnownIdentifiers
from pipeline.errors import QuarantineError
from pipeline.keys import Keys, read_keys
from pipeline.note import Note
from pipeline.patient import PatientRecord
from pipeline.plan import Attempt, Plan, failed, plan_unit
from pipeline.rows import (
    identity_map_table,
    mention_table,
    note_status_row,
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
    QUARANTINE,
    RETRIED_CODES,
    Table,
)
from pipeline.stages import Models, Processed, Pseudonyms, deidentify, extract, isolate
from pipeline.storage.checking import CheckedRow
from pipeline.storage.files import Root
from pipeline.storage.staging import read_staged_files, read_staged_records, read_staged_rows
from pipeline.storage.tables import Tables


@dataclass(frozen=True, slots=True)
class Assignment:
    """What every worker of a run is told.

    Attributes:
        config: The settings.
        out: The OUT folder.
        phi: The PHI folder; holds the keys.
        fingerprint: The pipeline's fingerprint.
        run_id: The run's name.
        load: Loads the models; importable, since it travels to spawned processes.
    """

    config: Config
    out: Path = field(repr=False)
    phi: Path = field(repr=False)
    fingerprint: str
    run_id: str
    load: Callable[[Config], Models]

    @property
    def roots(self) -> tuple[Root, Root]:
        """OUT and PHI with their modes."""
        storage = self.config.storage
        out = Root(self.out, int(storage.directory_mode, 8), int(storage.file_mode, 8))
        return out, Root(self.phi)


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """What became of a work unit's rows: ``ok + empty + duplicate + quarantined`` is all of them.

    Attributes:
        failed: Of the quarantined, those that a stage failed on.
        redone: Of the ok, those that this run made; the others were carried over.
        words: White-space separated words in the redone notes.
    """

    ok: int = 0
    empty: int = 0
    duplicate: int = 0
    quarantined: int = 0
    failed: int = 0
    redone: int = 0
    words: int = 0
    phi: int = 0
    mentions: int = 0


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

    def process(self, unit: int, allowance: int, done: Callable[[int], None]) -> UnitCounts:
        """Bring a work unit's tables up to date with its staged rows and commit them.

        Args:
            unit: The work unit.
            allowance: How many notes may fail before the unit is not committed.
            done: Told the number of notes each time some are finished.

        Raises:
            QuarantineError: More notes than allowed failed; nothing was committed.
        """
        rows = read_staged_rows(self._phi, unit)
        records = read_staged_records(self._phi, unit)
        status = self._tables.read(NOTE_STATUS, unit)
        made = set(status.column("attempt_id").to_pylist())
        plan = plan_unit(rows, records, made, self._keys, self._assignment.fingerprint)
        current = {attempt.attempt_id for attempt in plan.current}
        results = self._process_notes(plan, records, done)
        failures = sum(result is None for result in results.values())
        if failures > allowance:
            raise QuarantineError(
                f"stages failed on {failures} notes of work unit {unit}; under "
                f"input.max_quarantine_rate {allowance} more may fail. The unit was not "
                "committed; see log/ in the PHI root for the reason"
            )
        kept = status.filter(pc.is_in(status["attempt_id"], pa.array(sorted(current), pa.string())))
        if plan.stale or current != made or not self._tables.has(unit):
            status = pa.concat_tables([kept, self._status(plan, results)])
            self._tables.commit(unit, self._build(unit, plan, results, status))
        return _count(status, results)

    def _process_notes(
        self, plan: Plan, records: Mapping[str, PatientRecord], done: Callable[[int], None]
    ) -> dict[str, Processed | None]:
        """Run the stages over the stale notes; by attempt id, None where a stage failed."""
        done(sum(attempt.row.code is None for attempt in plan.current))
        attempts = [attempt for attempt in plan.stale if attempt.row.code is None]
        known = KnownIdentifiers(
            {("patient", patient_id): record for patient_id, record in records.items()}
        )
        results: dict[str, Processed | None] = {}
        size = self._assignment.config.run.batch_notes
        for start in range(0, len(attempts), size):
            batch = attempts[start : start + size]
            processed = self._process_batch([_note(a.row) for a in batch], known)
            results.update(zip((a.attempt_id for a in batch), processed, strict=True))
            done(len(batch))
        return results

    def _process_batch(
        self, notes: Sequence[Note], known: KnownIdentifiers
    ) -> list[Processed | None]:
        models = self._models

        def release(raw: Sequence[Note]) -> list[Processed]:
            return deidentify(raw, models, known, self._pseudonyms)

        def annotate(released: Sequence[Processed]) -> list[Processed]:
            return extract(released, models)

        released = isolate(release, notes, self._log)
        ready = [p for p in released if p is not None]
        extracted = iter(isolate(annotate, ready, self._log))
        return [None if p is None else next(extracted) for p in released]

    def _log(self, error: Exception) -> None:
        """Write down an error, which may quote a note, where only the owner of PHI reads it."""
        self._phi.append("".join(traceback.format_exception(error)), "log", "failed-notes.log")

    def _status(self, plan: Plan, results: Mapping[str, Processed | None]) -> pa.Table:
        """Build the status rows of the stale attempts."""
        rows = []
        for attempt in plan.stale:
            code = _code(attempt, results)
            attempt_id = attempt.attempt_id
            rows.append(
                note_status_row(
                    self._status_id(attempt.row),
                    "ok" if code is None else CODES[code][0],
                    failed(attempt_id, self._keys) if code in RETRIED_CODES else attempt_id,
                    fingerprint=self._assignment.fingerprint,
                    run_id=self._assignment.run_id,
                    processed=results.get(attempt_id),
                )
            )
        return NOTE_STATUS.rows(rows)

    def _status_id(self, row: CheckedRow) -> str:
        if row.note_id is None:
            return self._keys.pseudonym("row", f"{row.file}:{row.row}")
        return self._pseudonyms.of("note", row.note_id)

    def _build(
        self,
        unit: int,
        plan: Plan,
        results: Mapping[str, Processed | None],
        status: pa.Table,
    ) -> dict[str, pa.Table]:
        """Build all tables of the unit: rows of current patients carried over, the rest new."""
        made = [p for p in results.values() if p is not None]
        kept = [a.row.note_id for a in plan.current if a.row.code is None and a.row.note_id]
        released = [self._pseudonyms.of("note", note_id) for note_id in kept]
        coded = [replace(a.row, code=_code(a, results)) for a in plan.stale + plan.current]
        new = {
            NOTE: (note_table(made), released),
            MENTION: (mention_table(made), released),
            PHI_SPAN: (phi_span_table(made), kept),
            OFFSET_MAP: (offset_map_table(made), kept),
        }
        tables = {
            table.name: pa.concat_tables([self._carried(table, unit, note_ids), rows])
            for table, (rows, note_ids) in new.items()
        }
        return tables | {
            NOTE_STATUS.name: status,
            IDENTITY_MAP.name: identity_map_table(coded, self._pseudonyms),
            QUARANTINE.name: quarantine_table(coded, read_staged_files(self._phi)),
        }

    def _carried(self, table: Table, unit: int, note_ids: Sequence[str]) -> pa.Table:
        rows = self._tables.read(table, unit)
        return rows.filter(pc.is_in(rows["note_id"], pa.array(note_ids, pa.string())))


def _note(row: CheckedRow) -> Note:
    if row.note_id is None or row.text is None:
        raise ValueError("only a row with an id and text is a note")
    return Note(
        row.note_id, row.text, row.patient_id, row.encounter_id, row.note_type, row.note_time
    )


def _code(attempt: Attempt, results: Mapping[str, Processed | None]) -> str | None:
    """Return what is wrong with a row after the stages have run."""
    if attempt.attempt_id in results and results[attempt.attempt_id] is None:
        return "stage_failed"
    return attempt.row.code


def _count(status: pa.Table, results: Mapping[str, Processed | None]) -> UnitCounts:
    by_status = Counter(status.column("status").to_pylist())
    made = [p for p in results.values() if p is not None]
    return UnitCounts(
        ok=by_status["ok"],
        empty=by_status["empty"],
        duplicate=by_status["duplicate"],
        quarantined=by_status["quarantined"],
        failed=len(results) - len(made),
        redone=len(made),
        words=sum(len(p.raw.text.split()) for p in made),
        phi=sum(status.column("n_phi").to_pylist()),
        mentions=sum(status.column("n_mentions").to_pylist()),
    )
