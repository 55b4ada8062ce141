"""Ages as clinicians write them; those of 90 and above become one category, 90+.

45 CFR 164.514(b)(2)(i)(C) lets ages stay, save those over 89.
"""

from __future__ import annotations

import re
from typing import Final

_MOST_CHARACTERS: Final = 64
_OLDEST: Final = 125
"""More years than this are no age."""
_ONES: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS: Final = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ELDERS: Final = {
    "octogenarian": 80,
    "nonagenarian": 90,
    "centenarian": 100,
    "supercentenarian": 110,
}
_NUMBERS: Final = (
    {word: number for number, word in enumerate((*_ONES, *_TEENS), start=1)}
    | {word: ten * 10 for ten, word in enumerate(_TENS, start=2)}
    | {f"{word[:-1]}ies": ten * 10 for ten, word in enumerate(_TENS, start=2)}
    | {f"{word}{end}": age for word, age in _ELDERS.items() for end in ("", "s")}
)
_ORDINALS: Final = (
    {"first": "one", "second": "two", "third": "three", "fifth": "five", "eighth": "eight"}
    | {"ninth": "nine", "twelfth": "twelve", "hundredth": "hundred"}
    | {f"{word}th": word for word in (*_ONES, *_TEENS)}
    | {f"{word[:-1]}ieth": word for word in _TENS}
)
_PER_YEAR: Final = {"m": 12, "w": 52, "d": 365, "h": 8766}
"""How many of the unit that begins with this letter a year has."""

_ORDINAL: Final = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b|(?<=[0-9])(?:st|nd|rd|th)\b")
_DECADE: Final = re.compile(r"\b([0-9]+)[\s-]+decade(?:\s+of(?:\s+(?:his|her|their))?\s+life)?\b")
_FRACTION: Final = re.compile(
    r"(?<=[0-9])\s*[½¼¾]|(?<=[0-9])(?:\s+|-)(?:1/[234]|[23]/[34])(?![0-9/])"
)
_APART: Final = re.compile(r"[0-9](?:\s+|\s*,\s*)[0-9]")
"""Two numbers, or one that a scanner or a typist tore apart: 9 2."""
_COMPOUND: Final = re.compile(rf"\b({'|'.join(_TENS)})[\s-]+({'|'.join(_ONES)})\b")
_WORD: Final = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")
_HUNDRED: Final = re.compile(r"\b(?:(?:1|a)\s+)?hundred(?:(?:\s+and)?[\s-]+([0-9]{1,2})\b)?")
_AGE: Final = re.compile(
    r"([0-9]+)(?:\s*(?:-|–|\bto\b|\bor\b)\s*([0-9]+))?"
    r"(?:[\s-]*(months?|mos?|weeks?|wks?|days?|hours?|hrs?)\b)?"
)
_OLDER: Final = re.compile(r"[>≥+]|\b(?:over|above|past|older)\b")
_FILLER: Final = re.compile(
    r"\b(?:y\s?[./]?\s?o|y|yrs?|years?|old|of|age|aged|about|approximately|approx|early|mid|middle"
    r"|late|in|at|his|her|their|the|an?|male|female|man|woman|boy|girl|m|f|and|or|something|than"
    r"|over|above|past|nearly|almost|well|older|half|birthday)\b|['’]?s\b|[-\s.,/~()&<>≤≥+='’–]"
)


def release_age(surface: str) -> str | None:
    """Return an age as it may be released.

    Args:
        surface: One or more ages as they stand in a note, with or without their unit: ``92``,
            ``ninety-two``, ``80s``, ``95 days``, ``88-91``, ``95th``, ``tenth decade``.

    Returns:
        The surface if all its ages are below 90 years, ``90+`` if one is not, and None if the
        surface can't be read: misread digits, digits parted by white space or a comma, unknown
        words, no number, more than 125 years.
    """
    if len(surface) > _MOST_CHARACTERS:
        return None
    text = _ORDINAL.sub(lambda m: _ORDINALS.get(m[0], ""), _FRACTION.sub("", surface.lower()))
    text = _COMPOUND.sub(lambda m: str(_NUMBERS[m[1]] + _NUMBERS[m[2]]), text)
    text = _WORD.sub(lambda m: str(_NUMBERS[m[0]]), text)
    text = _HUNDRED.sub(lambda m: str(100 + int(m[1] or 0)), text)
    text = _DECADE.sub(lambda m: str(10 * (int(m[1]) - 1)), text)  # the tenth begins at 90
    ages = _ages(text)
    unknown = _FILLER.sub(" ", _AGE.sub(" ", text)).strip()
    if unknown or not ages or max(ages) > _OLDEST or _APART.search(text):
        return None
    limit = 89 if _OLDER.search(text) else 90
    return "90+" if max(ages) >= limit else surface


def _ages(text: str) -> list[float]:
    """Return the ages in years of a text without spelled-out numbers."""
    ages: list[float] = []
    for first, last, unit in _AGE.findall(text):
        per_year = _PER_YEAR[unit[0]] if unit else 1
        numbers = [int(number) for number in (first, last) if number]
        if sorted(numbers) != numbers:
            return []  # 91-3 months: whose unit is it?
        ages += (number / per_year for number in numbers)
    return ages
