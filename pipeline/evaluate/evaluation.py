"""Run the finders over gold documents and score what they find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.config import Deid
from pipeline.deid.finding import NOTHING_ALLOWED, find_phi
from pipeline.deid.known import KnownIdentifiers
from pipeline.deid.learned import Subject
from pipeline.deid.phrases import Phrases
from pipeline.deid.replacement import OffsetMap
from pipeline.evaluate.corpora import MentionCorpus
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.identifiers import IdentifierRecall, score_identifiers
from pipeline.evaluate.mentions import MentionScores, score_mentions
from pipeline.evaluate.phi import PhiScores, score_phi
from pipeline.evaluate.predictions import require_folder, write_predictions
from pipeline.evaluate.readers import read_gold
from pipeline.extract.finding import NO_THRESHOLDS, find_mentions
from pipeline.keys import KEY_BYTES, Keys
from pipeline.note import Mention, MentionAnnotator, Note, PhiAnnotator, PhiSpan
from pipeline.patient import PatientRecord
from pipeline.patients import group_by_patient, plan_release, propagate
from pipeline.stages import FoundNote, Models, Pseudonyms, deidentify, extract

BATCH = 64
"""Notes that are annotated at a time."""

NO_KEYS = Keys(bytes(KEY_BYTES), bytes(KEY_BYTES))
"""Keys that are no secret: nothing of what an evaluation releases leaves it."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The de-identification that mentions are looked for behind.

    Attributes:
        annotators: The finders of PHI.
        allowed: The site's words and phrases that are no PHI.
        deid: The settings: policy and replacement.
    """

    annotators: Sequence[PhiAnnotator]
    allowed: Phrases
    deid: Deid


def run_deid(models: Models, gold: Path, known: bool, predictions: Path | None) -> PhiScores:
    """Score de-identification on a gold corpus.

    Args:
        models: Their ``phi`` annotators and ``allowed`` are used.
        gold: A corpus of PHI.
        known: Look also for what the corpus says registration knows of each patient.
        predictions: Where to write what was found, as JSON lines.

    Raises:
        InputError: The corpus can't be read.
        ConfigError: The predictions' folder doesn't exist.
    """
    return score_phi(*_find_in_gold(models, gold, known, predictions))


def run_identifiers(
    models: Models, gold: Path, known: bool, predictions: Path | None
) -> list[IdentifierRecall]:
    """Score de-identification for each of HIPAA's identifiers; as :func:`run_deid` otherwise."""
    return score_identifiers(*_find_in_gold(models, gold, known, predictions))


def _find_in_gold(
    models: Models, gold: Path, known: bool, predictions: Path | None
) -> tuple[list[GoldDocument], list[list[PhiSpan]]]:
    require_folder(predictions)
    documents = read_gold(gold, "deid")
    annotators = phi_annotators(models, documents if known else ())
    found = find_all(documents, annotators, models.allowed)
    if predictions is not None:
        write_predictions(predictions, documents, found, "spans")
    return documents, found


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
    predictions = find_all(documents, annotators, batch=batch)
    return score_phi(documents, predictions), predictions


def evaluate_mentions(
    corpus: MentionCorpus,
    annotators: Sequence[MentionAnnotator],
    behind: Behind | None = None,
    batch: int = BATCH,
    thresholds: Mapping[str, float] = NO_THRESHOLDS,
) -> tuple[MentionScores, list[list[Mention]]]:
    """Find mentions in gold documents and score them.

    Args:
        corpus: The gold.
        annotators: At least one.
        behind: If given, each text is de-identified first, and its mentions are brought back to
            the offsets of the gold text: the scores then show what that costs.
        batch: Notes at a time.
        thresholds: Label to the least score of its mentions.

    Returns:
        The scores, and for each document its merged mentions, in text order, by offsets of the
        gold text and with all of our labels, scored or not.
    """
    if behind is None:
        predictions = [
            mentions
            for notes in _batches(corpus.documents, batch)
            for mentions in find_mentions(notes, annotators, thresholds)
        ]
    else:
        models = Models((), behind.allowed, tuple(annotators), thresholds=thresholds)
        predictions = _find_behind_phi(corpus.documents, models, behind, batch)
    return score_mentions(corpus.documents, predictions, corpus.labels), predictions


def known_patients(documents: Iterable[GoldDocument]) -> dict[tuple[str, str], PatientRecord]:
    """Gather what registration knows, by ``Note.subject``; of whom nothing is known is left out."""
    records: dict[tuple[str, str], PatientRecord] = {}
    for document in documents:
        if document.known:
            subject = document.note.subject
            records[subject] = records.get(subject, PatientRecord()).union(document.known)
    return records


def phi_annotators(models: Models, documents: Iterable[GoldDocument]) -> tuple[PhiAnnotator, ...]:
    """Return the finders of PHI that a run uses.

    Args:
        models: Their ``phi`` annotators are used.
        documents: Whose known identifiers to look for.
    """
    return (*models.phi, KnownIdentifiers(known_patients(documents)))


def find_all(
    documents: Sequence[GoldDocument],
    annotators: Sequence[PhiAnnotator],
    allowed: Phrases = NOTHING_ALLOWED,
    batch: int = BATCH,
) -> list[list[PhiSpan]]:
    """Find PHI in gold documents as a run does: in each, then by what the patient's others tell."""
    notes = [document.note for document in documents]
    found = [
        spans
        for of_batch in _batches(documents, batch)
        for spans in find_phi(of_batch, annotators, allowed)
    ]
    for patient in group_by_patient(notes, found, {}):
        patient = propagate(patient, allowed)
        for place, spans in zip(patient.places, patient.spans, strict=True):
            found[place] = list(spans)
    return found


def _batches(documents: Sequence[GoldDocument], size: int) -> Iterator[list[Note]]:
    for start in range(0, len(documents), size):
        yield [document.note for document in documents[start : start + size]]


def _find_behind_phi(
    documents: Sequence[GoldDocument],
    models: Models,
    behind: Behind,
    batch: int,
) -> list[list[Mention]]:
    """Find mentions in released texts; by offsets of the given ones."""
    found = find_all(documents, behind.annotators, behind.allowed, batch)
    released = release_all(documents, found, behind.deid, {})
    pseudonyms = Pseudonyms(NO_KEYS, "keep")
    return [
        [_brought_back(mention, processed.offsets) for mention in processed.mentions]
        for start in range(0, len(released), batch)
        for processed in extract(deidentify(released[start : start + batch], pseudonyms), models)
    ]


def release_all(
    documents: Sequence[GoldDocument],
    found: Sequence[Sequence[PhiSpan]],
    deid: Deid,
    records: Mapping[Subject, PatientRecord],
) -> list[FoundNote]:
    """Plan the release of gold documents as a run does, patient by patient.

    Args:
        documents: The gold.
        found: The PHI of each document.
        deid: The settings.
        records: What registration knows of the patients.
    """
    notes = [document.note for document in documents]
    planned: dict[int, FoundNote] = {}
    for patient in group_by_patient(notes, found, {}):
        release = plan_release(patient, deid, NO_KEYS, records)
        for place, spans in zip(patient.places, patient.spans, strict=True):
            planned[place] = FoundNote(notes[place], spans, release)
    return [planned[place] for place in range(len(notes))]


def _brought_back(mention: Mention, offsets: OffsetMap) -> Mention:
    return replace(
        mention, start=offsets.to_raw(mention.start), end=offsets.to_raw(mention.end - 1) + 1
    )
