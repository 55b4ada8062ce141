"""Numbers as notes write them: digits, words, fractions, ranges and combinations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.medication.tokens import NUMBER, WORD, Token, is_sign, is_word

PLAIN: Final = "plain"
RANGE: Final = "range"
COMBINATION: Final = "combination"
DATE: Final = "date"

_UNITS: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS: Final = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * (place + 2) for place, word in enumerate(_TENS)
}
_GLYPHS: Final = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.33", "⅔": "0.67"}
_PARTS: Final = {"half": "0.5", "quarter": "0.25", "third": "0.33"}
_FRACTIONS: Final = {
    ("1", "2"): "0.5", ("1", "3"): "0.33", ("2", "3"): "0.67", ("1", "4"): "0.25",
    ("3", "4"): "0.75", ("1", "8"): "0.125",
}  # fmt: skip
NUMBER_WORDS: Final = frozenset(_NUMBERS) | frozenset(_PARTS)
"""The words that a number may begin with, in lower case."""

_MULTIPLES: Final = {"million": 1_000_000, "thousand": 1_000, "hundred": 100}
_DASHES: Final = "-\u2013\u2014\u2010\u2011"
_OR = frozenset(("to", "or"))
_FROM = frozenset(("from",))
_AND = frozenset(("and", "&"))
_ARTICLES = frozenset(("a", "an", "one"))


class Numeral(NamedTuple):
    """A number.

    Attributes:
        value: Digits: ``2``, ``0.5``, ``1-2``, ``5/500``.
        kind: ``PLAIN``, ``RANGE``, ``COMBINATION`` or ``DATE``.
        end: One past its last code point.
        after: The token after it and after its repetition in brackets: two (2).
    """

    value: str
    kind: str
    end: int
    after: int


def read_numeral(tokens: Sequence[Token], index: int) -> Numeral | None:
    """Read the number that begins with a token, as far as it goes."""
    first = _single(tokens, index)
    if first is None or first.kind in (COMBINATION, DATE):
        return first
    after = _range_sign(tokens, index, first.after)
    if after:
        second = _single(tokens, after)
        if second is not None and second.kind == PLAIN:
            value = f"{first.value}-{second.value}"
            return Numeral(value, RANGE, second.end, second.after)
    return first


def _range_sign(tokens: Sequence[Token], start: int, after: int) -> int:
    """Return the token after the sign of a range, or 0."""
    if is_sign(tokens, after, _DASHES):
        return after + 1
    if is_word(tokens, after, _OR) and not is_word(tokens, start - 1, _FROM):
        return after + 1
    return 0


def _single(tokens: Sequence[Token], index: int) -> Numeral | None:
    """Read a number that is no range, with its repetition in brackets."""
    number = _unrepeated(tokens, index)
    if number is None or number.kind != PLAIN or not is_sign(tokens, number.after, "("):
        return number
    again = _unrepeated(tokens, number.after + 1)
    if again is None or again.value != number.value or not is_sign(tokens, again.after, ")"):
        return number
    return number._replace(after=again.after + 1)


def _unrepeated(tokens: Sequence[Token], index: int) -> Numeral | None:
    if index >= len(tokens):
        return None
    token = tokens[index]
    number: Numeral | None = None
    if token.kind == NUMBER:
        number = _slashed(tokens, index)
    elif token.kind == WORD:
        number = _spelled(tokens, index)
    if number is None or number.kind != PLAIN:
        return number
    number = _multiplied(tokens, number)
    return _with_fraction(tokens, number) if "." not in number.value else number


def _slashed(tokens: Sequence[Token], index: int) -> Numeral:
    """Read digits and what stands behind slashes without spaces: 1/2, 5/500, 3/14/2002."""
    token = tokens[index]
    values = [_digits(token.form)]
    end, after = token.end, index + 1
    while (
        is_sign(tokens, after, "/")
        and after + 1 < len(tokens)
        and tokens[after + 1].kind == NUMBER
        and tokens[after].start == end
        and tokens[after + 1].start == tokens[after].end
    ):
        values.append(_digits(tokens[after + 1].form))
        end, after = tokens[after + 1].end, after + 2
    if len(values) == 1:
        return Numeral(values[0], PLAIN, end, after)
    if len(values) == 2 and (values[0], values[1]) in _FRACTIONS:
        return Numeral(_FRACTIONS[values[0], values[1]], PLAIN, end, after)
    kind = DATE if _is_date(values) else COMBINATION
    return Numeral("/".join(values), kind, end, after)


def _is_date(values: Sequence[str]) -> bool:
    if not all(value.isdigit() for value in values):
        return False
    if len(values) == 2:
        return len(values[1]) == 4 and values[1][:2] in ("19", "20") and int(values[0]) <= 12
    return len(values) == 3 and int(values[0]) <= 12 and int(values[1]) <= 31


def _digits(form: str) -> str:
    """Write digits without commas and with a digit before the point."""
    if form in _GLYPHS:
        return _GLYPHS[form]
    plain = form.replace(",", "")
    return f"0{plain}" if plain.startswith(".") else plain


def _spelled(tokens: Sequence[Token], index: int) -> Numeral | None:
    """Read a number of words: two, twenty-five, half, one-half."""
    token = tokens[index]
    if token.form in _PARTS and token.form != "third":
        return Numeral(_PARTS[token.form], PLAIN, token.end, index + 1)
    value = _NUMBERS.get(token.form)
    if value is None:
        return None
    after = index + 1
    following = after + 1 if is_sign(tokens, after, _DASHES) else after
    word = tokens[following] if following < len(tokens) else None
    if word is not None and word.kind == WORD:
        if value == 1 and word.form in _PARTS:
            return Numeral(_PARTS[word.form], PLAIN, word.end, following + 1)
        if value == 3 and word.form in ("quarter", "quarters"):
            return Numeral("0.75", PLAIN, word.end, following + 1)
        if value >= 20 and 0 < _NUMBERS.get(word.form, 0) < 10:
            return Numeral(str(value + _NUMBERS[word.form]), PLAIN, word.end, following + 1)
    return Numeral(str(value), PLAIN, token.end, after)


def _multiplied(tokens: Sequence[Token], number: Numeral) -> Numeral:
    if number.after >= len(tokens) or tokens[number.after].form not in _MULTIPLES:
        return number
    word = tokens[number.after]
    value = round(float(number.value) * _MULTIPLES[word.form], 3)
    written = str(int(value)) if value == int(value) else str(value)
    return Numeral(written, PLAIN, word.end, number.after + 1)


def _with_fraction(tokens: Sequence[Token], number: Numeral) -> Numeral:
    """Add the fraction of a mixed number: 1 1/2, 1-1/2, 1½, one and a half."""
    after = number.after
    if is_sign(tokens, after, _DASHES):
        after += 1
        joined = False
    elif is_word(tokens, after, _AND) or is_sign(tokens, after, "&"):
        after += 1
        joined = True
        if is_word(tokens, after, _ARTICLES):
            after += 1
            after += is_sign(tokens, after, _DASHES)
    else:
        joined = False
    if after >= len(tokens):
        return number
    fraction = None
    if tokens[after].kind == NUMBER:
        fraction = _slashed(tokens, after)
    elif joined and tokens[after].kind == WORD:
        fraction = _spelled(tokens, after)
    if fraction is None or fraction.kind != PLAIN or not fraction.value.startswith("0."):
        return number
    if tokens[after].form.startswith("0") or tokens[after].form.startswith("."):
        return number
    return Numeral(number.value + fraction.value[1:], PLAIN, fraction.end, fraction.after)
