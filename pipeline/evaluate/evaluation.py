"""Run the finders over gold documents and score what they find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.deid.finding import find_phi
from pipeline.deid.known import KnownIdentifiers
from pipeline.deid.replacement import OffsetMap, replace_spans, tag
from pipeline.evaluate.corpora import MentionCorpus
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.mentions import MentionScores, score_mentions
from pipeline.evaluate.phi import PhiScores, score_phi
from pipeline.evaluate.predictions import require_folder, write_predictions
from pipeline.evaluate.readers import read_gold, read_mention_corpus
from pipeline.extract.finding import find_mentions
from pipeline.note import Mention, MentionAnnotator, Note, PhiAnnotator, PhiSpan
from pipeline.patient import PatientRecord

if TYPE_CHECKING:
    from pipeline.stages import Models

BATCH = 64
"""Notes that are annotated at a time."""


def run_deid(models: Models, gold: Path, known: bool, predictions: Path | None) -> PhiScores:
    """Score de-identification on a gold corpus.

    Args:
        models: Their ``rules`` and ``ner`` are used.
        gold: A corpus of PHI.
        known: Look also for what the corpus says registration knows of each patient.
        predictions: Where to write what was found, as JSON lines.

    Raises:
        InputError: The corpus can't be read.
        ConfigError: The predictions' folder doesn't exist.
    """
    require_folder(predictions)
    documents = read_gold(gold, "deid")
    scores, found = evaluate_deid(documents, _phi_annotators(models, documents if known else ()))
    if predictions is not None:
        write_predictions(predictions, documents, found, "spans")
    return scores


def run_mentions(
    models: Models, gold: Path, behind_tags: bool, predictions: Path | None
) -> MentionScores:
    """Score extraction on a gold corpus.

    Args:
        models: Their ``mention`` annotators are used.
        gold: A corpus of symptoms, diseases or treatments.
        behind_tags: De-identify each text with tags before mentions are looked for.
        predictions: Where to write what was found, as JSON lines by offsets of the gold text.

    Raises:
        InputError: The corpus can't be read.
        ConfigError: The predictions' folder doesn't exist.
    """
    require_folder(predictions)
    corpus = read_mention_corpus(gold)
    deid = _phi_annotators(models, corpus.documents) if behind_tags else ()
    scores, found = evaluate_mentions(corpus, models.mention, deid)
    if predictions is not None:
        write_predictions(predictions, corpus.documents, found, "entities")
    return scores


def evaluate_deid(
    documents: Sequence[GoldDocument], annotators: Sequence[PhiAnnotator], batch: int = BATCH
) -> tuple[PhiScores, list[list[PhiSpan]]]:
    """Find PHI in gold documents and score it.

    Args:
        documents: The gold, read for ``"deid"``.
        annotators: At least one.
        batch: Notes at a time.

    Returns:
        The scores, and for each document its united spans, in text order.
    """
    predictions = [
        spans for notes in _batches(documents, batch) for spans in find_phi(notes, annotators)
    ]
    return score_phi(documents, predictions), predictions


def evaluate_mentions(
    corpus: MentionCorpus,
    annotators: Sequence[MentionAnnotator],
    deid: Sequence[PhiAnnotator] = (),
    batch: int = BATCH,
) -> tuple[MentionScores, list[list[Mention]]]:
    """Find mentions in gold documents and score them.

    Args:
        corpus: The gold.
        annotators: At least one.
        deid: If given, each text is de-identified with tags first, and its mentions are brought
            back to the offsets of the gold text: the scores then show what that costs.
        batch: Notes at a time.

    Returns:
        The scores, and for each document its merged mentions, in text order, by offsets of the
        gold text and with all of our labels, scored or not.
    """
    predictions = [
        mentions
        for notes in _batches(corpus.documents, batch)
        for mentions in (
            _find_behind_tags(notes, annotators, deid) if deid else find_mentions(notes, annotators)
        )
    ]
    return score_mentions(corpus.documents, predictions, corpus.labels), predictions


def known_patients(documents: Iterable[GoldDocument]) -> dict[tuple[str, str], PatientRecord]:
    """Gather what registration knows, by ``Note.subject``; of whom nothing is known is left out."""
    records: dict[tuple[str, str], PatientRecord] = {}
    for document in documents:
        if document.known:
            subject = document.note.subject
            records[subject] = records.get(subject, PatientRecord()).union(document.known)
    return records


def _phi_annotators(models: Models, documents: Iterable[GoldDocument]) -> tuple[PhiAnnotator, ...]:
    return (models.rules, models.ner, KnownIdentifiers(known_patients(documents)))


def _batches(documents: Sequence[GoldDocument], size: int) -> Iterator[list[Note]]:
    for start in range(0, len(documents), size):
        yield [document.note for document in documents[start : start + size]]


def _find_behind_tags(
    notes: Sequence[Note], annotators: Sequence[MentionAnnotator], deid: Sequence[PhiAnnotator]
) -> list[list[Mention]]:
    """Find mentions in texts whose PHI is replaced by tags; by offsets of the given texts."""
    released = [
        replace_spans(note.text, spans, [tag(span) for span in spans])
        for note, spans in zip(notes, find_phi(notes, deid), strict=True)
    ]
    found = find_mentions(
        [replace(note, text=text.text) for note, text in zip(notes, released, strict=True)],
        annotators,
    )
    return [
        [_brought_back(mention, text.offsets) for mention in mentions]
        for mentions, text in zip(found, released, strict=True)
    ]


def _brought_back(mention: Mention, offsets: OffsetMap) -> Mention:
    """Give a mention its raw offsets; one that begins or ends within a tag takes in its PHI."""
    start, end = offsets.raw_span(mention.start, mention.end)
    return replace(mention, start=start, end=end)
