"""Numbers beside a drug that say nothing of its use: supplies, limits, numberings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.medication.amounts import BARE, Amount, read_amount
from pipeline.medication.durations import read_stretch
from pipeline.medication.frequencies import read_frequency
from pipeline.medication.numerals import read_numeral
from pipeline.medication.tables import load_tables
from pipeline.medication.tokens import NUMBER, SIGN, TAG, WORD, Token, is_sign, is_word

_SUPPLY = frozenset(
    ("disp", "dispense", "dispensed", "dispensing", "qty", "quantity", "refill", "refilled",
     "refills", "rf")
)  # fmt: skip
_LIMITS = frozenset(("exceed", "exceeding", "max", "maximum", "than"))
_NUMBERED = frozenset(
    ("age", "aged", "april", "aug", "august", "axis", "class", "course", "cycle",
     "cycles", "day", "days", "dec", "december", "feb", "february", "gauge", "grade",
     "jan", "january", "july", "june", "march", "no", "nov", "november",
     "number", "oct", "october", "phase", "pod", "room", "sept", "september", "since",
     "size", "stage", "type", "volume", "week", "year")
)  # fmt: skip
_MEASURED = frozenset(
    ("bp", "creatinine", "ebl", "fio2", "fraction", "glucose", "goal", "hdl", "hematocrit",
     "hemoglobin", "hr", "inr", "intake", "ldl", "level", "levels", "loss", "output", "peak",
     "pressure", "psa", "pulse", "r", "rr", "sat", "sats", "saturation", "saturations", "score",
     "spo2", "sugar", "sugars", "t", "temp", "temperature", "trough", "tsh")
)  # fmt: skip
"""What is measured, not given; its number may have a unit."""

_BETWEEN_MEASURED = frozenset(
    ("about", "above", "approximately", "around", "at", "below", "between", "exceeds", "greater",
     "is", "less", "now", "of", "over", "than", "to", "today", "under", "was", "were")
)  # fmt: skip
_MEASURED_WORDS = 4
_BY_VOLUME = frozenset(("ebl", "intake", "loss", "output"))
"""What is measured only where a volume follows: for weight loss 37.5 mg is a dose."""

_VOLUMES = frozenset(("L", "mL"))
_BLOOD = frozenset(("blood",))
_LABORATORY = frozenset(("ng", "pg", "mmol", "u", "iu"))
_LIMIT_WORDS = 4
"""A limit's number stands at most this many tokens behind its first word."""

_LIMIT_REST = 5
"""And its unit and time go on for at most this many: 4 g in 24 hours."""

UNRELATED_WORDS: Final = _SUPPLY | _LIMITS | _NUMBERED | _MEASURED
"""The words that such a number follows, in lower case."""


def read_unrelated(text: str, tokens: Sequence[Token], index: int) -> int | None:
    """Return the token after what says nothing of a drug's use; None if no such thing begins."""
    token = tokens[index]
    if token.kind == TAG:
        return index + 1
    if token.kind == WORD and token.form in _LIMITS:
        return _limit(tokens, index)
    if token.form == "#" or (token.kind == WORD and token.form in _SUPPLY):
        return _supply(tokens, index)
    if token.kind == WORD and token.form in _MEASURED:
        return _measured(text, tokens, index)
    if token.kind == WORD and token.form in _NUMBERED:
        number = read_numeral(tokens, index + 1 + is_sign(tokens, index + 1, "#."))
        return None if number is None else number.after
    return None


def _measured(text: str, tokens: Sequence[Token], index: int) -> int | None:
    """Pass over what was found, not given: level of 0.8 ng/mL, glucose greater than 200."""
    for after in range(index + 1, min(index + 1 + _MEASURED_WORDS, len(tokens))):
        number = read_numeral(tokens, after)
        if number is not None:
            break
        if not (is_word(tokens, after, _BETWEEN_MEASURED) or is_sign(tokens, after, ":=<>")):
            return None
    else:
        return None
    amount = read_amount(tokens, number)
    if _is_given(text, tokens, index, after, amount):
        return None
    after = amount.after
    if is_sign(tokens, after, "/") and read_numeral(tokens, after + 1) is None:
        after += 2
    elif is_word(tokens, after, _LABORATORY) and is_sign(tokens, after + 1, "/"):
        after += 3
    return min(after, len(tokens))


def _is_given(text: str, tokens: Sequence[Token], index: int, number: int, amount: Amount) -> bool:
    """Say whether the number behind what is measured is of use: for blood pressure 10 mg daily."""
    word, unit = tokens[index].form, amount.unit
    if word in _BY_VOLUME:
        lost = word != "loss" or is_word(tokens, index - 1, _BLOOD)
        return not lost or unit is None or unit.partition("/")[0] not in _VOLUMES
    if word == "level":
        return False
    if unit is not None:
        return unit != "%" and "/" not in unit
    if read_frequency(text, tokens, number) or read_stretch(tokens, number):
        return True
    timed = amount.kind == BARE and amount.after < len(tokens)
    return timed and read_frequency(text, tokens, amount.after) is not None


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
