"""Find the mentions of notes with any number of annotators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from pipeline.extract.merging import merge
from pipeline.note import Mention, MentionAnnotator, Note


def find_mentions(
    notes: Sequence[Note], annotators: Sequence[MentionAnnotator]
) -> list[list[Mention]]:
    """Annotate released notes and merge what the annotators found.

    Args:
        notes: Released notes.
        annotators: Who looks for mentions; without any, none are found.

    Returns:
        For each note its merged mentions, in text order.
    """
    found = [annotator.annotate(notes) for annotator in annotators]
    return [merge(chain.from_iterable(lists[i] for lists in found)) for i in range(len(notes))]


@dataclass(frozen=True, slots=True)
class SureMentions:
    """Several annotators as one, whose merged mentions count from a score on.

    Attributes:
        annotators: Who looks for mentions.
        thresholds: Label to the least score of its mentions; 0 for a label that isn't named.
        name: Of all of them; mentions name those who found them.
    """

    annotators: tuple[MentionAnnotator, ...]
    thresholds: Mapping[str, float]
    name: str = "merged"

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        """Find, merge, and drop mentions that are not sure enough."""
        return [
            [m for m in mentions if m.score >= self.thresholds.get(m.label, 0.0)]
            for mentions in find_mentions(notes, self.annotators)
        ]
