"""Whether a regular expression takes out of all proportion long on some texts."""

from __future__ import annotations

import re
import re._parser as _parser  # type: ignore[import-not-found]  # what `re` parses patterns with
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

_LIMIT_S: Final = 0.03
_BUDGET_S: Final = 0.6
_LONG_TEXT: Final = 20_000
_LONG_LIMIT_S: Final = 0.1
"""A search of a long text takes up to 0.01 s if the time grows with the length, and 0.25 s or more
if it grows with its square: in between it doesn't matter how fast the machine is."""
_LONGEST: Final = 2_000
_LONGEST_MIXED: Final = 120
_FILLS: Final = ("a", "A", "0", " ", "-", ".", "_", "a ", "a1", "A-", "0-", "\n")
_MOST_LEADS: Final = 10
_MOST_FILLS: Final = 24
_REPEATS: Final = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_MANY: Final = 8
_VARIANTS: Final = ((0, 0), (1, 0), (0, 1), (1, 1))
_CATEGORIES: Final = {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " ", "CATEGORY_NOT_WORD": "-"}

_Node = tuple[Any, Any]


def is_explosive(pattern: re.Pattern[str]) -> bool:
    r"""Say whether a search takes out of all proportion long on some texts.

    The pattern is tried on texts that almost match: what leads to each of its repeats, then
    repeats of what it may repeat, then an end that spoils the match. Each text is a sixteenth
    longer than the one before, so that even time that doubles with every few characters no more
    than doubles from one to the next, and the trial ends soon after the first that takes 0.03 s of
    processor time; a sound pattern takes microseconds. From the growth up to 2,000 characters the
    time for 20,000 is estimated, where growth with the square, as that of ``\d+-X`` on digits,
    is refused too. What isn't all letters and digits is tried up to 120 characters only: that
    ``\s*:?\s*`` takes long on more white space is common and harmless.

    It is a trial, not a proof: what passes may still be slow on a text that nobody thought of. It
    takes less than a second.

    Args:
        pattern: The regular expression, compiled.
    """
    begun = time.thread_time()
    leads, fills = _texts(pattern)
    return any(
        _is_slow(pattern, lead, fill) or time.thread_time() - begun > _BUDGET_S
        for lead in leads
        for fill in fills
    )


def _is_slow(pattern: re.Pattern[str], lead: str, fill: str) -> bool:
    """Try one kind of text at growing lengths."""
    is_word = fill.isalnum()
    longest = _LONGEST if is_word else _LONGEST_MIXED
    length = 2
    while length < longest:
        if _time(pattern, lead, fill, length) > _LIMIT_S:
            return True
        length += max(1, length // 16)
    if not is_word:
        return False
    half, whole = (
        min(_time(pattern, lead, fill, length) for _ in range(2))
        for length in (longest // 2, longest)
    )
    # t(n) = c n^k, where 2^k is what t grows by when n doubles.
    growth = whole / max(half, 1e-6)
    times_longer = _LONG_TEXT // longest
    estimate: float = whole * times_longer
    while times_longer > 1:
        estimate *= max(1.0, growth / 2)
        times_longer //= 2
    return estimate > _LONG_LIMIT_S


def _time(pattern: re.Pattern[str], lead: str, fill: str, length: int) -> float:
    text = f"{lead}{(fill * length)[:length]}\x00"
    begun = time.thread_time()
    pattern.search(text)
    return time.thread_time() - begun


def _texts(pattern: re.Pattern[str]) -> tuple[list[str], list[str]]:
    """Return what texts begin with, and what to repeat after it."""
    repeats = list(_repeats(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE), ""))
    leads = dict.fromkeys(["", *(lead for lead, _ in repeats)])
    fills = dict.fromkeys([*_FILLS, *(body for _, body in repeats if body)])
    return list(leads)[:_MOST_LEADS], list(fills)[:_MOST_FILLS]


def _repeats(nodes: Sequence[_Node], lead: str) -> Iterator[tuple[str, str]]:
    """Yield examples of what leads to each repeat of a parsed pattern, and of its body."""
    for operator, value in nodes:
        name = str(operator)
        if name in _REPEATS:
            _, most, body = value
            if most > _MANY:
                yield from ((lead, _example(body, *variant)) for variant in _VARIANTS)
            yield from _repeats(body, lead)
        elif name == "SUBPATTERN":
            yield from _repeats(value[-1], lead)
        elif name == "ATOMIC_GROUP":
            yield from _repeats(value, lead)
        elif name == "BRANCH":
            for alternative in value[1]:
                yield from _repeats(alternative, lead)
        lead += _example([(operator, value)])


def _example(nodes: Sequence[_Node], least: int = 0, choice: int = 0) -> str:
    """Return a text that a parsed pattern may match; a guess where that takes thought.

    Args:
        nodes: The pattern.
        least: How often an optional piece stands in it.
        choice: Which of several alternatives stands in it.
    """
    pieces = (_example_of(str(name), value, least, choice) for name, value in nodes)
    return "".join(pieces)[:_LONGEST_MIXED]


def _example_of(name: str, value: Any, least: int, choice: int) -> str:
    if name in _REPEATS:
        times = min(max(least, int(value[0])), _LONGEST_MIXED)
        return _example(value[2], least, choice) * times
    if name in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _example(value[-1] if name == "SUBPATTERN" else value, least, choice)
    if name == "BRANCH":
        return _example(value[1][choice % len(value[1])], least, choice)
    if name == "LITERAL":
        return chr(int(value))
    if name == "RANGE":
        return chr(int(value[0]))
    if name == "IN":
        return "a" if str(value[0][0]) == "NEGATE" else _example(value[:1])
    if name == "CATEGORY":
        return _CATEGORIES.get(str(value), "a")
    return "a" if name in ("ANY", "NOT_LITERAL") else ""
