"""Where the body of a section that is brief by nature ends, though no further heading follows."""

from __future__ import annotations

import re
from typing import Final

_ALLERGIES: Final = "allergies"
_BRIEF: Final = frozenset((_ALLERGIES, "chief_complaint"))
"""Kinds of sections that hold a line, a list or a paragraph."""

_LINE = re.compile(r"[^\S\r\n]*(\S[^\r\n]*)(?:\r?\n|\r|$)")
_MARKS = ":*_-"
_BULLET = re.compile(r"[-*\u2022\u00b7#]|\(?(?:\d{1,2}|[A-Za-z])[.)]\s")
_ENDS = (".", "!", "?", ":")
_DENIED = re.compile(
    r"(?i)(?:(?:the )?(?:patient|pt|he|she) )?(?:has |had |reports |states )?"
    r"(?:(?:none|nil|n\.?k\.?[dm]?\.?a|denie[sd]|negative|no known)\b"
    r"|no (?:(?!due|because)[\w/]+ ){0,3}allerg)"
)
_EXCEPTED = re.compile(r"(?i)\b(?:apart|besides|but|except|however|other)\b")
_LONG = 90
"""Code points of a line that is a narrative's and no list item's."""


def body_end(kind: str, text: str, start: int, end: int) -> int:
    """Return where the body of a section ends; earlier than its headings say if it is brief.

    It goes on over line ends and blank lines as long as its lines are short or those of a list. A
    long line ends it that begins a sentence behind a finished one: ``Allergies: None.`` and then
    the story. Where allergies are listed, a long line may tell of one more, and nothing ends it.

    Args:
        kind: The section's.
        text: The note.
        start: Where the section's heading ends.
        end: Where the section ends by headings alone.
    """
    if kind not in _BRIEF:
        return end
    place = body = _skip(text, start, end, _MARKS)
    first, before, blank = True, "", False
    while place < end:
        line = _LINE.match(text, place, end)
        if line is None:  # blanks alone are left
            return end
        words = line[1].rstrip()
        finished = blank or before.endswith(_ENDS)
        is_story = len(words) >= _LONG and words[0].isupper() and not _BULLET.match(words)
        if not first and finished and is_story:
            told = kind == _ALLERGIES and not _denies(text, body, place)
            return end if told else place
        first, before = False, words
        place = _skip(text, line.end(), end, "")
        blank = any(sign in "\r\n" for sign in text[line.end() : place])
    return end


def _denies(text: str, start: int, end: int) -> bool:
    """Say whether ``text[start:end]`` denies allergies, all of them."""
    denied = _DENIED.match(text, start, end) is not None
    return denied and _EXCEPTED.search(text, start, end) is None


def _skip(text: str, start: int, end: int, marks: str) -> int:
    """Pass over white space and some marks."""
    while start < end and (text[start].isspace() or text[start] in marks):
        start += 1
    return start
