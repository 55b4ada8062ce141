"""Where the body of a section that is brief by nature ends, though no further heading follows."""

from __future__ import annotations

import re
from typing import Final

BRIEF: Final = frozenset(("allergies", "chief_complaint"))
"""Kinds of sections that hold a line, a list or a paragraph."""

_LINE = re.compile(r"[^\S\r\n]*(\S[^\r\n]*)(?:\r?\n|\r|$)")
_MARKS = ":*_-"
_BULLET = re.compile(r"[-*\u2022\u00b7#]|\(?(?:\d{1,2}|[A-Za-z])[.)]\s")
_ENDS = (".", "!", "?", ":")
_ALLERGIES = re.compile(r"(?i)(?:allerg|intoleran|sensitivit|adverse)[^\r\n.:;]*$")
_HEADING = 80
"""Code points, at most, of a heading."""

_DENIED = re.compile(
    r"(?i)(?:(?:the )?(?:patient|pt|he|she) )?(?:has |had |reports |states )?"
    r"(?:(?:none|nil|n\.?k\.?[dm]?\.?a|denie[sd]|negative|no known)\b"
    r"|no (?:(?!due|because)[\w/]+ ){0,3}allerg)"
)
_EXCEPTED = re.compile(r"(?i)\b(?:apart|besides|but|except|however|other)\b")
_LONG = 90
"""Code points of a line that is a narrative's and no list item's."""


def body_end(text: str, start: int, end: int) -> int:
    """Return where the body of a brief section ends.

    It goes on over line ends and blank lines as long as its lines are short or those of a list. A
    long line ends it that begins a sentence behind a finished one: ``Allergies: None.`` and then
    the story. Where allergies are listed, a long line may tell of one more, and nothing ends it.

    Args:
        text: The note.
        start: Where the section's heading ends.
        end: Where the section ends by headings alone.
    """
    place = body = _skip(text, start, end, _MARKS)
    first, before, blank = True, "", False
    while place < end:
        line = _LINE.match(text, place, end)
        if line is None:
            return end
        words = line[1].rstrip()
        finished = blank or before.endswith(_ENDS)
        is_story = len(words) >= _LONG and words[0].isupper() and not _BULLET.match(words)
        if not first and finished and is_story:
            return end if _lists_allergens(text, start, body, place) else place
        first, before = False, words
        place = _skip(text, line.end(), end, "")
        blank = any(sign in "\r\n" for sign in text[line.end() : place])
    return end


def _lists_allergens(text: str, start: int, body: int, end: int) -> bool:
    """Say whether a section is of allergies and doesn't deny them in ``text[body:end]``."""
    if _ALLERGIES.search(text, max(0, start - _HEADING), start) is None:
        return False
    denied = _DENIED.match(text, body, end) is not None
    return not denied or _EXCEPTED.search(text, body, end) is not None


def _skip(text: str, start: int, end: int, marks: str) -> int:
    """Pass over white space and some marks."""
    while start < end and (text[start].isspace() or text[start] in marks):
        start += 1
    return start
