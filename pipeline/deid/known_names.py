"""Registered names found in any order, case, spelling and part, as far as context allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.deid.name_context import is_name_here, widen
from pipeline.deid.nicknames import find_nicknames
from pipeline.deid.person_name import PersonName, fold
from pipeline.deid.rules.eponyms import EPONYM_AFTER
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.note import PhiSpan

_ANNOTATORS = ("known",)
_CHUNK = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_LINK = re.compile(r"[ \u00a0]?[-'’`\u00b4 ]?[ \u00a0]?")
_BETWEEN = re.compile(
    r"[ \u00a0]{0,3}(?:,|\^|-|\.|/|\"|“|\(|['’](?!s))?[ \u00a0]{0,2}"
    r"(?:[^\W\d_]\. ?|[^\W\d_] |(?:de|la|del|van|der|von) ){0,2}[\"“(]?"
)
_LEAST_FOR_TYPO = 7
"""Letters of a name in which one may be wrong."""

_Owners = list[tuple[int, str]]
"""Whose part it is (place in the list of people) and which of the name's parts is meant."""


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

    def __init__(self, people: Sequence[PersonName], lexicon: Lexicon) -> None:
        self._people = [person for person in people if person.parts]
        self._lexicon = lexicon
        self._parts: dict[str, _Owners] = {}
        self._typos: dict[str, _Owners] = {}
        for index, person in enumerate(self._people):
            for part in person.parts:
                for form in (part, *find_nicknames(part)):
                    self._parts.setdefault(form, []).append((index, part))
                if len(part) >= _LEAST_FOR_TYPO and part not in lexicon.common:
                    for form in _deletions(part):
                        self._typos.setdefault(form, []).append((index, part))
        self._beginnings = {part[:size] for part in self._parts for size in range(1, len(part) + 1)}
        self._longest_typo = max((len(form) for form in self._typos), default=-1) + 1
        self._initials = self._initials_pattern()

    def find(self, text: str) -> Iterator[PhiSpan]:
        """Find the names in raw text."""
        if not self._people:
            return
        hits = self._hits(text)
        for index, person in enumerate(self._people):
            own = [hit for hit in hits if hit.person == index]
            for start, end in self._join(text, own, person):
                yield PhiSpan(start, end, person.label, 1.0, _ANNOTATORS)
        if self._initials is not None:
            for match in self._initials.finditer(text):
                label = self._label_of_initials(match[0])
                yield PhiSpan(*match.span(), label, 0.9, _ANNOTATORS)

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
                found = self._misspelt(text[start:end], end)
            if found is not None:
                done, owners = found
                sure = is_name_here(text, start, done, self._lexicon)
                hits += [_Hit(start, done, person, part, sure) for person, part in owners]
        return hits

    def _longest(
        self, text: str, chunks: Sequence[tuple[int, int]], place: int
    ) -> tuple[int, _Owners] | None:
        """Look up the word at ``place``, also joined with those after it: O Leary, Quill-Abara."""
        found: tuple[int, _Owners] | None = None
        joined = ""
        for more in range(place, min(place + 4, len(chunks))):
            start, end = chunks[more]
            if more > place and not _LINK.fullmatch(text, chunks[more - 1][1], start):
                break
            joined += fold(text[start:end])
            if joined not in self._beginnings:
                break
            if joined in self._parts and (more == place or len(joined) > 3):
                found = end, self._parts[joined]
        return found

    def _misspelt(self, word: str, end: int) -> tuple[int, _Owners] | None:
        """Look a word up as a misspelling, by one letter, of a long name."""
        folded = fold(word)
        if len(folded) > self._longest_typo or folded in self._lexicon.common:
            return None
        for form in _deletions(folded):
            for person, part in self._typos.get(form, ()):
                if _is_one_edit(folded, part):
                    return end, [(person, part)]
        return None

    def _join(
        self, text: str, hits: Sequence[_Hit], person: PersonName
    ) -> Iterator[tuple[int, int]]:
        """Join neighbouring parts of one person; one that isn't sure needs a neighbour."""
        group: list[_Hit] = []
        for hit in [*hits, None]:
            if group and (hit is None or not _BETWEEN.fullmatch(text, group[-1].end, hit.start)):
                start, end = widen(text, group[0].start, group[-1].end, person)
                if (
                    any(member.sure for member in group)
                    or len({m.part for m in group}) > 1
                    or self._has_initial(text, group[0], start, end)
                ):
                    yield start, end
                group = []
            if hit is not None:
                group.append(hit)

    def _has_initial(self, text: str, hit: _Hit, start: int, end: int) -> bool:
        """Accept an unsure part next to the initial of another: M. Hand; Hand, M."""
        widened = (start, end) != (hit.start, hit.end)
        dotted = widened and "." in text[start:end] and text[hit.start].isupper()
        return dotted and EPONYM_AFTER.match(text, hit.end) is None

    def _initials_pattern(self) -> re.Pattern[str] | None:
        """Make the pattern of dotted initials that are no abbreviation: M.O., M. T. O."""
        forms = {form for person in self._people for form in person.initials if form.isalpha()}
        forms -= self._lexicon.abbreviations | self._lexicon.credentials
        if not forms:
            return None
        body = "|".join(r"\. ?".join(form.upper()) for form in sorted(forms, key=len, reverse=True))
        return re.compile(rf"(?<![\w.])(?:{body})(?:\.(?!\w)|(?=['’]s\b))")

    def _label_of_initials(self, value: str) -> str:
        letters = re.sub(r"\W", "", value).lower()
        owners = [person.label for person in self._people if letters in person.initials]
        return owners[0] if owners else "PATIENT"


def _deletions(word: str) -> set[str]:
    """Return the word and all forms with one letter less (the index of SymSpell)."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _is_one_edit(first: str, second: str) -> bool:
    """Say whether one insertion, deletion, substitution or swap of neighbours parts two words."""
    if abs(len(first) - len(second)) > 1 or first == second:
        return first == second
    same = 0
    while same < min(len(first), len(second)) and first[same] == second[same]:
        same += 1
    a, b = first[same:], second[same:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
