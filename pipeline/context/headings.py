"""Headings of clinical notes: at the begin of a line, in the middle of one, or alone on one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from pipeline.context.heading_case import Case, case_of, goes_on
from pipeline.context.heading_words import HeadingWords, Meaning, Use, load_heading_words

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARK = re.compile(
    r"[\s#>*=_|~+\u2022\u00b7\u25cf\u25aa\u2013\u2014-]*"
    r"(?P<number>[(\[]?(?:\d{1,2}|[A-Za-z]|[ivxIVX]{2,4})[.)\]]\s+)?[\s*_]*"
)
"""What may stand before a heading on its line: bullets, Markdown, the number of a list."""
_BREAK = re.compile(r"[.!?;:][\"')\]]*\s+|\t|\s{3,}|[|\u2022\u00b7\u25cf]\s*|\*\*|--+\s*")
"""After what a heading may begin in the middle of a line."""
_LIST_NUMBER = re.compile(r"\d{1,2}[.)](?!\d)")
_WORD = re.compile(r"\S+")
_EDGES = " \t\xa0\u3000*_\"'([{<#=-\u2013\u2014\u2022.,"
_TAIL = " \t\xa0\u3000*_\"'#=-\u2013\u2014"
_TITLES = frozenset(("dr", "drs", "mr", "mrs", "ms", "mx", "prof", "st"))
_VERBS = frozenset(
    ("is", "are", "was", "were", "follows", "following", "shows", "showed", "reveals")
)
_LONGEST = 90
"""Code points of the longest heading."""
_MOST_WORDS = 12
_LONGEST_ALONE = 70
_SAMPLE = 2000
"""Code points at a note's begin that tell whether it is all in capitals."""


class Place(IntEnum):
    """Where a heading with a colon stands."""

    LINE = 0
    """At the begin of a line."""
    NUMBERED = 1
    """Behind the number of a list."""
    BREAK = 2
    """In the middle of a line, after a sentence or a gap."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a note.

    Attributes:
        start: First code point.
        end: One past the last, without colon and white space.
        meaning: What the table says of it; None for one in capitals that tells nothing.
    """

    start: int
    end: int
    meaning: Meaning | None


def find_headings(text: str) -> list[Heading]:
    """Find the headings of a clinical note, in order, in linear time.

    Args:
        text: Any text.
    """
    return list(_Search(text, load_heading_words()).headings())


