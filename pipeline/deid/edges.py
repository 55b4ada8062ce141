"""Where a recogniser's span begins and ends: never with white space or punctuation."""

from __future__ import annotations

import re
from typing import Final

_MARKS: Final = (
    "\ufeff.,;:|'\"()[]{}<>*_=~-/\\\u2013\u2014\u2018\u2019\u201c\u201d"  # dashes, curly quotes
)
_INSIDE: Final = re.compile(rf"[^\s{re.escape(_MARKS)}]")


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop white space and punctuation at both ends; a bracket that is closed inside stays.

    Args:
        text: Raw text.
        start: First code point of the range.
        end: One past its last.

    Returns:
        The new range; empty (its start is its end) if nothing is left.
    """
    first = _INSIDE.search(text, start, end)
    if first is None:
        return start, start
    last = end - 1
    while not _INSIDE.match(text, last):
        last -= 1
    begin, end = first.start(), last + 1
    if text.count(")", begin, end) > text.count("(", begin, end):
        bracket = text.rfind("(", start, begin)
        begin = bracket if bracket >= 0 else begin
    return begin, end
