"""Surrogates of streets: another number and name, the kind of street and of unit kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from pipeline.deid.surrogates.draws import Draws, assign
from pipeline.deid.surrogates.identifiers import Numbers
from pipeline.deid.surrogates.places import redraw_number
from pipeline.deid.surrogates.words import SurrogateWords
from pipeline.deid.surrogates.written_form import (
    find_words,
    fold_word,
    length_class,
    word_key,
    word_list,
    word_set,
    write_like,
)

_KEPT = word_set(
    "street st str avenue ave av road rd boulevard blvd boul lane ln drive dr court ct crt circle"
    " cir place pl parkway pkwy pky highway hwy terrace ter terr trail trl square sq plaza plz way"
    " loop pike row path alley aly crossing xing turnpike tpke expressway expy freeway fwy bend"
    " run walk wharf spur cove point pt ridge rdg heights hts north south east west n s e w ne nw"
    " se sw northeast northwest southeast southwest apartment apt unit suite ste building bldg"
    " floor fl flr rear front upper lower basement bsmt lot space spc trailer trlr room rm rfd rr"
    " hc po p o box pob route rt rte rural county co state us u interstate i old new the of at and"
    " near by on off corner block mile marker exit general delivery calle avenida urb camino via"
    " half side fm cr level isl"
)
_TYPES = word_set(
    "street st str avenue ave av road rd boulevard blvd boul lane ln drive dr court ct circle cir"
    " place pl parkway pkwy highway hwy terrace ter trail trl square sq way loop pike row path"
    " alley run walk turnpike tpke route rt rte"
)
_PUBLIC = word_set("state county co us u rural interstate old new")
_PUBLIC_TYPES = word_set("road rd route rt rte highway hwy")
_ORDINALS = word_list(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
)
_NUMBERED = re.compile(r"(?=.*[0-9])[0-9A-Za-z]{1,8}")
_GAP = re.compile(r"[ \u00a0-]")
_SINGLE_TRIES = 12
"""Draws that failed, after which a street has a name of two words."""


class Streets:
    """Surrogates of the streets of one patient; parts are the same in all forms of an address.

    Args:
        draws: The patient's keyed choices.
        surfaces: All streets, in any order and form.
        barred: Folded words that no surrogate may be.
        known: Keys of numbers that no surrogate may have.
        words: The lists to draw from.
    """

    def __init__(
        self,
        draws: Draws,
        surfaces: Iterable[str],
        barred: Collection[str],
        known: Collection[str],
        words: SurrogateWords,
    ) -> None:
        runs = {(kind, key) for surface in surfaces for _, _, kind, key in _runs(surface)}
        names = {key for kind, key in runs if kind == "name"}

        def candidate(key: str, attempt: int) -> str:
            if key in _ORDINALS:
                return draws.pick(_ORDINALS, "street", key, attempt).title()
            pool = (words.places, words.surnames)[draws.number(2, "kind of street", key, attempt)]
            group = pool.by_class[length_class(key)] or pool.names
            made = draws.pick(group, "street", key, attempt)
            if attempt < _SINGLE_TRIES:
                return made
            return f"{made} {draws.pick(words.places.names, 'second street', key, attempt)}"

        self._names = assign(
            names, candidate, lambda made: made.lower() not in barred and made.lower() not in names
        )
        self._numbers = Numbers(
            draws,
            "street number",
            {key for kind, key in runs if kind == "number"},
            known,
            leading_zeros=False,
        )

    def write(self, surface: str) -> str | None:
        """Write another street in the same form; None if a part of it has no surrogate."""
        parts: list[str] = []
        done = 0
        for start, end, kind, key in _runs(surface):
            text = surface[start:end]
            new: str | None = text
            if kind == "number":
                new = redraw_number(text, self._numbers)
            elif kind == "name":
                new = self._names.get(key)
            if new is None:
                return None
            parts += (surface[done:start], write_like(new, text) if kind == "name" else new)
            done = end
        made = "".join((*parts, surface[done:]))
        return made if made != surface else None


def _runs(surface: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield start, end, kind (``name``, ``number``, ``kept``) and key of each part of a street."""
    words = find_words(surface)
    kinds = [_kind(surface, words, place) for place in range(len(words))]
    keys = [fold_word(surface[start:end]) for start, end in words]
    for place in range(len(words) - 1):
        gap = surface[words[place][1] : words[place + 1][0]]
        if kinds[place] == "kept" and gap == " " and keys[place + 1] in _TYPES:
            public = keys[place] in _PUBLIC and keys[place + 1] in _PUBLIC_TYPES
            kinds[place] = "kept" if public else "name"
    if len(words) > 1 and all(kind == "kept" for kind in kinds):
        kinds[0] = "name"
    place = 0
    while place < len(words):
        last = place
        while (
            kinds[place] == "name"
            and last + 1 < len(words)
            and kinds[last + 1] == "name"
            and _GAP.fullmatch(surface, words[last][1], words[last + 1][0])
        ):
            last += 1
        start, end = words[place][0], words[last][1]
        key = "".join(word_key(surface[s:e]) for s, e in words[place : last + 1])
        yield (
            start,
            end,
            kinds[place],
            surface[start:end].lower() if kinds[place] == "number" else key,
        )
        place = last + 1


def _kind(surface: str, words: list[tuple[int, int]], place: int) -> str:
    word = surface[slice(*words[place])]
    if _NUMBERED.fullmatch(word):
        return "number"
    if len(word) == 1 and word.isalpha() and word.lower() not in _KEPT:
        return "number"
    is_street = fold_word(word) in _KEPT
    only = place == 0 and len(words) == 1
    return "kept" if is_street and not only else "name"
