"""Predictions on gold text, as others' scorers read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from pipeline.errors import ConfigError
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.survival import Survivor
from pipeline.note import Mention, Span
from pipeline.storage.files import PRIVATE_FILE, Root


def require_folder(path: Path | None) -> None:
    """Refuse a file that can't be written later for want of its folder; None is fine.

    Raises:
        ConfigError: The folder doesn't exist.
    """
    if path is not None and not path.parent.is_dir():
        raise ConfigError(f"can't write {path}: its folder doesn't exist; make it first")


def write_predictions(
    path: Path,
    documents: Sequence[GoldDocument],
    predictions: Sequence[Sequence[Span]],
    key: Literal["entities", "spans"],
) -> None:
    """Write predictions as JSON lines, one for each document, in the gold's order.

    A line is ``{"note_id": ..., key: [{"start", "end", "label", "score"}, ...]}``; offsets are
    code points of the gold text. The file holds no text, but offsets of PHI: its mode is 0600. It
    appears whole or not at all.

    Args:
        path: The file; its folder exists.
        documents: The gold.
        predictions: For each document, spans with our labels.
        key: ``"entities"`` for mentions, ``"spans"`` for PHI.

    Raises:
        ConfigError: The folder doesn't exist.
        ValueError: There are not as many predictions as documents.
    """
    require_folder(path)
    rows: list[dict[str, object]] = [
        {"note_id": gold.note.note_id, key: [_row(span) for span in spans]}
        for gold, spans in zip(documents, predictions, strict=True)
    ]
    write_rows(path, rows)


def write_survivors(
    path: Path, documents: Sequence[GoldDocument], survivors: Sequence[Sequence[Survivor]]
) -> None:
    """Write where PHI survived as JSON lines, in the gold's order.

    A line is ``{"note_id": ..., "survivors": [{"label", "how", "start", "end", "raw_start",
    "raw_end"}, ...]}``; ``start`` and ``end`` are code points of the released text. No text, mode
    0600, whole or not at all, as :func:`write_predictions`.

    Args:
        path: The file; its folder exists.
        documents: The gold.
        survivors: For each document.

    Raises:
        ConfigError: The folder doesn't exist.
        ValueError: There are not as many lists of survivors as documents.
    """
    require_folder(path)
    rows: list[dict[str, object]] = [
        {"note_id": gold.note.note_id, "survivors": [asdict(survivor) for survivor in of_note]}
        for gold, of_note in zip(documents, survivors, strict=True)
    ]
    write_rows(path, rows)


def write_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write JSON lines with mode 0600; the file appears whole or not at all.

    Args:
        path: The file; its folder exists.
        rows: One object for each line, without any text.
    """
    lines = [json.dumps(row) for row in rows]

    def write(temporary: Path) -> None:
        temporary.touch(mode=PRIVATE_FILE)
        temporary.write_text("".join(f"{line}\n" for line in lines), "utf-8")

    Root(path.parent, file_mode=PRIVATE_FILE).write(path, write)


def _row(span: Span) -> dict[str, object]:
    return {
        "start": span.start,
        "end": span.end,
        "label": span.label,
        "score": round(span.score, 4),
    }


def mention_row(mention: Mention) -> dict[str, object]:
    """Lay a mention and what is said of it out as plain values, without its text."""
    said, concept = mention.assertion, mention.concept
    row = _row(mention) | {"allergy": mention.allergy}
    if said is not None:
        start, end = said.cue or (None, None)
        row |= {"assertion": said.status, "assertion_score": round(said.score, 4)}
        row |= {"cue_start": start, "cue_end": end}
    row["concept_id"] = None if concept is None else concept.concept_id
    if concept is not None:
        row |= {"link_score": round(concept.score, 4), "codes": dict(concept.codes)}
    return row
