"""The linker: mentions in, concepts out.

A mention is looked up by its spelling and by its meaning, each with all of its words and without
severity, side, or the salt of a drug. Only if no name fits well, its parts are looked up, and then
names that share most of its words. What is found is ranked together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Final

from pipeline.link.candidates import CandidateIndex, index_candidates
from pipeline.link.evidence import Evidence, Scored
from pipeline.link.index import NameIndex, index_names, word_forms
from pipeline.link.normalisation import WordForms, load_word_forms
from pipeline.link.ranking import STAGES, WHOLE, Ranking, load_ranking, shares
from pipeline.link.surfaces import LinkQuery as LinkQuery
from pipeline.link.surfaces import Surface, corrections_of, parts_of, surfaces_of
from pipeline.link.term import LABELS, SYMPTOM, TREATMENT
from pipeline.link.vocabulary import Vocabulary, load_vocabulary, read_vocabulary
from pipeline.note import Concept

_CACHED: Final = 200_000
"""Distinct mentions whose concepts are kept; then the cache starts anew."""

_SHORTEST: Final = 4
"""Letters that a mention must have to be compared word by word."""

_LEAST: Final = {TREATMENT: 0.38, SYMPTOM: 0.3}
"""Label to the least probability of its concepts. The weights were fitted to diseases and promise
others too much: of what lies below, most is wrong, and no code is better than a wrong one."""

_LEAST_UNLIKE: Final = 0.5
"""The same for a symptom's concept that is no symptom."""

_ENOUGH: Final = 0.5
"""The chance that one of the concepts found is right, with which no others are looked for."""

_BY_MEANING: Final = STAGES.index("meaning")
_BARE: Final = (STAGES.index("spelling_bare"), STAGES.index("meaning_bare"))
_CORE: Final = STAGES.index("core")
_WORDS: Final = STAGES.index("words")
_ALL: Final = (1 << len(LABELS)) - 1
_SYMPTOM: Final = 1 << LABELS.index(SYMPTOM)
_FINDING: Final = _ALL & ~(1 << LABELS.index(TREATMENT))
_COMPATIBLE: Final = {
    label: _ALL & ~_FINDING if label == TREATMENT else _FINDING for label in LABELS
}
"""Label to those, as bits, that its concepts may have."""


