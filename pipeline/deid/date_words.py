"""The words of dates: months, weekdays, seasons and ordinal numbers, read and written."""

from __future__ import annotations

from typing import Final

_LONG: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SPANISH: Final = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_SPANISH_SHORT: Final = (
    "ene",
    "feb",
    "mar",
    "abr",
    "may",
    "jun",
    "jul",
    "ago",
    "sep",
    "oct",
    "nov",
    "dic",
)
_FAMILIES: Final = (_LONG, tuple(name[:3] for name in _LONG), _SPANISH, _SPANISH_SHORT)
_SHORT_FAMILY: Final = 1
_MONTHS: Final = {
    word: (family, number)
    for family in (3, 2, 1, 0)  # English wins where both languages write the same
    for number, word in enumerate(_FAMILIES[family], start=1)
} | {"sept": (_SHORT_FAMILY, 9)}
_SEASONS: Final = {"winter": 1, "spring": 4, "summer": 7, "fall": 10, "autumn": 10}
_ORDINALS: Final = ("first", "second", "third", "fourth")

MONTH: Final = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
SEASON: Final = "(?:" + "|".join(_SEASONS) + ")"
WEEKDAY: Final = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)"
)
ORDINAL: Final = "(?:" + "|".join(_ORDINALS) + "|1st|2nd|3rd|4th)"


def read_month(word: str) -> int:
    """Return the number, 1 to 12, of a month's English or Spanish name or abbreviation."""
    return _MONTHS[word.lower()][1]


def write_month(sample: str, month: int, *, short: bool) -> str:
    """Write a month as another one is written: its language, length and case.

    Args:
        sample: Another month's name, as in ``Sept`` or ``MARZO``.
        month: The month to write, 1 to 12.
        short: Whether a sample that may be a name or an abbreviation, *May*, is the latter.
    """
    family, number = _MONTHS[sample.lower()]
    if number == month:
        return sample
    if short and family == 0 and number == 5:
        family = _SHORT_FAMILY
    return match_case(_FAMILIES[family][month - 1], sample)


def season_middle(word: str) -> int:
    """Return the middle month of a season of the northern hemisphere; winter's is January."""
    return _SEASONS[word.lower()]


def season_of(month: int) -> int:
    """Return the middle month of the season that a month belongs to: 1, 4, 7 or 10."""
    return month % 12 // 3 * 3 + 1


def write_season(sample: str, middle: int) -> str:
    """Write the season with the given middle month as another one is written."""
    word = next(word for word, month in _SEASONS.items() if month == middle)
    if sample.lower() == "autumn" and word == "fall":
        return sample
    return match_case(word, sample)


def read_quarter(word: str) -> int:
    """Return the number, 1 to 4, of a quarter written ``3``, ``3rd`` or ``third``."""
    return int(word[0]) if word[0].isdigit() else _ORDINALS.index(word.lower()) + 1


def write_quarter(sample: str, quarter: int) -> str:
    """Write a quarter's number as another one is written."""
    if sample.isdigit():
        return str(quarter)
    if sample[0].isdigit():
        return write_ordinal(quarter, upper=sample.isupper())
    return match_case(_ORDINALS[quarter - 1], sample)


def write_ordinal(number: int, *, upper: bool = False, padded: bool = False) -> str:
    """Write an ordinal number in digits: 1st, 22nd, 03rd, 11TH."""
    last = 0 if number % 100 in (11, 12, 13) else number % 10
    ending = {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return f"{number:0{2 if padded else 1}d}{ending.upper() if upper else ending}"


def match_case(word: str, sample: str) -> str:
    """Write a lower-case word in capitals, capitalised or as it is, as the sample is written."""
    if sample.isupper():
        return word.upper()
    return word.capitalize() if sample[0].isupper() else word
