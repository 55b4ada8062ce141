"""Chia's offsets, which count blanks at line ends that its texts lack."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

_BARE_LINE_END = re.compile(r"(?<! )\n")

Range = tuple[int, int]


def realigned(text: str, ranges: Sequence[Range]) -> list[Range]:
    """Give Chia's annotations the offsets of the text as it stands in the JSON lines.

    Most of Chia's documents were annotated when each line ended with a blank, and have lost that
    blank since: after n line ends all offsets are n too high. Such documents are told by their
    annotations: with the blanks, more of them begin and end where words do.

    Args:
        text: A document's text.
        ranges: Its annotations as given; they may lie beyond the text.

    Returns:
        The ranges by code points of ``text``, in the order given.
    """
    padded = _BARE_LINE_END.sub(" \n", text)
    as_given = sum(_fits(text, start, end) for start, end in ranges)
    if sum(_fits(padded, start, end) for start, end in ranges) <= as_given:
        return list(ranges)
    blanks = [match.start() + n for n, match in enumerate(_BARE_LINE_END.finditer(text))]
    return [
        (start - bisect_left(blanks, start), end - bisect_left(blanks, end))
        for start, end in ranges
    ]


def _fits(text: str, start: int, end: int) -> bool:
    """Say whether a range lies in the text and cuts no word."""
    if not 0 <= start < end <= len(text) or text[start].isspace():
        return False
    return not _within_word(text, start) and not _within_word(text, end)


def _within_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
