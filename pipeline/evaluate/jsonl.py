"""Gold in JSON lines: one document a line."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluate.chia import realigned
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.plain import read_plain
from pipeline.note import Note, Span
from pipeline.patient import PatientRecord

_ID_KEYS = ("note_id", "doc_id")
_SPAN_KEYS = ("spans", "entities", "phi")


def read_jsonl(path: Path) -> list[GoldDocument]:
    """Read documents with the keys ``text`` and ``spans`` (or ``entities`` or ``phi``; else none).

    Each span has ``start``, ``end`` (code points of ``text``) and ``label``; other keys are
    ignored. Optional keys of a document: ``note_id`` or ``doc_id`` (else the number of the line,
    from 1; ids may repeat), ``patient_id``, ``note_type`` and ``known`` (what registration knows
    of the patient).

    The key ``doc_id`` is Chia's, whose offsets need a repair (:mod:`pipeline.evaluate.chia`).

    Raises:
        InputError: A line isn't such a document.
    """
    documents: list[GoldDocument] = []
    for number, line in enumerate(read_plain(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        documents.append(_document(read_object(line, where), number, where))
    return documents


def read_object(line: str, where: str) -> dict[str, object]:
    """Read a line as a JSON object.

    Args:
        line: The line.
        where: The file and the line's number, for the error, which never quotes the line.

    Raises:
        InputError: It isn't one.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):  # their messages may quote the line
        row = None
    if not isinstance(row, dict):
        raise InputError(f"{where} isn't a JSON object; write one document a line")
    return row


def _document(row: dict[str, object], number: int, where: str) -> GoldDocument:
    text = row.get("text")
    if not isinstance(text, str):
        raise InputError(f"{where} has no text; give the document's text as a string under 'text'")
    cells = next((row[key] for key in _SPAN_KEYS if key in row), [])
    if not isinstance(cells, list):
        raise InputError(f"{where} has spans that are no list; give a list, [] if there are none")
    note_id = next((row[key] for key in _ID_KEYS if row.get(key) is not None), number)
    note = Note(
        note_id=str(note_id),
        text=text,
        patient_id=_optional(row, "patient_id"),
        note_type=_optional(row, "note_type"),
    )
    marked = [_annotation(cell, where) for cell in cells]
    ranges = [(start, end) for start, end, _ in marked]
    if "doc_id" in row:
        ranges = realigned(text, ranges)
    labels = [label for _, _, label in marked]
    spans = [
        _span(start, end, label, len(text), where)
        for (start, end), label in zip(ranges, labels, strict=True)
    ]
    return GoldDocument(note, tuple(sorted(spans)), _known(row, where))


def _annotation(cell: object, where: str) -> tuple[int, int, str]:
    start, end, label = (
        (cell.get("start"), cell.get("end"), cell.get("label"))
        if isinstance(cell, dict)
        else (None, None, None)
    )
    if type(start) is not int or type(end) is not int or not isinstance(label, str) or not label:
        raise InputError(f"{where} has a span without a whole start and end and a label; add them")
    return start, end, label


def _span(start: int, end: int, label: str, length: int, where: str) -> Span:
    if not 0 <= start < end <= length:
        raise InputError(
            f"{where} has a span [{start}, {end}) in a text of {length} code points; "
            "give offsets with 0 <= start < end <= length, counted in code points"
        )
    return Span(start, end, label)


def _optional(row: dict[str, object], key: str) -> str | None:
    return None if row.get(key) is None else str(row[key])


def _known(row: dict[str, object], where: str) -> PatientRecord:
    known = row.get("known") or {}
    try:
        if isinstance(known, dict):
            return PatientRecord.from_mapping(known)
    except TypeError:  # re-raised below, without a cell in its context
        pass
    raise InputError(f"{where}: 'known' must map names of columns to strings or lists of strings")
