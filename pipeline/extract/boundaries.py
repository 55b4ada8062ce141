"""Where a mention may begin and end: within a line, outside replacement tags, at a word."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

TAG = r"\[[A-Z][A-Z0-9-]*\]"
"""A regular expression for the tags that de-identification puts in, such as ``[PATIENT]``."""

ACCENTS = "\u0300-\u036f"
"""Combining accents, as a range of a regular expression's character class."""

_BREAK = re.compile(TAG + r"|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_WORD_CHARACTER = re.compile(rf"[^\W_]|[{ACCENTS}]")
_PAIRS = {")": "(", "]": "[", "}": "{"}


def find_breaks(text: str) -> list[tuple[int, int]]:
    """Find the replacement tags and line ends of a text, which no mention touches."""
    return [match.span() for match in _BREAK.finditer(text)]


def tidy(
    text: str, start: int, end: int, breaks: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """Bring a range into a mention's form.

    It keeps the longest stretch between line ends and replacement tags, without the white space
    and punctuation around it, but for a bracket that closes where it opened.

    Args:
        text: Released text.
        start: First code point of the range.
        end: One past its last.
        breaks: What :func:`find_breaks` finds in the text.

    Returns:
        The new range; None if nothing is left.
    """
    stretches = []
    position = start
    for left, right in breaks[bisect_right(breaks, start, key=lambda span: span[1]) :]:
        if left >= end:
            break
        stretches.append((position, left))
        position = right
    stretches.append((position, end))
    start, end = max(stretches, key=lambda stretch: stretch[1] - stretch[0])
    while start < end and not _WORD_CHARACTER.match(text[start]):
        start += 1
    while start < end and not _WORD_CHARACTER.match(text[end - 1]):
        opener = _PAIRS.get(text[end - 1])
        if opener is not None and opener in text[start:end]:
            break
        end -= 1
    return (start, end) if start < end else None
