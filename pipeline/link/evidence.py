"""What speaks for a concept as what a mention means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.link.index import NameIndex
from pipeline.link.normalisation import WordForms
from pipeline.link.ranking import STAGES, letters_alike, triples
from pipeline.link.surfaces import Surface
from pipeline.link.vocabulary import Vocabulary

_GATHERED: Final = 2
_MOST_WORDS: Final = 4
"""Words more or fewer than a name's beyond which more make no difference."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A concept that a mention may mean.

    Attributes:
        place: The concept's place in the vocabulary.
        features: What speaks for it, in the order of ``FEATURES``.
    """

    place: int
    features: tuple[float, ...]


class Evidence:
    """Compares mentions with the names of a vocabulary."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        forms: WordForms,
        spellings: Sequence[str],
        by_spelling: NameIndex,
        by_meaning: NameIndex,
    ) -> None:
        self._vocabulary = vocabulary
        self._forms = forms
        self._spellings = spellings
        self._by_spelling = by_spelling
        self._by_meaning = by_meaning
        self._triples: dict[int, frozenset[str]] = {}

    def forget(self) -> None:
        """Forget the letters of names."""
        self._triples.clear()

    def features(
        self, surface: Surface, name: int, stage: int, cosine: float, fits: float
    ) -> tuple[float, ...]:
        """Return what speaks for a name's concept, in the order of ``FEATURES``.

        Args:
            surface: How the mention was looked up.
            name: The name's place in the vocabulary.
            stage: Where in ``STAGES`` it was found.
            cosine: How alike their words are, for the last stage.
            fits: 0.5 if the concept has the mention's label, -0.5 if not, 0 if that tells nothing.
        """
        vocabulary = self._vocabulary
        words = vocabulary.tokens[vocabulary.starts[name] : vocabulary.starts[name + 1]]
        letters = self._triples.get(name)
        if letters is None:
            spellings = (self._spellings[word] for word in words)
            letters = self._triples[name] = triples([form for form in spellings if form])
        familiarity = int(vocabulary.familiarity[vocabulary.owners[name]])
        n_words = int(np.count_nonzero(self._by_spelling.of_word[words]))
        more = surface.dropped + len(surface.spelling) - n_words
        last = self._forms.meaning_of(surface.spelling[-1])
        noun = self._by_meaning.ids.get(last, 0) in self._by_meaning.of_word[words]
        level = vocabulary.levels[name]
        return (
            *(1.0 if stage == other else 0.0 for other in range(len(STAGES))),
            cosine,
            letters_alike(surface.triples, letters),
            fits,
            float(familiarity & 7),
            float(familiarity >> 3),
            float(min(max(more, 0), _MOST_WORDS)),
            float(min(max(-more, 0), _MOST_WORDS)),
            1.0 if surface.long else 0.0,
            1.0 if surface.part else 0.0,
            1.0 if noun else 0.0,
            surface.slips,
            1.0 if level == 0 else 0.0,
            1.0 if level == _GATHERED else 0.0,
        )
