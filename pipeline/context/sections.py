"""Sections of clinical notes, normalised to a small set of kinds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from operator import attrgetter

from pipeline.context.heading_words import Meaning, Use, kind_of
from pipeline.context.headings import Heading, find_headings
from pipeline.context.section_bodies import body_end
from pipeline.note import Section

OTHER = "other"
_VISIT = "visit"
_OPERATION = "operation"
_IMAGING = "imaging"
_STUDIED = "study"  # a report of an operation tells its indication as well

_WITH_PARTS = frozenset(
    ("exam", "review_of_systems", "results", "procedure", "assessment", "plan",
     "assessment_and_plan", "hospital_course")
)  # fmt: skip
"""Kinds of sections whose parts have headings of their own."""

_OPINIONS = frozenset(("assessment", "plan", "assessment_and_plan"))
"""Kinds of sections that a heading which tells nothing ends, if it begins a paragraph."""

_BEFORE_RESULTS = frozenset(("procedure", "indication"))
"""Kinds of sections that lead to the results of a study."""

_PARAGRAPH = re.compile(r"\n[ \t\r]*\n\s*$")
_STUDY = re.compile(
    r"(?i)\b(?:[cm]t|mr[ia]|x-?rays?|ultraso\w*|sonogra\w*|echocardiogra\w*|radiogra\w*|doppler|"
    r"mammogra\w*|scan|eeg|emg|nerve conduction|views?|polysomno\w*|holter|stress test)\b"
)
_INVASIVE = re.compile(
    r"(?i)\b(?:biops|inject|drain|cathet|guid|repair|excis|insert|plac|\w+scopy|\w+tomy)"
)
_TOLD = re.compile(
    r"(?i)\b(?:denie[sd]|denying|complain|no history of|reports|nausea|vomiting|cough|dizz|"
    r"headache|shortness of breath|weight loss|fevers?|chills|fatigue|constipation|diarrhea|"
    r"dysuria|palpitations|insomnia|blurr)"
)
"""Words that tell what a patient says."""

_SEEN = re.compile(
    r"(?i)\b(?:nontender|non-tender|tenderness|soft|supple|clear|auscultation|murmur|regular rate|"
    r"normocephalic|atraumatic|reactive|intact|symmetric|palpa|edema|distended|masses|clubbing|"
    r"well[- ]developed|no acute distress)"
)
"""Words that tell what an examination finds."""

_EXAMINED = frozenset(("heent", "general", "gen", "general appearance", "extremities", "ext"))
"""Parts without which hardly any head-to-toe list is written."""

_NAME = 80
"""Code points after a heading that hold the name of a study."""

_START = attrgetter("start")


def find_sections(text: str) -> list[Section]:
    """Find the sections of a note.

    What a heading opens may depend on the note: findings are results in a report of imaging and
    part of the procedure in a report of an operation. So all headings are read before any is given
    its kind. Parts of an examination, a review of systems or results keep the kind of the section
    that they stand in, and so do headings there that tell nothing.

    Args:
        text: Any text of any length.

    Returns:
        Sections in order that cover the whole text, one for each heading; before the first
        heading one of kind ``other``, if anything stands there, and one behind a brief section
        (allergies, chief complaint) that a story follows without a heading. An empty text has none.
    """
    headings = find_headings(text)
    first = headings[0].start if headings else len(text)
    sections = [Section(OTHER, 0, first)] if first > 0 else []
    kinds = _Kinds(text, headings)
    for place, heading in enumerate(headings):
        end = headings[place + 1].start if place + 1 < len(headings) else len(text)
        kind = kinds.following(place)
        body = body_end(kind, text, heading.end, end)
        sections.append(Section(kind, heading.start, body, (heading.start, heading.end)))
        if body < end:
            sections.append(Section(OTHER, body, end))
    return sections


def section_of(sections: Sequence[Section], start: int) -> Section:
    """Return the section that a place of the text stands in.

    Args:
        sections: Of the note, as :func:`find_sections` gives them; at least one.
        start: The place, in code points of the text.
    """
    return sections[max(0, bisect_right(sections, start, key=_START) - 1)]


class _Kinds:
    """Gives the headings of a note their kinds, one after another."""

    def __init__(self, text: str, headings: Sequence[Heading]) -> None:
        self._text = text
        self._headings = headings
        self._setting = _setting(text, headings)
        self._kind = OTHER
        self._holds = False  # whether parts keep the kind
        self._told: set[str] = set()  # parts of the review of systems that goes on

    def following(self, place: int) -> str:
        """Return the kind of the section under a heading; each is asked for once, in order."""
        meaning = self._headings[place].meaning
        if meaning is not None and meaning.use is not Use.PART:
            self._kind = self._of_section(place, meaning)
            is_study = self._setting == _IMAGING and self._kind in _BEFORE_RESULTS
            self._holds = self._kind in _WITH_PARTS and not is_study
            self._told.clear()
        elif not self._keeps(place):
            self._kind = self._of_parts(place)
            self._holds = self._kind in _WITH_PARTS
        elif meaning is not None and self._examines(place):
            self._kind = "exam"
        return self._kind

    def _of_section(self, place: int, meaning: Meaning) -> str:
        """Give a section its kind; a study's name that leads to its results is a procedure."""
        kind = kind_of(meaning, self._setting)
        if self._setting != _IMAGING or kind != "results" or place + 1 == len(self._headings):
            return kind
        following = self._headings[place + 1].meaning
        leads = following is not None and following.imaging in _BEFORE_RESULTS
        return "procedure" if leads and self._is_empty(place) else kind

    def _keeps(self, place: int) -> bool:
        """Say whether a part, or a heading that tells nothing, keeps the kind before it."""
        heading = self._headings[place]
        if heading.meaning is None and self._kind in _OPINIONS:
            before = self._text[max(0, heading.start - 8) : heading.start]
            return _PARAGRAPH.search(before) is None
        if not self._holds and self._kind != OTHER and place > 0 and self._is_empty(place - 1):
            self._holds = self._setting != _IMAGING
        return self._holds

    def _examines(self, place: int) -> bool:
        """Say whether an examination that has no heading of its own begins with a part.

        It does where a part of a review of systems comes again, and where a head-to-toe list
        follows anything but an examination or a review of systems.
        """
        if self._kind == "review_of_systems":
            name = self._name(place)
            if name in self._told:
                return True
            self._told.add(name)
            return False
        if self._kind == "exam" or self._setting == _IMAGING:
            return False
        before = self._headings[place - 1].meaning if place > 0 else None
        if before is None or before.use is Use.PART:
            return False
        parts = self._parts(place)
        votes = sum(1 for part in parts if self._votes_for(part) == "exam")
        return votes >= 3 and any(self._name(part) in _EXAMINED for part in parts)

    def _name(self, place: int) -> str:
        heading = self._headings[place]
        return self._text[heading.start : heading.end].lower()

    def _votes_for(self, place: int) -> str:
        meaning = self._headings[place].meaning
        return OTHER if meaning is None else meaning.kind

    def _parts(self, first: int) -> range:
        """Return the places of parts, and of headings that tell nothing, up to the next section."""
        end = first
        while end < len(self._headings):
            meaning = self._headings[end].meaning
            if meaning is not None and meaning.use is not Use.PART:
                break
            end += 1
        return range(first, end)

    def _is_empty(self, place: int) -> bool:
        """Say whether nothing stands between a heading and the next one."""
        body = self._text[self._headings[place].end : self._headings[place + 1].start]
        return not body.strip(": \t\r\n")

    def _of_parts(self, first: int) -> str:
        """Give parts that no section holds their kind, from all of them up to the next section."""
        if self._setting == _IMAGING:
            return "results"
        leader = self._headings[first].meaning
        if leader is None or leader.kind == OTHER:
            return "procedure" if self._setting == _OPERATION else OTHER
        parts = self._parts(first)
        votes = Counter(map(self._votes_for, parts))
        start = self._headings[first].end
        is_last = parts.stop == len(self._headings)
        end = len(self._text) if is_last else self._headings[parts.stop].start
        votes["review_of_systems"] += len(_TOLD.findall(self._text, start, end))
        votes["exam"] += len(_SEEN.findall(self._text, start, end))
        return max(("exam", "review_of_systems", "results"), key=votes.__getitem__)


def _setting(text: str, headings: Sequence[Heading]) -> str:
    """Say what a note reports: a visit or stay, an operation, or imaging."""
    signs = Counter(h.meaning.sign for h in headings if h.meaning is not None)
    operation, imaging, visit = signs[_OPERATION], signs[_IMAGING], signs[_VISIT]
    for heading in headings[:3]:
        if heading.meaning is not None and heading.meaning.imaging == "procedure":
            body = text[heading.end : heading.end + _NAME]
            imaging += 2 * (bool(_STUDY.search(body)) and not _INVASIVE.search(body))
    if operation and operation >= max(visit, imaging):
        return _OPERATION
    imaging += signs[_STUDIED] > 0
    return _IMAGING if imaging > visit else _VISIT
