"""Names found surely in one note of a patient, masked in all of that patient's notes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.deid.known_names import NameIndex
from pipeline.deid.labels import NAMES
from pipeline.deid.name_context import acts_like_person, is_name_here
from pipeline.deid.name_signs import word_before
from pipeline.deid.person_name import PersonName, fold, split_name
from pipeline.deid.rules.lexicon import Lexicon, load_lexicon
from pipeline.note import Note, PhiSpan

ANNOTATOR = "learned"
SCORE = 0.75
"""Score of every span, so that a finder that read the words around it decides about the label."""

Subject = tuple[str, str]
"""Whose notes they are, as ``Note.subject`` says."""

_CUED = 0.85
"""Least score of rules that saw a title, relation, credential or signature beside the name."""
_TITLED = 0.95
"""Score of rules that saw Mr, Mrs, Ms or Dr before the name."""
_BRACKETED = re.compile(r"[(\[{][^)\]}]*[)\]}]?")
_EDGES = " .,;:|/\\*_=~<>\"“”'‘’`-–—"
_DOSE = re.compile(r"[ \u00a0-]?\d+(?:[.,]\d+)?[ \u00a0]?(?:mg|mcg|g|ml|units?|iu|%)(?!\w)", re.I)
_OWNER = re.compile(r"['’]s[ \u00a0]([^\W\d_]+)")


@dataclass(frozen=True, slots=True, order=True)
class LearnedName:
    """A name that one note of a patient gave away.

    Attributes:
        label: PATIENT (patients, relatives, friends) or DOCTOR.
        name: The name in spoken order, as written, without titles, degrees and brackets.
    """

    label: str
    name: str = field(repr=False)

    def __post_init__(self) -> None:
        if self.label not in NAMES:
            raise ValueError(f"a learned name is a PATIENT's or a DOCTOR's, not a {self.label}'s")
        if not self.name.strip() or self.name != " ".join(self.name.split()):
            raise ValueError("a learned name holds words, each parted from the next by one blank")


def learn_names(
    notes: Sequence[Note], spans: Sequence[Sequence[PhiSpan]]
) -> dict[Subject, frozenset[LearnedName]]:
    """Collect the names that are sure enough to be masked wherever else they stand.

    A wrong name would do its harm in every note, so that a name must be read like one (no common
    word, eponym, role, place, abbreviation or initial alone; no digit within) and be sure: two
    finders agree, registration knows it, rules saw a cue, or all its words are people's names.
    What is learned of a note depends on that note alone: in any order, and in one run or several,
    the same notes teach the same names.

    Args:
        notes: Raw notes.
        spans: PHI of each note by offsets in raw text, united.

    Returns:
        The names of each subject of whom any were learned.
    """
    lexicon = load_lexicon()
    learned: dict[Subject, set[LearnedName]] = {}
    for note, of_note in zip(notes, spans, strict=True):
        for span in of_note:
            if span.label in NAMES and (name := _read_name(note.text, span, lexicon)):
                learned.setdefault(note.subject, set()).add(LearnedName(span.label, name))
    return {subject: frozenset(names) for subject, names in learned.items()}


class LearnedNames:
    """Finds learned names: whole in any order, and their parts where the context allows.

    A part is found in any case, as a nickname and with one letter wrong. One that is a common word
    or an eponym counts only beside another part of the name, after a title or a relation, or (an
    eponym) as somebody who acts; an initial only beside a part.
    """

    def __init__(self, names: Mapping[Subject, Collection[LearnedName]]) -> None:
        """Keep the names.

        Args:
            names: What was learned of each subject (see :func:`learn_names`).
        """
        self._names = names
        self._lexicon = load_lexicon()

    @property
    def name(self) -> str:
        """Return ``learned``."""
        return ANNOTATOR

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        """Find each note's subject's learned names, in text order."""
        indexes: dict[Subject, NameIndex] = {}
        found: list[list[PhiSpan]] = []
        for note in notes:
            names = self._names.get(note.subject)
            if not names:
                found.append([])
                continue
            if note.subject not in indexes:
                indexes[note.subject] = self._index(names)
            found.append(_outermost(indexes[note.subject].find(note.text)))
        return found

    def _index(self, names: Iterable[LearnedName]) -> NameIndex:
        people = {
            PersonName.of_names((learned.name,), learned.label, self._lexicon): None
            for learned in sorted(names)
        }
        return NameIndex(
            list(people),
            self._lexicon,
            annotator=ANNOTATOR,
            score=SCORE,
            is_name=_is_learned_name_here,
        )


def _read_name(text: str, span: PhiSpan, lexicon: Lexicon) -> str | None:
    """Return the name that a span holds if it is to be learned."""
    surface = _BRACKETED.sub(" ", text[span.start : span.end])
    if any(char.isdigit() for char in surface):
        return None
    words = _trim([w for word in split_name(surface, lexicon) if (w := _bare(word))], lexicon)
    parts = [part for word in words if len(part := fold(word)) > 1]
    longest = max((len(part) for part in parts if part not in lexicon.particles), default=0)
    if longest < 3 or any(_is_no_name(word, lexicon) for word in words):
        return None
    sure = _is_sure_pair if len(parts) > 1 else _is_sure_single
    return " ".join(words) if sure(words, parts, span, lexicon) else None


def _bare(word: str) -> str:
    """Return a word without punctuation around it and without the possessive."""
    return re.sub(r"['’][sS]$", "", word.strip(_EDGES))


def _trim(words: list[str], lexicon: Lexicon) -> list[str]:
    """Drop what stands before and after the name: roles, headings, words in lower case."""
    capital = any(word[0].isupper() for word in words)

    def is_alien(word: str) -> bool:
        lower = capital and word.islower() and fold(word) not in lexicon.particles
        return lower or _is_no_name(word, lexicon)

    while words and is_alien(words[0]):
        words = words[1:]
    while words and (is_alien(words[-1]) or fold(words[-1]) in lexicon.particles):
        words = words[:-1]
    return words


def _is_no_name(word: str, lexicon: Lexicon) -> bool:
    """Say whether a word can't be part of a name, nor any piece of it parted by hyphens."""
    folded = fold(word)
    if folded in lexicon.not_names:
        return True
    if any(folded in s for s in (lexicon.roles, lexicon.credentials, lexicon.abbreviations)):
        return word.isupper() or not lexicon.is_name(folded)
    pieces = [fold(piece) for piece in word.split("-")] if "-" in word else []
    return any(
        (lexicon.is_plain_word(form) or form in lexicon.clinical) and form not in lexicon.particles
        for form in (folded, *pieces)
    )


