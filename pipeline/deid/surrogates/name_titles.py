"""The words of a written name that name nobody: titles, suffixes and credentials."""

from __future__ import annotations

import re

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.surrogates.written_form import fold_word, word_set

SUFFIXES = word_set("jr sr ii iii iv")
_ORDINALS = word_set("2nd 3rd 4th")
_TITLES = word_set("drs dra messrs sra srta capt sgt lt rabbi hon")
"""Titles that the lexicon, which finds names by them, leaves out."""
_POSTS = word_set("nurse surgeon physician resident attending chaplain aide")
_BEFORE = word_set("rn np pa md lpn lvn cna aprn crna")
"""Posts and licences that also stand before a name: Nurse Dunmore, NP Dunmore."""
_JOINED = re.compile(r"\.?[ \u00a0]?")
_MOST_WORDS = 4
_LONGEST_LEVEL = 5
_LEAST_SURE = 2
"""Names and initials after which a credential is no given name, as MA in LEE, MA may be."""


def find_titles(surface: str, words: list[tuple[int, int]], lexicon: Lexicon) -> frozenset[int]:
    """Find the words of a written name that stay as they are.

    Args:
        surface: What a note or the register writes: ``Mrs. R. Gupta, PA-C``.
        words: Start and end of each of its words.
        lexicon: The word lists.

    Returns:
        The places of titles (Mrs), suffixes (Jr) and credentials (PA-C, M.D.) among the words.
    """
    keys = [fold_word(surface[start:end]) for start, end in words]
    found: set[int] = set()
    named = 0
    place = 0
    while place < len(words):
        n_credential = _credential(surface, words, keys, place, named, found, lexicon)
        if n_credential:
            found.update(range(place, place + n_credential))
            place += n_credential
            continue
        if _is_title(surface, words, keys, place, named, lexicon) or (
            named and keys[place] in SUFFIXES | _ORDINALS
        ):
            found.add(place)
        else:
            named += 1
        place += 1
    return frozenset(found)


def _is_title(
    surface: str,
    words: list[tuple[int, int]],
    keys: list[str],
    place: int,
    named: int,
    lexicon: Lexicon,
) -> bool:
    """Say whether a word is a title: before a name, or set apart at the end."""
    key = keys[place]
    if place == 0 and len(words) > 1 and not surface[words[0][1] : words[1][0]].strip():
        licence = key in _BEFORE and not lexicon.is_name(key) and not surface.isupper()
        if key in _POSTS or (licence and surface[slice(*words[0])].isupper()):
            return True
    sister = key == "sr" and place == 0
    if key not in lexicon.titles and key not in _TITLES and not sister:
        return False
    if place + 1 == len(words):
        return bool(named and surface[words[place - 1][1] : words[place][0]].strip(" \u00a0.-'"))
    return not place or not lexicon.is_name(key)


def _credential(
    surface: str,
    words: list[tuple[int, int]],
    keys: list[str],
    place: int,
    named: int,
    found: set[int],
    lexicon: Lexicon,
) -> int:
    """Return how many words from a place on are a credential; 0 if they are none."""
    if not named:
        return 0
    start = words[place][0]
    gap = surface[words[place - 1][1] : start]
    parted = bool(gap.strip(" \u00a0.")) or place - 1 in found
    if gap in ("", ".") or "-" in gap or "'" in gap:
        return 0
    for n_words in range(min(_MOST_WORDS, len(words) - place), 0, -1):
        last = place + n_words - 1
        joined = "".join(keys[place : last + 1])
        if joined not in lexicon.credentials:
            continue
        if n_words > 1 and not _is_joined(surface, words, place, last):
            continue
        text = surface[start : words[last][1]]
        if not _ends_name(surface, words, last, keys, lexicon):
            continue
        if not _is_sure(text, surface, lexicon.is_name(joined) and n_words == 1, parted, named):
            continue
        while last + 1 < len(words) and _is_level(surface, words, last):
            last += 1
        return last - place + 1
    return 0


def _is_sure(text: str, surface: str, may_name: bool, parted: bool, named: int) -> bool:
    """Say whether a word is written as a credential, and not as a name that it may be too."""
    if text.isupper() and not surface.isupper():
        return True
    if may_name:
        return parted and text.isupper() and named >= _LEAST_SURE
    if parted or surface.islower() or len(text) < _LONGEST_LEVEL:
        return True
    return not (text.istitle() or text.islower())


def _is_joined(surface: str, words: list[tuple[int, int]], place: int, last: int) -> bool:
    """Say whether words are written as one credential: M.D., Ph.D., PA-C."""
    gaps = [surface[words[at][1] : words[at + 1][0]] for at in range(place, last)]
    dotted = all(_JOINED.fullmatch(gap) and "." in gap for gap in gaps)
    return dotted or all(gap == "-" for gap in gaps)


def _is_level(surface: str, words: list[tuple[int, int]], last: int) -> bool:
    """Say whether the next word is tied to a credential by a hyphen: PA-C, RN-BC."""
    tied = surface[words[last][1] : words[last + 1][0]] == "-"
    return tied and words[last + 1][1] - words[last + 1][0] < _LONGEST_LEVEL


def _ends_name(
    surface: str, words: list[tuple[int, int]], last: int, keys: list[str], lexicon: Lexicon
) -> bool:
    """Say whether no further part of the name follows: a credential may, or what is set apart."""
    if last + 1 == len(words):
        return True
    gap = surface[words[last][1] : words[last + 1][0]]
    ahead = keys[last + 1]
    if gap.strip(" \u00a0.") or ahead in SUFFIXES:
        return True
    rest = ["".join(keys[last + 1 : end]) for end in range(last + 2, last + 2 + _MOST_WORDS)]
    return any(key in lexicon.credentials for key in rest)
