"""Pure functions over spans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.note import PhiSpan


def unite(spans: Iterable[PhiSpan]) -> list[PhiSpan]:
    """Join what several finders marked, so that no code point that any of them marked is lost.

    Overlapping spans of one label become one. Where labels differ, the surer span (then the
    longer, then the earlier) keeps its extent and the other keeps what is left of it.

    Args:
        spans: Spans of one note, in any order, overlapping at will.

    Returns:
        Non-overlapping spans in text order that cover exactly the union of the input.
    """
    united: list[PhiSpan] = []
    cluster: list[PhiSpan] = []
    reach = 0
    for span in sorted(_join_same_label(spans)):
        if span.start >= reach:
            united += _settle(cluster)
            cluster = []
        cluster.append(span)
        reach = max(reach, span.end)
    return [*united, *_settle(cluster)]


def _settle(cluster: Sequence[PhiSpan]) -> list[PhiSpan]:
    """Share out the ground of spans that overlap one another, directly or by others."""
    placed: list[PhiSpan] = []
    for span in sorted(cluster, key=lambda s: (-s.score, s.start - s.end, s)):
        placed.extend(
            replace(span, start=start, end=end)
            for start, end in uncovered(span.start, span.end, placed)
        )
    return sorted(placed)


def _join_same_label(spans: Iterable[PhiSpan]) -> list[PhiSpan]:
    joined: list[PhiSpan] = []
    for span in sorted(spans, key=lambda s: (s.label, s)):
        last = joined[-1] if joined else None
        if last is None or last.label != span.label or span.start >= last.end:
            joined.append(span)
            continue
        joined[-1] = replace(
            last,
            end=max(last.end, span.end),
            score=max(last.score, span.score),
            annotators=tuple(dict.fromkeys(last.annotators + span.annotators)),
        )
    return joined


def uncovered(start: int, end: int, placed: Iterable[PhiSpan]) -> list[tuple[int, int]]:
    """Return what is left of a range outside of spans, as ranges in text order."""
    gaps: list[tuple[int, int]] = []
    for other in sorted(placed):
        if other.end <= start or other.start >= end:
            continue
        if other.start > start:
            gaps.append((start, other.start))
        start = max(start, other.end)
    if start < end:
        gaps.append((start, end))
    return gaps
