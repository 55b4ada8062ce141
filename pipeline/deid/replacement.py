"""Replace found spans in a text and keep the map between raw and released offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.note import PhiSpan


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where each replaced region stood in the raw text and stands in the released one.

    Outside of the regions both texts are the same, shifted.

    Attributes:
        rows: ``(raw_start, raw_end, start, end)`` of each replaced region, in text order; half-open
            ranges of code points, none of them empty.
    """

    rows: tuple[tuple[int, int, int, int], ...] = ()

    def __post_init__(self) -> None:
        raw_last = last = 0
        for raw_start, raw_end, start, end in self.rows:
            if raw_start < raw_last or start - last != raw_start - raw_last:
                raise ValueError(
                    "regions must be in text order, apart, and equally far apart in both texts"
                )
            if raw_end <= raw_start or end <= start:
                raise ValueError("a replaced region must not be empty in either text")
            raw_last, last = raw_end, end

    def to_released(self, offset: int) -> int:
        """Map a raw offset; one inside a replaced region maps to the region's released start."""
        return self._map(offset, 0, 2)

    def to_raw(self, offset: int) -> int:
        """Map a released offset; one inside a replaced region maps to the region's raw start."""
        return self._map(offset, 2, 0)

    def released_span(self, start: int, end: int) -> tuple[int, int]:
        """Map a raw range to the smallest released range that holds all of it."""
        return self._map(start, 0, 2), self._map(end, 0, 2, ends=True)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Map a released range to the smallest raw range that holds all of it."""
        return self._map(start, 2, 0), self._map(end, 2, 0, ends=True)

    def _map(self, offset: int, source: int, target: int, *, ends: bool = False) -> int:
        """Map an offset between the columns that begin at ``source`` and ``target``."""
        if offset < 0:
            raise ValueError(f"an offset is not negative, got {offset}")
        index = bisect_right(self.rows, offset, key=lambda row: row[source]) - 1
        if index < 0:
            return offset
        row = self.rows[index]
        if offset >= row[source + 1]:
            return offset - row[source + 1] + row[target + 1]
        if ends and offset > row[source]:
            return row[target + 1]
        return row[target]


@dataclass(frozen=True, slots=True)
class ReleasedText:
    """A text in which spans were replaced.

    Attributes:
        text: The released text.
        offsets: The map between offsets of the raw text and of this one.
    """

    text: str = field(repr=False)
    offsets: OffsetMap


def tag(span: PhiSpan) -> str:
    """Return the plain replacement of a span: its label in brackets, as in ``[PATIENT]``."""
    return f"[{span.label}]"


def replace_spans(text: str, spans: Sequence[PhiSpan], replacements: Sequence[str]) -> ReleasedText:
    """Put a replacement in the place of each span; all other text stays as it is.

    Spans that touch or are parted by a blank stay separate regions.

    Args:
        text: Raw text.
        spans: Spans in text order that do not overlap, as ``pipeline.spans.unite`` returns them.
        replacements: What to put in each span's place; none may be empty.

    Returns:
        The released text and the map of offsets.

    Raises:
        ValueError: Spans are out of order, overlap or reach beyond the text, a replacement is
            missing or empty. The message names offsets, never text.
    """
    if len(spans) != len(replacements):
        raise ValueError(f"{len(spans)} spans need as many replacements, got {len(replacements)}")
    pieces: list[str] = []
    rows: list[tuple[int, int, int, int]] = []
    raw_last = length = 0
    for span, replacement in zip(spans, replacements, strict=True):
        if span.start < raw_last or span.end > len(text):
            raise ValueError(
                f"span [{span.start}, {span.end}) overlaps the one before it, is out of order or"
                f" reaches beyond the {len(text)} code points; unite the spans of this text first"
            )
        if not replacement:
            raise ValueError(f"the replacement of span [{span.start}, {span.end}) is empty")
        pieces += (text[raw_last : span.start], replacement)
        start = length + span.start - raw_last
        length = start + len(replacement)
        rows.append((span.start, span.end, start, length))
        raw_last = span.end
    pieces.append(text[raw_last:])
    return ReleasedText("".join(pieces), OffsetMap(tuple(rows)))
