"""Concepts out of terms: entries of several terminologies that mean the same become one.

Equal preferred names join first, then cross references between entries that share a name or refer
to each other alone, then preferred names that others have for a synonym. A concept never holds two
entries of one terminology: what the terminology tells apart stays apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.link.term import LABELS, TREATMENT, Term

Key = tuple[str, ...]
Entry = tuple[str, str]
KeyOf = Callable[[str], Key]

LOOSE: Final = ("do", "hpo", "icd10cm", "mondo")
"""Terminologies whose synonyms hold names of narrower and broader things: they join nothing."""


@dataclass(slots=True)
class MergedConcept:
    """A concept while it grows.

    Attributes:
        entries: System to codes of the entries that the concept is made of.
        terms: Their terms.
        codes: Codes of other terminologies that the terms refer to.
        included: Names of narrower things that no concept of their own stands for.
    """

    entries: dict[str, list[str]]
    terms: list[Term]
    codes: set[Entry] = field(default_factory=set)
    included: list[str] = field(default_factory=list)

    @property
    def labels(self) -> frozenset[str]:
        """What the concept is, of ``LABELS``."""
        return frozenset[str]().union(*(term.labels for term in self.terms))


def merge_terms(terms: Sequence[Term], key_of: KeyOf) -> list[MergedConcept]:
    """Merge terms into concepts.

    Args:
        terms: Terms in an order that decides between equals; several may have one code.
        key_of: Writes a name as what is compared.

    Returns:
        Concepts in the order of their first term.
    """
    merging = _Merging(terms, key_of)
    merging.join_equal_names(preferred=True)
    references = sorted({pair for term in terms for pair in merging.references(term)})
    first, second = (Counter(pair[side] for pair in references) for side in (0, 1))
    alone = {pair for pair in references if first[pair[0]] == 1 and second[pair[1]] == 1}
    named = {pair for pair in references if merging.share_name(*pair)}
    for pair in sorted(alone | named, key=lambda pair: (pair not in named, pair)):
        merging.join(*pair)
    merging.join_equal_names(preferred=False)
    return merging.result()


class _Merging:
    """Concepts by each of their entries."""

    def __init__(self, terms: Sequence[Term], key_of: KeyOf) -> None:
        self._key_of = key_of
        self.concepts: dict[Entry, MergedConcept] = {}
        for term in terms:
            entry = (term.system, term.code)
            concept = self.concepts.get(entry)
            if concept is None:
                self.concepts[entry] = MergedConcept({term.system: [term.code]}, [term])
            else:
                concept.terms.append(term)

    def references(self, term: Term) -> list[tuple[Entry, Entry]]:
        """List what a term refers to among the entries, as ordered pairs."""
        own = (term.system, term.code)
        others = [code for code in term.codes if code in self.concepts and code != own]
        return [(min(own, other), max(own, other)) for other in others]

    def join(self, one: Entry, other: Entry) -> None:
        """Make the concepts of two entries one, if no terminology tells them apart."""
        left, right = self.concepts[one], self.concepts[other]
        if left is right or not _may_join(left, right):
            return
        for system, codes in right.entries.items():
            left.entries[system] = sorted({*left.entries.get(system, ()), *codes})
            for code in codes:
                self.concepts[system, code] = left
        left.terms += right.terms

    def share_name(self, one: Entry, other: Entry) -> bool:
        """Say whether the concepts of two entries have a name in common."""
        left, right = (self._names(self.concepts[entry].terms) for entry in (one, other))
        return not left.isdisjoint(right)

    def join_equal_names(self, *, preferred: bool) -> None:
        """Join concepts where one's preferred name is another's name.

        Args:
            preferred: Only where both are preferred names.
        """
        heads: dict[Key, list[Entry]] = defaultdict(list)
        others: dict[Key, list[Entry]] = defaultdict(list)
        for concept in self._distinct():
            for term in concept.terms:
                entry = (term.system, term.code)
                heads[self._key_of(term.name)].append(entry)
                if not preferred and term.system not in LOOSE:
                    for name in term.names:
                        others[self._key_of(name)].append(entry)
        heads.pop((), None)
        for key, entries in heads.items():
            for place, entry in enumerate(entries):
                for earlier in entries[:place]:
                    self.join(earlier, entry)
            for entry in others.get(key, ()):
                self.join(entries[0], entry)

    def result(self) -> list[MergedConcept]:
        """List the concepts with the codes that their terms refer to and what they include."""
        concepts = self._distinct()
        owners: dict[Key, MergedConcept] = {}
        for concept in concepts:
            for key in sorted(self._names(concept.terms)):
                owners.setdefault(key, concept)
            concept.codes.update(code for term in concept.terms for code in term.codes)
        for concept in concepts:
            for term in concept.terms:
                for name in term.included:
                    owner = owners.get(self._key_of(name), concept)
                    owner.codes.add((term.system, term.code))
                    if owner is concept:
                        concept.included.append(name)
        return concepts

    def _names(self, terms: Iterable[Term]) -> set[Key]:
        """Return the names of terms that surely mean the same as the preferred ones."""
        heads = {self._key_of(term.name) for term in terms}
        others = {
            self._key_of(name) for term in terms if term.system not in LOOSE for name in term.names
        }
        return (heads | others) - {()}

    def _distinct(self) -> list[MergedConcept]:
        return list({id(concept): concept for concept in self.concepts.values()}.values())


def _may_join(left: MergedConcept, right: MergedConcept) -> bool:
    if (TREATMENT in left.labels) != (TREATMENT in right.labels):
        return False
    return all(
        system not in right.entries or _same_category(system, [*codes, *right.entries[system]])
        for system, codes in left.entries.items()
    )


def _same_category(system: str, codes: list[str]) -> bool:
    """Say whether all codes are of one line of ICD-10-CM, such as A01.0 and A01.00."""
    shortest = min(codes, key=len)
    return system == "icd10cm" and all(code.startswith(shortest) for code in codes)


def label_bits(labels: Iterable[str]) -> int:
    """Write labels as bits, in the order of ``LABELS``."""
    return sum(1 << LABELS.index(label) for label in labels)
