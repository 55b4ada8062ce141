"""How often a drug is given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pipeline.medication.numerals import PLAIN, RANGE, Numeral, read_numeral
from pipeline.medication.phrases import Reading, read_phrase
from pipeline.medication.tables import load_tables
from pipeline.medication.tokens import Token, is_sign, is_word

_NOUNS: Final = {
    word: noun
    for noun, words in {
        "minute": "min mins minute minutes",
        "hour": "h hr hrs hour hours hourly hs",
        "day": "d day days",
        "week": "w wk wks week weeks",
        "month": "mo mos month months",
        "year": "yr year years",
    }.items()
    for word in words.split()
}
_SHORT = frozenset(("d", "h", "hr", "hrs", "hs", "min", "mins", "mo", "mos", "w", "wk", "wks"))
_PERIODS: Final = {
    "d": "day", "day": "day", "days": "day", "daily": "day", "dly": "day",
    "w": "week", "wk": "week", "week": "week", "weekly": "week",
    "mo": "month", "month": "month", "monthly": "month",
    "year": "year", "yr": "year", "yearly": "year", "annually": "year",
}  # fmt: skip
_TIMES = frozenset(("time", "times", "x"))
_PER = frozenset(("a", "an", "each", "every", "in", "per", "the", "times"))
_EVERY = frozenset(("each", "every"))
_COUNTED: Final = {"once": "1", "twice": "2", "thrice": "3"}
_ORDINALS: Final = {"second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6",
                    "seventh": "7", "eighth": "8"}  # fmt: skip
_ORDINAL_ENDS = frozenset(("st", "nd", "rd", "th"))
_HOURLY = frozenset(("hourly",))
_DAYS = frozenset(("day", "days", "nights"))
_PER_DAY_WORDS = frozenset(("d", "daily", "day"))
_AND = frozenset(("and", "every"))
_WEEKDAYS: Final = {
    day: place
    for place, days in enumerate(
        ("monday mondays mon", "tuesday tuesdays tue tues", "wednesday wednesdays wed",
         "thursday thursdays thu thurs thur", "friday fridays fri", "saturday saturdays sat",
         "sunday sundays sun")
    )
    for day in days.split()
}  # fmt: skip
_TELLERS = frozenset(("again", "he", "her", "his", "i", "in", "it", "patient", "she", "that", "the",
                      "there", "they", "this", "we", "you", "your"))  # fmt: skip
FREQUENCY_WORDS: Final = frozenset(("q", "x", "times", *_EVERY, *_COUNTED, *_WEEKDAYS))
"""The words that a frequency may begin with, besides numbers and the table's phrases."""

_PER_DAY: Final = {"day": 1.0, "week": 1 / 7, "month": 1 / 30, "year": 1 / 365}
_ONCE_DAILY = ("every morning", "every evening", "at bedtime")
_EVERY_FORM = re.compile(r"every ([\d.]+) (minute|hour|day|week|month)s")
_TIMES_FORM = re.compile(r"(once|twice|([\d.]+) times) a (day|week|month|year)")


def read_frequency(text: str, tokens: Sequence[Token], index: int) -> Reading | None:
    """Read the frequency, or PRN, that begins with a token.

    Args:
        text: The text that the tokens are of.
        tokens: Its tokens around a drug.
        index: The first token to read.

    Returns:
        The normal form (``AS_NEEDED`` of the tables for PRN) and where it stands; None if the
        token begins no frequency.
    """
    form = tokens[index].form
    if form == "q" or form in _EVERY:
        return _every(text, tokens, index) or _phrase(text, tokens, index)
    if form in _WEEKDAYS:
        return _weekdays(tokens, index)
    if form in ("x", "times", "×"):
        return _one_time(tokens, index)
    if form == "/":
        return _per_day(tokens, index)
    if form in _COUNTED:
        counted = Numeral(_COUNTED[form], PLAIN, tokens[index].end, index + 1)
        return _times(tokens, index, counted) or _once_with(text, tokens, index)
    number = read_numeral(tokens, index)
    if number is not None:
        return _times(tokens, index, number) or _phrase(text, tokens, index)
    return _phrase(text, tokens, index)


def _phrase(text: str, tokens: Sequence[Token], index: int) -> Reading | None:
    found = read_phrase(load_tables().frequencies, tokens, index)
    if found is None or found.after > index + 1:
        return found
    if tokens[index].form == "once" and is_word(tokens, index + 1, _TELLERS):
        return None
    return found


def _once_with(text: str, tokens: Sequence[Token], index: int) -> Reading | None:
    """Read ``once`` and what frequency may follow it: once nightly."""
    following = index + 1 + is_sign(tokens, index + 1, "-")
    if following < len(tokens) and tokens[index].form == "once":
        found = read_frequency(text, tokens, following)
        if found is not None and found.value not in ("as needed", "once"):
            return found._replace(start=tokens[index].start)
    return _phrase(text, tokens, index)


