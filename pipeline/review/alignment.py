"""A raw text and its released text, cut at the spans and laid line beside line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.note import PhiSpan

LOW_SCORE = 0.8
"""A span with a lower score is worth a second look."""

LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Replaced:
    """A span of PHI, by offsets in the raw text, and what stands there in the released text.

    Attributes:
        span: Where it stands, what it is, who found it.
        replacement: What was released in its place.
    """

    span: PhiSpan
    replacement: str = field(repr=False)

    @property
    def has_one_finder(self) -> bool:
        """Say whether a single finder saw it, so that the others missed it or it is none."""
        return len(self.span.annotators) == 1

    @property
    def is_doubtful(self) -> bool:
        """Say whether it is worth a look: found by one finder only, or with a low score."""
        return self.has_one_finder or self.span.score < LOW_SCORE


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the raw text and what was released of it.

    Attributes:
        raw: As the hospital wrote it.
        released: As analysts see it; the same where nothing was found.
        found: The span that the stretch is; None for text that was left as it is.
    """

    raw: str = field(repr=False)
    released: str = field(repr=False)
    found: Replaced | None = None

    @property
    def is_kept(self) -> bool:
        """Say whether it was found and released as it is, as a policy may want of an age."""
        return self.found is not None and self.raw == self.released


@dataclass(frozen=True, slots=True)
class Line:
    """Lines of the raw text that stand beside one another in both texts: mostly one.

    Attributes:
        first: Number of the first line in the raw text, from 1.
        last: Number of the last; greater than ``first`` if a span crosses line ends.
        pieces: The line's text, without the line end after it.
    """

    first: int
    last: int
    pieces: tuple[Piece, ...]


def cut(text: str, spans: Sequence[Replaced]) -> tuple[Piece, ...]:
    """Cut a raw text at its spans; the pieces joined are the raw and the released text.

    Args:
        text: Raw text.
        spans: In text order, without overlap.

    Raises:
        ValueError: The spans don't fit the text.
    """
    pieces: list[Piece] = []
    last = 0
    for found in spans:
        span = found.span
        if span.start < last or span.end > len(text):
            raise ValueError("spans overlap, are out of order or reach beyond the text")
        if span.start > last:
            pieces.append(Piece(text[last : span.start], text[last : span.start]))
        pieces.append(Piece(text[span.start : span.end], found.replacement, found))
        last = span.end
    if last < len(text):
        pieces.append(Piece(text[last:], text[last:]))
    return tuple(pieces)


def align(pieces: Sequence[Piece]) -> Iterator[Line]:
    """Lay a raw text and its released text line beside line.

    A text is broken where both have the same line end, which is everywhere but in spans; what a
    span joins stays one line.

    Args:
        pieces: As :func:`cut` makes them.

    Yields:
        The lines in order, empty ones too.
    """
    first = last = 1
    line: list[Piece] = []
    for piece in pieces:
        if piece.found is not None:
            last += len(LINE_END.findall(piece.raw))
            line.append(piece)
            continue
        for number, text in enumerate(LINE_END.split(piece.raw)):
            if number:
                yield Line(first, last, tuple(line))
                first = last = last + 1
                line = []
            if text:
                line.append(Piece(text, text))
    yield Line(first, last, tuple(line))
