"""Find the mentions of notes with any number of annotators."""

from __future__ import annotations

from collections.abc import Sequence
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
