"""How much of a drug: strengths with a measure, counts with their form, combination strengths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.medication.numerals import COMBINATION, PLAIN, RANGE, Numeral
from pipeline.medication.tables import Unit, load_tables
from pipeline.medication.tokens import NUMBER, Place, Token, is_sign, is_word

MEASURE: Final = "measure"
COUNT: Final = "count"
BARE: Final = "bare"
NO_DOSE: Final = "no dose"

_RATES: Final = {
    "kg": "kg", "kilo": "kg", "kilogram": "kg", "kilograms": "kg",
    "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
    "min": "min", "mins": "min", "minute": "min", "m": "m",
    "ml": "mL", "cc": "mL",
}  # fmt: skip
_HOUR = frozenset(("hr", "hour"))
_IN_LAB_UNITS = frozenset(("dl", "deciliter", "l", "liter"))
_SILENT = frozenset(("dose", "spray", "puff", "actuation", "inhalation", "inh", "act", "tablet",
                     "tab", "capsule", "cap", "patch", "drop", "application"))  # fmt: skip
_AN = frozenset(("a", "an", "each", "every"))
_PER = frozenset(("per",))
_PLURALS = frozenset(("s", "es"))
_UNITS = frozenset(("unit", "units"))
_OF = frozenset(("of",))
_PIECES = frozenset(("of", "a", "an", "one", "the"))
_WHOLE = frozenset(("extra", "full", "more", "regular", "strength", "whole", "small", "additional"))
_BODY_FLUIDS = frozenset(
    ("urine", "blood", "stool", "output", "fluid", "ascites", "pus", "drainage")
)


class Amount(NamedTuple):
    """An amount.

    Attributes:
        kind: ``MEASURE``, ``COUNT``, ``BARE``, numerals' ``COMBINATION`` (a combination
            without a unit) or ``NO_DOSE``, such as a laboratory value.
        value: The number, in its normal form.
        end: One past the last code point of the number.
        unit: The unit in its normal form.
        unit_span: Where the unit stands.
        after: The token after all that.
    """

    kind: str
    value: str
    end: int
    unit: str | None
    unit_span: Place | None
    after: int


class _Read(NamedTuple):
    """A unit and the token after it."""

    unit: Unit
    start: int
    end: int
    after: int


def read_amount(tokens: Sequence[Token], number: Numeral) -> Amount:
    """Read the unit or form behind a number."""
    unit = _unit_after(tokens, number)
    if unit is None:
        kind = COMBINATION if _is_combination(number) else BARE
        return Amount(kind, number.value, number.end, None, None, number.after)
    if not unit.unit.is_measure:
        span = (unit.start, unit.end)
        after = number.after if unit.after < 0 else unit.after
        return Amount(COUNT, number.value, number.end, unit.unit.name, span, after)
    if is_word(tokens, unit.after, _OF) and is_word(tokens, unit.after + 1, _BODY_FLUIDS):
        return Amount(NO_DOSE, number.value, number.end, None, None, unit.after)
    second = _second_strength(tokens, number, unit)
    return _measure(tokens, number, unit) if second is None else second


def _is_combination(number: Numeral) -> bool:
    """Say whether a number is several strengths: 5/500, and 5-500, which is no range."""
    if number.kind == RANGE:
        low, _, high = number.value.partition("-")
        return float(high) >= 20 * float(low)
    return number.kind == COMBINATION


def _unit_after(tokens: Sequence[Token], number: Numeral) -> _Read | None:
    after = number.after
    after += is_sign(tokens, after, "-")
    if number.kind == PLAIN and number.value.startswith("0."):
        while is_word(tokens, after, _PIECES):
            after += 1
    unit = _unit(tokens, after)
    if unit is not None:
        return unit
    while is_word(tokens, after, _WHOLE):
        after += 1
    if after < len(tokens) and tokens[after].form in load_tables().routes.meanings:
        unit = _unit(tokens, after + 1)
        return None if unit is None or unit.unit.is_measure else unit._replace(after=-1)
    unit = _unit(tokens, after) if after > number.after else None
    return None if unit is None or unit.unit.is_measure else unit


def _unit(tokens: Sequence[Token], index: int) -> _Read | None:
    if index >= len(tokens) or tokens[index].kind == NUMBER:
        return None
    token = tokens[index]
    units = load_tables().units
    if token.form == "international" and is_word(tokens, index + 1, _UNITS):
        last = tokens[index + 1]
        return _Read(units["unit"], token.start, last.end, index + 2)
    unit = units.get(token.form)
    if unit is None:
        return None
    after = index + 1
    if (
        is_sign(tokens, after, "(")
        and is_word(tokens, after + 1, _PLURALS)
        and is_sign(tokens, after + 2, ")")
    ):
        after += 3
    return _Read(unit, token.start, token.end, after)


def _second_strength(tokens: Sequence[Token], number: Numeral, unit: _Read) -> Amount | None:
    """Read two strengths with their units, 5 mg/325 mg, as the combination 5/325."""
    after = unit.after
    if not is_sign(tokens, after, "/-") or number.kind != PLAIN or after + 1 >= len(tokens):
        return None
    token = tokens[after + 1]
    again = _unit(tokens, after + 2) if token.kind == NUMBER else None
    if again is None or again.unit != unit.unit:
        return None
    low, high = float(number.value), float(token.form.replace(",", ""))
    if is_sign(tokens, after, "-") and low < high < 20 * low:
        return None
    value = f"{number.value}/{token.form.replace(',', '')}"
    return Amount(MEASURE, value, token.end, unit.unit.name, (again.start, again.end), again.after)


def _measure(tokens: Sequence[Token], number: Numeral, unit: _Read) -> Amount:
    """Read what a measure is per: mg/kg, mcg/kg/min, mL an hour; mg/dL is no dose."""
    name, end, after = unit.unit.name, unit.end, unit.after
    while True:
        below = _per(tokens, after)
        if below >= len(tokens) or below == after:
            break
        token = tokens[below]
        if token.kind == NUMBER:
            again = _unit(tokens, below + 1)
            hours = is_word(tokens, below + 1, frozenset(_RATES))
            after = again.after if again is not None else below + 2 if hours else after
            break
        if token.form in _IN_LAB_UNITS:
            return Amount(NO_DOSE, number.value, number.end, None, None, below + 1)
        if token.form in _SILENT:
            after = below + 1
            continue
        if token.form not in _RATES:
            break
        name, end, after = f"{name}/{_RATES[token.form]}", token.end, below + 1
        if token.form == "m":
            if after >= len(tokens) or tokens[after].form not in ("2", "²"):
                break
            name, end, after = f"{name}2", tokens[after].end, after + 1
    return Amount(MEASURE, number.value, number.end, name, (unit.start, end), after)


def _per(tokens: Sequence[Token], index: int) -> int:
    """Return the token after ``/``, ``per`` or ``an`` (hour); the same if there is none."""
    if is_sign(tokens, index, "/") or is_word(tokens, index, _PER):
        return index + 1
    if is_word(tokens, index, _AN) and is_word(tokens, index + 1, _HOUR):
        return index + 1
    return index
