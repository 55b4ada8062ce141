"""The name of a place or firm taken into runs: proper names, numbers, and words that are kept.

Only words that say what a place is may stay, and only where they say just that: the hospital in
Dunmore General Hospital, never the surgery in Hospital for Special Surgery.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.deid.surrogates.written_form import (
    find_words,
    fold_word,
    word_key,
    word_set,
)

_ACRONYM = re.compile(r"[A-Z](?:\.?[A-Z]){1,5}\.?")
_NUMBERED = re.compile(r"(?=.*[0-9])[0-9A-Za-z]{1,8}")
_SMALL = word_set("of the and at for in on de la del y to by")
_SAINTS = frozenset(("st", "saint", "ste", "sta", "santa", "san"))
_POSSESSIVE = re.compile(r"['’‘`\u00b4][sS]")
_GAP = re.compile(r"(?:['’‘`\u00b4][sS])?\.?[ \u00a0-]")
_FINAL = word_set(
    "general memorial regional community children childrens health healthcare medical home homes"
)
"""Words that end a name for themselves: Dunmore General, Dunmore Children's."""
_LEADING = word_set("lake lakes")
"""Words that stand before the name of what they are: Lake Dunmore."""


@dataclass(frozen=True, slots=True)
class PlaceRun:
    """A run of words: a proper name, or a word or number on its own.

    Attributes:
        start: First code point within the surface.
        end: One past its last code point.
        kind: ``proper``, ``saint`` (the name after St.), ``number``, ``acronym``, ``small`` or
            ``kept``.
        key: The folded words.
    """

    start: int
    end: int
    kind: str
    key: str


def find_runs(surface: str, kept: Mapping[str, str]) -> Iterator[PlaceRun]:
    """Take the name of a place into runs: all words of a proper name form one.

    Args:
        surface: What a note writes.
        kept: Words that may stay, each with where it may: a ``noun`` anywhere; a ``modifier``
            before a word that stays, or at the end; a ``feature`` if no noun stays beside it;
            a ``counted`` word beside a number.
    """
    words = find_words(surface)
    kinds = [_kind(surface, words, place, kept) for place in range(len(words))]
    if len(words) > 1 and all(kind in (*_KEPT_KINDS, "kept", "small") for kind in kinds):
        kinds = _all_known(kinds)
    elif len(words) == 1 and kinds[0] in _KEPT_KINDS:
        kinds = ["kept"]
    else:
        _settle_counted(surface, words, kinds)
        _settle_modifiers(surface, words, kinds)
        _settle_features(surface, words, kinds)
    place = 0
    while place < len(words):
        last = _last_of_name(surface, words, kinds, place) if kinds[place] == "proper" else place
        start, end = words[place][0], words[last][1]
        key = "".join(word_key(surface[s:e]) for s, e in words[place : last + 1])
        if last > place and (possessive := _POSSESSIVE.match(surface, end)):
            end = possessive.end()
        if kinds[place] == "number":
            key = surface[start:end].lower()
        yield PlaceRun(start, end, kinds[place], key)
        place = last + 1


_KEPT_KINDS = ("noun", "modifier", "feature", "counted")


def _all_known(kinds: list[str]) -> list[str]:
    """Take a word for the name where all might stay: University in University Hospital."""
    by_kind = {"small": "small"}
    if "noun" in kinds or "modifier" in kinds:
        by_kind |= {"feature": "proper", "counted": "proper"}
    settled = [by_kind.get(kind, "kept") for kind in kinds]
    if "proper" not in settled:
        named = next((kind for kind in ("modifier", "noun") if kind in kinds), "")
        settled[kinds.index(named) if named else _first_known(kinds)] = "proper"
    return settled


def _first_known(kinds: list[str]) -> int:
    """Return the first place of a word that is no small one, or 0."""
    return next((place for place, kind in enumerate(kinds) if kind != "small"), 0)


def _kind(surface: str, words: list[tuple[int, int]], place: int, kept: Mapping[str, str]) -> str:
    start, end = words[place]
    word = surface[start:end]
    key = fold_word(word)
    before = fold_word(surface[slice(*words[place - 1])]) if place else ""
    if any(char.isdigit() for char in word):
        return "number" if _NUMBERED.fullmatch(word) else "proper"
    if key in _SAINTS and place + 1 < len(words):
        return "kept"
    if before in _SAINTS and kept.get(key) != "noun":
        return "saint"
    if key in _SMALL:
        return "small"
    found = kept.get(key) or kept.get(word.lower())
    if found:
        return found
    if len(key) == 1 and len(words) > 1:
        return "number"
    if len(words) > 1 and _ACRONYM.fullmatch(word) and not surface.isupper():
        return "acronym"
    return "proper"


