"""Surrogates of places and firms: their proper names change, what they are stays."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from pipeline.deid.surrogates.draws import Draws, assign
from pipeline.deid.surrogates.identifiers import Numbers
from pipeline.deid.surrogates.place_form import (
    PlaceRun,
    acronym_letters,
    acronym_of,
    find_runs,
    word_key_of,
)
from pipeline.deid.surrogates.words import NamePool, SurrogateWords
from pipeline.deid.surrogates.written_form import (
    fold_word,
    length_class,
    write_like,
)

_ORDINAL = re.compile(r"([0-9]+)(st|nd|rd|th)", re.IGNORECASE)
_LETTERS = "ABCDEFGHJKLMNPRSTVW"
_LONG_NAME, _SINGLE_TRIES = 15, 12
"""Letters of a name of several words, and draws that failed, for which two names are drawn."""


class Places:
    """Surrogates of hospitals, firms, cities and landmarks of one patient.

    A proper name becomes the same one everywhere: Rochester, Rochester General Hospital.

    Args:
        draws: The patient's keyed choices.
        surfaces: Everything tagged as a hospital, organization or other place.
        cities: Everything tagged as a city.
        barred: Folded words that no surrogate may be.
        known: Keys of numbers that no surrogate may have.
        words: The lists to draw from.
    """

    def __init__(
        self,
        draws: Draws,
        surfaces: Iterable[str],
        cities: Iterable[str],
        barred: Collection[str],
        known: Collection[str],
        words: SurrogateWords,
    ) -> None:
        self._words = words
        written, towns = sorted(set(surfaces)), sorted(set(cities))
        runs = {run for surface in written for run in find_runs(surface, words.kept)}
        proper = {run.key for run in runs if run.kind == "proper"}
        saints = {run.key for run in runs if run.kind == "saint"}
        self._cities = {word_key_of(surface) for surface in towns}
        self._proper = _assign_names(draws, words, proper | self._cities, self._cities, barred)
        self._saints = _assign_saints(draws, words, saints, barred)
        self._numbers = Numbers(
            draws,
            "number of a place",
            {run.key for run in runs if run.kind == "number"},
            known,
            leading_zeros=False,
        )
        self._acronyms: dict[str, str] = {}
        self._settle_acronyms(draws, written, towns, barred)

    def write(self, surface: str) -> str | None:
        """Write a place or firm with another proper name, its kind of place kept.

        Returns:
            None if nothing in it is a name or a number.
        """
        letters = acronym_letters(surface)
        if letters:
            return self._acronym(letters, surface)
        made = self._written(surface)
        return made if made != surface else None

    def city(self, surface: str) -> str | None:
        """Write another city."""
        letters = acronym_letters(surface)
        if letters and letters in self._acronyms:
            return self._acronym(letters, surface)
        made = self._proper.get(word_key_of(surface))
        return write_like(made, surface) if made else None

    def _acronym(self, letters: str, surface: str) -> str | None:
        made = self._acronyms.get(letters)
        if made is None:
            return None
        return ".".join(made) + "." if "." in surface else made

    def _written(self, surface: str) -> str | None:
        """Write the name of a place word for word; None if one of them has no surrogate."""
        parts: list[str] = []
        done = 0
        for run in find_runs(surface, self._words.kept):
            made = self._run(run, surface[run.start : run.end])
            if made is None:
                return None
            parts += (surface[done : run.start], made)
            done = run.end
        return "".join((*parts, surface[done:]))

    def _run(self, run: PlaceRun, text: str) -> str | None:
        if run.kind in ("kept", "small"):
            return text
        if run.kind == "number":
            return redraw_number(text, self._numbers)
        if run.kind == "acronym":
            return self._acronyms.get(run.key.upper())
        made = (self._saints if run.kind == "saint" else self._proper).get(run.key)
        return None if made is None else write_like(made, text)

    def _settle_acronyms(
        self,
        draws: Draws,
        surfaces: Iterable[str],
        towns: Iterable[str],
        barred: Collection[str],
    ) -> None:
        """Give acronyms of known places the acronyms of what these became; draw all others."""
        written = [s for s in surfaces if not acronym_letters(s)]
        spelt = {acronym_of(s): acronym_of(self._written(s) or "") for s in reversed(written)}
        spelt |= {
            acronym_of(town): acronym_of(self._proper.get(word_key_of(town), "")) for town in towns
        }
        runs = [run for s in written for run in find_runs(s, self._words.kept)]
        wanted = {letters for s in surfaces if (letters := acronym_letters(s))}
        wanted |= {run.key.upper() for run in runs if run.kind == "acronym"}
        wanted |= {letters for s in towns if (letters := acronym_letters(s)) in spelt}
        wanted.discard("")

        def candidate(letters: str, attempt: int) -> str:
            if attempt == 0 and len(spelt.get(letters, "")) > 1:
                return spelt[letters]
            return "".join(
                draws.pick(_LETTERS.replace(letter, ""), "acronym", letters, place, attempt)
                for place, letter in enumerate(letters)
            )

        self._acronyms = assign(
            wanted, candidate, lambda made: made.lower() not in barred and made not in wanted
        )


def redraw_number(text: str, numbers: Numbers) -> str | None:
    """Write another number, with the ending that it then has: 2nd, 11th; None if it has none."""
    made = numbers.write(text)
    ordinal = _ORDINAL.fullmatch(text)
    if ordinal is None or made is None:
        return made
    digits = made[: len(ordinal[1])].lstrip("0") or "4"
    teen = digits[-2:-1] == "1"
    ending = "th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(digits[-1], "th")
    return digits + write_like(ending, ordinal[2])


def _assign_names(
    draws: Draws,
    words: SurrogateWords,
    proper: Collection[str],
    cities: Collection[str],
    barred: Collection[str],
) -> Mapping[str, str]:
    """Give each proper name an invented one, and each city a city."""
    initials = {key: key[:1] for key in proper}

    def candidate(key: str, attempt: int) -> str:
        pools = words.cities if key in cities else (words.places,)
        pool = _by_length(pools[draws.number(len(pools), "several", key, attempt)], key)
        if attempt >= _SINGLE_TRIES and key in cities:
            pool = words.places.names
        made = draws.pick(pool, "place", key, attempt)
        if made[0].lower() == initials[key]:
            return ""
        if attempt >= _SINGLE_TRIES or (len(key) > _LONG_NAME and key not in cities):
            made = f"{made} {draws.pick(words.places.names, 'second name', key, attempt)}"
        return made

    def is_free(made: str) -> bool:
        return bool(made) and not any(
            word in barred for word in (fold_word(made), *made.lower().split())
        )

    return assign(proper, candidate, is_free)


def _by_length(pool: NamePool, key: str) -> tuple[str, ...]:
    return pool.by_class[length_class(key)] or pool.names


def _assign_saints(
    draws: Draws, words: SurrogateWords, saints: Collection[str], barred: Collection[str]
) -> Mapping[str, str]:
    def candidate(key: str, attempt: int) -> str:
        pool = words.first[words.sexes.get(key, "")]
        return draws.pick(pool.names, "saint", key, attempt)

    return assign(saints, candidate, lambda made: made.lower() not in barred)
