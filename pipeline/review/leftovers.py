"""Words in released text that may have been missed: candidates for the eye, not findings.

They are looked for by means that the finders of a run don't share: what was replaced in one place
of the sample may not stand in another, and neither may capitalised names and long numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.review.alignment import Piece

ELSEWHERE = "stands in an identifier elsewhere in this sample"
LISTED = "in the list of names"
NUMBER = "a long number"

_PEOPLE = frozenset({"PATIENT", "DOCTOR", "USERNAME"})
_TOO_COMMON = frozenset({"AGE", "DATE", "PROFESSION", "STATE", "COUNTRY"})
"""Labels whose words say little of a person: January, nurse, Maine."""

_SHORTEST_WORD = 3
_SHORTEST_NUMBER = 4
_LONG_NUMBER = 6
_WORD = re.compile(r"[^\W\d_]+|\d+")
_NUMBER = re.compile(r"\d(?:[./-]?\d)+")


@dataclass(frozen=True, slots=True)
class Leftover:
    """A stretch of text that may identify somebody.

    Attributes:
        start: First code point.
        end: One past the last.
        reason: Why it is looked at.
    """

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What to look for in text that was left as it is.

    Attributes:
        lexicon: Names and common words.
        identifying: Words and numbers of the sample's identifiers, in lower case.
    """

    lexicon: Lexicon = field(repr=False)
    identifying: frozenset[str] = field(repr=False)

    def find_leftovers(self, text: str) -> list[Leftover]:
        """Find what may have been missed.

        Args:
            text: Text without identifiers, as far as a run could tell.

        Returns:
            Leftovers in text order, without overlap.
        """
        numbers = [
            Leftover(*match.span(), NUMBER)
            for match in _NUMBER.finditer(text)
            if sum(character.isdigit() for character in match[0]) >= _LONG_NUMBER
        ]
        found: list[Leftover] = []
        for leftover in sorted(
            [*numbers, *self._find_words(text)], key=lambda f: (f.start, -f.end)
        ):
            if not found or leftover.start >= found[-1].end:
                found.append(leftover)
        return found

    def _find_words(self, text: str) -> Iterator[Leftover]:
        for match in _WORD.finditer(text):
            word = match[0].casefold()
            if word in self.identifying and not match[0].islower():
                yield Leftover(*match.span(), ELSEWHERE)
            elif match[0][0].isupper() and self._is_listed(word):
                yield Leftover(*match.span(), LISTED)

    def _is_listed(self, word: str) -> bool:
        known = self.lexicon
        return (
            len(word) >= _SHORTEST_WORD
            and known.is_name(word)
            and word not in known.common
            and word not in known.not_names
            and word not in known.eponyms
        )


def suspect(pieces: Iterable[Piece], lexicon: Lexicon) -> Suspicion:
    """Learn from a sample's identifiers what must not stand in its released texts.

    Args:
        pieces: The texts of the sample, cut at their spans.
        lexicon: Names and common words.
    """
    identifying: set[str] = set()
    for piece in pieces:
        if piece.found is None or piece.found.span.label in _TOO_COMMON:
            continue
        is_person = piece.found.span.label in _PEOPLE
        words = (match[0].casefold() for match in _WORD.finditer(piece.raw))
        identifying.update(word for word in words if _identifies(word, is_person, lexicon))
    return Suspicion(lexicon, frozenset(identifying))


def _identifies(word: str, is_person: bool, lexicon: Lexicon) -> bool:
    """Say whether a word of an identifier tells more than 'Dr' or 'Hospital' do."""
    if word.isdigit():
        return len(word) >= _SHORTEST_NUMBER
    if len(word) < _SHORTEST_WORD or word in lexicon.titles or word in lexicon.credentials:
        return False
    if word not in lexicon.common:
        return True
    return is_person and lexicon.is_name(word) and word not in lexicon.not_names
