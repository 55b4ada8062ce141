"""What mentions mean: section, assertion, long form, concept, and how a drug is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.config import Config
from pipeline.context.allergies import find_allergens
from pipeline.context.assertion_rules import AssertionRules, load_assertion_rules
from pipeline.context.sections import find_sections, section_of
from pipeline.fingerprint import hash_model
from pipeline.link.abbreviations import find_definitions, long_form
from pipeline.link.clinical_abbreviations import Abbreviations, load_abbreviations
from pipeline.link.linker import Linker, load_linker
from pipeline.link.queries import find_queries, usual_long_forms
from pipeline.medication.finding import find_sigs
from pipeline.medication.sig import Sig
from pipeline.note import Mention, Note

if TYPE_CHECKING:
    from pipeline.context.assertion import Asserter
    from pipeline.extract.bert import BertAnnotator, EncodedNote
    from pipeline.link.senses import SenseChooser


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
        asserter: Decides what a note asserts, by the rules and the encoder's states; without one
            the rules do.
        senses: Chooses among the usual long forms of an abbreviation by the same states; without
            it, one with several has none.
    """

    rules: AssertionRules
    abbreviations: Abbreviations
    linker: Linker
    asserter: Asserter | None = None
    senses: SenseChooser | None = None

    @property
    def depth(self) -> int | None:
        """The layer of the encoder that is read; None if none is."""
        return None if self.asserter is None else self.asserter.depth

    def interpret(
        self,
        notes: Sequence[Note],
        mentions: Sequence[Sequence[Mention]],
        encoded: Sequence[EncodedNote] | None = None,
    ) -> list[Interpretation]:
        """Interpret the mentions of released notes.

        Args:
            notes: Released notes.
            mentions: Of each note, in text order.
            encoded: The notes with the encoder's states at ``depth``; None if that is.

        Returns:
            One interpretation for each note; it depends on the note alone.

        Raises:
            ValueError: States are missing, or nothing reads them.
        """
        if (encoded is None) != (self.asserter is None):
            raise ValueError("encoded notes are what the network of assertions reads, and only it")
        states: Sequence[EncodedNote | None] = encoded or [None] * len(notes)
        told = [self._read(*of_note) for of_note in zip(notes, mentions, states, strict=True)]
        asked = [
            find_queries(note.text, of_note, self.linker)
            for note, of_note in zip(notes, told, strict=True)
        ]
        concepts = iter(self.linker.link([query for of_note in asked for query in of_note]))
        linked = [
            [
                replace(mention, long_form=query.long_form, concept=next(concepts))
                for mention, query in zip(of_note, queries, strict=True)
            ]
            for of_note, queries in zip(told, asked, strict=True)
        ]
        return [
            Interpretation(tuple(of_note), tuple(sigs))
            for of_note, sigs in zip(linked, find_sigs(notes, linked), strict=True)
        ]

    def assert_mentions(
        self, note: Note, mentions: Sequence[Mention], encoded: EncodedNote | None
    ) -> list[Mention]:
        """Say in which section mentions stand, what their note says of them, and of allergies.

        Args:
            note: A released note.
            mentions: Its mentions, in any order.
            encoded: As in :meth:`interpret`.
        """
        if not mentions:
            return []
        sections = find_sections(note.text)
        verdicts = self.rules.find_verdicts(note, mentions, sections)
        assertions = [verdict.assertion for verdict in verdicts]
        if self.asserter is not None and encoded is not None:
            assertions = self.asserter.assert_mentions(encoded, mentions, sections, verdicts)
        return [
            replace(
                mention,
                section=section_of(sections, mention.start).kind,
                assertion=assertion,
                allergy=allergy,
            )
            for mention, assertion, allergy in zip(
                mentions, assertions, find_allergens(mentions, verdicts), strict=True
            )
        ]

    def _read(
        self, note: Note, mentions: Sequence[Mention], encoded: EncodedNote | None
    ) -> list[Mention]:
        """Say what the note tells of its mentions, and what abbreviations usually mean."""
        definitions = find_definitions(note.text) if mentions else {}
        told = []
        for mention in self.assert_mentions(note, mentions, encoded):
            surface = note.text[mention.start : mention.end]
            meant = long_form(surface, definitions)
            if meant is None:
                meant = self._usual_long_form(mention, surface, note.text, encoded)
            told.append(replace(mention, long_form=meant))
        return told

    def _usual_long_form(
        self, mention: Mention, surface: str, text: str, encoded: EncodedNote | None
    ) -> str | None:
        forms = usual_long_forms(mention.label, surface, text, self.linker, self.abbreviations)
        if len(forms) < 2:
            return forms[0] if forms else None
        if self.senses is None or encoded is None:
            return None
        return self.senses.choose(encoded, mention, mention.section or "other", forms)


def load_interpreter(config: Config, bert: BertAnnotator | None = None) -> Interpreter:
    """Load the tables, the vocabulary and the network of assertions.

    Args:
        config: Names the vocabulary, and whether the network decides.
        bert: The annotator whose encoder is read; None if rules decide.

    Raises:
        SetupError: A table, the vocabulary or a network is missing, damaged or made for another
            encoder.
        ValueError: The network is to decide, and there is no encoder.
    """
    rules, abbreviations = load_assertion_rules(), load_abbreviations()
    interpreter = Interpreter(rules, abbreviations, load_linker(config.link.vocabulary))
    if config.context.assertion == "rules":
        return interpreter
    if bert is None:
        raise ValueError("the network of assertions reads the states of a BERT: give it")
    # Importing torch takes seconds, and only a process that has the models needs it.
    from pipeline.context.assertion import load_asserter
    from pipeline.link.senses import load_senses

    folder, encoder = config.context.model, hash_model(config.extract.bert)
    asserter = load_asserter(folder, encoder, bert.classifier.device)
    return replace(
        interpreter, asserter=asserter, senses=load_senses(folder, encoder, asserter.depth)
    )
