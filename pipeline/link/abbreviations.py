"""Abbreviations that a text defines itself: chronic renal failure (CRF).

Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions in
biomedical text".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_LONGEST_SHORT: Final = 10
_INSIDE: Final = re.compile(r"\(([^()\n]{2,120})\)")
_PART: Final = re.compile(r"[;,:=]")
_SHORT: Final = re.compile(r"[A-Za-z0-9][\w./+-]*(?: [\w./+-]+)?")
_WORDS: Final = re.compile(r"\S+")
_BREAK: Final = re.compile(r"[.;:!?]\s|\n|[()\[\]]")
_TOKEN: Final = re.compile(r"[A-Za-z0-9][\w-]*")


def find_definitions(text: str) -> dict[str, str]:
    """Find the abbreviations that a text defines and what they stand for.

    Args:
        text: Any text.

    Returns:
        Short form to long form, as the text writes them; the first definition counts.
    """
    found: dict[str, str] = {}
    for match in _INSIDE.finditer(text):
        inside = _PART.split(match[1], maxsplit=1)[0].strip()
        before = text[max(0, match.start() - 200) : match.start()]
        if _is_short(inside):
            pair = inside, _long_form(inside, _last_words(before, inside))
        else:
            words = before.split()
            short = words[-1] if words and before[-1:].isspace() else ""
            whole = match[1].strip()
            pair = short, _long_form(short, whole) if _is_short(short) else None
        if pair[1] is not None:
            found.setdefault(pair[0], pair[1])
    return found


def long_form(mention: str, definitions: Mapping[str, str]) -> str | None:
    """Write a mention with the abbreviations in it spelt out.

    Args:
        mention: As the text writes it.
        definitions: What :func:`find_definitions` found there.

    Returns:
        The long form; None if nothing in the mention was defined.
    """
    if not definitions:
        return None

    def spell_out(match: re.Match[str]) -> str:
        word = match[0]
        plural = word[:-1] if word.endswith("s") else word
        return definitions.get(word) or definitions.get(plural) or word

    written = _TOKEN.sub(spell_out, _TOKEN.sub(spell_out, mention))
    return written if written != mention else None


def _is_short(form: str) -> bool:
    """Say whether something looks like an abbreviation: few signs, one of them a capital."""
    return (
        2 <= len(form) <= _LONGEST_SHORT
        and _SHORT.fullmatch(form) is not None
        and any(letter.isupper() for letter in form)
    )


def _last_words(before: str, short: str) -> str:
    """Return the words in which a short form's long form must be: those before it."""
    ends = (match.end() for match in _BREAK.finditer(before))
    before = before[max((end for end in ends if before[end:].strip()), default=0) :]
    letters = sum(letter.isalnum() for letter in short)
    words = list(_WORDS.finditer(before))[-min(letters + 5, 2 * letters) :]
    return before[words[0].start() :].strip() if words else ""


def _long_form(short: str, words: str) -> str | None:
    """Find what a short form stands for at the end of some words.

    If its letters don't stand there in order, its letters may be the words' first ones in another
    order: myotonic dystrophy (DM).
    """
    return _by_letters(short, words) or _by_initials(short, words)


def _by_initials(short: str, words: str) -> str | None:
    last = words.split()[-len(short) :]
    same = sorted(word[0].lower() for word in last) == sorted(short.lower())
    return " ".join(last) if same and short.isalpha() else None


def _by_letters(short: str, words: str) -> str | None:
    """Find the shortest end of some words that has the letters of the short form in order."""
    at = len(words)
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and (
            words[at].lower() != letter or (place == 0 and at > 0 and words[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return None
    found = words[at:].strip()
    longer = len(found) > len(short) and len(found.split()) <= len(short) + 5
    return found if longer and short not in found.split() else None
