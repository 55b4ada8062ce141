"""What a de-identification policy demands of the PHI that annotators marked: what must be gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.evaluate.gold import GoldDocument
from pipeline.note import Span

Policy = Literal["limited_dates", "safe_harbor"]

Range = tuple[int, int]

_TOKEN: Final = re.compile(r"\w+")
_YEAR: Final = re.compile(r"(?:18|19|20)\d\d(?=s?$)")
_CLOCK: Final = re.compile(r"(?<![\d/.-])(?:[T ]|\b)\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|(?=\D|$))")
_DAY: Final = re.compile(r"(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:[a-z]*day)?s?")
_NUMBER: Final = re.compile(r"\d+")
_VERY_OLD: Final = re.compile(r"ninet(?:y|ies)|hundred|nonagenarian|centenarian")
_YOUNG_UNIT: Final = re.compile(r"(?i)\W*(?:hours?|days?|weeks?|wks?|months?|mos?|d|w|m)\b")
_OLDEST: Final = 90
"""45 CFR 164.514(b)(2)(i)(C): ages over 89, and all elements of dates that tell such an age."""
_NAMES: Final = frozenset({"PATIENT", "DOCTOR", "USERNAME"})


@dataclass(frozen=True, slots=True)
class Requirement:
    """The demands of a policy.

    Attributes:
        policy: ``limited_dates``: dates are shifted by whole weeks, so that days of the week and
            years may stand as they are, the date itself not. ``safe_harbor``: nothing of a date
            but its year may stand. Both: ages under 90 stay, and years unless they are 90 or more
            before the latest of the document; all else that is marked must go.
    """

    policy: Policy

    def parts(self, document: GoldDocument, span: Span) -> tuple[Range, ...]:
        r"""Return what of a gold span must be gone.

        Args:
            document: The gold.
            span: One of its spans.

        Returns:
            The parts of its tokens (``\w+`` of the text) that lie in the span, by code points of
            the raw text; none if the span may stand.
        """
        text = document.note.text
        surface = text[span.start : span.end]
        tokens = [(span.start + m.start(), span.start + m.end()) for m in _TOKEN.finditer(surface)]
        if span.label == "AGE":
            rest = text[span.end : span.end + 12]
            return tuple(tokens) if _is_very_old(surface, rest) else ()
        if span.label != "DATE":
            return tuple(tokens)
        parts = _date_parts(document, span, tokens)
        if self.policy == "limited_dates":
            return tuple((a, b) for a, b in parts if not _DAY.fullmatch(text[a:b].lower()))
        return tuple(parts)

    def is_partwise(self, label: str) -> bool:
        """Say whether each part alone must be missing from what replaces a span of that label.

        Else a replacement may share words with the original ("Oak Street", "Elm Street").
        """
        return label in _NAMES or (label == "DATE" and self.policy == "safe_harbor")


def _is_very_old(surface: str, rest: str) -> bool:
    if _VERY_OLD.search(surface.lower()):
        return True
    if _YOUNG_UNIT.match(rest) or _YOUNG_UNIT.search(surface):
        return False
    return any(int(m[0][:4]) >= _OLDEST for m in _NUMBER.finditer(surface))


def _date_parts(document: GoldDocument, span: Span, tokens: list[Range]) -> Iterator[Range]:
    text = document.note.text
    surface = text[span.start : span.end]
    clocks = [
        (span.start + m.start(), span.start + m.end())
        for m in _CLOCK.finditer(surface)
        if ":" in m[0]
    ]
    latest = _latest_year(document)
    for start, end in tokens:
        if any(a <= start and end <= b for a, b in clocks):
            continue
        year = _YEAR.match(text[start:end])
        if year and latest - int(year[0]) < _OLDEST:
            continue
        yield start, end


def _latest_year(document: GoldDocument) -> int:
    """Return the latest year that the document's dates name; 0 if none does."""
    years = (
        int(year[0])
        for span in document.spans
        if span.label == "DATE"
        for token in _TOKEN.findall(document.note.text[span.start : span.end])
        if (year := _YEAR.match(token))
    )
    return max(years, default=0)
