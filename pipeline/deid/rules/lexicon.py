"""The word lists that tell a name from a word: read once, when first needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pipeline.resources import data_path


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists, all in lower case.

    Attributes:
        common: English and clinical words that notes write in lower case.
        first_names: First names of the US census.
        surnames: The most frequent surnames of the US census.
        cities: Cities and towns of the United States.
        eponyms: Names that diseases, signs, devices and operations bear.
    """

    common: frozenset[str]
    first_names: frozenset[str]
    surnames: frozenset[str]
    cities: frozenset[str]
    eponyms: frozenset[str]

    def is_name(self, word: str) -> bool:
        """Say whether people bear the word as a first name or surname."""
        return word in self.first_names or word in self.surnames

    def is_plain_word(self, word: str) -> bool:
        """Say whether the word is common and nobody's name."""
        return word in self.common and not self.is_name(word)


@cache
def load_lexicon() -> Lexicon:
    """Read the shipped word lists (``data/words``)."""
    return Lexicon(
        common=_read("common"),
        first_names=_read("first_names"),
        surnames=_read("surnames"),
        cities=_read("cities"),
        eponyms=_read("eponyms"),
    )


def _read(name: str) -> frozenset[str]:
    text = data_path("words", f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(text.split("\n")) - {""}
