"""Names that a scanner or a typist spelt wrong: R0se, Tirnothy, Wojcehowski."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.deid.edits import deletions, is_within_one_edit
from pipeline.deid.person_name import fold
from pipeline.deid.rules.lexicon import Lexicon

_ALIKE = str.maketrans(
    {"0": "o", "1": "l", "5": "s", "9": "g", "6": "b", "8": "b", "3": "e", "4": "a", "2": "z"}
    | {"7": "t", "|": "l", "$": "s", "!": "l", "i": "l"}
)
_SMUDGES = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_MIXED = re.compile(
    r"(?<![^\W_])(?:[A-Za-z]['’])?(?=[A-Za-z|$!]*[0-9|$!])(?=[0-9|$!]*[A-Za-z])"
    r"[A-Za-z0-9|$!]{3,24}(?![^\W_])|(?<![^\W_])0['’][A-Za-z0-9|$!]{3,24}(?![^\W_])"
)
_LEAST_FOR_SWAP = 5
_LEAST_FOR_EDIT = 6
_LEAST_FOR_TWO = 9
"""Letters of a name in which two neighbours may be swapped, one letter or two be wrong."""


class Misprints:
    """The parts of names, made ready to be recognised in words that are spelt wrong."""

    def __init__(self, parts: Iterable[str], lexicon: Lexicon) -> None:
        """Index the parts.

        Args:
            parts: Folded parts of names.
            lexicon: The word lists.
        """
        self._lexicon = lexicon
        self._shapes: dict[str, str] = {}
        self._edits: dict[str, list[str]] = {}
        self._long: list[str] = []
        for part in parts:
            if len(part) > 2:
                self._shapes.setdefault(_shape(part), part)
            if part in lexicon.common or len(part) < _LEAST_FOR_SWAP:
                continue
            for form in deletions(part):
                self._edits.setdefault(form, []).append(part)
            if len(part) >= _LEAST_FOR_TWO:
                self._long.append(part)
        self._longest = max((len(form) for form in self._edits), default=-1) + 2

    def mend(self, text: str) -> str:
        """Put letters for the digits that a scanner read in the names: R0se, HAR0LD.

        Args:
            text: Raw text.

        Returns:
            A text of the same length, so that offsets stay.
        """
        return _MIXED.sub(self._mended, text)

    def _mended(self, match: re.Match[str]) -> str:
        word = match[0]
        letters = [i for i, char in enumerate(word) if char not in "'’"]
        part = self._shapes.get(_shape("".join(word[i] for i in letters)))
        if part is None or len(part) != len(letters):
            return word
        mended = list(word)
        for place, char in zip(letters, part, strict=True):
            if not mended[place].isalpha():
                mended[place] = char.upper() if word.isupper() or place == 0 else char
        return "".join(mended)

    def find(self, word: str) -> str | None:
        """Return the part that a word is a wrong spelling of, or None.

        A word of the language is no wrong spelling. Two letters may be wrong only in long names
        that keep their first letter.
        """
        if word.lower() in self._lexicon.common:
            return None
        folded = fold(word)
        if not _LEAST_FOR_SWAP - 1 <= len(folded) <= self._longest:
            return None
        if folded in self._lexicon.common or folded in self._lexicon.clinical:
            return None
        for form in sorted(deletions(folded)):
            for part in self._edits.get(form, ()):
                if _is_misspelt(folded, part, word[0].isupper()):
                    return part
        if len(folded) >= _LEAST_FOR_SWAP and (alike := self._shapes.get(_shape(folded))):
            return alike
        if len(folded) >= _LEAST_FOR_TWO - 1 and not self._lexicon.is_name(folded):
            for part in self._long:
                if part[0] == folded[0] and _distance(folded, part) <= 2:
                    return part
        return None


def _shape(word: str) -> str:
    """Return a word with all that looks alike to a scanner made the same."""
    shape = word.lower().translate(_ALIKE)
    for first, second in _SMUDGES:
        shape = shape.replace(first, second)
    return shape


def _is_misspelt(word: str, part: str, capital: bool) -> bool:
    """Say whether a word is near enough; the shorter the name, the nearer it must be."""
    if not is_within_one_edit(word, part):
        return False
    if len(part) > _LEAST_FOR_EDIT:
        return True
    if word[0] != part[0] or not capital:
        return False
    return len(part) == _LEAST_FOR_EDIT or sorted(word) == sorted(part)


def _distance(first: str, second: str) -> int:
    """Return the Levenshtein distance."""
    if abs(len(first) - len(second)) > 2:
        return 3
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(second, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
