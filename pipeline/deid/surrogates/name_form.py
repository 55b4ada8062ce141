"""A written name taken into its pieces, so that each can be replaced where it stands."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.surrogates.name_titles import find_titles
from pipeline.deid.surrogates.written_form import (
    find_words,
    fold_word,
    word_key,
    word_set,
)

Kind = Literal["name", "initial", "number", "kept"]
Role = Literal["given", "surname"]

_WHO = word_set(
    "baby boy girl twin infant newborn aka nee and the of or mother mom father dad aunt uncle"
    " grandma grandpa sister brother wife husband son daughter cousin friend"
)
_FUSED = frozenset(["mc", "mac", "st", "san", "santa"])
_LINK = re.compile(r"[ \u00a0]?[-'’‘`\u00b4 ]?[ \u00a0]?")
_MOST_JOINED = 4


@dataclass(frozen=True, slots=True)
class NamePiece:
    """One piece of a written name.

    Attributes:
        start: First code point within the surface.
        end: One past its last code point.
        kind: A name, a single letter, a number, or a word that is kept: Dr, Jr, baby.
        key: The folded piece; particles are joined to what follows: delacruz.
        core: The key without particles (cruz) if it has any, else empty.
        role: Which name the place within the surface speaks for; None if it says nothing.
    """

    start: int
    end: int
    kind: Kind
    key: str
    core: str = ""
    role: Role | None = None


def parse_name(surface: str, whole: Collection[str], lexicon: Lexicon) -> tuple[NamePiece, ...]:
    """Take a written name into pieces.

    Args:
        surface: What a note or the register writes: ``O'Leary, Margaret A``.
        whole: Keys that occur as one word somewhere, so that ``O Leary`` is known for oleary.
        lexicon: The word lists.

    Returns:
        The pieces in text order. What lies between them (commas, blanks, hyphens, dots, quotes)
        is no part of the name.
    """
    words = find_words(surface)
    titles = find_titles(surface, words, lexicon)
    comma = _dividing_comma(surface, words, titles)
    pieces: list[NamePiece] = []
    place = 0
    while place < len(words):
        piece, place = _take(surface, words, place, comma, titles, whole, lexicon)
        pieces.append(piece)
    if not any(piece.kind in ("name", "initial") for piece in pieces):
        pieces = [_all_named(surface, piece) for piece in pieces]
    return _with_roles(surface, pieces, comma)


def _take(
    surface: str,
    words: list[tuple[int, int]],
    place: int,
    comma: int,
    titles: Collection[int],
    whole: Collection[str],
    lexicon: Lexicon,
) -> tuple[NamePiece, int]:
    """Take the piece that begins at a word; return it and the place of the next one."""
    start, end = words[place]
    key = word_key(surface[start:end])
    if kind := _plain_kind(surface, words, place, titles):
        return NamePiece(start, end, kind, key), place + 1
    last = _end_of_particles(surface, words, place, comma, lexicon)
    if last > place:
        keys = [word_key(surface[s:e]) for s, e in words[place : last + 1]]
        core = "" if _FUSED.intersection(keys[:-1]) else keys[-1]
        return NamePiece(start, words[last][1], "name", "".join(keys), core), last + 1
    joined = key
    found: tuple[NamePiece, int] | None = None
    for more in range(place + 1, min(place + _MOST_JOINED, len(words))):
        if not _LINK.fullmatch(surface, words[more - 1][1], words[more][0]):
            break
        if more in titles:
            break
        joined += word_key(surface[slice(*words[more])])
        if joined in whole and len(joined) > 3:
            found = NamePiece(start, words[more][1], "name", joined), more + 1
    if found:
        return found
    single = len(key) == 1 and key.isascii()
    return NamePiece(start, end, "initial" if single else "name", key), place + 1


def _plain_kind(
    surface: str, words: list[tuple[int, int]], place: int, titles: Collection[int]
) -> Kind | None:
    """Say what a word is that is no name, or None."""
    start, end = words[place]
    word = surface[start:end]
    key = fold_word(word)
    if place in titles:
        return "kept"
    if not any(char.isalpha() for char in word):
        return "number"
    return "kept" if key in _WHO and len(words) > 1 else None


def _end_of_particles(
    surface: str, words: list[tuple[int, int]], place: int, comma: int, lexicon: Lexicon
) -> int:
    """Return the place of the word that the particles from ``place`` on belong to."""
    last = place
    while last + 1 < len(words):
        start, end = words[last]
        word = surface[start:end]
        key = fold_word(word)
        gap = surface[end : words[last + 1][0]]
        small = word.islower() or len(key) > 1
        if key not in lexicon.particles or not small or gap.strip(" \u00a0-.'’") or len(gap) > 2:
            break
        heads = last == 0 if comma < 0 else words[last - 1][1] <= comma < start
        given = heads and key in lexicon.first_names and not word.islower() and "-" not in gap
        if given and fold_word(surface[slice(*words[last + 1])]) not in lexicon.particles:
            break
        last += 1
    lone = fold_word(surface[slice(*words[last])])
    return place if last > place and len(lone) < 2 else last


def _dividing_comma(surface: str, words: list[tuple[int, int]], titles: Collection[int]) -> int:
    """Return the place of the comma that parts surname and given names, or -1."""
    comma = surface.find(",")
    if comma < 0 or not any(start < comma for start, _ in words):
        return -1
    follows = any(s > comma and place not in titles for place, (s, _) in enumerate(words))
    return comma if follows else -1


def _all_named(surface: str, piece: NamePiece) -> NamePiece:
    """Take a word that is kept elsewhere for a name, where there is nothing else to replace."""
    kind: Kind = "name" if piece.kind == "kept" else piece.kind
    return NamePiece(piece.start, piece.end, kind, word_key(surface[piece.start : piece.end]))


def _with_roles(surface: str, pieces: list[NamePiece], comma: int) -> tuple[NamePiece, ...]:
    """Give each name the role that its place speaks for; hyphens make one name of several."""
    counted = [piece for piece in pieces if piece.kind in ("name", "initial")]
    first_of_last = len(counted) - 1
    while (
        first_of_last > 0
        and "-" in surface[counted[first_of_last - 1].end : counted[first_of_last].start]
    ):
        first_of_last -= 1
    if first_of_last < 1 and comma < 0:
        return tuple(pieces)
    ends_in_name = counted[-1].kind == "name"
    n_names = sum(piece.kind == "name" for piece in counted)
    roled: list[NamePiece] = []
    for piece in pieces:
        role: Role | None = None
        if piece.kind in ("name", "initial"):
            if comma >= 0:
                role = "surname" if piece.start < comma else "given"
            elif ends_in_name:
                role = "surname" if piece.start >= counted[first_of_last].start else "given"
            elif piece.kind == "initial" and n_names > 1:
                role = "given"
        roled.append(replace(piece, role=role))
    return tuple(roled)
