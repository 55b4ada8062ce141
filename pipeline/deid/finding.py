"""All finders of PHI, united."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.note import Note, PhiAnnotator, PhiSpan
from pipeline.spans import unite


def find_phi(notes: Sequence[Note], annotators: Sequence[PhiAnnotator]) -> list[list[PhiSpan]]:
    """Find PHI in raw notes: whatever any annotator marks is marked.

    Args:
        notes: Raw notes.
        annotators: Rules, known identifiers, NER.

    Returns:
        For each note, non-overlapping spans in text order, by offsets in its raw text.
    """
    found = [annotator.annotate(notes) for annotator in annotators]
    return [
        unite(span for spans in of_note for span in spans) for of_note in zip(*found, strict=True)
    ]
