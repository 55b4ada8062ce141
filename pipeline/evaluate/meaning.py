"""Say what given gold mentions mean, and score it: assertion, concept, sig, and sections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.config import Config
from pipeline.context.sections import find_sections
from pipeline.evaluate.assertion import AssertionScores, score_assertions
from pipeline.evaluate.assertion_gold import read_assertions
from pipeline.evaluate.linking import LinkScores, evaluate_linking
from pipeline.evaluate.medication import SigScores, predict_sigs, read_sigs, score_sigs
from pipeline.evaluate.predictions import mention_row, require_folder, write_rows
from pipeline.evaluate.section_gold import read_section_gold
from pipeline.evaluate.sections import SectionScores, score_sections
from pipeline.evaluate.seen import read_seen_assertions
from pipeline.interpretation import load_interpreter
from pipeline.link.linker import load_linker
from pipeline.medication.sig import FIELDS, Sig


def run_assertion(gold: Path, config: Config, predictions: Path | None) -> AssertionScores:
    """Score what is said of given gold mentions.

    Args:
        gold: As :func:`pipeline.evaluate.assertion_gold.read_assertions` reads it.
        config: Names the models.
        predictions: Where to write the mentions with what was said of them, as JSON lines.

    Raises:
        InputError: The gold can't be read.
        ConfigError: The predictions' folder doesn't exist.
        SetupError: A model is missing or damaged.
    """
    require_folder(predictions)
    corpus = read_assertions(gold)
    bert = None
    if config.context.assertion == "network":
        from pipeline.extract.bert import load_bert  # torch takes seconds to import

        bert = load_bert(config.extract.bert, device=config.run.device)
    interpreter = load_interpreter(config, bert)
    told = []
    for document in corpus.documents:
        encoded = None
        if bert is not None and interpreter.depth is not None:
            (encoded,) = bert.encode([document.note], interpreter.depth)
        told.append(interpreter.assert_mentions(document.note, document.mentions, encoded))
    if predictions is not None:
        rows = [
            {
                "note_id": document.note.note_id,
                "entities": [mention_row(mention) for mention in mentions],
            }
            for document, mentions in zip(corpus.documents, told, strict=True)
        ]
        write_rows(predictions, rows)
    said = [[m.assertion for m in mentions if m.assertion is not None] for mentions in told]
    return score_assertions(corpus, said, read_seen_assertions(config))


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
