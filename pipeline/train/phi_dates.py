"""Surrogates of dates: other days, and now and then another way to write them."""

from __future__ import annotations

import random
import re
from typing import Final

from pipeline.train.phi_lists import pick
from pipeline.train.phi_names import match_case
from pipeline.train.phi_words import (
    HOLIDAYS,
    MONTHS,
    MONTHS_SHORT,
    SEASONS,
    WEEKDAYS,
    WEEKDAYS_SHORT,
)

_FULL: Final = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-](\d{2}|\d{4})|\d{4}[/\-]\d{1,2}[/\-]\d{1,2}")
_PARTIAL: Final = re.compile(r"\d{1,2}[/\-]\d{1,2}")
_YEAR: Final = re.compile(r"(19|20)\d\d")
_DIGITS: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_MONTH_WORDS: Final = {m.casefold() for m in (*MONTHS, *MONTHS_SHORT)}
_DAY_WORDS: Final = {d.casefold() for d in (*WEEKDAYS, *WEEKDAYS_SHORT)}
_HOLIDAY_NAMES: Final = {h.casefold() for h in HOLIDAYS}
_SEASON_WORDS: Final = {s.casefold() for s in SEASONS}


def redate(surface: str, rng: random.Random) -> str:
    """Write another date in place of one.

    Full numeric dates are written in any of the usual formats; month names, weekdays, holidays
    and years are replaced by others; the digits of anything else are redrawn within their range.

    Args:
        surface: A tagged date, e.g. ``3/14/19`` or ``Tuesday, March 3rd``.
        rng: Source of randomness.
    """
    if _FULL.fullmatch(surface) and rng.random() < 0.5:
        return _full_date(rng)
    if _PARTIAL.fullmatch(surface) and rng.random() < 0.5:
        return _partial_date(rng)
    if _YEAR.fullmatch(surface):
        return str(rng.randint(1935, 2026))
    if surface.casefold() in _HOLIDAY_NAMES or not (
        _DIGITS.search(surface) or _names_a_day(surface)
    ):
        return match_case(pick(rng, HOLIDAYS), surface) if surface[0].isalpha() else surface
    changed = _WORD.sub(lambda m: _other_word(m[0], rng), surface)
    return _DIGITS.sub(lambda m: _other_number(m[0], rng), changed)


def _names_a_day(surface: str) -> bool:
    known = _MONTH_WORDS | _DAY_WORDS | _SEASON_WORDS
    return any(word.casefold() in known for word in _WORD.findall(surface))


def _other_word(word: str, rng: random.Random) -> str:
    folded = word.casefold()
    if folded in _MONTH_WORDS:
        same = MONTHS if word.casefold() in {m.casefold() for m in MONTHS} else MONTHS_SHORT
        return match_case(pick(rng, same if rng.random() < 0.8 else MONTHS), word)
    if folded in _DAY_WORDS:
        same = WEEKDAYS if len(word) > 5 else WEEKDAYS_SHORT
        return match_case(pick(rng, same if rng.random() < 0.8 else WEEKDAYS), word)
    if folded in _SEASON_WORDS:
        return match_case(pick(rng, SEASONS), word)
    return word


def _other_number(digits: str, rng: random.Random) -> str:
    if len(digits) == 4 and digits[:2] in ("19", "20"):
        return str(rng.randint(1935, 2026))
    if len(digits) == 2 and digits[0] == "0":
        return f"0{rng.randint(1, 9)}"
    if len(digits) <= 2 and int(digits) <= 12:
        low, high = (1, 9) if len(digits) == 1 else (10, 12)
        return str(rng.randint(low, high))
    if len(digits) == 2:
        return str(rng.randint(13, 31 if int(digits) <= 31 else 99))
    return "".join(str(rng.randint(0, 9)) for _ in digits)


def _full_date(rng: random.Random) -> str:
    year, month, day = rng.randint(1930, 2026), rng.randint(1, 12), rng.randint(1, 28)
    name, short = MONTHS[month - 1], MONTHS[month - 1][:3]
    two = f"{year % 100:02d}"
    return pick(
        rng,
        (
            f"{month}/{day}/{two}",
            f"{month}/{day}/{year}",
            f"{month:02d}/{day:02d}/{year}",
            f"{month:02d}/{day:02d}/{two}",
            f"{month}-{day}-{two}",
            f"{month:02d}-{day:02d}-{year}",
            f"{year}-{month:02d}-{day:02d}",
            f"{year}/{month:02d}/{day:02d}",
            f"{month}.{day}.{two}",
            f"{day:02d}.{month:02d}.{year}",
            f"{day}-{short}-{year}",
            f"{day} {short} {year}",
            f"{day:02d}{short.upper()}{year}",
            f"{name} {day}, {year}",
            f"{short} {day}, {year}",
            f"{short} {day} {year}",
            f"{day} {name} {year}",
            f"{name} {day}{ordinal(day)}, {year}",
        ),
    )


def _partial_date(rng: random.Random) -> str:
    month, day = rng.randint(1, 12), rng.randint(1, 28)
    short = MONTHS[month - 1][:3]
    return pick(
        rng,
        (
            f"{month}/{day}",
            f"{month}/{day}",
            f"{month:02d}/{day:02d}",
            f"{month:02d}-{day:02d}",
            f"{month}-{day}",
            f"{short} {day}",
            f"{day} {short}",
            f"{MONTHS[month - 1]} {day}",
            f"{MONTHS[month - 1]} {day}{ordinal(day)}",
        ),
    )


def ordinal(day: int) -> str:
    """Return the ending of a day's ordinal number: st, nd, rd or th."""
    if day in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