def _agree(span: PhiSpan) -> bool:
    """Say whether registration knows the name or two finders found it."""
    finders = set(span.annotators) - {ANNOTATOR}
    return "known" in finders or len(finders) > 1


def _is_sure_single(
    words: Sequence[str], parts: Sequence[str], span: PhiSpan, lexicon: Lexicon
) -> bool:
    """Say whether a name of one word is sure."""
    [part], word = parts, max(words, key=len)
    is_name = lexicon.is_name(part)
    if part in lexicon.common or part in lexicon.eponyms or part in lexicon.languages:
        return False
    if not is_name and (part in lexicon.cities or part in lexicon.countries):
        return False
    if not is_name and (len(part) < 4 or (word.isupper() and len(part) < 5)):
        return False
    return _agree(span) or (span.annotators == ("rules",) and span.score >= _TITLED and is_name)


def _is_sure_pair(
    words: Sequence[str], parts: Sequence[str], span: PhiSpan, lexicon: Lexicon
) -> bool:
    """Say whether a name of several words is sure."""
    if " ".join(words).lower() in lexicon.cities:
        return False
    if _agree(span):
        return True
    named = [lexicon.is_name(part) for part in parts if part not in lexicon.particles]
    plain = [part in lexicon.common or part in lexicon.eponyms for part in parts]
    if any(plain) or len(named) < 2:
        return False
    cued = "rules" in span.annotators and span.score >= _CUED
    places = [part in lexicon.cities and not lexicon.is_name(part) for part in parts]
    first = any(part in lexicon.first_names for part in parts)
    return (all(named) and first) or (cued and any(named) and not any(places))


def _is_learned_name_here(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether a part of a learned name counts by itself.

    Stricter than for a registered name, which is beyond doubt. A common word needs a title or a
    relation before it, an eponym too, unless it acts like a person ("Parkinson denies pain",
    "Parkinson's wife"); so do a few capitals among small letters, which abbreviate ("ANA"). A name
    before a dose is a drug's ("Allegra 180 mg").
    """
    word, folded = text[start:end], fold(text[start:end])
    relations = lexicon.name_cues | lexicon.roles
    owner = _OWNER.match(text, end)
    if owner and owner[1].lower() in relations and word[0].isupper() and len(folded) > 2:
        return folded not in lexicon.common
    if not is_name_here(text, start, end, lexicon) or _DOSE.match(text, end):
        return False
    if word_before(text, start) in lexicon.titles | lexicon.name_cues:
        return True
    if word.isupper() and len(word) < 5:
        around = text[max(0, start - 30) : start] + text[end : end + 30]
        if any(char.islower() for char in around):
            return False
    if folded in lexicon.eponyms:
        return acts_like_person(text, end)
    return folded not in lexicon.common


def _outermost(spans: Iterable[PhiSpan]) -> list[PhiSpan]:
    """Drop spans within others; of two at one place the PATIENT's stays."""
    kept: list[PhiSpan] = []
    reach = 0
    for span in sorted(spans, key=lambda s: (s.start, -s.end, NAMES.index(s.label))):
        if span.end > reach:
            kept.append(span)
            reach = span.end
    return kept