def _settle_counted(surface: str, words: list[tuple[int, int]], kinds: list[str]) -> None:
    """Keep words such as gate and west beside a number only: Gate 4, 5 West."""
    for place, kind in enumerate(kinds):
        if kind == "counted":
            beside = {
                kinds[other]
                for other in (place - 1, place + 1)
                if 0 <= other < len(words) and _touch(surface, words, min(place, other))
            }
            kinds[place] = "kept" if "number" in beside else "proper"


def _settle_modifiers(surface: str, words: list[tuple[int, int]], kinds: list[str]) -> None:
    """Keep a modifier before a word that stays, or one that ends a name for itself."""
    has_noun = "noun" in kinds
    for place in range(len(words) - 1, -1, -1):
        if kinds[place] == "noun":
            kinds[place] = "kept"
        if kinds[place] != "modifier":
            continue
        key = fold_word(surface[slice(*words[place])])
        follows = place + 1 < len(words) and _touch(surface, words, place)
        if follows:
            stays = kinds[place + 1] == "kept"
        else:
            named = place > 0 and kinds[place - 1] in ("proper", "saint", "acronym", "modifier")
            stays = key in _FINAL and not has_noun and named and _touch(surface, words, place - 1)
        kinds[place] = "modifying" if stays and not follows else "kept" if stays else "proper"
    for place, kind in enumerate(kinds):
        kinds[place] = "kept" if kind == "modifying" else kind
    for place in range(1, len(words)):
        if kinds[place] == "kept" and _is_linked(surface, words, kinds, place):
            kinds[place] = "proper"


def _is_linked(surface: str, words: list[tuple[int, int]], kinds: list[str], place: int) -> bool:
    """Say whether ``and`` ties a word before a noun to a name: Women & Children's Hospital."""
    before = fold_word(surface[slice(*words[place - 1])])
    if place + 1 == len(words) or kinds[place + 1] != "kept":
        return False
    if "&" in surface[words[place - 1][1] : words[place][0]]:
        return kinds[place - 1] == "proper"
    return place > 1 and before in ("and", "for") and kinds[place - 2] == "proper"


def _settle_features(surface: str, words: list[tuple[int, int]], kinds: list[str]) -> None:
    """Keep one word such as park or lake, and that only where it says what the place is."""
    features = [place for place, kind in enumerate(kinds) if kind == "feature"]
    others = any(
        kind == "kept" and fold_word(surface[slice(*words[place])]) not in _SAINTS
        for place, kind in enumerate(kinds)
    )
    for place in features:
        ends = place == len(words) - 1
        leads = place == 0 and fold_word(surface[slice(*words[0])]) in _LEADING
        only = not others and (ends or (leads and features == [0]))
        kinds[place] = "kept" if only else "proper"


def _touch(surface: str, words: list[tuple[int, int]], place: int) -> bool:
    """Say whether a word and the next one have but a blank or a hyphen between them."""
    return _GAP.fullmatch(surface, words[place][1], words[place + 1][0]) is not None


def _last_of_name(surface: str, words: list[tuple[int, int]], kinds: list[str], place: int) -> int:
    """Return the last word of the proper name that begins at a word, across small words."""
    last = place
    ahead = place
    while ahead + 1 < len(words) and _touch(surface, words, ahead):
        ahead += 1
        if kinds[ahead] == "proper":
            last = ahead
        elif kinds[ahead] != "small":
            break
    return last


def word_key_of(surface: str) -> str:
    """Return the folded words of a surface in one."""
    return "".join(word_key(surface[start:end]) for start, end in find_words(surface))


def acronym_letters(surface: str) -> str:
    """Return the capitals of a name that is written as an acronym, else nothing."""
    plain = surface.strip()
    return plain.replace(".", "") if _ACRONYM.fullmatch(plain) and len(plain) < 9 else ""


def acronym_of(surface: str) -> str:
    """Return the first letters of the words of a name, in capitals; nothing if it is one word."""
    words = [surface[start:end] for start, end in find_words(surface)]
    letters = [fold_word(word)[:1] for word in words if fold_word(word) not in _SMALL]
    return "".join(letters).upper() if len(letters) > 1 else ""
