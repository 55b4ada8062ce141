"""Names by their bags of words: exact lookups for any number of queries at once.

Each form of a word has a random number of 64 bits; a bag of words has their sum, whatever their
order. Names with the same sum as a query have the same words, but for one chance in some
thousand billions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.link.normalisation import WordForms
from pipeline.link.vocabulary import Vocabulary

_SEED = 20_170_717


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Names by one form of their words.

    Attributes:
        ids: Form to its number; the empty form, which counts for nothing, is number 0.
        of_word: The number of the form of each word of the vocabulary.
        numbers: The random number of each form.
        sums: The sums of all names, rising.
        names: The name of each of ``sums``.
    """

    ids: dict[str, int] = field(repr=False)
    of_word: NDArray[np.int64] = field(repr=False)
    numbers: NDArray[np.uint64] = field(repr=False)
    sums: NDArray[np.uint64] = field(repr=False)
    names: NDArray[np.int64] = field(repr=False)

    def key(self, forms: Sequence[str]) -> int | None:
        """Return the sum of a bag of forms; None if no name can have it."""
        found = [self.ids.get(form) for form in forms]
        known = [number for number in found if number]
        if not known or None in found:
            return None
        return int(self.numbers[known].sum(dtype=np.uint64))

    def find(self, keys: Sequence[int]) -> list[NDArray[np.int64]]:
        """Return the names with each of the sums, in rising order."""
        wanted = np.array(keys, np.uint64)
        first = np.searchsorted(self.sums, wanted, side="left")
        last = np.searchsorted(self.sums, wanted, side="right")
        return [self.names[a:b] for a, b in zip(first, last, strict=True)]


def index_names(vocabulary: Vocabulary, forms: Sequence[str]) -> NameIndex:
    """Index a vocabulary's names.

    Args:
        vocabulary: The names.
        forms: The form of each of its words.
    """
    ids = {"": 0}
    of_word = np.array([ids.setdefault(form, len(ids)) for form in forms], np.int64)
    generator = np.random.default_rng(_SEED)
    numbers = generator.integers(1, 2**64, size=len(ids), dtype=np.uint64)
    numbers[0] = 0
    tokens = numbers[of_word[vocabulary.tokens]]
    sums = np.add.reduceat(tokens, vocabulary.starts[:-1]) if len(tokens) else tokens
    order = np.argsort(sums, kind="stable")
    return NameIndex(ids, of_word, numbers, sums[order], order)


def forms_of(words: Sequence[str], form: Callable[[str], str]) -> list[str]:
    """Return the form of each word, asking once for each distinct one."""
    known: dict[str, str] = {}
    for word in words:
        if word not in known:
            known[word] = form(word)
    return [known[word] for word in words]


def word_forms(words: Sequence[str], forms: WordForms) -> tuple[list[str], list[str]]:
    """Return the spelling form and the meaning form of each word."""
    spellings = forms_of(words, forms.spelling)
    return spellings, forms_of(spellings, forms.meaning_of)
