"""The rules as an annotator."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.deid.rules import (
    addresses,
    ages,
    contacts,
    facilities,
    identifiers,
    locations,
    numeric_dates,
    old_ages,
    professions,
    states,
    vehicles,
    word_dates,
    years,
)
from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.rules.name_ages import find_ages_after_names
from pipeline.deid.rules.names import NameFinder
from pipeline.deid.rules.places import PlaceFinder
from pipeline.deid.rules.repeats import find_repeats
from pipeline.deid.rules.rule import ANNOTATOR, RuleSet
from pipeline.note import Note, PhiSpan

_TABLES = (
    numeric_dates.RULES,
    word_dates.RULES,
    years.RULES,
    contacts.RULES,
    identifiers.RULES,
    vehicles.RULES,
    ages.RULES,
    old_ages.RULES,
    addresses.RULES,
    locations.RULES,
    states.RULES,
    facilities.RULES,
    professions.RULES,
)


class RulesAnnotator:
    """Finds PHI by its form and by the words around it."""

    def __init__(self) -> None:
        lexicon = load_lexicon()
        self._rules = RuleSet(rule for table in _TABLES for rule in table)
        self._lexicon = lexicon
        self._names = NameFinder(lexicon)
        self._places = PlaceFinder(lexicon)

    @property
    def name(self) -> str:
        """Return ``rules``."""
        return ANNOTATOR

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        """Find spans in a batch of notes; they may overlap (see ``pipeline.spans.unite``)."""
        return [self._find(note.text) for note in notes]

    def _find(self, text: str) -> list[PhiSpan]:
        spans = self._rules.find(text)
        spans += self._places.find(text)
        names = self._names.find(text)
        names += find_repeats(text, names, self._lexicon)
        return sorted([*spans, *names, *find_ages_after_names(text, names)])
