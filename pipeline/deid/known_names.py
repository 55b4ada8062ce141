"""Registered names found in any order, case, spelling and part, as far as context allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.deid.misprints import Misprints
from pipeline.deid.name_context import is_eponym_here, is_name_here, widen
from pipeline.deid.nicknames import find_diminutives, find_nicknames
from pipeline.deid.person_name import PersonName, fold
from pipeline.deid.rules.eponyms import EPONYM_AFTER
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.note import PhiSpan

_CHUNK = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_LINK = re.compile(r"[ \u00a0]?[-'’`\u00b4 ]?[ \u00a0]?|-[ \u00a0]?\r?\n[ \u00a0]{0,8}")
_BETWEEN = re.compile(
    r"(?:,? ?(?:[JjSs][Rr]|I{2,3}|IV)\.?(?=[ ,]))?"
    r"(?:[ \u00a0]{0,3}(?:,|\^|-|\.(?! )|/|\||\"|“|\(|['’](?!s))?[ \u00a0]{0,2}|[ \u00a0\t]{1,24}"
    r"|[ \u00a0]?,?[ \u00a0]?\r?\n[ \u00a0]{0,4})"
    r"(?:[^\W\d_]\. ?|[^\W\d_] |(?:de|la|del|van|der|von) ){0,2}[\"“(]?"
)
_MIDDLE = re.compile(r" (?:[\"“(]?(?:[A-Z][\w'’-]{1,14}|[A-Z]\.?|van|der|de)[\"”)]? ){1,2}")
_AGED = re.compile(r"[ \t]{1,6}\d{1,3} ?(?:yo|y/o|[mf]\b)")
_LEAST_FOR_TYPO = 5
"""Letters of a word that may be a wrong spelling of a name."""

_Owners = list[tuple[int, str]]
"""Whose part it is (place in the list of people) and which of the name's parts is meant."""

NameTest = Callable[[str, int, int, Lexicon], bool]
"""Says of a part of a name, by text, start, end and word lists, whether it counts by itself."""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A part of a person's name in the text; not ``sure`` if it needs a neighbour."""

    start: int
    end: int
    person: int
    part: str
    sure: bool


