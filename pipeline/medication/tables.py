"""The shipped tables of words that stand beside drugs, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from pipeline.resources import data_path

AS_NEEDED = "as needed"
"""What the table of frequencies calls PRN."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a dose may count.

    Attributes:
        name: Its normal form: ``mg``, ``tablet``.
        is_measure: It measures a strength or volume; else it counts forms.
    """

    name: str
    is_measure: bool


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases of several words and what they mean.

    Attributes:
        meanings: Words in lower case, joined by one space, to what they mean.
    """

    meanings: Mapping[str, str]
    _longest: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        longest: dict[str, int] = {}
        for phrase in self.meanings:
            first = phrase.partition(" ")[0]
            longest[first] = max(longest.get(first, 0), phrase.count(" ") + 1)
        object.__setattr__(self, "_longest", longest)

    @property
    def openers(self) -> frozenset[str]:
        """The words that phrases begin with."""
        return frozenset(self._longest)

    @property
    def closers(self) -> frozenset[str]:
        """The words that phrases end with."""
        return frozenset(phrase.rpartition(" ")[2] for phrase in self.meanings)

    def longest(self, word: str) -> int:
        """Return the number of words of the longest phrase that begins with a word, or 0."""
        return self._longest.get(word, 0)


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of this package.

    Attributes:
        units: Word or two to the unit it means.
        routes: Phrase to route.
        frequencies: Phrase to frequency, or ``AS_NEEDED``.
        plain_words: Words in notes on drugs that are no drug's name.
        drugs: Names of frequent drugs.
        short_words: Abbreviations that are at times written together, such as po and bid.
    """

    units: Mapping[str, Unit]
    routes: Phrases
    frequencies: Phrases
    plain_words: frozenset[str]
    drugs: frozenset[str]
    short_words: frozenset[str]


_SHORT_WORDS = frozenset(
    ("bid", "cap", "caps", "daily", "im", "iv", "mcg", "mg", "ml", "po", "prn", "qam", "qd", "qday",
     "qhs", "qid", "qod", "qpm", "sl", "sq", "subq", "tab", "tablet", "tabs", "tid", "units")
)  # fmt: skip


@cache
def load_tables() -> Tables:
    """Read the tables from ``data/words``."""
    units = {
        word: Unit(name, kind == "measure") for word, name, kind in (_rows("units.tsv", columns=3))
    }
    return Tables(
        units=units,
        routes=_phrases(_rows("routes.tsv", columns=2)),
        frequencies=_phrases(_rows("frequencies.tsv", columns=2)),
        plain_words=frozenset(word for (word,) in _rows("sig_words.txt", columns=1)),
        drugs=frozenset(word for (word,) in _rows("sig_drugs.txt", columns=1)),
        short_words=_SHORT_WORDS,
    )


def _phrases(rows: Iterable[tuple[str, ...]]) -> Phrases:
    return Phrases({row[0]: row[1] for row in rows})


def _rows(name: str, columns: int) -> list[tuple[str, ...]]:
    """Read a table without its comments; a row of another width is a fault of the package."""
    lines = data_path("words", name).read_text(encoding="utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    if any(len(row) != columns for row in rows):
        raise ValueError(f"{name} needs {columns} columns in every row")
    return rows
