"""Text with its PHI replaced, and the exact map between raw and released offsets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.note import PhiSpan


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """One replaced region: ``raw[raw_start:raw_end]`` became ``released[start:end]``."""

    raw_start: int
    raw_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Maps offsets between raw and released text.

    Attributes:
        regions: The replaced regions in text order; text between them is untouched.
    """

    regions: tuple[Region, ...] = ()

    def to_released(self, offset: int) -> int:
        """Map a raw offset; one inside a replaced region goes to the region's start."""
        place = bisect_right(self.regions, offset, key=lambda region: region.raw_start) - 1
        if place < 0:
            return offset
        region = self.regions[place]
        if offset < region.raw_end:
            return region.start
        return region.end + offset - region.raw_end

    def to_raw(self, offset: int) -> int:
        """Map a released offset; one inside a replacement goes to the region's raw start."""
        place = bisect_right(self.regions, offset, key=lambda region: region.start) - 1
        if place < 0:
            return offset
        region = self.regions[place]
        if offset < region.end:
            return region.raw_start
        return region.raw_end + offset - region.end


@dataclass(frozen=True, slots=True)
class ReleasedText:
    """Text after replacement.

    Attributes:
        text: The released text.
        offsets: Maps between the raw text and ``text``.
    """

    text: str = field(repr=False)
    offsets: OffsetMap


def tag(span: PhiSpan) -> str:
    """Return the tag that stands for a span, e.g. ``[PATIENT]``."""
    return f"[{span.label}]"


def replace_spans(
    text: str, spans: Sequence[PhiSpan], replacements: Sequence[str]
) -> ReleasedText:
    """Replace spans of raw text.

    Args:
        text: The raw text.
        spans: Non-overlapping spans in text order, by offsets in ``text``.
        replacements: What to put in place of each span; not empty.

    Raises:
        ValueError: Spans overlap, are out of order or end beyond the text, or a replacement is
            missing or empty.
    """
    if len(spans) != len(replacements) or not all(replacements):
        raise ValueError("every span needs a replacement that is not empty")
    parts: list[str] = []
    regions: list[Region] = []
    raw = released = 0
    for span, replacement in zip(spans, replacements, strict=True):
        if span.start < raw or span.end > len(text):
            raise ValueError(f"the span [{span.start}, {span.end}) overlaps or leaves the text")
        start = released + span.start - raw
        end = start + len(replacement)
        parts += [text[raw : span.start], replacement]
        regions.append(Region(span.start, span.end, start, end))
        raw, released = span.end, end
    parts.append(text[raw:])
    return ReleasedText("".join(parts), OffsetMap(tuple(regions)))
