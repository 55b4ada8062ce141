"""The parts of raw text that the BERT recogniser labels: runs of letters or digits, marks."""

from __future__ import annotations

import re
from typing import Final

from pipeline.encoder.windows import LONGEST_WORD

_PART: Final = re.compile(
    rf"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]){{0,{LONGEST_WORD - 1}}}"
    rf"|\d{{1,{LONGEST_WORD}}}|[^\w\s]|_"
)

N_CASES: Final = 4
"""How many ways of writing :func:`case_of` tells apart."""


def find_parts(text: str) -> list[tuple[int, int]]:
    """Find the runs of letters and of digits, and the single other characters, of a text.

    Notes glue identifiers to their surroundings (``77yo``, ``PR/tx0417``); a part is never both.

    Args:
        text: Raw text.

    Returns:
        ``(start, end)`` in code points, in order; together they cover all but white space.
    """
    return [match.span() for match in _PART.finditer(text)]


def case_of(part: str) -> int:
    """Return how a part is written: 0 small or no letters, 1 Capital, 2 CAPITALS, 3 otherwise.

    The encoder is uncased; it is told as the token type what its word pieces lost, since the case
    tells Will from will.
    """
    if not part.isalpha() or part.islower():
        return 0
    if part.isupper() and len(part) > 1:
        return 2
    return 1 if part[0].isupper() else 3
