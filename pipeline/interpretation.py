"""What mentions mean: section, assertion, long form, concept, and how a drug is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.context.allergies import find_allergens
from pipeline.context.assertion_rules import AssertionRules, load_assertion_rules
from pipeline.context.sections import find_sections, section_of
from pipeline.link.abbreviations import find_definitions, long_form
from pipeline.link.clinical_abbreviations import Abbreviations, load_abbreviations
from pipeline.link.linker import Linker, LinkQuery, load_linker
from pipeline.medication.finding import find_sigs
from pipeline.medication.sig import Sig
from pipeline.note import Mention, Note


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What the mentions of a note mean.

    Attributes:
        mentions: The mentions, with all that their note and the vocabulary say of them.
        sigs: How drugs are taken: the place of a treatment in ``mentions``, and its sig.
    """

    mentions: tuple[Mention, ...] = ()
    sigs: tuple[tuple[int, Sig], ...] = ()


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Says what mentions mean.

    Attributes:
        rules: Say what a note asserts of its mentions.
        abbreviations: Those usual in clinical notes.
        linker: Finds the concept of a mention.
    """

    rules: AssertionRules
    abbreviations: Abbreviations
    linker: Linker

    def interpret(
        self, notes: Sequence[Note], mentions: Sequence[Sequence[Mention]]
    ) -> list[Interpretation]:
        """Interpret the mentions of released notes.

        Args:
            notes: Released notes.
            mentions: Of each note, in text order.

        Returns:
            One interpretation for each note; it depends on the note alone.
        """
        told = [self._read(note, of_note) for note, of_note in zip(notes, mentions, strict=True)]
        concepts = iter(
            self.linker.link(
                [
                    LinkQuery(note.text[m.start : m.end], m.label, m.long_form)
                    for note, of_note in zip(notes, told, strict=True)
                    for m in of_note
                ]
            )
        )
        linked = [[replace(m, concept=next(concepts)) for m in of_note] for of_note in told]
        return [
            Interpretation(tuple(of_note), tuple(sigs))
            for of_note, sigs in zip(linked, find_sigs(notes, linked), strict=True)
        ]

    def _read(self, note: Note, mentions: Sequence[Mention]) -> list[Mention]:
        """Say what the note itself tells of its mentions."""
        if not mentions:
            return []
        sections = find_sections(note.text)
        verdicts = self.rules.find_verdicts(note, mentions, sections)
        definitions = find_definitions(note.text)
        told: list[Mention] = []
        for mention, verdict, allergy in zip(
            mentions, verdicts, find_allergens(mentions, verdicts), strict=True
        ):
            surface = note.text[mention.start : mention.end]
            told.append(
                replace(
                    mention,
                    section=section_of(sections, mention.start).kind,
                    assertion=verdict.assertion,
                    allergy=allergy,
                    long_form=long_form(surface, definitions)
                    or self._usual_long_form(mention.label, surface, note.text),
                )
            )
        return told

    def _usual_long_form(self, label: str, surface: str, text: str) -> str | None:
        """Choose the long form of an abbreviation; none if they differ in what they mean."""
        forms = self.abbreviations.long_forms(label, surface, text)
        if len(forms) > 1:
            concepts = self.linker.link([LinkQuery(form, label) for form in forms])
            if len({None if c is None else c.concept_id for c in concepts}) > 1:
                return None
        return forms[0] if forms else None


def load_interpreter(vocabulary: Path | None = None) -> Interpreter:
    """Load the tables and the vocabulary.

    Args:
        vocabulary: Folder of a site's own vocabulary; None is the shipped one.

    Raises:
        SetupError: A table or the vocabulary is missing or damaged.
    """
    return Interpreter(load_assertion_rules(), load_abbreviations(), load_linker(vocabulary))
