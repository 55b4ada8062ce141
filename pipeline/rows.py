"""The rows that processed notes become, table by table."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

import pyarrow as pa

from pipeline.context.section_codes import load_section_codes
from pipeline.deid.learned import LearnedName, Subject
from pipeline.medication.sig import FIELDS
from pipeline.note import Mention, Note
from pipeline.schema import (
    CODE_SYSTEMS,
    CODES,
    IDENTITY_MAP,
    LEARNED_NAME,
    MEDICATION,
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
    return MENTION.rows(_mention_row(p.released, m) for p in processed for m in p.mentions)


def _mention_row(note: Note, mention: Mention) -> dict[str, object]:
    said, concept = mention.assertion, mention.concept
    cue = said.cue if said is not None and said.cue is not None else (None, None)
    codes = dict(concept.codes) if concept is not None else {}
    known = {system: codes.pop(system, None) for system in CODE_SYSTEMS}
    return {
        "note_id": note.note_id,
        "mention_id": _mention_id(note, mention),
        "start": mention.start,
        "end": mention.end,
        "text": note.text[mention.start : mention.end],
        "label": mention.label,
        "score": mention.score,
        "annotators": list(mention.annotators),
        "section": mention.section,
        "section_code": _section_codes().get(mention.section or ""),
        "assertion": None if said is None else said.status,
        "assertion_score": None if said is None else said.score,
        "cue_start": cue[0],
        "cue_end": cue[1],
        "allergy": mention.allergy,
        "long_form": mention.long_form,
        "concept_id": None if concept is None else concept.concept_id,
        "concept_name": None if concept is None else concept.name,
        "link_score": None if concept is None else concept.score,
        **known,
        "other_codes": "|".join(
            f"{system}:{code}"
            for system, joined in sorted(codes.items())
            for code in joined.split("|")
        )
        or None,
    }


def _mention_id(note: Note, mention: Mention) -> str:
    return f"{note.note_id}-{mention.start}-{mention.end}"


@cache
def _section_codes() -> dict[str, str]:
    return {kind: code.code for kind, code in load_section_codes().items()}


def medication_table(processed: Sequence[Processed]) -> pa.Table:
    """Build the rows of ``medication``."""
    return MEDICATION.rows(
        {
            "note_id": p.released.note_id,
            "mention_id": _mention_id(p.released, p.mentions[place]),
            **{name: getattr(sig, name) for name in _SIG_COLUMNS},
            **{
                f"{field}_{end}": None if span is None else span[number]
                for field in FIELDS
                for span in (sig.span_of(field),)
                for number, end in enumerate(("start", "end"))
            },
        }
        for p in processed
        for place, sig in p.sigs
    )


_SIG_COLUMNS = (
    "dose", "dose_low", "dose_high", "unit", "route", "frequency", "times_per_day", "duration",
    "duration_days", "prn",
)  # fmt: skip


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
