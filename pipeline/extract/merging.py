"""Join the mentions of several annotators: agreement raises the score, the better boundary wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.note import Mention


def merge(mentions: Iterable[Mention]) -> list[Mention]:
    """Join mentions that overlap, whoever found them.

    The surest mention (of equally sure ones the longest, then the first) takes in all that overlap
    it with the same label, and keeps its own boundaries. Its score becomes the chance that not all
    of its finders err, ``1 - (1 - p) (1 - q) ...``, where each other annotator counts once, with
    its surest mention. Of joined mentions that still overlap, labels differing, the surest stays.

    Args:
        mentions: Mentions of one note, in any order, overlapping at will.

    Returns:
        Non-overlapping mentions in text order, the same for any order of the input. The
        annotators of each are named in alphabetical order.
    """
    return [mention for cluster in _clusters(mentions) for mention in _merge_cluster(cluster)]


def _clusters(mentions: Iterable[Mention]) -> Iterator[list[Mention]]:
    """Part mentions where no mention spans, so that a long note isn't compared with itself."""
    cluster: list[Mention] = []
    end = 0
    for mention in sorted(mentions):
        if cluster and mention.start >= end:
            yield cluster
            cluster = []
        cluster.append(mention)
        end = max(end, mention.end)
    if cluster:
        yield cluster


def _merge_cluster(mentions: Sequence[Mention]) -> list[Mention]:
    joined: list[Mention] = []
    rest = sorted(mentions, key=_rank)
    while rest:
        leader = rest[0]
        group = [m for m in rest if m.label == leader.label and m.overlaps(leader)]
        rest = [m for m in rest if m.label != leader.label or not m.overlaps(leader)]
        joined.append(_join(group))
    placed: list[Mention] = []
    for mention in sorted(joined, key=_rank):
        if not any(mention.overlaps(other) for other in placed):
            placed.append(mention)
    return sorted(placed)


def _rank(mention: Mention) -> tuple[float, int, Mention]:
    return (-mention.score, mention.start - mention.end, mention)


def _join(group: Sequence[Mention]) -> Mention:
    """Join mentions that overlap the first of them, which is the surest."""
    leader = group[0]
    names = set(leader.annotators)
    doubt = 1.0 - leader.score
    for other in group[1:]:
        if not names.issuperset(other.annotators):
            names.update(other.annotators)
            doubt *= 1.0 - other.score
    score = leader.score if doubt == 1.0 - leader.score else min(1.0, round(1.0 - doubt, 3))
    return replace(leader, score=max(leader.score, score), annotators=tuple(sorted(names)))
