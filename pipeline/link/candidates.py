"""Names that share most of their words with a mention, misspelt words included.

Cohen, Ravikumar and Fienberg (2003), "A comparison of string distance metrics for name-matching
tasks": soft TF-IDF, the cosine of two bags of words where words that are spelt alike count too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pipeline.link.index import NameIndex
from pipeline.link.normalisation import WordForms
from pipeline.link.spelling import WordIndex, index_words
from pipeline.link.vocabulary import Vocabulary

MOST: Final = 20
"""Names that a query gets at most."""

_LEAST: Final = 0.3
"""The least cosine that counts."""

_CORRECTIONS: Final = 6
_SURE: Final = 0.85
"""The likeness of a word with which it isn't taken for two words that were written as one."""

_BATCH: Final = 256


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that a mention may be.

    Attributes:
        name: Its place in the vocabulary.
        cosine: How alike the words are, 0 to 1.
    """

    name: int
    cosine: float


@dataclass(frozen=True, slots=True)
class CandidateIndex:
    """Names by the weights of their words.

    Attributes:
        weights: Meaning forms by names: inverse document frequency over the name's length.
        rarity: The inverse document frequency of each form.
        forms: How words are read.
        meanings: Numbers of the meaning forms.
        spellings: The vocabulary's words, to correct others by.
        form_of: The number of the meaning form of each of ``spellings``.
    """

    weights: csr_matrix = field(repr=False)
    rarity: NDArray[np.float64] = field(repr=False)
    forms: WordForms = field(repr=False)
    meanings: NameIndex = field(repr=False)
    spellings: WordIndex = field(repr=False)
    form_of: NDArray[np.int64] = field(repr=False)

    def find(self, queries: Sequence[Sequence[str]]) -> list[list[Candidate]]:
        """Find the names most like each query.

        Args:
            queries: The spelling forms of each query's words.

        Returns:
            For each query at most ``MOST`` names, the most alike first.
        """
        found: list[list[Candidate]] = []
        correct = lru_cache(maxsize=None)(self._readings)
        for first in range(0, len(queries), _BATCH):
            rows = [self._row([correct(w) for w in q]) for q in queries[first : first + _BATCH]]
            ends = np.cumsum([0, *(len(places) for places, _ in rows)])
            data = np.concatenate([values for _, values in rows])
            places = np.concatenate([places for places, _ in rows])
            shape = (len(rows), self.weights.shape[0])
            cosines = csr_matrix((data, places, ends), shape) @ self.weights
            found += [_best(cosines, row) for row in range(len(rows))]
        return found

    def correct(self, word: str) -> list[tuple[str, float]]:
        """Return the spelling forms of words like another one, and their likeness."""
        places = self.spellings.find(word, _CORRECTIONS)
        return [(self.spellings.words[place], alike) for place, alike in places]

    def _row(
        self, words: Sequence[tuple[tuple[int, float], ...]]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the forms of a query and their weights, of length 1 all together."""
        heaviest = float(self.rarity.max(initial=1.0))
        best = [max((self.rarity[form] for form, _ in word), default=heaviest) for word in words]
        length = float(np.sqrt(np.square(best).sum())) or 1.0
        weights: dict[int, float] = {}
        for word in words:
            for form, alike in word:
                weight = alike * alike * self.rarity[form] / length
                weights[form] = max(weights.get(form, 0.0), weight)
        return np.array(list(weights), np.int64), np.array(list(weights.values()), np.float64)

    def _readings(self, spelling: str) -> tuple[tuple[int, float], ...]:
        """Return what meaning forms a word may have, and how surely."""
        meaning = self.forms.meaning_of(spelling)
        known = self.meanings.ids.get(meaning)
        if known is not None:
            return ((known, 1.0),) if known else ()
        readings: dict[int, float] = {}
        for place, alike in self.spellings.find(spelling):
            form = int(self.form_of[place])
            if form:
                readings[form] = max(readings.get(form, 0.0), alike)
        halves = self._halves(spelling) if max(readings.values(), default=0.0) < _SURE else ()
        return halves or tuple(readings.items())

    def _halves(self, spelling: str) -> tuple[tuple[int, float], ...]:
        """Read two known words that were written as one."""
        for cut in range(4, len(spelling) - 3):
            one, other = (
                self.meanings.ids.get(self.forms.meaning_of(part))
                for part in (spelling[:cut], spelling[cut:])
            )
            if one and other:
                return ((one, 1.0), (other, 1.0))
        return ()


def index_candidates(
    vocabulary: Vocabulary, forms: WordForms, spellings: Sequence[str], meanings: NameIndex
) -> CandidateIndex:
    """Index a vocabulary's names for soft matches.

    Args:
        vocabulary: The names.
        forms: How words are read.
        spellings: The spelling form of each of the vocabulary's words.
        meanings: The names by meaning forms.
    """
    n_names, n_forms = len(vocabulary.owners), len(meanings.ids)
    columns = meanings.of_word[vocabulary.tokens]
    rows = np.repeat(np.arange(n_names), np.diff(vocabulary.starts))
    kept = columns > 0
    ones = np.ones(int(kept.sum()))
    matrix = csr_matrix((ones, (columns[kept], rows[kept])), (n_forms, n_names))
    matrix.data[:] = 1.0  # a word that a name has twice counts once
    frequency = np.diff(matrix.indptr)
    rarity = np.log(1 + n_names / np.maximum(frequency, 1))
    matrix.data = np.repeat(rarity, frequency)
    lengths = np.sqrt(np.bincount(matrix.indices, np.square(matrix.data), n_names))
    matrix.data = (matrix.data / lengths[matrix.indices]).astype(np.float32)
    places: dict[str, int] = {}
    for place, spelling in enumerate(spellings):
        places.setdefault(spelling, place)
    words = list(places)
    form_of = meanings.of_word[list(places.values())]
    return CandidateIndex(
        matrix, rarity, forms, meanings, index_words(words, forms.correct), form_of
    )


def _best(cosines: csr_matrix, row: int) -> list[Candidate]:
    start, end = cosines.indptr[row : row + 2]
    names, values = cosines.indices[start:end], cosines.data[start:end]
    if len(values) > MOST:
        top = np.argpartition(-values, MOST)[:MOST]
        names, values = names[top], values[top]
    order = np.lexsort((names, -values))[:MOST]
    return [Candidate(int(names[i]), float(values[i])) for i in order if values[i] >= _LEAST]