class _Search:
    """One pass over a text."""

    def __init__(self, text: str, words: HeadingWords) -> None:
        self._text = text
        self._words = words
        sample = text[:_SAMPLE]
        lower = sum(map(str.islower, sample))
        self._shouts = lower * 20 < lower + sum(map(str.isupper, sample))

    def headings(self) -> Iterator[Heading]:
        text = self._text
        last, after_blank = 0, True
        for line in _LINE.finditer(text):
            begin, end = line.span()
            after_blank = after_blank or begin - last > 1 + (text[last:begin] == "\r\n")
            last = end
            if text.find(":", begin, end) >= 0:
                yield from self._in_line(begin, end)
            elif end - begin <= _LONGEST_ALONE and (found := self._alone(begin, end, after_blank)):
                yield found
            after_blank = end - begin < 40 and not text[begin:end].strip()

    def _in_line(self, begin: int, end: int) -> Iterator[Heading]:
        """Find the headings before the colons of a line."""
        text = self._text
        mark = _MARK.match(text, begin, end)
        floor = begin if mark is None else mark.end()
        place = Place.NUMBERED if mark is not None and mark["number"] else Place.LINE
        colon = text.find(":", floor, end)
        while colon >= 0:
            following = text[colon + 1 : colon + 2]
            is_value = following == "/" or (following.isdigit() and text[colon - 1].isdigit())
            if not is_value and (found := self._before(floor, colon, end, place)):
                yield found
                floor, place = colon + 1, Place.BREAK
            colon = text.find(":", colon + 1, end)

    def _before(self, floor: int, colon: int, end: int, place: Place) -> Heading | None:
        """Find the heading that ends at a colon; ``floor`` is where it may begin first."""
        window = max(floor, colon - _LONGEST)
        begins = [(window, place)] if window == floor else []
        for match in _BREAK.finditer(self._text, window, colon):
            if not match[0].isspace():
                begins.clear()
            begins.append((match.end(), Place.BREAK))
        has_value = self._has_value(colon + 1, end)
        for begin, where in reversed(begins):
            start, stop = self._trim(begin, colon)
            if start >= stop or (where is Place.BREAK and self._follows_title(start)):
                return None
            if found := self._judge(start, stop, where, has_value):
                return found
        return self._run(*self._trim(begins[-1][0] if begins else window, colon), bool(begins))

    def _judge(self, start: int, stop: int, place: Place, has_value: bool) -> Heading | None:
        """Say whether the text before a colon is a heading."""
        surface = self._text[start:stop]
        if not surface[0].isalpha() and not surface[:2].isdigit():
            return None
        case = case_of(surface)
        if case is Case.LOWER and len(surface) > 40:
            return None
        meaning = self._words.find(surface)
        count = surface.count(" ") + 1
        if meaning is None or meaning.use is Use.WORD:
            may_have_value = meaning is not None and meaning.operation == "procedure"
            if has_value and not (may_have_value and case is Case.CAPITALS):
                return None
            if not self._may_be_unknown(surface, case, count, place, meaning):
                return None
            return Heading(start, stop, meaning)
        if meaning.use is Use.LABEL:
            return None
        if len(surface) == 1 and (place is not Place.LINE or has_value or case is Case.LOWER):
            return None
        if case is Case.LOWER and (meaning.use is Use.PART or place is Place.NUMBERED):
            return None
        return Heading(start, stop, meaning)

    def _may_be_unknown(
        self, surface: str, case: Case, words: int, place: Place, meaning: Meaning | None
    ) -> bool:
        """Say whether a text that the table doesn't list may be a heading."""
        if not surface[0].isalpha() or words > _MOST_WORDS or sum(map(str.isalpha, surface)) < 3:
            return False
        if sum(map(str.isdigit, surface)) > (4 if case is Case.CAPITALS else 0):
            return False
        if self._shouts:
            return place is Place.LINE and words <= 4
        if case is Case.CAPITALS:
            return place is not Place.NUMBERED or meaning is not None
        if meaning is None or place is not Place.LINE:
            return False
        if case is Case.TITLE:
            return words <= 6
        return case is Case.FIRST and words <= 4 and _VERBS.isdisjoint(surface.lower().split())

    def _run(self, start: int, stop: int, is_whole: bool) -> Heading | None:
        """Find a heading told from what stands before it by its case alone."""
        text = self._text
        if stop - start < 2 or self._shouts or not text[stop - 1].isalpha():
            return None
        words = [match.span() for match in _WORD.finditer(text, start, stop)]
        if len(words) < 2 or not text[words[-1][0]].isupper():
            return None
        capitals = text[words[-1][0] : stop].isupper()
        first = len(words)
        while first > 0 and goes_on(text[slice(*words[first - 1])], capitals):
            first -= 1
        if first == 0 and is_whole:
            return None
        for begin, _ in words[max(first, len(words) - 6) :]:
            surface = text[begin:stop]
            meaning = self._words.find(surface) if len(surface) > 1 else None
            if meaning is not None and meaning.use is Use.LABEL:
                return None
            if meaning is not None and meaning.use is not Use.WORD and surface[0].isupper():
                return Heading(begin, stop, meaning)
        return None

    def _alone(self, begin: int, end: int, after_blank: bool) -> Heading | None:
        """Say whether a line without a colon is a heading."""
        text = self._text
        mark = _MARK.match(text, begin, end)
        content = begin if mark is None else mark.end()
        start, stop = self._trim(content, end)
        if stop - start < 2 or not text[start].isalpha() or text[stop - 1] in ".,;?!)]":
            return None
        surface = text[start:stop]
        words = surface.count(" ") + 1
        is_numbered = mark is not None and mark["number"] is not None
        is_marked = "#" in text[begin:content] or "**" in text[begin:content]
        case = Case.CAPITALS if is_marked else case_of(surface)
        if words > _MOST_WORDS or (case is not Case.CAPITALS and (is_numbered or words > 6)):
            return None
        meaning = self._words.find(surface)
        if meaning is None or meaning.use is Use.LABEL:
            return Heading(start, stop, meaning) if is_marked and meaning is None else None
        if meaning.use is Use.SECTION and (case >= Case.TITLE or after_blank):
            return Heading(start, stop, meaning)
        is_capital = case is Case.CAPITALS and not is_numbered and (is_marked or not self._shouts)
        if meaning.use is Use.PART:
            is_apart = case is Case.TITLE and after_blank
            return Heading(start, stop, meaning) if is_capital or is_apart else None
        return Heading(start, stop, meaning) if is_capital and after_blank else None

    def _trim(self, start: int, stop: int) -> tuple[int, int]:
        surface = self._text[start:stop]
        stop = start + len(surface.rstrip(_TAIL))
        return stop - len(self._text[start:stop].lstrip(_EDGES)), stop

    def _follows_title(self, start: int) -> bool:
        before = self._text[max(0, start - 8) : start].split()
        return bool(before) and before[-1].rstrip(".").lower() in _TITLES

    def _has_value(self, start: int, end: int) -> bool:
        """Say whether a number follows that isn't one of a list."""
        body = self._text[start : min(end, start + 20)].lstrip()
        return body[:1].isdigit() and _LIST_NUMBER.match(body) is None
