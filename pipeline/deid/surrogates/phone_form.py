"""A written telephone number, or several, taken into the parts that are replaced one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["whole", "local", "line", "extension", "foreign"]

_DIGITS = re.compile(
    r"(?:(?<![A-Za-z])|(?<=[xX])|(?<=[eE][xX][tT]))[0-9OolI]*[0-9][0-9OolI]*(?![0-9A-WYZa-wyz])"
    r"|(?<=\s)O[lI](?=[0-9])"
)
_WORDS = re.compile(
    r"(?i)(?<![a-z])(?!(?:x|ext|extn|extension|pager|pgr|beeper|tel|phone|ph|fax|cell|home|work"
    r"|office|main|option|opt|and|or|to)(?![a-z]))(?!x[0-9])[a-z]{2,}"
)
_READ = str.maketrans("OolI", "0011")
_GAP = r"[-.\s\u2010-\u2015]{0,3}"
_LOCAL = rf"[0-9]{{3}}{_GAP}[0-9]{{4}}(?![0-9])"
_AREA = r"(?:\([0-9]{3}\)|[0-9]{3})"
_ABROAD = rf"(?:\+|(?:011|00){_GAP})?"
_TIE = r"[-.()\s\u2010-\u2015]{0,3}"
_FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("foreign", re.compile(rf"(?:\+|(?:011|00){_GAP})(?=[2-9])[0-9](?:{_TIE}[0-9])*")),
    ("whole", re.compile(rf"(?:{_ABROAD}\(?1\)?{_GAP})?{_AREA}/?{_GAP}{_LOCAL}")),
    ("local", re.compile(_LOCAL)),
    ("extension", re.compile(r"[0-9]-?[0-9]{4}(?![0-9-])|[0-9]{1,6}(?![0-9])")),
)
_EXTENSION = re.compile(
    r"(?i)(?:(?<![a-z])(?:x|ext|extn|extension|pager|pgr|beeper|box|opt|option)|#)[\s.:#]*$"
)
_SECOND = re.compile(r"(?i)\s*(?:[/,;&]|\bor\b|\band\b|\bto\b)\s*")
_BLANK = re.compile(r"\s*")
_SEPARATORS = re.compile(r"[-+.,()/\s\u2010-\u2015]*")
_WHOLE, _WITHOUT_AREA = 10, 7
_LONGEST_ALONE, _LONGEST_LINE = 5, 4
_MOST_FOREIGN, _LEAST_FOREIGN = 15, 6
"""Digits with the code of a country (ITU-T E.164), and without it."""
_TWO_DIGIT_CODES = re.compile(r"2[07]|3[0-4069]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]")
"""Country codes of two digits (ITU-T E.164); 1 and 7 are one, all others three."""


@dataclass(frozen=True, slots=True)
class PhonePart:
    """One number, or a part that stands for one.

    Attributes:
        kind: ``whole``: ten digits, perhaps after 1. ``local``: seven. ``line``: the last digits of
            another number that else is like the one before it. ``extension``: up to six digits
            that nobody can call from outside. ``foreign``: with the code of a country.
        digits: Its digits, those that a scanner took for letters too.
        places: Where they stand in the surface.
        fixed: How many of the first digits stay: 1, or the code of a country.
    """

    kind: Kind
    digits: str
    places: tuple[int, ...]
    fixed: int = 0

    @property
    def area(self) -> str:
        """The three digits of the area, or nothing."""
        return self.digits[-10:-7] if self.kind == "whole" else ""

    @property
    def local(self) -> str:
        """The last seven digits."""
        return self.digits[-7:]


def parse_phone(surface: str) -> tuple[PhonePart, ...]:
    """Take what a note writes for a telephone number into its parts.

    Args:
        surface: One or more numbers: ``(617) 555-0123 x4 or 0144``.

    Returns:
        The parts in text order; nothing if any digit or word in it can't be told what it is.
    """
    places = {place for match in _DIGITS.finditer(surface) for place in range(*match.span())}
    unread = {place for place, char in enumerate(surface) if char.isdigit()} - places
    if not places or unread or _WORDS.search(_DIGITS.sub(" ", surface)):
        return ()
    text = "".join(
        char.translate(_READ) if place in places else char for place, char in enumerate(surface)
    )
    return _single(text, sorted(places)) or _parts(text, sorted(places))


def _single(text: str, places: list[int]) -> tuple[PhonePart, ...]:
    """Read as many digits as one number has, whatever groups they are written in."""
    digits = "".join(text[place] for place in places)
    between = "".join(char for place, char in enumerate(text) if place not in set(places))
    n_fixed = int(len(digits) == _WHOLE + 1 and digits[0] == "1")
    if not _SEPARATORS.fullmatch(between) or ("+" in between and not n_fixed):
        return ()
    if len(digits) - n_fixed == _WHOLE:
        return (PhonePart("whole", digits, tuple(places), n_fixed),)
    if len(digits) == _WITHOUT_AREA:
        return (PhonePart("local", digits, tuple(places)),)
    return ()


def _parts(text: str, places: list[int]) -> tuple[PhonePart, ...]:
    """Read a text from left to right; nothing if a part of it has none of the forms."""
    parts: list[PhonePart] = []
    done = 0
    for place in places:
        if place < done:
            continue
        start = _start(text, place, done)
        gap = text[done:start]
        read = (
            part
            for kind, form in _FORMS
            if (match := form.match(text, start)) and (part := _part(kind, match, gap, parts))
        )
        part = next(read, None)
        if part is None:
            return ()
        parts.append(part)
        done = part.places[-1] + 1
    return tuple(parts)


def _start(text: str, place: int, done: int) -> int:
    """Return where a number begins whose first digit is given: at its plus or bracket."""
    while place > done and text[place - 1] in "+(":
        place -= 1
    return place


def _part(kind: Kind, match: re.Match[str], gap: str, before: list[PhonePart]) -> PhonePart | None:
    """Make a part of a match; None if it is no such part after what stands before it."""
    places = tuple(place for place in range(*match.span()) if match.string[place].isdigit())
    digits = "".join(match.string[place] for place in places)
    if kind == "foreign":
        return _foreign(match[0], digits, places)
    last = before[-1].kind if before else None
    if kind != "extension":
        lone = last == "extension" and not any(part.kind != "extension" for part in before)
        fixed = len(digits) - _WHOLE if kind == "whole" else 0
        return None if lone else PhonePart(kind, digits, places, fixed)
    short = len(digits) <= _LONGEST_ALONE
    if _EXTENSION.search(gap) or (last is None and short):
        return PhonePart("extension", digits, places)
    second = _SECOND.fullmatch(gap) or gap == "-"
    if last in ("whole", "local", "line") and len(digits) <= _LONGEST_LINE and second:
        head = next(part for part in reversed(before) if part.kind in ("whole", "local"))
        return PhonePart("line", head.local[: -len(digits)] + digits, places)
    follows = last in ("whole", "local") and _BLANK.fullmatch(gap)
    if follows or (last == "extension" and _SECOND.fullmatch(gap)):
        return PhonePart("extension", digits, places)
    return None


def _foreign(text: str, digits: str, places: tuple[int, ...]) -> PhonePart | None:
    """Make a number of another country; its access code and that of the country stay."""
    access = 0 if text.startswith("+") else 3 if text.startswith("011") else 2
    code = digits[access:]
    n_code = 1 if code[0] == "7" else 2 if _TWO_DIGIT_CODES.match(code) else 3
    fits = len(code) - n_code >= _LEAST_FOREIGN and len(code) <= _MOST_FOREIGN
    return PhonePart("foreign", digits, places, access + n_code) if fits else None
