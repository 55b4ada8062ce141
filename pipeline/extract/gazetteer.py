"""Names of diseases, symptoms and drugs in a text, as a hint to the token classifier.

The encoder is small and has read little medicine; what terminologies call a disease it sees as the
token type of the name's words (Chiu and Nichols, 2016, "Named Entity Recognition with
Bidirectional LSTM-CNNs", section 2.3, for lexicon features). It stays free to disagree.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from pipeline.context.sentences import divides
from pipeline.errors import SetupError
from pipeline.extract.words import find_words

GAZETTEER: Final = "gazetteer.tsv.gz"
"""The file beside a model's weights."""

KINDS: Final = ("DISEASE", "SYMPTOM", "FINDING", "TREATMENT")
"""What a name may be; a finding is called a symptom by some and a disease by others."""

N_TYPES: Final = 1 + 2 * len(KINDS)
"""Token types: 0 in no name, then for each kind its first word and its other words."""

LONGEST_NAME: Final = 8
"""In words."""

_JOINERS: Final = frozenset("-'\u2019\u2010\u2011")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names that the token classifier is told of.

    Attributes:
        names: Name as :func:`normalise` writes it to the place of its kind in ``KINDS``.
    """

    names: Mapping[str, int] = field(repr=False)
    _longest: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        longest: dict[str, int] = {}
        for name in self.names:
            first = name.partition(" ")[0]
            longest[first] = max(longest.get(first, 0), name.count(" ") + 1)
        object.__setattr__(self, "_longest", longest)

    def find(self, text: str, words: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
        """Find the longest names, from left to right.

        Args:
            text: Any text.
            words: ``(start, end)`` of its words as :func:`find_words` finds them.

        Returns:
            ``(first word, word after the last, place in KINDS)`` of names that don't overlap, in
            order. None goes on over a line's end or the gap between two columns.
        """
        if not self.names:
            return []
        forms = [_form(text[start:end]) for start, end in words]
        found: list[tuple[int, int, int]] = []
        first = 0
        while first < len(words):
            name = self._name_at(text, words, forms, first)
            if name is not None:
                found.append((first, *name))
            first = name[0] if name is not None else first + 1
        return found

    def _name_at(
        self, text: str, words: Sequence[tuple[int, int]], forms: Sequence[str], first: int
    ) -> tuple[int, int] | None:
        left = self._longest.get(forms[first], 0)
        key, end = "", words[first][0]
        name = None
        for place in range(first, len(words) if left else first):
            if divides(text[end : words[place][0]]):
                break
            end = words[place][1]
            if forms[place]:
                key = f"{key} {forms[place]}" if key else forms[place]
                kind = self.names.get(key)
                name = name if kind is None else (place + 1, kind)
                left -= 1
            if not left:
                break
        return name

    def token_types(self, text: str, words: Sequence[tuple[int, int]]) -> list[int]:
        """Return the token type of each word: 0 outside names."""
        return types_of(self.find(text, words), len(words))


NO_NAMES: Final = Gazetteer({})


def types_of(names: Sequence[tuple[int, int, int]], n_words: int) -> list[int]:
    """Write names, as :meth:`Gazetteer.find` returns them, as the token types of words."""
    types = [0] * n_words
    for first, last, kind in names:
        types[first:last] = [2 * kind + 1] + [2 * kind + 2] * (last - first - 1)
    return types


def normalise(name: str) -> str:
    """Write a name as the gazetteer holds it: lower case, singular words, no hyphens."""
    forms = [_form(name[start:end]) for start, end in find_words(name)]
    return " ".join(form for form in forms if form)


@lru_cache(maxsize=100_000)
def _form(word: str) -> str:
    if word in _JOINERS:
        return ""
    form = word.lower()
    plural = len(form) > 3 and form.endswith("s") and not form.endswith(("ss", "is", "us"))
    return form[:-1] if plural else form


def read_gazetteer(folder: Path) -> Gazetteer:
    """Read the gazetteer beside a model's weights; without one there are no names.

    Raises:
        SetupError: The file is damaged.
    """
    path = folder / GAZETTEER
    if not path.is_file():
        return NO_NAMES
    names: dict[str, int] = {}
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                name, _, kind = line.rstrip("\n").partition("\t")
                names[name] = KINDS.index(kind)
    except (OSError, EOFError, ValueError, zlib.error):
        names = {}
    if not names:
        raise SetupError(f"{path} is damaged: copy the model again, or train it anew")
    return Gazetteer(names)


def write_gazetteer(gazetteer: Gazetteer, folder: Path) -> None:
    """Write a gazetteer beside a model's weights; the same names make the same bytes.

    Without names, the file of an older model is taken away.
    """
    if not gazetteer.names:
        (folder / GAZETTEER).unlink(missing_ok=True)
        return
    lines = (f"{name}\t{KINDS[kind]}\n" for name, kind in sorted(gazetteer.names.items()))
    data = gzip.compress("".join(lines).encode(), mtime=0)
    temporary = folder / f".{GAZETTEER}"
    temporary.write_bytes(data)
    temporary.replace(folder / GAZETTEER)
