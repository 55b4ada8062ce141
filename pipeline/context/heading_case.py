"""How headings are written: in capitals, with capitals, or in lower case."""

from __future__ import annotations

import re
from enum import IntEnum

_PARENTHESES = re.compile(r"\([^)]*\)?")
_CONNECTORS = frozenset(("of", "and", "&", "/", "or", "for", "the", "in", "on", "at", "to", "with"))


class Case(IntEnum):
    """How a heading is written."""

    LOWER = 0
    FIRST = 1
    """Its first letter is a capital."""
    TITLE = 2
    """Every longer word begins with a capital."""
    CAPITALS = 3


def case_of(surface: str) -> Case:
    """Say how a text is written; what stands in parentheses doesn't count."""
    if "(" in surface:
        surface = _PARENTHESES.sub("", surface)
    if surface.isupper():
        return Case.CAPITALS
    if not surface[:1].isupper():
        return Case.LOWER
    is_title = all(len(word) < 4 or not word[0].islower() for word in surface.split())
    return Case.TITLE if is_title else Case.FIRST


def goes_on(word: str, capitals: bool) -> bool:
    """Say whether a heading in capitals, or with capitals, may go on with a word before."""
    if word[-1] in ",.;" and not capitals:
        return False
    if capitals:
        return word.isupper() or word in "&/"
    return word[0].isupper() or word in _CONNECTORS
