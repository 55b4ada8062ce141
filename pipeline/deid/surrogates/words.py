"""The names and words that surrogates are made of: read once, when first needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.deid.rules.lexicon import load_lexicon, read_lines
from pipeline.deid.surrogates.written_form import length_class

_COMMON_FIRST_NAMES = 1500


@dataclass(frozen=True, slots=True)
class NamePool:
    """Names to draw from.

    Attributes:
        names: All names, in title case.
        by_class: The names of each length class (``length_class``).
        by_length: The names of exactly so many letters.
    """

    names: tuple[str, ...]
    by_class: tuple[tuple[str, ...], ...]
    by_length: Mapping[int, tuple[str, ...]]

    @classmethod
    def of(cls, names: Iterable[str]) -> NamePool:
        """Sort names by length; repeated ones count once."""
        distinct = tuple(dict.fromkeys(names))
        lengths: dict[int, list[str]] = {}
        for name in distinct:
            lengths.setdefault(len(name), []).append(name)
        classes = tuple(tuple(n for n in distinct if length_class(n) == size) for size in range(3))
        return cls(distinct, classes, {size: tuple(group) for size, group in lengths.items()})


@dataclass(frozen=True, slots=True)
class SurrogateWords:
    """What surrogates are drawn from; none is a clinical word, a common word or an eponym.

    Attributes:
        first: First names by sex: ``f``, ``m`` and ``""`` for either.
        surnames: Surnames.
        either: Names that are both.
        places: Invented names of places.
        cities: Cities of one word and of several.
        countries: Countries.
        occupations: Occupations in the singular, lower case, by whether they are several words.
        sexes: Lower-case first name to ``f`` or ``m``, the most frequent names first.
        common_first: The most frequent first names, lower case.
        nicknames: Lower-case first name to its short and familiar forms.
        full_names: Lower-case familiar form to the names it stands for.
        kept: Words that say what a place or firm is, each with where it may stay: hospital, a
            ``noun``; regional, a ``modifier``; park, a ``feature``; gate, ``counted``.
    """

    first: Mapping[str, NamePool]
    surnames: NamePool
    either: NamePool
    places: NamePool
    cities: tuple[NamePool, NamePool]
    countries: tuple[str, ...]
    occupations: tuple[tuple[str, ...], tuple[str, ...]]
    sexes: Mapping[str, str]
    common_first: frozenset[str]
    nicknames: Mapping[str, tuple[str, ...]]
    full_names: Mapping[str, tuple[str, ...]]
    kept: Mapping[str, str]


@cache
def load_surrogate_words() -> SurrogateWords:
    """Read the shipped lists (``data/words/surrogate_*.txt`` and ``nicknames.txt``)."""
    lexicon = load_lexicon()
    female, male = (read_lines(f"surrogate_{sex}") for sex in ("female", "male"))
    surnames = read_lines("surrogate_surnames")
    cities = read_lines("surrogate_cities")
    occupations = read_lines("surrogate_occupations")
    sexes = dict(line.split() for line in read_lines("surrogate_sexes"))
    nicknames = {full: tuple(short) for full, *short in map(str.split, read_lines("nicknames"))}
    full_names: dict[str, list[str]] = {}
    for full, short in nicknames.items():
        for nickname in short:
            full_names.setdefault(nickname, []).append(full)
    return SurrogateWords(
        {
            "f": NamePool.of(map(str.title, female)),
            "m": NamePool.of(map(str.title, male)),
            "": NamePool.of(map(str.title, female + male)),
        },
        NamePool.of(map(str.title, surnames)),
        NamePool.of(name.title() for name in female + male if name in lexicon.surnames),
        NamePool.of(map(str.title, read_lines("surrogate_places"))),
        (
            NamePool.of(city for city in cities if " " not in city),
            NamePool.of(city for city in cities if " " in city),
        ),
        tuple(
            name.title()
            for name in read_lines("countries")
            if len(name) > 3 and name not in _NOT_COUNTRIES
        ),
        (
            tuple(work for work in occupations if " " not in work),
            tuple(work for work in occupations if " " in work),
        ),
        sexes,
        frozenset(list(sexes)[:_COMMON_FIRST_NAMES]),
        nicknames,
        {nickname: tuple(full) for nickname, full in full_names.items()},
        dict(line.split() for line in read_lines("surrogate_kept")),
    )


_NOT_COUNTRIES = frozenset(("chad", "turkey", "jordan", "west africa", "united states", "china"))
"""Also a person's name, a word, a part of a continent, or where most patients are at home."""
