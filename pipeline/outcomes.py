"""What became of each attempt of a work unit: its row of ``note_status``, and the unit's counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from pipeline.assignment import Assignment, UnitCounts
from pipeline.plan import Attempt, Plan, failed
from pipeline.schema import CODES, NOTE_STATUS, RETRIED_CODES
from pipeline.stages import Processed, Pseudonyms
from pipeline.storage.checking import CheckedRow


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is counted of a note that went through all stages."""

    words: int
    phi: int
    mentions: int


Outcomes = Mapping[str, Outcome | None]
"""Attempt id → the note's counts; None where a stage failed on it."""


def outcome_of(processed: Processed) -> Outcome:
    """Count what was found in a note."""
    words = len(processed.raw.text.split())
    return Outcome(words, len(processed.phi), len(processed.mentions))


def code_of(attempt: Attempt, outcomes: Outcomes) -> str | None:
    """Return what is wrong with a row after the stages have run."""
    if attempt.attempt_id in outcomes and outcomes[attempt.attempt_id] is None:
        return "stage_failed"
    return attempt.row.code


def status_table(
    plan: Plan, outcomes: Outcomes, pseudonyms: Pseudonyms, assignment: Assignment
) -> pa.Table:
    """Build the status rows of the stale attempts."""
    rows = []
    for attempt in plan.stale:
        code = code_of(attempt, outcomes)
        attempt_id = attempt.attempt_id
        outcome = outcomes.get(attempt_id)
        if code in RETRIED_CODES:
            attempt_id = failed(attempt_id, pseudonyms.keys)
        rows.append(
            {
                "note_id": _status_id(attempt.row, pseudonyms),
                "status": "ok" if code is None else CODES[code][0],
                "n_phi": 0 if outcome is None else outcome.phi,
                "n_mentions": 0 if outcome is None else outcome.mentions,
                "attempt_id": attempt_id,
                "fingerprint": assignment.fingerprint,
                "run_id": assignment.run_id,
            }
        )
    return NOTE_STATUS.rows(rows)


def with_run(status: pa.Table, run_id: str) -> pa.Table:
    """Put one run's id on all rows.

    OUT must not tell on which night each patient's notes were last redone: the next day after the
    newest note, as a rule, which would undo the shift of dates.
    """
    place = status.schema.get_field_index("run_id")
    run_ids = pa.array([run_id] * status.num_rows, pa.string())
    return status.set_column(place, status.schema.field(place), run_ids)


def count_unit(status: pa.Table, outcomes: Outcomes, registered: int) -> UnitCounts:
    """Count a work unit's rows by what became of them.

    Args:
        status: All status rows of the unit.
        outcomes: Of the attempts that this run made.
        registered: Notes whose patient has a row in the registration table.
    """
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


def _status_id(row: CheckedRow, pseudonyms: Pseudonyms) -> str:
    if row.note_id is None:
        return pseudonyms.keys.pseudonym("row", f"{row.file}:{row.row}")
    return pseudonyms.of("note", row.note_id)
