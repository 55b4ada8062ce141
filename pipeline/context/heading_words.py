"""What headings of clinical notes mean, whatever their case, plural or punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from pipeline.errors import InputError
from pipeline.note import SECTION_KINDS
from pipeline.resources import data_path

_DROPPED = re.compile(r"\([^)]*\)?|\[[^\]]*\]?|[-'’.\"*_#\u2010-\u2015]")
_JOINTS = re.compile(r"[/&+,;|\\]| [-\u2010-\u2015]+ ")
_ARTICLES = frozenset(("the", "this", "these", "an", "his", "her"))
_PLANS = frozenset(("plan", "recommendation"))
_SAME = {
    "diagnoses": "diagnosis",
    "dx": "diagnosis",
    "hx": "history",
    "exam": "examination",
    "exams": "examination",
    "meds": "medication",
    "preop": "preoperative",
    "postop": "postoperative",
    "tx": "treatment",
    "rx": "prescription",
    "orthopaedic": "orthopedic",
    "gynaecological": "gynecological",
    "haematological": "hematological",
    "anaesthesia": "anesthesia",
    "w": "with",
}


class Use(StrEnum):
    """What a row of the table does with a heading."""

    SECTION = "section"
    """It opens a section of its own kind."""
    PART = "part"
    """It names a region or system and keeps the kind of the section that it stands in."""
    LABEL = "label"
    """It names a value and is no heading."""
    MODIFIER = "modifier"
    """It may stand beside parts."""
    WORD = "word"
    """It gives a heading that the table doesn't list its kind."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading means.

    Attributes:
        use: How sure the table is: a section, a part, a label, or a guess from its words.
        kind: The kind of section, of ``SECTION_KINDS``; empty for a label, and for a part that
            stands in examinations as often as in reviews of systems.
        operation: The kind in a report of an operation.
        imaging: The kind in a report of imaging.
        sign: The kind of note that tends to have this heading; empty if any may.
    """

    use: Use
    kind: str
    operation: str
    imaging: str
    sign: str = ""


class HeadingWords:
    """A table of headings, made ready to be asked."""

    def __init__(self, rows: Iterable[tuple[str, Meaning]]) -> None:
        """Keep the rows: a heading and what it means; of the same heading the first counts."""
        self._known: dict[str, Meaning] = {}
        self._words: list[tuple[str, Meaning]] = []
        self._parts: set[str] = set()
        modifiers: set[str] = set()
        singulars: dict[str, Meaning] = {}
        for heading, meaning in rows:
            plain = _words_of(heading)
            singular = " ".join(map(_singular, plain))
            if meaning.use is Use.WORD:
                self._words.append((f" {singular} ", meaning))
            elif meaning.use is Use.MODIFIER:
                modifiers.update((heading, singular))
            else:
                self._known.setdefault(heading, meaning)
                self._known.setdefault(" ".join(plain), meaning)
                singulars.setdefault(singular, meaning)
                if meaning.use is Use.PART and len(plain) == 1:
                    self._parts.add(singular)
        self._known = singulars | self._known
        self._beside_parts = self._parts | modifiers

    def find(self, heading: str) -> Meaning | None:
        """Say what a heading means, None if there is nothing to tell.

        Args:
            heading: Without its colon, in any case.
        """
        heading = heading.lower()
        if meaning := self._known.get(heading):
            return meaning
        words = _words_of(heading)
        if not words:
            return None
        singular = [_singular(word) for word in words]
        return (
            self._known.get(" ".join(words))
            or self._known.get(" ".join(singular))
            or self._of_parts(singular)
            or self._of_pieces(singular)
            or self._guess(singular)
        )

    def _of_parts(self, words: list[str]) -> Meaning | None:
        """Understand a heading made of regions and systems, such as 'left lower extremity'."""
        if not self._beside_parts.issuperset(words) or self._parts.isdisjoint(words):
            return None
        for word, kind in (("ros", "review_of_systems"), ("examination", "exam")):
            if word in words:
                return Meaning(Use.SECTION, kind, kind, kind)
        return next(self._known[word] for word in words if word in self._parts)

    def _of_pieces(self, words: list[str]) -> Meaning | None:
        """Understand a heading that joins some that are known; the first of them counts."""
        if "and" not in words:
            return None
        found: list[Meaning] = []
        for piece in " ".join(words).split(" and "):
            meaning = self._known.get(f"{piece} {words[-1]}") or self._known.get(piece)
            if meaning is not None and meaning.use is Use.SECTION and len(piece) > 1:
                found.append(meaning)
        kinds = [meaning.kind for meaning in found]
        if "assessment" in kinds and ("plan" in kinds or not _PLANS.isdisjoint(words)):
            return self._known.get("assessment and plan")
        if "review_of_systems" in kinds:
            return found[kinds.index("review_of_systems")]
        return found[0] if found else None

    def _guess(self, words: list[str]) -> Meaning | None:
        spaced = f" {' '.join(words)} "
        return next((meaning for word, meaning in self._words if word in spaced), None)


def _words_of(heading: str) -> list[str]:
    """Split a heading in lower case into words; strokes and commas join like 'and'."""
    words = _JOINTS.sub(" and ", _DROPPED.sub(_blank_if_wide, heading)).split()
    kept = [
        word for n, word in enumerate(words) if word not in _ARTICLES and (n == 0 or word != "a")
    ]
    while kept and kept[-1] in ("and", "of"):
        kept.pop()
    while kept and kept[0] == "and":
        del kept[0]
    return [word for n, word in enumerate(kept) if word != "and" or kept[n - 1] != "and"]


def _blank_if_wide(match: re.Match[str]) -> str:
    """Keep dashes with room around them apart from hyphens; drop the rest."""
    start, end = match.span()
    text = match.string
    if end - start > 1:
        return " "
    is_wide = text[start - 1 : start] == " " and text[end : end + 1] == " "
    return "/" if is_wide and match[0] in "-\u2013\u2014" else ""


def _singular(word: str) -> str:
    if same := _SAME.get(word):
        return same
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return _SAME.get(word[:-1], word[:-1])
    return word


@cache
def load_heading_words() -> HeadingWords:
    """Read the shipped table (``data/words/sections.tsv``), once."""
    return HeadingWords(read_heading_words(data_path("words", "sections.tsv")))


def read_heading_words(path: Path) -> Iterator[tuple[str, Meaning]]:
    """Read a table of headings.

    Args:
        path: Tab-separated: heading, use, kind, kind in a report of an operation, in a report of
            imaging, sign; cells at the end may be missing, lines with ``#`` are comments.

    Raises:
        InputError: The file can't be read, or a row has an unknown use or kind.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        lines = None
    if lines is None:
        raise InputError(f"can't read the headings in {path}: give a readable UTF-8 file")
    for number, line in enumerate(lines, start=1):
        if line and not line.startswith("#"):
            yield _row(line.split("\t"), f"{path}, line {number}")


def _row(cells: list[str], where: str) -> tuple[str, Meaning]:
    heading, use, kind, operation, imaging, sign = (*cells, "", "", "", "", "")[:6]
    kinds = {kind, operation, imaging} - {""}
    if not heading or use not in set(Use) or not kinds <= set(SECTION_KINDS):
        raise InputError(
            f"{where} has no heading, an unknown use or an unknown kind; uses are "
            f"{', '.join(Use)}, kinds are {', '.join(SECTION_KINDS)}"
        )
    return heading, Meaning(Use(use), kind, operation or kind, imaging or kind, sign)


def kind_of(meaning: Meaning, setting: str) -> str:
    """Return the kind of section that a heading opens in a note of a setting."""
    kinds: Mapping[str, str] = {"operation": meaning.operation, "imaging": meaning.imaging}
    return kinds.get(setting, meaning.kind)
