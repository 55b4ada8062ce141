"""For how long a drug is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.medication.numerals import PLAIN, RANGE, read_numeral
from pipeline.medication.tokens import Token, is_sign, is_word

NOUNS: Final = {
    word: noun
    for noun, words in {
        "day": "d day days dys night nights",
        "week": "w wk wks week weeks",
        "month": "mo mos month months mth mths mon",
        "year": "y yr yrs year years",
        "hour": "h hr hrs hour hours",
        "dose": "dose doses",
    }.items()
    for word in words.split()
}
"""Words of durations and the unit they mean."""

_DAYS: Final = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0, "year": 365.0}
DURATION_WORDS = frozenset(("for", "x", "times"))
"""The words that a duration may begin with, besides numbers."""

_FILLERS = frozenset(
    ("a", "about", "additional", "an", "another", "approximately", "around", "at", "first",
     "full", "initial", "last", "least", "minimum", "more", "nearly", "next", "of", "only",
     "over", "past", "roughly", "the", "total", "up", "to", "remaining", "almost", "further")
)  # fmt: skip
_BETWEEN = frozenset(("additional", "additonal", "consecutive", "extra", "full", "further", "more",
                      "total", "straight"))  # fmt: skip
_OF = frozenset(("of",))
_S = frozenset(("s",))
_COURSES = frozenset(("burst", "course", "courses", "cycle", "regimen", "taper", "therapy",
                      "treatment", "trial", "pulse"))  # fmt: skip
_NOT_BEFORE = frozenset(
    ("after", "age", "ago", "at", "before", "by", "each", "every", "exceed", "follow", "following",
     "in", "last", "least", "next", "over", "past", "per", "postoperative", "q", "since", "than",
     "until", "within", "previous", "prior", "about", "approximately", "up", "the", "to")
)  # fmt: skip
_NOT_AFTER = frozenset(
    ("after", "ago", "apart", "before", "earlier", "following", "from", "history", "later", "old",
     "post", "postop", "postoperatively", "previously", "prior", "supply", "worth", "hence",
     "status", "followup")
)  # fmt: skip
_THERAPY = frozenset(
    ("antibiotic", "antibiotics", "course", "dosing", "it", "iv", "medication", "oral", "po",
     "steroids", "therapy", "this", "total", "treatment", "use")
)  # fmt: skip


class Stretch(NamedTuple):
    """A length of time or a number of doses.

    Attributes:
        value: Its normal form: ``10 days``.
        noun: ``day``, ``week``, ``month``, ``year``, ``hour`` or ``dose``.
        start: First code point, without a leading ``x`` or ``for``.
        end: One past the last code point.
        after: The token after it.
        is_duration: True: it surely is a drug's duration. False: it surely isn't. None: it is one
            if it stands within a sig.
    """

    value: str
    noun: str
    start: int
    end: int
    after: int
    is_duration: bool | None


def read_stretch(tokens: Sequence[Token], index: int) -> Stretch | None:
    """Read a length of time or a number of doses, with or without ``for`` or ``x`` before it."""
    number = index
    led = is_word(tokens, index, DURATION_WORDS) or is_sign(tokens, index, "×")
    if led:
        number += 1
        number += is_sign(tokens, number, ".~")
        while is_word(tokens, number, _FILLERS) and not _is_one(tokens, number):
            number += 1
    found = _length(tokens, number, led)
    if found is None:
        return None
    value, noun, end, after = found
    return Stretch(
        value, noun, tokens[number].start, end, after, _verdict(tokens, index, after, noun, led)
    )


def _is_one(tokens: Sequence[Token], index: int) -> bool:
    """Say whether an article counts: for a week."""
    after = index + 1
    return (
        tokens[index].form in ("a", "an")
        and after < len(tokens)
        and (tokens[after].form in ("day", "week", "month", "year", "hour"))
    )


def _length(tokens: Sequence[Token], index: int, led: bool) -> tuple[str, str, int, int] | None:
    """Return normal form, noun, end and the token after a number with a noun of time."""
    number = read_numeral(tokens, index)
    if number is not None and number.kind in (PLAIN, RANGE):
        value, after = number.value, number.after
        after += is_sign(tokens, after, "-")
        while is_word(tokens, after, _BETWEEN):
            after += 1
    elif led and index < len(tokens) and tokens[index].form in ("a", "an"):
        value, after = "1", index + 1
    else:
        return None
    if after >= len(tokens) or tokens[after].form not in NOUNS:
        return None
    noun, end = NOUNS[tokens[after].form], tokens[after].end
    return f"{value} {noun}{'' if value == '1' else 's'}", noun, end, after + 1


def _verdict(tokens: Sequence[Token], index: int, after: int, noun: str, led: bool) -> bool | None:
    following = after
    following += is_sign(tokens, following, "'’")
    following += is_word(tokens, following, _S)
    following += is_sign(tokens, following, "-")
    if is_word(tokens, following, _NOT_AFTER):
        return False
    if is_word(tokens, following, _COURSES):
        return True
    if is_word(tokens, following, _OF) and following + 1 < len(tokens):
        if is_word(tokens, following + 1, _THERAPY):
            return True
        return None if tokens[following + 1].kind != "word" else False
    if led:
        return True
    if is_word(tokens, index - 1, _NOT_BEFORE) or noun == "dose":
        return False
    return None


def days_of(duration: str) -> float | None:
    """Return a duration in days, a range's upper end; None if it counts doses.

    A month is 30 days and a year 365, as supplies are counted.
    """
    number, _, noun = duration.partition(" ")
    days = _DAYS.get(noun.removesuffix("s"))
    return None if days is None else float(number.rpartition("-")[2]) * days