class NameIndex:
    """The names of a patient, relatives and providers, made ready to search."""

    def __init__(
        self,
        people: Sequence[PersonName],
        lexicon: Lexicon,
        *,
        annotator: str = "known",
        score: float = 1.0,
        is_name: NameTest = is_name_here,
    ) -> None:
        """Take the names apart.

        Args:
            people: Whose names are looked for.
            lexicon: The word lists.
            annotator: Who found the names, for the spans.
            score: Score of the spans.
            is_name: Says whether a part of a name counts where no other part stands beside it.
        """
        self._people = [person for person in people if person.parts]
        self._lexicon = lexicon
        self._annotators = (annotator,)
        self._score = score
        self._is_name = is_name
        self._parts: dict[str, _Owners] = {}
        for index, person in enumerate(self._people):
            for part in person.parts:
                familiar = find_nicknames(part) | find_diminutives(part, lexicon)
                for form in (part, *sorted(familiar)):
                    self._parts.setdefault(form, []).append((index, part))
        self._misprints = Misprints(
            dict.fromkeys(part for person in self._people for part in person.parts), lexicon
        )
        self._beginnings = {part[:size] for part in self._parts for size in range(1, len(part) + 1)}

    def find(self, text: str) -> Iterator[PhiSpan]:
        """Find the names in raw text."""
        if not self._people:
            return
        text = self._misprints.mend(text)
        hits: dict[int, list[_Hit]] = {}
        for hit in self._hits(text):
            hits.setdefault(hit.person, []).append(hit)
        for index, own in sorted(hits.items()):
            person = self._people[index]
            for start, end in self._join(text, own, person):
                yield PhiSpan(start, end, person.label, self._score, self._annotators)

    def _hits(self, text: str) -> list[_Hit]:
        """Find every part that could be meant, sure or not."""
        chunks = [m.span() for m in _CHUNK.finditer(text)]
        hits: list[_Hit] = []
        done = 0
        for place, (start, end) in enumerate(chunks):
            if start < done:
                continue
            found = self._longest(text, chunks, place)
            if found is None and end - start >= _LEAST_FOR_TYPO - 1:
                part = self._misprints.find(text[start:end])
                found = (end, self._parts[part]) if part else None
            if found is not None:
                done, owners = found
                sure = self._is_name(text, start, done, self._lexicon)
                short = done - start < 4 and text[start:done].isupper()
                hits += [
                    _Hit(start, done, person, part, sure and not (short and len(part) > 3))
                    for person, part in owners
                ]
        return hits

    def _longest(
        self, text: str, chunks: Sequence[tuple[int, int]], place: int
    ) -> tuple[int, _Owners] | None:
        """Look up the word at ``place``, also joined with those after it: O Leary, Quill-Abara."""
        found: tuple[int, _Owners] | None = None
        joined = ""
        first = text[chunks[place][0] : chunks[place][1]]
        if first.isascii() and first[:2].lower() not in self._beginnings:
            return None
        for more in range(place, min(place + 4, len(chunks))):
            start, end = chunks[more]
            if more > place and not _LINK.fullmatch(text, chunks[more - 1][1], start):
                break
            joined += fold(text[start:end])
            if joined not in self._beginnings:
                break
            if joined in self._parts and (
                more == place
                or (len(joined) > 3 and not self._is_phrase(text, chunks[place][0], end))
            ):
                found = end, self._parts[joined]
        return found

    def _is_phrase(self, text: str, start: int, end: int) -> bool:
        """Say whether words that join to a name are just common words: "as he" is no Ashe."""
        words = re.split(r"[ \u00a0]+", text[start:end])
        if len(words) == 1 or fold(words[0]) in self._lexicon.particles:
            return False
        if all(len(word) > 1 and word.istitle() for word in words):
            return False
        return all(len(word) == 1 or fold(word) in self._lexicon.common for word in words)

    def _join(
        self, text: str, hits: Sequence[_Hit], person: PersonName
    ) -> Iterator[tuple[int, int]]:
        """Join neighbouring parts of one person; one that isn't sure needs a neighbour."""
        group: list[_Hit] = []
        for hit in [*hits, None]:
            if group and (hit is None or not self._is_beside(text, group[-1], hit)):
                start, end = widen(text, group[0].start, group[-1].end, person)
                if (
                    any(member.sure for member in group)
                    or self._is_pair(text, group, person)
                    or self._has_initial(text, group[0], start, end)
                ):
                    yield start, end
                group = []
            if hit is not None:
                group.append(hit)

    def _is_beside(self, text: str, last: _Hit, hit: _Hit) -> bool:
        """Say whether two parts are one mention: not "Ward will", where Will is a name too."""
        if not _BETWEEN.fullmatch(text, last.end, hit.start):
            return last.part != hit.part and self._is_middle(text, last, hit)
        if last.part == hit.part and text[last.end : hit.start].strip(" "):
            return last.sure != hit.sure
        small = hit.end - hit.start > 2 and text[hit.start : hit.end].islower()
        return hit.sure or not small or text[last.start : last.end].islower()

    def _is_middle(self, text: str, last: _Hit, hit: _Hit) -> bool:
        """Say whether other names of the person stand between two parts: Mark Alan Bishop."""
        if not (text[last.start].isupper() and text[hit.start].isupper()):
            return False
        if not _MIDDLE.fullmatch(text, last.end, hit.start):
            return False
        words = [fold(word) for word in text[last.end : hit.start].split()]
        return all(
            len(word) == 1 or word in self._lexicon.particles or word not in self._lexicon.common
            for word in words
        )

    def _is_pair(self, text: str, group: Sequence[_Hit], person: PersonName) -> bool:
        """Say whether unsure parts make each other sure.

        Lennox-Gastaut is still a syndrome, and in small letters the order is that of speech:
        "her hand rose" is no Rose Hand.
        """
        order = [person.parts.index(member.part) for member in group]
        if len(set(order)) < 2:
            return False
        start, end = group[0].start, group[-1].end
        value = text[start:end]
        if (
            value.islower()
            and "," not in value
            and not _AGED.match(text, end)
            and order != sorted(order)
        ):
            return False
        return "-" not in value or not is_eponym_here(text, start, end, self._lexicon)

    def _has_initial(self, text: str, hit: _Hit, start: int, end: int) -> bool:
        """Accept an unsure part next to the initial of another: M. Hand; Hand, M."""
        widened = (start, end) != (hit.start, hit.end)
        dotted = widened and "." in text[start:end] and text[hit.start].isupper()
        return dotted and EPONYM_AFTER.match(text, hit.end) is None
