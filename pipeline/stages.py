"""The stages in their order, over a batch of notes: de-identify, then extract."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeVar

from pipeline.config import Config
from pipeline.deid.finding import find_phi
from pipeline.deid.note_types import release_note_type
from pipeline.deid.replacement import OffsetMap, replace_spans, tag
from pipeline.extract.finding import find_mentions
from pipeline.keys import Keys
from pipeline.note import Mention, MentionAnnotator, Note, PhiAnnotator, PhiSpan

InputT = TypeVar("InputT")
OutputT = TypeVar("OutputT")


@dataclass(frozen=True, slots=True)
class Models:
    """The annotators of one process, loaded once.

    Attributes:
        rules: Finds PHI by its form.
        ner: Finds PHI by a trained model.
        mention: Find symptoms, diseases and treatments in released text.
    """

    rules: PhiAnnotator
    ner: PhiAnnotator
    mention: tuple[MentionAnnotator, ...]


def load_models(config: Config) -> Models:
    """Load the models that the configuration names.

    Raises:
        SetupError: A model is missing or broken.
    """
    # Loading takes seconds and gigabytes, so only a process that needs the models pays for it.
    from pipeline.deid.ner import load_phi_ner
    from pipeline.deid.rules import RulesAnnotator
    from pipeline.extract.bert import load_bert
    from pipeline.extract.scispacy import load_scispacy

    return Models(
        RulesAnnotator(),
        load_phi_ner(config.deid.ner),
        (
            load_bert(config.extract.bert, device=config.run.device, threads=config.run.n_threads),
            *(load_scispacy(m.model, m.labels) for m in config.extract.scispacy),
        ),
    )


@dataclass(frozen=True, slots=True)
class Processed:
    """What became of one note.

    Attributes:
        raw: The note as read.
        released: The note as analysts see it.
        phi: PHI by offsets in the raw text.
        replacements: What stands in place of each of ``phi``.
        offsets: Maps offsets of the raw text to the released text and back.
        mentions: Mentions by offsets in the released text.
    """

    raw: Note
    released: Note
    phi: tuple[PhiSpan, ...]
    replacements: tuple[str, ...] = field(repr=False)
    offsets: OffsetMap
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """How ids are released."""

    keys: Keys
    release: Literal["pseudonym", "keep"]

    def of(self, kind: str, raw: str) -> str:
        """Return the released form of an id of that kind (note, patient or encounter)."""
        return raw if self.release == "keep" else self.keys.pseudonym(kind, raw)

    def of_optional(self, kind: str, raw: str | None) -> str | None:
        """Return the released form of an id that may be missing."""
        return None if raw is None else self.of(kind, raw)


def deidentify(
    notes: Sequence[Note],
    models: Models,
    known: PhiAnnotator,
    pseudonyms: Pseudonyms,
    note_types: Collection[str] = (),
) -> list[Processed]:
    """Find PHI in raw notes and replace it by tags.

    Args:
        notes: Raw notes.
        models: Their ``rules`` and ``ner`` are used.
        known: Finds the identifiers that registration knows.
        pseudonyms: Release the ids.
        note_types: Kinds of documents to release beside those of common words.
    """
    spans = find_phi(notes, (models.rules, models.ner, known))
    processed: list[Processed] = []
    for note, phi in zip(notes, spans, strict=True):
        replacements = [tag(span) for span in phi]
        text = replace_spans(note.text, phi, replacements)
        released = Note(
            note_id=pseudonyms.of("note", note.note_id),
            text=text.text,
            patient_id=pseudonyms.of_optional("patient", note.patient_id),
            encounter_id=pseudonyms.of_optional("encounter", note.encounter_id),
            note_type=release_note_type(note.note_type, note_types),
            note_time=None if note.note_time is None else datetime(note.note_time.year, 1, 1),
        )
        processed.append(Processed(note, released, tuple(phi), tuple(replacements), text.offsets))
    return processed


def extract(processed: Sequence[Processed], models: Models) -> list[Processed]:
    """Find mentions in the released text of de-identified notes."""
    found = find_mentions([p.released for p in processed], models.mention)
    return [replace(p, mentions=tuple(m)) for p, m in zip(processed, found, strict=True)]


def isolate(
    stage: Callable[[Sequence[InputT]], Sequence[OutputT]],
    batch: Sequence[InputT],
    report: Callable[[Exception], None],
) -> list[OutputT | None]:
    """Run a stage so that what fails on one item costs only that item.

    A failing batch is halved until the item that fails stands alone.

    Args:
        stage: Batch in, batch out.
        batch: The items.
        report: Told each error that cost an item. An error may quote a note.

    Returns:
        The stage's result for each item, in order; None where it raised.
    """
    try:
        return list(stage(batch)) if batch else []
    except Exception as error:  # any error of any library; its text may quote the note
        if len(batch) == 1:
            report(error)
            return [None]
    half = len(batch) // 2
    return isolate(stage, batch[:half], report) + isolate(stage, batch[half:], report)
