"""Change a text in several places at once, and keep its mentions where they belong."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.note import Span


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A stretch ``[start, end)`` of a text in code points, and what shall stand there."""

    start: int
    end: int
    text: str


def without_overlaps(edits: Iterable[Edit]) -> list[Edit]:
    """Keep the edits that begin after the one before has ended, in text order."""
    kept: list[Edit] = []
    for edit in sorted(edits):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def apply_edits(text: str, spans: Sequence[Span], edits: Sequence[Edit]) -> tuple[str, list[Span]]:
    """Apply edits, and move the mentions with their words.

    Args:
        text: A text.
        spans: Its mentions.
        edits: In text order and apart, none of them empty. One may lie outside all mentions,
            inside one, or hold whole ones; none may cross a mention's start or end.

    Returns:
        The new text, and each mention at its new offsets.
    """
    parts: list[str] = []
    ends: list[int] = []
    shifts = [0]
    position = 0
    for edit in edits:
        parts += (text[position : edit.start], edit.text)
        ends.append(edit.end)
        shifts.append(shifts[-1] + len(edit.text) - (edit.end - edit.start))
        position = edit.end
    parts.append(text[position:])
    moved = [
        replace(
            span,
            start=span.start + shifts[bisect_right(ends, span.start)],
            end=span.end + shifts[bisect_right(ends, span.end)],
        )
        for span in spans
    ]
    return "".join(parts), moved
