"""Lists of real names and places, and what the gold notes tag, to draw surrogates from."""

from __future__ import annotations

import csv
import random
import re
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from pipeline.errors import InputError
from pipeline.train.phi_words import EPONYMS, NAME_PARTICLES

_LAST_NAMES = 25_000
_DIGIT = re.compile(r"\d")
_NAME = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]{2,})*")


@dataclass(frozen=True, slots=True)
class WeightedWords:
    """Words to draw from, each with the cumulated weight of itself and all before it."""

    words: tuple[str, ...]
    cumulated: tuple[float, ...]

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> WeightedWords:
        """Make it of a weight for each word."""
        if not weights:
            raise InputError("a list of names for surrogates is empty; give a list with names")
        return cls(tuple(weights), tuple(accumulate(weights.values())))

    def draw(self, rng: random.Random) -> str:
        """Draw one word in proportion to its weight."""
        return self.words[bisect(self.cumulated, rng.random() * self.cumulated[-1])]


@dataclass(frozen=True, slots=True)
class SurrogateLists:
    """Real-world names and places.

    Attributes:
        first: First names.
        last: Surnames.
        cities: City names.
        states: Names of states, each with its two-letter code.
        hospitals: Names of hospitals, in title case.
    """

    first: WeightedWords
    last: WeightedWords
    cities: tuple[str, ...]
    states: tuple[tuple[str, str], ...]
    hospitals: tuple[str, ...]


def read_lists(folder: Path) -> SurrogateLists:
    """Read the US census name lists and the lists of US cities and hospitals.

    Rare names are drawn more often than they occur (weights are square roots of frequencies), and
    eponyms of diseases and devices not at all, since notes use them for something else.

    Args:
        folder: Holds ``dist.all.last``, ``dist.female.first``, ``dist.male.first``,
            ``us_cities.csv`` and ``us_hospitals.csv``.

    Raises:
        InputError: A list is missing or has another layout.
    """
    try:
        first = _census(folder / "dist.female.first") | _census(folder / "dist.male.first")
        last = dict(list(_census(folder / "dist.all.last").items())[:_LAST_NAMES])
        with (folder / "us_cities.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with (folder / "us_hospitals.csv").open(encoding="utf-8", newline="") as file:
            hospitals = {title(row[1]) for row in csv.reader(file) if len(row) > 1}
        cities = {row["CITY"] for row in rows}
        states = {(row["STATE_NAME"], row["STATE_CODE"]) for row in rows}
    except (OSError, KeyError, IndexError, ValueError) as error:
        raise InputError(
            f"the lists for surrogates in {folder} can't be read ({type(error).__name__}); "
            "give a folder with the census name lists, us_cities.csv and us_hospitals.csv"
        ) from None
    return SurrogateLists(
        WeightedWords.of(first),
        WeightedWords.of(last),
        tuple(sorted(cities)),
        tuple(sorted(states)),
        tuple(sorted(hospitals)),
    )


def _census(path: Path) -> dict[str, float]:
    weights: dict[str, float] = {}
    for line in path.read_text(encoding="ascii").splitlines():
        name, percent, *_ = line.split()
        if name.casefold() not in EPONYMS and len(name) > 1:
            weights[title(name)] = max(float(percent), 0.0005) ** 0.5
    return weights


def title(text: str) -> str:
    """Write every word with a capital, as names are (``O'Connor`` keeps its two)."""
    return re.sub(r"[^\W\d_]+(?:['\u2019]s\b)?", lambda m: m[0][0].upper() + m[0][1:].lower(), text)


@dataclass(frozen=True, slots=True)
class GoldPools:
    """What the gold notes tag, to be swapped between notes.

    Attributes:
        surfaces: Label to the distinct tagged strings.
        first: Distinct first names.
        last: Distinct surnames.
    """

    surfaces: Mapping[str, tuple[str, ...]]
    first: tuple[str, ...]
    last: tuple[str, ...]

    def alike(self, label: str, surface: str, rng: random.Random) -> str:
        """Draw what some note tags with the label and writes alike.

        Alike are strings of as many words, with digits or without, in capitals or not; if there
        is none, the surface itself is returned.
        """
        form = _form(surface)
        pool = [other for other in self.surfaces.get(label, ()) if _form(other) == form]
        return pick(rng, pool) if pool else surface


def _form(surface: str) -> tuple[int, bool, bool]:
    words = min(len(surface.split()), 3)
    return words, bool(_DIGIT.search(surface)), surface.isupper()


def gather_pools(tagged: Iterable[tuple[str, str]]) -> GoldPools:
    """Gather the pools from the ``(label, tagged string)`` pairs of the gold notes."""
    surfaces: dict[str, dict[str, None]] = {}
    first: dict[str, None] = {}
    last: dict[str, None] = {}
    for label, surface in tagged:
        surfaces.setdefault(label, {})[surface] = None
        if label in ("PATIENT", "DOCTOR"):
            for word, is_last in name_parts(surface):
                if len(word) > 2 and not (word.isupper() and len(word) < 4):
                    (last if is_last else first)[title(word)] = None
    return GoldPools({k: tuple(v) for k, v in surfaces.items()}, tuple(first), tuple(last))


def name_parts(surface: str) -> list[tuple[str, bool]]:
    """Split a name into its words and say of each whether it is a surname.

    A comma puts the surname first; without one the last word is the surname, and a single word
    counts as a first name. Particles, suffixes and initials are left out.
    """
    matches = [m for m in _NAME.finditer(surface) if is_name_word(m[0])]
    comma = surface.find(",")
    if comma > 0 and any(m.start() > comma for m in matches):
        return [(m[0], m.start() < comma) for m in matches]
    return [(m[0], 0 < i == len(matches) - 1) for i, m in enumerate(matches)]


def is_name_word(word: str) -> bool:
    """Say whether a word of a name is a name, not an initial, a particle or a suffix."""
    return len(word) > 1 and word.casefold() not in NAME_PARTICLES


def redraw_digits(text: str, rng: random.Random) -> str:
    """Put another digit in the place of every digit."""
    return _DIGIT.sub(lambda m: str((int(m[0]) + rng.randint(1, 9)) % 10), text)


def pick(rng: random.Random, words: Sequence[str]) -> str:
    """Draw one word, all alike."""
    return words[int(rng.random() * len(words))]
