"""What an annotator finds in a text, as labels and strings."""

from __future__ import annotations

from pipeline.note import Note, PhiAnnotator
from pipeline.spans import unite


def find(annotator: PhiAnnotator, text: str) -> list[tuple[str, str]]:
    [spans] = annotator.annotate([Note("n1", text)])
    return [(span.label, text[span.start : span.end]) for span in unite(spans)]
