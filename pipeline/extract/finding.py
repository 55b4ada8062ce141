"""Find the mentions of notes with any number of annotators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

from pipeline.extract.merging import merge
from pipeline.note import Mention, MentionAnnotator, Note

NO_THRESHOLDS: Final[Mapping[str, float]] = {}


def find_mentions(
    notes: Sequence[Note],
    annotators: Sequence[MentionAnnotator],
    thresholds: Mapping[str, float] = NO_THRESHOLDS,
) -> list[list[Mention]]:
    """Annotate released notes and merge what the annotators found.

    Args:
        notes: Released notes.
        annotators: Who looks for mentions; without any, none are found.
        thresholds: Label to the least score of its merged mentions; 0 for a label not named.

    Returns:
        For each note its merged mentions, in text order.
    """
    found = [annotator.annotate(notes) for annotator in annotators]
    return merge_found(found, thresholds) if found else [[] for _ in notes]


def merge_found(
    found: Sequence[Sequence[Sequence[Mention]]], thresholds: Mapping[str, float]
) -> list[list[Mention]]:
    """Merge what annotators found in the same notes, and keep what is sure enough.

    Args:
        found: Of each annotator, at least one, the mentions of each note.
        thresholds: As :func:`find_mentions` has them.
    """
    return [
        [
            mention
            for mention in merge(chain.from_iterable(of_note))
            if mention.score >= thresholds.get(mention.label, 0.0)
        ]
        for of_note in zip(*found, strict=True)
    ]
