"""The words of a released text, as the extraction of mentions reads them."""

from __future__ import annotations

import re

from pipeline.encoder.windows import LONGEST_WORD
from pipeline.extract.boundaries import ACCENTS, TAG

_WORD = re.compile(rf"{TAG}|(?:[^\W_]|[{ACCENTS}]){{1,{LONGEST_WORD}}}|\S")
_TAG = re.compile(TAG)


def find_words(text: str) -> list[tuple[int, int]]:
    """Find the words of a text: tags, runs of letters and digits, and single other characters.

    A run of more than ``LONGEST_WORD`` letters is cut.

    Args:
        text: Any text.

    Returns:
        ``(start, end)`` in code points, in order; together they cover all but white space.
    """
    return [match.span() for match in _WORD.finditer(text)]


def is_tag(word: str) -> bool:
    """Say whether a word is a tag that de-identification put in, such as ``[PATIENT]``."""
    return word[0] == "[" and _TAG.fullmatch(word) is not None
