"""The noise of real notes: capitals, scans, lost punctuation, wrapped lines, excerpts."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from itertools import accumulate

from pipeline.note import Span
from pipeline.train.phi_lists import pick
from pipeline.train.phi_text import TaggedText

_SCANNED = {"l": "1", "1": "l", "0": "O", "O": "0", "5": "S", "S": "5", "B": "8", "i": "1",
            "e": "c", "m": "rn", "d": "cl", "I": "l", "2": "Z", "g": "9"}  # fmt: skip
_CHUNK_LINES = 24


def add_noise(note: TaggedText, rng: random.Random) -> TaggedText:
    """Write a note as a worse or shorter one, most often leaving it as it is.

    Args:
        note: Text with spans.
        rng: Source of randomness.

    Returns:
        The text with the spans at their new offsets; a span is lost only with all of its text.
    """
    if rng.random() < 0.4:
        note = cut_chunk(note, rng)
    share = rng.random()
    if share < 0.08:
        return rewrite(note, [_same_length(c, c.upper()) for c in note.text])
    if share < 0.17:
        return rewrite(note, [_same_length(c, c.lower()) for c in note.text])
    if share < 0.22:
        return rewrite(note, [" " if c in ".,;:" and rng.random() < 0.7 else c for c in note.text])
    if share < 0.27:
        return rewrite(note, [_SCANNED.get(c, c) if rng.random() < 0.06 else c for c in note.text])
    if share < 0.31:
        return rewrite(note, [_typo(c, rng) for c in note.text])
    if share < 0.36:
        return wrap(note, rng.randint(50, 90))
    if share < 0.39:
        return rewrite(note, re.sub(r"\n(?=\S)", " ", note.text))
    return note


def cut_chunk(note: TaggedText, rng: random.Random) -> TaggedText:
    """Keep some consecutive lines of a note."""
    ends = [m.end() for m in re.finditer(r"\n|\Z", note.text)]
    first = rng.randrange(len(ends))
    last = min(len(ends) - 1, first + rng.randint(1, _CHUNK_LINES))
    start = ends[first - 1] if first else 0
    end = ends[last]
    inside = [s for s in note.spans if s.start >= start and s.end <= end]
    return TaggedText(
        note.text[start:end],
        tuple(replace(s, start=s.start - start, end=s.end - start) for s in inside),
    )


def wrap(note: TaggedText, width: int) -> TaggedText:
    """Break lines at spaces, not caring for what stands there."""
    characters = list(note.text)
    column = 0
    for index, character in enumerate(characters):
        column = 0 if character == "\n" else column + 1
        if character == " " and column > width:
            characters[index] = "\n"
            column = 0
    return rewrite(note, characters)


def rewrite(note: TaggedText, characters: list[str] | str) -> TaggedText:
    """Put a string, maybe empty, in the place of every character, and move the spans along."""
    ends = [0, *accumulate(len(c) for c in characters)]
    moved = (replace_ends(span, ends) for span in note.spans)
    return TaggedText("".join(characters), tuple(span for span in moved if span is not None))


def replace_ends(span: Span, ends: list[int]) -> Span | None:
    """Return a span at the offsets to which ``ends`` sends its own, None if nothing is left."""
    start, end = ends[span.start], ends[span.end]
    return replace(span, start=start, end=end) if start < end else None


def _same_length(character: str, changed: str) -> str:
    return changed if len(changed) == len(character) else character


def _typo(character: str, rng: random.Random) -> str:
    if not character.isalpha() or rng.random() > 0.03:
        return character
    return pick(rng, ("", character * 2, pick(rng, "etaoinshr")))
