"""The rows that processed notes become, table by table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import pyarrow as pa

from pipeline.deid.learned import LearnedName, Subject
from pipeline.schema import (
    CODES,
    IDENTITY_MAP,
    LEARNED_NAME,
    MENTION,
    NOTE,
    OFFSET_MAP,
    PHI_SPAN,
    QUARANTINE,
)
from pipeline.stages import Processed, Pseudonyms
from pipeline.storage.checking import CheckedRow


def note_table(processed: Sequence[Processed]) -> pa.Table:
    """Build the rows of ``note``."""
    return NOTE.rows(
        {name: getattr(p.released, name) for name in NOTE.schema.names} for p in processed
    )


def mention_table(processed: Sequence[Processed]) -> pa.Table:
    """Build the rows of ``mention``."""
    return MENTION.rows(
        {
            "note_id": p.released.note_id,
            "mention_id": f"{p.released.note_id}-{m.start}-{m.end}",
            "start": m.start,
            "end": m.end,
            "text": p.released.text[m.start : m.end],
            "label": m.label,
            "score": m.score,
            "annotators": list(m.annotators),
        }
        for p in processed
        for m in p.mentions
    )


def phi_span_table(processed: Sequence[Processed]) -> pa.Table:
    """Build the rows of ``phi_span``."""
    return PHI_SPAN.rows(
        {
            "note_id": p.raw.note_id,
            "start": span.start,
            "end": span.end,
            "label": span.label,
            "score": span.score,
            "annotators": list(span.annotators),
            "replacement": replacement,
        }
        for p in processed
        for span, replacement in zip(p.phi, p.replacements, strict=True)
    )


def offset_map_table(processed: Sequence[Processed]) -> pa.Table:
    """Build the rows of ``offset_map``."""
    return OFFSET_MAP.rows(
        {
            "note_id": p.raw.note_id,
            "raw_start": raw_start,
            "raw_end": raw_end,
            "start": start,
            "end": end,
        }
        for p in processed
        for raw_start, raw_end, start, end in p.offsets.rows
    )


def identity_map_table(rows: Sequence[CheckedRow], pseudonyms: Pseudonyms) -> pa.Table:
    """Build the rows of ``identity_map``: each id of the work unit once."""
    identities = {
        (kind, raw): pseudonyms.of(kind, raw) for row in rows for kind, raw in _identities(row)
    }
    return IDENTITY_MAP.rows(
        {"kind": kind, "raw": raw, "pseudonym": pseudonym}
        for (kind, raw), pseudonym in identities.items()
    )


def _identities(row: CheckedRow) -> Iterator[tuple[str, str]]:
    for kind in ("note", "patient", "encounter"):
        raw = getattr(row, f"{kind}_id")
        if raw is not None:
            yield kind, raw


def learned_name_table(names: Mapping[Subject, Collection[LearnedName]]) -> pa.Table:
    """Build the rows of ``learned_name``."""
    return LEARNED_NAME.rows(
        {"kind": kind, "raw": raw, "label": learned.label, "name": learned.name}
        for (kind, raw), of_subject in names.items()
        for learned in of_subject
    )


def read_learned_names(rows: pa.Table) -> dict[Subject, frozenset[LearnedName]]:
    """Read back what :func:`learned_name_table` wrote."""
    names: dict[Subject, set[LearnedName]] = {}
    for row in rows.to_pylist():
        subject = (row["kind"], row["raw"])
        names.setdefault(subject, set()).add(LearnedName(row["label"], row["name"]))
    return {subject: frozenset(of_subject) for subject, of_subject in names.items()}


def quarantine_table(rows: Sequence[CheckedRow], files: Sequence[str]) -> pa.Table:
    """Build the rows of ``quarantine`` from the rows that have a code.

    Args:
        rows: Rows of the work unit.
        files: Paths of the input files, in the order of reading.
    """
    return QUARANTINE.rows(
        {
            "note_id": row.note_id,
            "status": CODES[row.code][0],
            "code": row.code,
            "file": files[row.file],
            "row": row.row,
        }
        for row in rows
        if row.code is not None
    )
