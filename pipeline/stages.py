"""The stages in their order, over a batch of notes: find PHI, release, extract."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from pipeline.config import Config
from pipeline.deid.note_types import release_note_type
from pipeline.deid.phrases import Phrases
from pipeline.deid.release import Release
from pipeline.deid.replacement import OffsetMap
from pipeline.deid.site import SiteLists, load_allowed
from pipeline.extract.finding import NO_THRESHOLDS, find_mentions, merge_found
from pipeline.interpretation import Interpretation, Interpreter, load_interpreter
from pipeline.keys import Keys
from pipeline.medication.sig import Sig
from pipeline.note import Mention, MentionAnnotator, Note, PhiAnnotator, PhiSpan

if TYPE_CHECKING:
    from pipeline.extract.bert import BertAnnotator, EncodedNote

EXTRACTED_CHARACTERS: Final = 300_000
"""About so much text is encoded at once; its states are held until its mentions are interpreted."""

InputT = TypeVar("InputT")
OutputT = TypeVar("OutputT")


@dataclass(frozen=True, slots=True)
class Models:
    """The annotators of one process, loaded once.

    Attributes:
        phi: Find PHI in raw text: rules, the site's lists, recognisers.
        allowed: The site's words and phrases that are no PHI.
        mention: Find symptoms, diseases and treatments in released text, beside BERT.
        bert: Does so too, and its encoder reads for the interpreter in the same pass.
        thresholds: Label to the least score of its mentions, all annotators together.
        interpreter: Says what mentions mean; None says nothing.
    """

    phi: tuple[PhiAnnotator, ...]
    allowed: Phrases
    mention: tuple[MentionAnnotator, ...] = ()
    bert: BertAnnotator | None = None
    thresholds: Mapping[str, float] = field(default_factory=lambda: NO_THRESHOLDS)
    interpreter: Interpreter | None = None

    @property
    def mention_annotators(self) -> tuple[MentionAnnotator, ...]:
        """All who find mentions."""
        return self.mention if self.bert is None else (self.bert, *self.mention)


def load_models(config: Config) -> Models:
    """Load the models that the configuration names.

    Raises:
        SetupError: A model is missing or broken.
        ConfigError: A pattern or list of the site can't be used.
    """
    # Loading takes seconds and gigabytes, so only a process that needs the models pays for it.
    from pipeline.extract.bert import load_bert
    from pipeline.extract.scispacy import load_scispacy

    run = config.run
    bert = load_bert(config.extract.bert, device=run.device, threads=run.n_threads)
    return Models(
        phi=load_phi_annotators(config),
        allowed=load_allowed(config.deid.allow),
        mention=tuple(load_scispacy(m.model, m.labels) for m in config.extract.scispacy),
        bert=bert,
        thresholds=dict(config.extract.thresholds.items()),
        interpreter=load_interpreter(config, bert),
    )


def load_phi_annotators(config: Config) -> tuple[PhiAnnotator, ...]:
    """Load the finders of PHI that need nothing but the note.

    Raises:
        SetupError: A model is missing or broken.
        ConfigError: A pattern or list of the site can't be used.
    """
    from pipeline.deid.bert import load_phi_bert
    from pipeline.deid.ner import load_phi_ner
    from pipeline.deid.rules import RulesAnnotator

    deid, run = config.deid, config.run
    recogniser: PhiAnnotator = load_phi_ner(deid.ner)
    if deid.profile == "accurate":
        recogniser = load_phi_bert(
            deid.bert, second=recogniser, device=run.device, threads=run.n_threads
        )
    site = SiteLists([(p.label, p.pattern) for p in deid.patterns], deid.deny)
    return RulesAnnotator(), site, recogniser


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
        sigs: How drugs are taken: the place of a treatment in ``mentions``, and its sig.
    """

    raw: Note
    released: Note
    phi: tuple[PhiSpan, ...]
    replacements: tuple[str, ...] = field(repr=False)
    offsets: OffsetMap
    mentions: tuple[Mention, ...] = ()
    sigs: tuple[tuple[int, Sig], ...] = ()


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


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A raw note whose PHI has been found, and how its patient's PHI is replaced."""

    note: Note
    phi: Sequence[PhiSpan]
    release: Release


def deidentify(
    found: Sequence[FoundNote], pseudonyms: Pseudonyms, note_types: Collection[str] = ()
) -> list[Processed]:
    """Release notes: replace their PHI and their ids.

    Args:
        found: Raw notes with their PHI.
        pseudonyms: Release the ids.
        note_types: Kinds of documents to release beside those of common words.
    """
    processed: list[Processed] = []
    for item in found:
        note = item.note
        text, replacements = item.release.text(note, item.phi)
        released = Note(
            note_id=pseudonyms.of("note", note.note_id),
            text=text.text,
            patient_id=pseudonyms.of_optional("patient", note.patient_id),
            encounter_id=pseudonyms.of_optional("encounter", note.encounter_id),
            note_type=release_note_type(note.note_type, note_types),
            note_time=item.release.note_time(note),
        )
        processed.append(Processed(note, released, tuple(item.phi), replacements, text.offsets))
    return processed


def extract(processed: Sequence[Processed], models: Models) -> list[Processed]:
    """Find mentions in the released text of de-identified notes, and what they mean."""
    return [done for part in _cut(processed) for done in _extract_part(part, models)]


def _cut(processed: Sequence[Processed]) -> Iterator[list[Processed]]:
    """Cut a batch so that the encoder's states of a part fit in memory."""
    part: list[Processed] = []
    characters = 0
    for one in processed:
        characters += len(one.released.text)
        if part and characters > EXTRACTED_CHARACTERS:
            yield part
            part, characters = [], len(one.released.text)
        part.append(one)
    if part:
        yield part


def _extract_part(processed: Sequence[Processed], models: Models) -> list[Processed]:
    notes = [p.released for p in processed]
    found, encoded = _find(notes, models)
    mentions = [outside_replacements(*pair) for pair in zip(processed, found, strict=True)]
    if models.interpreter is None:
        meant = [Interpretation(tuple(of_note)) for of_note in mentions]
    else:
        meant = models.interpreter.interpret(notes, mentions, encoded)
    return [
        replace(p, mentions=one.mentions, sigs=one.sigs)
        for p, one in zip(processed, meant, strict=True)
    ]


def _find(
    notes: Sequence[Note], models: Models
) -> tuple[list[list[Mention]], list[EncodedNote] | None]:
    """Find mentions, and keep what the encoder made of the notes if the interpreter reads it."""
    depth = models.interpreter.depth if models.interpreter is not None else None
    if models.bert is None or depth is None:
        return find_mentions(notes, models.mention_annotators, models.thresholds), None
    encoded = models.bert.encode(notes, depth)
    found = [models.bert.decode(encoded), *(a.annotate(notes) for a in models.mention)]
    return merge_found(found, models.thresholds), encoded


def outside_replacements(processed: Processed, mentions: Sequence[Mention]) -> list[Mention]:
    """Drop the mentions that touch what stands in the place of PHI: nobody wrote those words."""
    rows = processed.offsets.rows
    kept: list[Mention] = []
    for mention in mentions:
        # The last region that begins before the mention's end is the only one to ask.
        index = bisect_left(rows, mention.end, key=lambda row: row[2]) - 1
        if index < 0 or rows[index][3] <= mention.start:
            kept.append(mention)
    return kept


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
