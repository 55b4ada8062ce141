"""Phrases of a table in a text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.medication.tables import Phrases
from pipeline.medication.tokens import WORD, Token, is_sign

_ABBREVIATION = 4
"""A word up to this long may be abbreviated by a full stop that stands within a phrase."""


class Reading(NamedTuple):
    """What some tokens say.

    Attributes:
        value: The normal form.
        start: First code point.
        end: One past the last code point.
        after: The token after them.
    """

    value: str
    start: int
    end: int
    after: int


def read_phrase(phrases: Phrases, tokens: Sequence[Token], index: int) -> Reading | None:
    """Read the longest phrase that begins with a token.

    Hyphens between words and the full stops of short words are skipped.
    """
    left = phrases.longest(tokens[index].form)
    start, key, found = tokens[index].start, "", None
    while left and index < len(tokens):
        token = tokens[index]
        if token.kind != WORD:
            break
        key = f"{key} {token.form}" if key else token.form
        value = phrases.meanings.get(key)
        if value is not None:
            found = Reading(value, start, token.end, index + 1)
        left -= 1
        index = _following(tokens, index)
    return found


def _following(tokens: Sequence[Token], index: int) -> int:
    """Return the next token of a phrase, over one hyphen or an abbreviation's full stop."""
    after = index + 1
    short = tokens[index].end - tokens[index].start <= _ABBREVIATION
    if is_sign(tokens, after, "-/") or (short and is_sign(tokens, after, ".")):
        return after + 1
    return after
