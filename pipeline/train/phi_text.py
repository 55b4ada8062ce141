"""Texts with tagged PHI, to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.readers import read_gold
from pipeline.note import Span


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A text with the spans to learn; the spans are sorted and don't overlap."""

    text: str
    spans: tuple[Span, ...]

    def surface(self, span: Span) -> str:
        """Return what a span covers."""
        return self.text[span.start : span.end]


def read_tagged(path: Path) -> list[TaggedText]:
    """Read gold notes as texts to learn; of overlapping spans the first stays."""
    return [_tagged(document) for document in read_gold(path, "deid")]


def _tagged(document: GoldDocument) -> TaggedText:
    spans: list[Span] = []
    for span in sorted(document.spans):
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return TaggedText(document.note.text, tuple(spans))
