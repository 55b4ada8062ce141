"""Sentence and line boundaries of clinical text, by rules, in linear time."""

from __future__ import annotations

import re

LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
"""The characters that end a line, those of ``str.splitlines``."""

_TOKEN = re.compile(r"\S+")
_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_MARKER = re.compile(r"[(\[]?(?:\d{1,2}|[A-Za-z])[.)\]]|[-*\u2022]")
_CLOSERS = "\"')]}\u201d\u2019"
_OPENERS = "\"'([{\u201c\u2018"
_WRAPPED_LINE = 50
"""A line at least this long may be broken in the middle of a sentence."""

_TITLES = frozenset(
    ("capt", "cf", "col", "dr", "drs", "e.g", "esp", "gen", "i.e", "lt", "mr", "mrs", "ms", "mt",
     "mx", "prof", "resp", "rev", "sgt", "st", "viz", "vs")
)  # fmt: skip
"""Words whose full stop never ends a sentence, lower case, without that full stop."""

_COUNTED = frozenset(
    ("approx", "apt", "ave", "ca", "fig", "figs", "max", "min", "no", "nos", "nr", "ste")
)  # fmt: skip
"""Words whose full stop doesn't end a sentence before a number."""


def find_sentences(text: str) -> list[tuple[int, int]]:
    """Find the sentences, list items and headings of a text.

    A full stop, question or exclamation mark ends a sentence if what follows may begin one and
    the word before it is no title, initial, list number or common abbreviation. A line break ends
    one too, unless a long line goes on in lower case on the next.

    Args:
        text: Any text of any length.

    Returns:
        ``(start, end)`` in code points of ``text``, in order, not overlapping, without outer
        white space; together they cover every character that isn't white space.
    """
    sentences: list[tuple[int, int]] = []
    start = line = last = 0
    last_end = -1
    for match in _TOKEN.finditer(text):
        begin, end = match.span()
        if last_end < 0:
            start = line = begin
        else:
            breaks = 0
            if begin - last_end > 1 or text[last_end] != " ":
                breaks = len(_LINE_BREAK.findall(text, last_end, begin))
            if breaks:
                ends = breaks > 1 or not _is_wrapped(text, line, last_end, begin)
                line = begin
            else:
                ends = _ends_sentence(text, start, last, last_end, begin)
            if ends:
                sentences.append((start, last_end))
                start = begin
        last, last_end = begin, end
    if last_end >= 0:
        sentences.append((start, last_end))
    return sentences


def _is_wrapped(text: str, line: int, end: int, following: int) -> bool:
    """Say whether a line ``[line, end)`` goes on at ``following``, on the next line."""
    return (
        end - line >= _WRAPPED_LINE and text[following].islower() and text[end - 1] not in ".!?:;"
    )


def _ends_sentence(text: str, start: int, last: int, end: int, following: int) -> bool:
    """Say whether a sentence that began at ``start`` ends with its token ``[last, end)``."""
    if text[end - 1] not in ".!?" and text[end - 1] not in _CLOSERS:
        return False
    word = text[last:end].rstrip(_CLOSERS)
    if not word or word[-1] not in ".!?":
        return False
    if last == start and _MARKER.fullmatch(text, last, end):
        return False
    opener = text[following : following + 4].lstrip(_OPENERS)
    if opener and not (opener[0].isupper() or opener[0].isdigit() or opener[0] in "-*#\u2022"):
        return False
    if word[-1] != ".":
        return True
    return not _is_abbreviation(text, start, last, word[:-1].lstrip(_OPENERS), opener)


def _is_abbreviation(text: str, start: int, last: int, word: str, opener: str) -> bool:
    """Say whether the full stop after ``word``, a token's begin, only shortens it."""
    if word.lower() in _TITLES:
        return True
    if len(word) == 1 and word.isupper():
        before = text[max(start, last - 40) : last].split()
        return not before or before[-1][:1].isupper()
    if opener and opener[0].isdigit():
        return word.lower() in _COUNTED or ("." in word and not word[-1:].isdigit())
    return False


def divides(gap: str) -> bool:
    """Say whether what stands between two words is a line's end or the gap between columns."""
    return not LINE_BREAKS.isdisjoint(gap) or "\t" in gap or "   " in gap
