"""Say what given gold mentions mean, and score it: assertion, concept, sig, and sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.context.allergies import find_allergens
from pipeline.context.assertion_rules import load_assertion_rules
from pipeline.context.sections import find_sections
from pipeline.evaluate.assertion import AssertionScores, score_assertions
from pipeline.evaluate.assertion_gold import read_assertions
from pipeline.evaluate.linking import LinkScores, evaluate_linking
from pipeline.evaluate.medication import SigScores, predict_sigs, read_sigs, score_sigs
from pipeline.evaluate.predictions import mention_row, require_folder, write_rows
from pipeline.evaluate.section_gold import read_section_gold
from pipeline.evaluate.sections import SectionScores, score_sections
from pipeline.link.linker import load_linker
from pipeline.medication.sig import FIELDS, Sig


def run_assertion(gold: Path, predictions: Path | None) -> AssertionScores:
    """Score what is said of given gold mentions.

    Args:
        gold: As :func:`pipeline.evaluate.assertion_gold.read_assertions` reads it.
        predictions: Where to write the mentions with what was said of them, as JSON lines.

    Raises:
        InputError: The gold can't be read.
        ConfigError: The predictions' folder doesn't exist.
    """
    require_folder(predictions)
    corpus = read_assertions(gold)
    notes = [document.note for document in corpus.documents]
    mentions = [document.mentions for document in corpus.documents]
    sections = [find_sections(note.text) for note in notes]
    rules = load_assertion_rules()
    verdicts = [rules.find_verdicts(*of) for of in zip(notes, mentions, sections, strict=True)]
    if predictions is not None:
        rows = [
            {
                "note_id": note.note_id,
                "entities": [
                    mention_row(replace(mention, assertion=verdict.assertion, allergy=allergy))
                    for mention, verdict, allergy in zip(
                        of_note, said, find_allergens(of_note, said), strict=True
                    )
                ],
            }
            for note, of_note, said in zip(notes, mentions, verdicts, strict=True)
        ]
        write_rows(predictions, rows)
    return score_assertions(corpus, [[verdict.assertion for verdict in v] for v in verdicts])


def run_linking(gold: Path, vocabulary: Path, predictions: Path | None) -> LinkScores:
    """Score the concepts of given gold mentions.

    Args:
        gold: PubTator with ids, or a table of drug names.
        vocabulary: The folder of the vocabulary.
        predictions: Where to write the mentions with their concepts, as JSON lines.

    Raises:
        InputError: The gold can't be read.
        ConfigError: The predictions' folder doesn't exist.
        SetupError: The vocabulary is missing or damaged.
    """
    require_folder(predictions)
    scores, documents = evaluate_linking(gold, load_linker(vocabulary))
    if predictions is not None:
        rows = [
            {
                "note_id": document.note.note_id,
                "entities": [mention_row(link.mention) for link in document.links],
            }
            for document in documents
        ]
        write_rows(predictions, rows)
    return scores


def run_sections(gold: Path, notes: Path, predictions: Path | None) -> SectionScores:
    """Score the headings found in notes and the kinds of their sections.

    Args:
        gold: Tab-separated: ``note_id``, ``start``, ``end``, ``section``.
        notes: Parquet, CSV or JSON lines with the notes that the gold names.
        predictions: Where to write the sections that were found, as JSON lines.

    Raises:
        InputError: A file can't be read or doesn't fit the other.
        ConfigError: The predictions' folder doesn't exist.
    """
    require_folder(predictions)
    headed = read_section_gold(gold, notes)
    found = {note.note.text: find_sections(note.note.text) for note in headed}
    if predictions is not None:
        rows = [
            {
                "note_id": note.note.note_id,
                "sections": [
                    {"start": s.heading[0], "end": s.heading[1], "section": s.kind}
                    for s in found[note.note.text]
                    if s.heading is not None
                ],
            }
            for note in headed
        ]
        write_rows(predictions, rows)
    return score_sections(headed, found.__getitem__)


def run_medication(gold: Path, predictions: Path | None) -> SigScores:
    """Score what is read beside given drugs.

    Args:
        gold: As :func:`pipeline.evaluate.medication.read_sigs` reads it.
        predictions: Where to write what was read, as JSON lines.

    Raises:
        InputError: The gold can't be read.
        ConfigError: The predictions' folder doesn't exist.
    """
    require_folder(predictions)
    lines = read_sigs(gold)
    found = predict_sigs(lines)
    if predictions is not None:
        write_rows(predictions, _sig_rows(found))
    return score_sigs(lines, found)


def _sig_rows(sigs: Sequence[Sig]) -> list[dict[str, object]]:
    return [
        {
            **{field: getattr(sig, field) for field in FIELDS},
            "spans": {field: sig.span_of(field) for field in FIELDS},
        }
        for sig in sigs
    ]
