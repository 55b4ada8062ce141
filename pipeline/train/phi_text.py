"""Texts with tagged PHI, to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.readers import read_gold
from pipeline.note import Span


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A text with the spans to learn; the spans are sorted and don't overlap.

    Attributes:
        text: The text.
        spans: Its PHI.
        unknown: Ranges ``(start, end)`` of which nobody said whether they are PHI.
    """

    text: str
    spans: tuple[Span, ...]
    unknown: tuple[tuple[int, int], ...] = ()

    def surface(self, span: Span) -> str:
        """Return what a span covers."""
        return self.text[span.start : span.end]


def read_tagged(paths: Sequence[Path]) -> list[TaggedText]:
    """Read gold notes as texts to learn; of overlapping spans the first stays.

    Args:
        paths: Files or folders that :func:`pipeline.evaluate.readers.read_gold` reads.

    Raises:
        InputError: One can't be read, or there is no text in any.
    """
    documents = [document for path in paths for document in read_gold(path, "deid")]
    texts = [_tagged(document) for document in documents if document.note.text.strip()]
    if not texts:
        raise InputError("there is no gold note with a text; give a gold corpus to learn from")
    return texts


def _tagged(document: GoldDocument) -> TaggedText:
    spans: list[Span] = []
    for span in sorted(document.spans):
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return TaggedText(document.note.text, tuple(spans))
