"""Surrogates of people's names: the same within a note, new in every variant."""

from __future__ import annotations

import random
import re

from pipeline.train.phi_lists import (
    GoldPools,
    SurrogateLists,
    is_name_word,
    name_parts,
    pick,
    title,
)

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]{2,})*")
_LETTER = re.compile(r"[^\W\d_]")
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class PatientCast:
    """The people of one variant of a note: who each name of the original becomes.

    Args:
        surfaces: All strings tagged as names in the note; they say which words are surnames and
            which words must not come back.
        lists: Real names.
        pools: The names of all gold notes.
        rng: The variant's source of randomness.
    """

    def __init__(
        self,
        surfaces: list[str],
        lists: SurrogateLists,
        pools: GoldPools,
        rng: random.Random,
    ) -> None:
        self._lists = lists
        self._pools = pools
        self._rng = rng
        self._surnames = {
            word.casefold()
            for surface in surfaces
            for word, is_last in name_parts(surface)
            if is_last
        }
        self._taken = {m[0].casefold() for surface in surfaces for m in _WORD.finditer(surface)}
        self._become: dict[str, str] = {}

    def rename(self, surface: str) -> str:
        """Write a tagged name with other people's names, in the same format and case."""
        letters = "".join(_LETTER.findall(surface))
        if _is_initials(surface, letters):
            return _LETTER.sub(lambda m: match_case(self._initial(m[0]), m[0]), surface)
        return _WORD.sub(lambda m: self._rename_word(m[0]), surface)

    def word(self, original: str) -> str | None:
        """Return what a name of the note became, in lower case, or None if it is no name."""
        return self._become.get(original.casefold())

    def some_name(self) -> str:
        """Draw a name of the cast or, if it is empty, any surname; in lower case."""
        cast = list(self._become.values())
        if cast and self._rng.random() < 0.6:
            return pick(self._rng, cast)
        return self._draw(is_last=self._rng.random() < 0.7).casefold()

    def _rename_word(self, word: str) -> str:
        if len(word) == 1:
            return match_case(self._initial(word), word)
        if not is_name_word(word):
            return word
        folded = word.casefold()
        if folded not in self._become:
            is_last = folded in self._surnames or self._rng.random() < 0.35
            self._become[folded] = self._draw(is_last).casefold()
        return match_case(title(self._become[folded]), word)

    def _draw(self, is_last: bool) -> str:
        pool = self._pools.last if is_last else self._pools.first
        listed = self._lists.last if is_last else self._lists.first
        for _ in range(20):
            share = self._rng.random()
            if share < 0.4 and pool:
                name = pick(self._rng, pool)
            elif share < 0.45:
                name = self._coin()
            else:
                name = listed.draw(self._rng)
            if name.casefold() not in self._taken:
                break
        else:
            name = self._coin()
        self._taken.add(name.casefold())
        return name

    def _coin(self) -> str:
        """Invent a name by crossing two surnames, so that unseen names look like names too."""
        head, tail = self._lists.last.draw(self._rng), self._lists.first.draw(self._rng)
        coined = head[: max(2, len(head) // 2 + 1)] + tail[len(tail) // 2 :].lower()
        return coined if coined.casefold() not in self._taken else coined + "ez"

    def _initial(self, original: str) -> str:
        drawn = pick(self._rng, _UPPER)
        return drawn if drawn != original.upper() else ("M" if drawn == "S" else "S")


def _is_initials(surface: str, letters: str) -> bool:
    """Say whether a whole tagged name is initials: ``JKM``, ``bjs``, ``E.K.``."""
    if not 1 <= len(letters) <= 4 or any(c.isdigit() for c in surface):
        return False
    if all(len(m[0]) == 1 for m in _WORD.finditer(surface)):
        return True
    return len(letters) <= 3 and (surface.isupper() or not _VOWEL.search(letters))


def match_case(text: str, like: str) -> str:
    """Write a text in the case of another: all capitals, all small, or as it is."""
    if not any(c.isalpha() for c in like):
        return text
    if like.isupper() and (len(like) > 1 or len(text) == 1):
        changed = text.upper()
    elif like.islower():
        changed = text.lower()
    else:
        return text
    return changed
