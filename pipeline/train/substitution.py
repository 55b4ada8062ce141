"""Notes in which long forms are replaced by their abbreviations.

Where a note writes a long form out, it shows what stands beside the abbreviation when it means that
(Pakhomov, 2002, "Semi-supervised maximum entropy based approach to acronym and abbreviation
normalization in medical texts").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from pipeline.link.clinical_abbreviations import HEADING, Abbreviations

_WORD = re.compile(r"[^\W_]+")
_GAP = re.compile(r"(?:['\u2019]s)?[\s/-]+|['\u2019]")
_S = "s"


class Substituted(NamedTuple):
    """An abbreviation where a note had a long form.

    Attributes:
        start: First code point of the abbreviation.
        end: One past its last.
        form: The long form, in lower case.
        short: The abbreviation.
    """

    start: int
    end: int
    form: str
    short: str


class LongForms:
    """Long forms that notes write out, and the abbreviation of each.

    Attributes:
        short_of: Long form in lower case to its first abbreviation.
        rivals: Abbreviation to its long forms, of any label, where they differ in what they mean;
            both in lower case.
        labels: Abbreviation and long form, both in lower case, to the long form's label.
    """

    def __init__(
        self, abbreviations: Abbreviations, concept_of: Callable[[str, str], str | None]
    ) -> None:
        """Read the abbreviations.

        Args:
            abbreviations: Those usual in clinical notes.
            concept_of: Label and long form to what it means.
        """
        self.short_of: dict[str, str] = {}
        self.labels: dict[tuple[str, str], str] = {}
        rivals: dict[str, dict[str, str]] = defaultdict(dict)
        for (label, short), forms in abbreviations.long_of.items():
            for form in forms if label != HEADING else ():
                rivals[short][form.lower()] = concept_of(label, form) or form.lower()
                self.labels[short, form.lower()] = label
        self.rivals = {s: tuple(forms) for s, forms in rivals.items() if len({*forms.values()}) > 1}
        ambiguous = {form: short for short, forms in self.rivals.items() for form in forms}
        for (label, form), shorts in abbreviations.short_of.items():
            if label != HEADING:
                first = next((s for s in shorts if s.lower() == ambiguous.get(form)), shorts[0])
                self.short_of.setdefault(form, first)
        self._by_first: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
        for form, short in self.short_of.items():
            words = [word for word in _WORD.findall(form) if word != _S]
            if words and len(form) > len(short):
                self._by_first[words[0]].append((words, form))
        for same in self._by_first.values():
            same.sort(key=lambda one: -len(one[0]))

    def find(self, text: str) -> list[Substituted]:
        """Find long forms in a text: offsets are the text's, the longest one counts."""
        tokens = [(m.start(), m.end(), m[0].lower()) for m in _WORD.finditer(text)]
        found: list[Substituted] = []
        index = 0
        while index < len(tokens):
            after = index + 1
            for words, form in self._beginning_with(tokens[index][2]):
                last = _match(text, tokens, index, words)
                if last is not None:
                    start, end = tokens[index][0], tokens[last][1]
                    found.append(Substituted(start, end, form, self.short_of[form]))
                    after = last + 1
                    break
            index = after
        return found

    def _beginning_with(self, word: str) -> list[tuple[list[str], str]]:
        """Return the long forms that may begin with a word; one of a single word in the plural."""
        found = self._by_first.get(word, [])
        if not found and word.endswith(_S):
            singular = self._by_first.get(word[:-1], []) + self._by_first.get(word[:-2], [])
            found = [one for one in singular if len(one[0]) == 1]
        return found


def substitute(text: str, found: Iterable[Substituted]) -> tuple[str, list[Substituted]]:
    """Write abbreviations in place of long forms.

    Args:
        text: A note.
        found: Long forms in it, in order, not overlapping.

    Returns:
        The new text, and where the abbreviations stand in it.
    """
    pieces: list[str] = []
    placed: list[Substituted] = []
    last = length = 0
    for one in found:
        pieces += [text[last : one.start], one.short]
        start = length + one.start - last
        length, last = start + len(one.short), one.end
        placed.append(one._replace(start=start, end=length))
    return "".join([*pieces, text[last:]]), placed


def _match(
    text: str, tokens: list[tuple[int, int, str]], first: int, words: list[str]
) -> int | None:
    """Return the last token of a long form; an 's may stand within, a plural at its end."""
    index = first
    for place, word in enumerate(words):
        if place and index < len(tokens) and tokens[index][2] == _S:
            index += 1
        if index >= len(tokens):
            return None
        written = tokens[index][2]
        plural = place == len(words) - 1 and written in (f"{word}s", f"{word}es")
        if written != word and not plural:
            return None
        if place:
            gap = text[tokens[index - 1][1] : tokens[index][0]]
            if not _GAP.fullmatch(gap):
                return None
        index += 1
    return index - 1