def _every(text: str, tokens: Sequence[Token], index: int) -> Reading | None:
    """Read every 6 hours, q6h, q. 4-6 h., q8, every third day, every Monday."""
    start, is_q = tokens[index].start, tokens[index].form == "q"
    after = index + 1
    dotted = is_q and is_sign(tokens, after, ".")
    after += dotted
    dotted = dotted or (is_q and tokens[index].end - start > 1)
    after += is_sign(tokens, after, "-~")
    if after >= len(tokens):
        return None
    if tokens[after].form in _WEEKDAYS:
        days = _weekdays(tokens, after, every=True)
        return None if days is None else days._replace(start=start)
    number = read_numeral(tokens, after)
    if tokens[after].form in _ORDINALS:
        number = Numeral(_ORDINALS[tokens[after].form], PLAIN, tokens[after].end, after + 1)
    if number is None or number.kind not in (PLAIN, RANGE):
        return None
    after = number.after
    after += is_word(tokens, after, _ORDINAL_ENDS)
    after += is_sign(tokens, after, "-.")
    noun = _NOUNS.get(tokens[after].form) if after < len(tokens) else None
    if noun is None:
        degree = is_sign(tokens, number.after, "°º")
        if not is_q:
            return None
        end = tokens[number.after].end if degree else number.end
        return Reading(_interval(number.value, "hour"), start, end, number.after + degree)
    end = tokens[after].end
    if dotted and tokens[after].form in _SHORT and is_sign(tokens, after + 1, "."):
        after += 1
        end = tokens[after].end if tokens[after].start == end else end
    return Reading(_interval(number.value, noun), start, end, after + 1)


def _interval(number: str, noun: str) -> str:
    if number == "1" and noun in ("day", "week", "month", "year"):
        return f"once a {noun}"
    return f"every {number} {noun}s"


def _times(tokens: Sequence[Token], index: int, number: Numeral) -> Reading | None:
    """Read 3 times a day, twice weekly, 2x/day, 6 hourly, 5 days a week."""
    if number.kind not in (PLAIN, RANGE):
        return None
    after = number.after
    after += is_sign(tokens, after, "-")
    if is_word(tokens, after, _HOURLY):
        end = tokens[after].end
        return Reading(f"every {number.value} hours", tokens[index].start, end, after + 1)
    named = is_word(tokens, after, _TIMES) or is_sign(tokens, after, "×")
    days = is_word(tokens, after, _DAYS) and not named
    if not named and not days and tokens[index].form not in _COUNTED:
        return None
    after += named or days
    after += is_sign(tokens, after, "-/")
    while is_word(tokens, after, _PER):
        after += 1
        after += is_sign(tokens, after, "-")
    if after >= len(tokens):
        return None
    period = _PERIODS.get(tokens[after].form)
    if period is None or (days and period != "week"):
        return None
    return Reading(_rate(number.value, period), tokens[index].start, tokens[after].end, after + 1)


def _rate(number: str, period: str) -> str:
    times = {"1": "once", "2": "twice"}.get(number, f"{number} times")
    return f"{times} a {period}"


def _one_time(tokens: Sequence[Token], index: int) -> Reading | None:
    """Read x1, x 1 dose, times one."""
    number = read_numeral(tokens, index + 1)
    if number is None or number.value != "1":
        return None
    end, after = number.end, number.after
    following = tokens[after] if after < len(tokens) else None
    if following is not None and following.form in ("dose", "time"):
        end, after = following.end, after + 1
    elif following is not None and (following.form in _NOUNS or following.form == "doses"):
        return None
    return Reading("once", tokens[index].start, end, after)


def _per_day(tokens: Sequence[Token], index: int) -> Reading | None:
    """Read the /day behind a strength, unless the day's dose is then divided."""
    after = index + 1
    if not is_word(tokens, after, _PER_DAY_WORDS):
        return None
    ahead = {token.form for token in tokens[after + 1 : after + 4]}
    if ahead & {"divided", "div", "÷", "split", "in"}:
        return None
    return Reading("once a day", tokens[index].start, tokens[after].end, after + 1)


def _weekdays(tokens: Sequence[Token], index: int, *, every: bool = False) -> Reading | None:
    """Read Mondays, Wednesdays and Fridays; a single day only as ``every Monday`` or Mondays."""
    start, end, after = tokens[index].start, tokens[index].end, index
    days: set[int] = set()
    plural = False
    while after < len(tokens) and tokens[after].form in _WEEKDAYS:
        token = tokens[after]
        days.add(_WEEKDAYS[token.form])
        plural = plural or token.form.endswith("days")
        end, last = token.end, after + 1
        after = last
        while is_sign(tokens, after, ",/-&.") or is_word(tokens, after, _AND):
            after += 1
    if not (every or plural or len(days) > 1):
        return None
    return Reading(_rate(str(len(days)), "week"), start, end, last)


def times_per_day_of(frequency: str) -> float | None:
    """Return how often a day a frequency in its normal form is.

    Args:
        frequency: As :class:`~pipeline.medication.sig.Sig` has it.

    Returns:
        A number above 0, with 30 days to a month and 365 to a year; None for ranges, meals,
        ``once`` and ``continuous``.
    """
    if frequency in _ONCE_DAILY:
        return 1.0
    if frequency == "every other day":
        return 0.5
    every = _EVERY_FORM.fullmatch(frequency)
    if every is not None and float(every[1]) > 0:
        per_day = _PER_DAY | {"hour": 24.0, "minute": 1440.0}
        return per_day[every[2]] / float(every[1])
    times = _TIMES_FORM.fullmatch(frequency)
    if times is not None:
        number = float(times[2]) if times[2] else 1.0 if times[1] == "once" else 2.0
        return number * _PER_DAY[times[3]]
    return None