class Linker:
    """Links mentions to a vocabulary's concepts."""

    def __init__(self, vocabulary: Vocabulary, forms: WordForms, ranking: Ranking) -> None:
        self.vocabulary = vocabulary
        self._forms = forms
        self._ranking = ranking
        spellings, meanings = word_forms(vocabulary.words, forms)
        self._spelling = index_names(vocabulary, spellings)
        self._meaning = index_names(vocabulary, meanings)
        words = list(zip(spellings, meanings, strict=True))
        bare = ["" if s in forms.modifiers else m for s, m in words]
        self._bare = index_names(vocabulary, bare)
        core = ["" if s in forms.general else m for (s, _), m in zip(words, bare, strict=True)]
        self._core = index_names(vocabulary, core)
        self._candidates: CandidateIndex = index_candidates(
            vocabulary, forms, spellings, self._meaning
        )
        whole, kept, kern = map(attrgetter, ("spelling", "bare", "core"))
        self._stages: tuple[tuple[NameIndex, Callable[[Surface], tuple[str, ...]]], ...] = (
            (self._spelling, whole), (self._spelling, kept), (self._meaning, whole),
            (self._bare, kept), (self._core, kern),
        )  # fmt: skip
        self._cache: dict[LinkQuery, Concept | None] = {}
        self._evidence = Evidence(
            vocabulary, forms, spellings, self._meaning, self._candidates.rarity
        )

    def link(self, mentions: Sequence[LinkQuery]) -> list[Concept | None]:
        """Link mentions; each distinct one is looked up once.

        Args:
            mentions: Any number of mentions.

        Returns:
            The concept of each, in order; None if no concept is probable enough.
        """
        if len(self._cache) > _CACHED:
            self.forget()
        fresh = [query for query in dict.fromkeys(mentions) if query not in self._cache]
        for query, scored in zip(fresh, self.rank(fresh), strict=True):
            self._cache[query] = self._choose(scored, query.label)
        return [self._cache[query] for query in mentions]

    def has_name(self, text: str) -> bool:
        """Say whether a concept has a name with the words of a text."""
        key = self._spelling.key([self._forms.spelling(word) for word in self._forms.split(text)])
        return key is not None and len(self._spelling.find([key])[0]) > 0

    def only(self, systems: Sequence[str]) -> Linker:
        """Return a linker to the concepts that have a code of one of some terminologies."""
        return Linker(self.vocabulary.only(systems), self._forms, self._ranking)

    def forget(self) -> None:
        """Empty the cache."""
        self._cache.clear()
        self._evidence.forget()
        self._candidates.spellings.found.clear()

    def _choose(self, scored: Sequence[Scored], label: str) -> Concept | None:
        if not scored:
            return None
        chances = shares([candidate.odds for candidate in scored])
        best = max(range(len(scored)), key=lambda i: (chances[i], -scored[i].place))
        place = scored[best].place
        least = _LEAST.get(label, 0.0)
        if label == SYMPTOM and not int(self.vocabulary.labels[place]) & _SYMPTOM:
            least = _LEAST_UNLIKE
        if chances[best] < max(least, self._ranking.least):
            return None
        return Concept(
            self.vocabulary.ids[place].as_py(),
            self.vocabulary.preferred[place].as_py(),
            chances[best],
            self.vocabulary.codes_of(place),
        )

    def rank(self, queries: Sequence[LinkQuery]) -> list[list[Scored]]:
        """List the concepts that each query may mean, unranked.

        Args:
            queries: Distinct mentions.
        """
        found: list[dict[int, Scored]] = [{} for _ in queries]
        whole = self._surfaces(surfaces_of, queries, found)
        self._look_up(whole, queries, found, WHOLE)
        self._look_up(self._open(whole, found), queries, found, _BARE)
        parts = self._surfaces(parts_of, queries, found)
        rest = [surface for surface in self._open(whole, found) if not surface.induced]
        self._look_up(rest, queries, found, (_CORE,))
        self._look_up(parts, queries, found, (*WHOLE, *_BARE, _CORE))
        corrected = [
            other
            for surface in self._open(rest, found)
            for other in corrections_of(surface, self._spelling.ids, self._candidates.correct)
        ]
        self._look_up(corrected, queries, found, (*WHOLE, *_BARE))
        rest += [surface for surface in parts if surface.whole == surface.spelling]
        self._compare([s for s in rest if len("".join(s.spelling)) >= _SHORTEST], queries, found)
        return [list(concepts.values()) for concepts in found]

    def _open(
        self, surfaces: Sequence[Surface], found: Sequence[Mapping[int, Scored]]
    ) -> list[Surface]:
        """Return the surfaces of queries that have no probable concept yet."""
        return [surface for surface in surfaces if self._is_open(found[surface.query])]

    def _surfaces(
        self,
        ways: Callable[[int, LinkQuery, WordForms], Iterator[Surface]],
        queries: Sequence[LinkQuery],
        found: Sequence[Mapping[int, Scored]],
    ) -> list[Surface]:
        """Return the ways to write the queries that have no probable concept yet."""
        return [
            surface
            for place, query in enumerate(queries)
            if self._is_open(found[place])
            for surface in ways(place, query, self._forms)
        ]

    def _is_open(self, found: Mapping[int, Scored]) -> bool:
        """Say whether better names may still be looked for."""
        return sum(shares([scored.odds for scored in found.values()])) < _ENOUGH

    def _compare(
        self,
        surfaces: Sequence[Surface],
        queries: Sequence[LinkQuery],
        found: list[dict[int, Scored]],
    ) -> None:
        """Add the concepts of names that share words with a surface; a drug's bare ones, too."""
        words: dict[tuple[Surface, tuple[str, ...]], None] = {}
        for surface in surfaces:
            words[surface, surface.spelling] = None
            if queries[surface.query].label == TREATMENT:
                words[surface, surface.bare] = None
        names = self._candidates.find([spelling for _, spelling in words]) if words else []
        for (surface, _), candidates in zip(words, names, strict=True):
            for one in candidates:
                self._add(found, queries, surface, one.name, _WORDS, one.cosine)

    def _look_up(
        self,
        surfaces: Sequence[Surface],
        queries: Sequence[LinkQuery],
        found: list[dict[int, Scored]],
        stages: Sequence[int],
    ) -> None:
        """Add the concepts of the names that have the words of a surface, at some stages."""
        meaning_of = self._forms.meaning_of
        for stage in stages:
            index, words_of = self._stages[stage]
            keys: list[tuple[Surface, int]] = []
            for surface in surfaces:
                words: Sequence[str] = words_of(surface)
                if stage >= _BY_MEANING:
                    words = [meaning_of(word) for word in words]
                key = index.key(words)
                if key is not None:
                    keys.append((surface, key))
            for (surface, _), names in zip(keys, index.find([k for _, k in keys]), strict=True):
                for name in names:
                    self._add(found, queries, surface, int(name), stage)

    def _add(
        self, found: list[dict[int, Scored]], queries: Sequence[LinkQuery], surface: Surface,
        name: int, stage: int, cosine: float = 0.0,
    ) -> None:  # fmt: skip
        """Keep a name's concept with its features, if no better name of it stands there."""
        place = int(self.vocabulary.owners[name])
        bits = int(self.vocabulary.labels[place])
        label = queries[surface.query].label
        if not bits & _COMPATIBLE.get(label, _ALL):
            return
        fits = 0.0
        if label in LABELS and label != TREATMENT:
            fits = 0.5 if bits >> LABELS.index(label) & 1 else -0.5
        features = self._evidence.features(surface, name, stage, cosine, fits)
        odds = self._ranking.odds(features)
        other = found[surface.query].get(place)
        if other is None or odds > other.odds:
            found[surface.query][place] = Scored(place, features, odds)


def load_linker(folder: Path | None = None) -> Linker:
    """Read a vocabulary and build its linker.

    Args:
        folder: A hospital's own vocabulary; None: the shipped one.

    Raises:
        SetupError: The vocabulary or a table that goes with it is missing or damaged.
    """
    vocabulary = load_vocabulary() if folder is None else read_vocabulary(folder)
    return Linker(vocabulary, load_word_forms(), load_ranking())
