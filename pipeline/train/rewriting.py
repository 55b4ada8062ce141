"""Write training notes as others would have: other drugs, abbreviations, headings, slips.

Dai and Adel, 2020, "An Analysis of Simple Data Augmentation for Named Entity Recognition", for
the replacement of mentions. The encoder reads lower case only, so case isn't varied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from pipeline.link.clinical_abbreviations import HEADING, Abbreviations
from pipeline.note import Span
from pipeline.train.edits import Edit, apply_edits, without_overlaps
from pipeline.train.names import Names

_REPLACED = 0.06
"""The share of mentions that get another name."""

_ABBREVIATED = 0.4
"""The share of those mentions and headings with another form that take it."""

_SLIPS = (0.0, 0.0, 0.0, 0.01, 0.02, 0.04)
"""The share of words with a slip, drawn for each document."""

_HEADING = re.compile(r"^[ \t]*([A-Za-z][A-Za-z/& ]*[A-Za-z])(?=[ \t]*:)", re.MULTILINE)
_SLIPPING = re.compile(r"\b[A-Za-z]{5,}\b")
_BESIDE = str.maketrans("abcdefghijklmnopqrstuvwxyz", "svdfrghjoklknmpoatdyicezux")
"""The key beside each key of a US keyboard."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Other ways to write what stands in a note.

    Attributes:
        names: Names of each label, to stand in the place of a mention.
        abbreviations: Short and long forms of mentions and headings.
    """

    names: Names
    abbreviations: Abbreviations

    def rewrite(self, text: str, spans: Sequence[Span], rng: Random) -> tuple[str, list[Span]]:
        """Rewrite a note at random.

        Args:
            text: A note.
            spans: Its mentions, in order and apart.
            rng: Where the choices come from.

        Returns:
            The new text and the same mentions at their new offsets.
        """
        edits = [e for s in spans if (e := self._of_mention(text, s, rng)) is not None]
        edits += self._of_headings(text, rng)
        text, moved = apply_edits(text, spans, _clear(without_overlaps(edits), spans))
        share = rng.choice(_SLIPS)
        slips = [
            Edit(*match.span(), _slip(match[0], rng))
            for match in _SLIPPING.finditer(text)
            if rng.random() < share
        ]
        return apply_edits(text, moved, _clear(slips, moved))

    def _of_mention(self, text: str, span: Span, rng: Random) -> Edit | None:
        surface = text[span.start : span.end]
        if "\n" in surface:
            return None
        if rng.random() < _REPLACED and self.names.of.get(span.label):
            return Edit(span.start, span.end, rng.choice(self.names.of[span.label]))
        others = self.abbreviations.other_forms(span.label, surface)
        if others and rng.random() < _ABBREVIATED:
            return Edit(span.start, span.end, rng.choice(others))
        return None

    def _of_headings(self, text: str, rng: Random) -> list[Edit]:
        edits = []
        for match in _HEADING.finditer(text):
            others = self.abbreviations.other_forms(HEADING, match[1])
            if others and rng.random() < _ABBREVIATED:
                other = rng.choice(others)
                edits.append(Edit(*match.span(1), other.upper() if match[1].isupper() else other))
        return edits


def _slip(word: str, rng: Random) -> str:
    """Write a word with one slip: letters swapped, left out, doubled, or the key beside."""
    place = rng.randrange(1, len(word) - 1)
    letter = word[place]
    kind = rng.randrange(4)
    if kind == 0:
        return word[:place] + word[place + 1] + letter + word[place + 2 :]
    if kind == 1:
        return word[:place] + word[place + 1 :]
    if kind == 2:
        return word[:place] + letter + word[place:]
    return word[:place] + letter.lower().translate(_BESIDE) + word[place + 1 :]


def _clear(edits: Sequence[Edit], spans: Sequence[Span]) -> list[Edit]:
    """Keep the edits that cross no mention's start or end."""
    borders = {border for span in spans for border in range(span.start, span.end + 1)}
    borders -= {inner for span in spans for inner in range(span.start + 1, span.end)}
    return [e for e in edits if not any(p in borders for p in range(e.start + 1, e.end))]
