"""What speaks for a concept as what a mention means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.link.index import NameIndex
from pipeline.link.normalisation import WordForms
from pipeline.link.ranking import STAGES, WHOLE, letters_alike, triples
from pipeline.link.surfaces import Surface
from pipeline.link.vocabulary import Vocabulary

_GATHERED: Final = 2
_MOST_WORDS: Final = 4
"""Words more or fewer than a name's beyond which more make no difference."""

_REMEMBERED: Final = 20_000
"""Words, mentions and names of which is kept what they are made of."""

_OTHER, _MODIFIER, _GENERAL = range(3)
"""Kinds of words: those that tell concepts apart, those that may be dropped, and those for whatever
may be wrong."""


_STAGES: Final = tuple(
    tuple(1.0 if stage == other else 0.0 for other in range(len(STAGES)))
    for stage in range(len(STAGES))
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A concept that a mention may mean.

    Attributes:
        place: The concept's place in the vocabulary.
        features: What speaks for it, in the order of ``FEATURES``.
        odds: Its log odds against none.
    """

    place: int
    features: tuple[float, ...]
    odds: float


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of a mention or a name.

    Attributes:
        kinds: Meaning form to the kind of word that has it.
        rarity: Meaning form to its inverse document frequency.
        whole: The sum of these.
        triples: The letter triples of the words.
    """

    kinds: dict[str, int]
    rarity: dict[str, float]
    whole: float
    triples: frozenset[str]


class Evidence:
    """Compares mentions with the names of a vocabulary."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        forms: WordForms,
        spellings: Sequence[str],
        meanings: NameIndex,
        rarity: NDArray[np.float64],
    ) -> None:
        self._vocabulary = vocabulary
        self._forms = forms
        self._spellings = spellings
        self._places = meanings.ids
        self._rarity = rarity
        self._rarest = float(rarity.max(initial=1.0))
        self._meaning_of = lru_cache(maxsize=_REMEMBERED)(forms.meaning_of)
        self._words_of = lru_cache(maxsize=_REMEMBERED)(self._words)
        self._words_of_name = lru_cache(maxsize=_REMEMBERED)(self._name)

    def forget(self) -> None:
        """Forget the words of mentions and names."""
        for remembered in (self._meaning_of, self._words_of, self._words_of_name):
            remembered.cache_clear()

    def features(
        self, surface: Surface, name: int, stage: int, cosine: float, fits: float
    ) -> tuple[float, ...]:
        """Return what speaks for a name's concept, in the order of ``FEATURES``.

        Args:
            surface: How the mention was looked up.
            name: The name's place in the vocabulary.
            stage: Where in ``STAGES`` it was found.
            cosine: How alike their words are, for the last stage.
            fits: 0.5 if the concept has the mention's label, -0.5 if not, 0 for a treatment.
        """
        vocabulary = self._vocabulary
        mention, own = self._words_of(surface.whole), self._words_of_name(name)
        familiarity = int(vocabulary.familiarity[vocabulary.owners[name]])
        level = vocabulary.levels[name]
        shared = sum(weight for form, weight in mention.rarity.items() if form in own.kinds)
        return (
            *_STAGES[stage],
            cosine,
            letters_alike(surface.triples, own.triples),
            fits,
            float(familiarity & 7),
            float(familiarity >> 3),
            *_left(mention, own),
            *_left(own, mention),
            shared / (mention.whole or 1.0),
            shared / (own.whole or 1.0),
            1.0 if surface.short else 0.0,
            1.0 if surface.induced and stage in WHOLE else 0.0,
            1.0 if surface.part else 0.0,
            1.0 if self._meaning_of(surface.spelling[-1]) in own.kinds else 0.0,
            surface.slips,
            1.0 if level == 0 else 0.0,
            1.0 if level == _GATHERED else 0.0,
        )

    def _name(self, name: int) -> _Words:
        """Return the words of a name."""
        starts = self._vocabulary.starts
        words = self._vocabulary.tokens[starts[name] : starts[name + 1]].tolist()
        return self._words(tuple(filter(None, (self._spellings[word] for word in words))))

    def _words(self, spellings: tuple[str, ...]) -> _Words:
        """Return the words that count."""
        kinds: dict[str, int] = {}
        for spelling in spellings:
            form = self._meaning_of(spelling)
            if form:
                general = spelling in self._forms.general
                modifier = spelling in self._forms.modifiers
                kinds[form] = _GENERAL if general else _MODIFIER if modifier else _OTHER
        rarity = {form: self._weight(form) for form in kinds}
        return _Words(kinds, rarity, sum(rarity.values()), triples(spellings))

    def _weight(self, form: str) -> float:
        place = self._places.get(form)
        return self._rarest if place is None else float(self._rarity[place])


def _left(one: _Words, other: _Words) -> list[float]:
    """Count the words of each kind that one has more than the other."""
    counts = [0.0, 0.0, 0.0]
    for form, kind in one.kinds.items():
        if form not in other.kinds and counts[kind] < _MOST_WORDS:
            counts[kind] += 1.0
    return counts
