"""Numbers beside a drug that say nothing of its use: supplies, limits, numberings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.medication.amounts import read_amount
from pipeline.medication.numerals import read_numeral
from pipeline.medication.tables import load_tables
from pipeline.medication.tokens import NUMBER, SIGN, TAG, WORD, Token, is_sign

_SUPPLY = frozenset(
    ("disp", "dispense", "dispensed", "dispensing", "qty", "quantity", "refill", "refilled",
     "refills", "rf")
)  # fmt: skip
_LIMITS = frozenset(("exceed", "exceeding", "max", "maximum", "than"))
_NUMBERED = frozenset(
    ("age", "aged", "april", "aug", "august", "axis", "class", "course", "cycle",
     "cycles", "day", "days", "dec", "december", "feb", "february", "gauge", "grade",
     "jan", "january", "july", "june", "level", "march", "no", "nov", "november",
     "number", "oct", "october", "phase", "pod", "room", "sept", "september", "since",
     "size", "stage", "type", "volume", "week", "year")
)  # fmt: skip
_LIMIT_WORDS = 4
"""A limit's number stands at most this many tokens behind its first word."""

_LIMIT_REST = 5
"""And its unit and time go on for at most this many: 4 g in 24 hours."""

UNRELATED_WORDS: Final = _SUPPLY | _LIMITS | _NUMBERED
"""The words that such a number follows, in lower case."""


def read_unrelated(tokens: Sequence[Token], index: int) -> int | None:
    """Return the token after what says nothing of a drug's use; None if no such thing begins."""
    token = tokens[index]
    if token.kind == TAG:
        return index + 1
    if token.kind == WORD and token.form in _LIMITS:
        return _limit(tokens, index)
    if token.form == "#" or (token.kind == WORD and token.form in _SUPPLY):
        return _supply(tokens, index)
    if token.kind == WORD and token.form in _NUMBERED:
        number = read_numeral(tokens, index + 1 + is_sign(tokens, index + 1, "#."))
        return None if number is None else number.after
    return None


def _supply(tokens: Sequence[Token], index: int) -> int:
    """Pass over what the pharmacist hands out: #30, Disp: 30 tablets, refills 2."""
    after = index + 1
    while is_sign(tokens, after, "#:.("):
        after += 1
    number = read_numeral(tokens, after)
    if number is None:
        return after
    after = number.after
    after += after < len(tokens) and tokens[after].form in load_tables().units
    return after + is_sign(tokens, after, ")")


def _limit(tokens: Sequence[Token], index: int) -> int | None:
    """Pass over the largest dose: not to exceed 4 g per day, no more than 8 tablets a day."""
    for after in range(index + 1, min(index + _LIMIT_WORDS, len(tokens)) + 1):
        number = read_numeral(tokens, after)
        if number is not None:
            break
        if after >= len(tokens) or not _goes_on(tokens, after, ";."):
            return None
    else:
        return None
    after = read_amount(tokens, number).after
    rest = min(after + _LIMIT_REST, len(tokens))
    return next((end for end in range(after, rest) if not _goes_on(tokens, end, ",;.()")), rest)


def _goes_on(tokens: Sequence[Token], index: int, stops: str) -> bool:
    return tokens[index].kind in (WORD, NUMBER, SIGN) and not is_sign(tokens, index, stops)
