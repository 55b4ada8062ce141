"""Gold in Presidio's JSON: dumped samples of presidio-research, or texts with analyzer results."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.plain import read_plain
from pipeline.note import Note, Span

_TEXTS = ("full_text", "text")
_SPANS = ("spans", "results", "analyzer_results")
_STARTS = ("start_position", "start")
_ENDS = ("end_position", "end")
_TYPES = ("entity_type", "label")


def read_presidio(path: Path) -> list[GoldDocument]:
    """Read a list of samples, or samples one a line.

    A sample has its text under ``full_text`` (or ``text``) and under ``spans`` (``results``,
    ``analyzer_results``) objects with ``entity_type``, ``start_position`` and ``end_position``
    (``start``, ``end``, as the analyzer returns them). The id is ``sample_id`` or the sample's
    number from 1. The entity types stay as they are.

    Raises:
        InputError: The file isn't such JSON; the message names the sample, never text.
    """
    return [
        _document(sample, number, f"{path}, sample {number}")
        for number, sample in enumerate(_samples(path), start=1)
    ]


def _samples(path: Path) -> list[object]:
    text = read_plain(path)
    samples: object = None
    try:
        if text.lstrip().startswith("["):
            samples = json.loads(text)
        else:
            samples = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):  # their messages may quote the file
        pass
    if not isinstance(samples, list):
        raise InputError(f"{path} isn't JSON; give a list of samples, or one sample a line")
    return samples


def _document(sample: object, number: int, where: str) -> GoldDocument:
    text = _first(sample, _TEXTS)
    if not isinstance(sample, dict) or not isinstance(text, str):
        raise InputError(f"{where} has no text; give an object with the text under 'full_text'")
    cells = _first(sample, _SPANS)
    if not isinstance(cells, list | None):
        raise InputError(f"{where} has spans that are no list; give a list, [] if there are none")
    spans = {_span(cell, len(text), where) for cell in cells or ()}
    note_id = sample.get("sample_id")
    return GoldDocument(
        Note(str(number if note_id is None else note_id), text), tuple(sorted(spans))
    )


def _span(cell: object, length: int, where: str) -> Span:
    start, end, label = (_first(cell, keys) for keys in (_STARTS, _ENDS, _TYPES))
    if type(start) is not int or type(end) is not int or not isinstance(label, str) or not label:
        raise InputError(
            f"{where} has a span without entity_type and whole start_position and end_position; "
            "add them"
        )
    if not 0 <= start < end <= length:
        raise InputError(
            f"{where} has a span [{start}, {end}) in a text of {length} code points; "
            "give offsets with 0 <= start < end <= length, counted in code points"
        )
    return Span(start, end, label)


def _first(row: object, keys: tuple[str, ...]) -> object:
    """Return the value under the first of the keys that the object has."""
    if not isinstance(row, dict):
        return None
    return next((row[key] for key in keys if key in row), None)
