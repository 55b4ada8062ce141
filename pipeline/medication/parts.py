"""The parts of a sig in a run of tokens, whichever drug they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from pipeline.medication.amounts import BARE, COUNT, NO_DOSE, read_amount
from pipeline.medication.durations import DURATION_WORDS, NOUNS, Stretch, read_stretch
from pipeline.medication.frequencies import FREQUENCY_WORDS, read_frequency
from pipeline.medication.numerals import DATE, NUMBER_WORDS, PLAIN, RANGE, read_numeral
from pipeline.medication.phrases import Reading
from pipeline.medication.routes import ROUTE_WORDS, read_route, read_side
from pipeline.medication.tables import AS_NEEDED, load_tables
from pipeline.medication.tokens import NUMBER, WORD, Place, Token, is_sign, is_word
from pipeline.medication.unrelated import UNRELATED_WORDS, read_unrelated

ROUTE: Final = "route"
FREQUENCY: Final = "frequency"
DURATION: Final = "duration"
PRN: Final = "prn"

_NOT_DOSED = frozenset(
    ("cm", "mm", "kg", "kgs", "lb", "lbs", "french", "fr", "gauge", "minutes", "minute", "min",
     "mins", "seconds", "sec", "am", "pm", "x", "degrees", "pounds", "ml", "times", "th", "st",
     "nd", "rd", "refill", "refills", "cycles", "cycle", "sessions", "session", "treatments",
     "mmhg", "ng", "percent", "meals", "hospital", "weeks", "sets", "stitches", "sutures",
     "inch", "lead", "view", "views", "levels", "level", "vessel", "day", "yo")
)  # fmt: skip
_ARTICLES = frozenset(("a", "an", "per", "each"))
_OF = frozenset(("of",))
_REFILLS = frozenset(("refill", "refills"))
_TOOLS = frozenset(("balloon", "catheter", "drain", "incision", "needle", "screw", "tube"))
_SUPPLIED = frozenset(("dispensed", "supply"))


class Part(NamedTuple):
    """A part of a sig.

    Attributes:
        kind: ``MEASURE``, ``COUNT``, ``BARE`` or ``COMBINATION`` of a dose, ``ROUTE``,
            ``FREQUENCY``, ``DURATION``, ``PRN``, or ``NO_DOSE`` for what only looks like one.
        value: Its normal form.
        start: First code point in released text.
        end: One past the last code point.
        first: Its first token.
        after: The token after it.
        unit: Of a dose.
        unit_span: Where the unit stands.
    """

    kind: str
    value: str
    start: int
    end: int
    first: int
    after: int
    unit: str | None = None
    unit_span: Place | None = None


def find_parts(text: str, tokens: Sequence[Token]) -> list[Part]:
    """Find the parts of sigs, in text order and not overlapping.

    Args:
        text: Released text.
        tokens: Tokens of it around a drug.
    """
    openers = _openers()
    parts: list[Part] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.kind == WORD and token.form not in openers:
            index += 1
            continue
        part = _part(text, tokens, index, parts)
        if part is None:
            index += 1
            continue
        parts.append(part)
        index = part.after
    return parts


@cache
def _openers() -> frozenset[str]:
    """Return all words that a part may begin with: others need no look."""
    tables = load_tables()
    return frozenset().union(
        tables.routes.openers, tables.frequencies.openers, NUMBER_WORDS, FREQUENCY_WORDS,
        DURATION_WORDS, ROUTE_WORDS, UNRELATED_WORDS,
    )  # fmt: skip


def _part(text: str, tokens: Sequence[Token], index: int, before: Sequence[Part]) -> Part | None:
    token = tokens[index]
    unrelated = read_unrelated(text, tokens, index)
    if unrelated is not None:
        return _nothing(tokens, index, unrelated)
    side = read_side(text, tokens, index)
    if side is not None:
        return Part(ROUTE, side.value, side.start, side.end, index, side.after)
    reading = _article_frequency(text, tokens, index, before)
    if reading is not None:
        return _frequency(index, reading)
    stretch = read_stretch(tokens, index)
    if stretch is not None:
        return _stretch(tokens, index, stretch, before)
    if token.form in ("x", "times", "×"):
        return _repeats(tokens, index, before)
    if token.kind == WORD:
        route = read_route(tokens, index)
        if route is not None:
            return Part(ROUTE, route.value, route.start, route.end, index, route.after)
    return _dose(tokens, index)


def _article_frequency(
    text: str, tokens: Sequence[Token], index: int, before: Sequence[Part]
) -> Reading | None:
    """Read a frequency; ``a day`` and ``per week`` only right behind what is taken."""
    reading = read_frequency(text, tokens, index)
    if reading is None:
        return None
    form = tokens[index].form
    if form in ("/", *_ARTICLES) and not reading.value.startswith("every"):
        last = before[-1] if before else None
        close = last is not None and index - last.after == _has_unit(tokens, last.after)
        if not close and form != "each":
            return None
    if form in ("am", "pm") and not (before and before[-1].after == index):
        return None
    return reading


def _has_unit(tokens: Sequence[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].form in load_tables().units


def _frequency(index: int, reading: Reading) -> Part:
    kind = PRN if reading.value == AS_NEEDED else FREQUENCY
    return Part(kind, reading.value, reading.start, reading.end, index, reading.after)


def _stretch(
    tokens: Sequence[Token], index: int, stretch: Stretch, before: Sequence[Part]
) -> Part | None:
    """Take a length of time as a duration, as the dose ``3 doses``, or as nothing."""
    verdict = stretch.is_duration
    last = before[-1] if before else None
    follows = last is not None and last.kind != NO_DOSE and _is_close(tokens, last.after, index)
    if stretch.noun == "dose":
        led = index < len(tokens) and tokens[index].start != stretch.start
        counted = any(part.kind == FREQUENCY for part in before)
        if stretch.value == "1 dose" and not (led and counted):
            return _dose(tokens, index) if not led else None
        if not counted and not led:
            return _dose(tokens, index)
        verdict = True
    elif verdict is None:
        ahead = stretch.after >= len(tokens) or is_word(tokens, stretch.after, _OF)
        bracketed = is_sign(tokens, index - 1, "(") and is_sign(tokens, stretch.after, ")")
        verdict = follows or ahead or bracketed
    kind = DURATION if verdict else NO_DOSE
    return Part(kind, stretch.value, stretch.start, stretch.end, index, stretch.after)


def _is_close(tokens: Sequence[Token], after: int, index: int) -> bool:
    """Say whether only a comma stands between the token after a part and another token."""
    return after == index or (after + 1 == index and is_sign(tokens, after, ",("))


def _repeats(tokens: Sequence[Token], index: int, before: Sequence[Part]) -> Part | None:
    """Read x3: three doses behind a frequency, else nothing."""
    number = read_numeral(tokens, index + 1)
    if number is None:
        return None
    start = tokens[index + 1].start
    measured = _has_unit(tokens, number.after) or is_word(tokens, number.after, _NOT_DOSED)
    if number.kind == PLAIN and not measured and any(part.kind == FREQUENCY for part in before):
        return Part(DURATION, f"{number.value} doses", start, number.end, index, number.after)
    return _nothing(tokens, index, number.after)


def _dose(tokens: Sequence[Token], index: int) -> Part | None:
    number = read_numeral(tokens, index)
    if number is None:
        return None
    suture = number.kind == RANGE and number.value.endswith("-0")
    if number.kind == DATE or suture or is_word(tokens, number.after, _REFILLS):
        return _nothing(tokens, index, number.after)
    amount = read_amount(tokens, number)
    kind = amount.kind
    if kind == BARE and _is_no_bare(tokens, index, number.after):
        kind = NO_DOSE
    if kind == COUNT and is_word(tokens, amount.after, _SUPPLIED):
        kind = NO_DOSE
    if amount.unit == "inch" and any(is_word(tokens, amount.after + k, _TOOLS) for k in (0, 1)):
        kind = NO_DOSE
    start = tokens[index].start
    return Part(
        kind, amount.value, start, amount.end, index, amount.after, amount.unit, amount.unit_span
    )


def _is_no_bare(tokens: Sequence[Token], index: int, after: int) -> bool:
    """Say whether a number without a unit counts something else: cm, years, a list's items."""
    token = tokens[index]
    if token.kind == NUMBER and len(token.form) == 4 and token.form[:2] in ("19", "20"):
        return True
    if index and tokens[index - 1].kind == WORD and tokens[index - 1].end == token.start:
        return tokens[index - 1].form not in ("x", "q")
    following = after + is_sign(tokens, after, "-")
    if following < len(tokens) and tokens[following].kind == WORD:
        word = tokens[following].form
        return word in _NOT_DOSED or word in NOUNS
    return is_sign(tokens, after, ":/'\"°<>=")


def _nothing(tokens: Sequence[Token], first: int, after: int) -> Part:
    last = tokens[min(after, len(tokens)) - 1]
    return Part(NO_DOSE, "", tokens[first].start, last.end, first, min(after, len(tokens)))
