"""Learn what stands beside an abbreviation that means one thing or another.

Where notes write a long form out, its abbreviation is put in its place, and the encoder reads the
sentences around it. Notes of the held-out fold and every tenth other note only measure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.context.sections import find_sections, section_of
from pipeline.encoder.classification import encode
from pipeline.errors import InputError
from pipeline.evaluate.seen import add_ids
from pipeline.extract.bert import BertAnnotator, EncodedNote, load_bert
from pipeline.fingerprint import hash_model
from pipeline.link.clinical_abbreviations import HEADING, load_abbreviations
from pipeline.link.linker import LinkQuery, load_linker
from pipeline.link.senses import find_features, write_senses
from pipeline.note import Note
from pipeline.train.assertion_windows import DEPTH
from pipeline.train.corpora import is_kept, rank_of, read_held_out, read_unlabelled
from pipeline.train.near_duplicates import find_near_duplicates
from pipeline.train.sense_fitting import Occurrence, fit_senses
from pipeline.train.sense_scores import SenseScore, score_senses
from pipeline.train.substitution import LongForms, Substituted, substitute
from pipeline.train.teachers import read_seen_documents

_BATCH: Final = 32
_TENTH: Final = 0.1


@dataclass(frozen=True, slots=True)
class SenseTraining:
    """What to learn from, and where to.

    Attributes:
        notes: Parquet files of notes (``note_id``, ``text``).
        encoder: Folder of the token classifier whose states the chooser will see.
        out: Folder that ``senses.safetensors`` is written to; None writes nothing.
        depth: The layer whose states count.
        folds: A JSON file with ``folds`` and ``near_duplicates_of_fold``; None holds out no fold.
        held_out: The fold whose notes only measure.
        most: How often a long form with rivals is read at most.
        most_others: How often one without rivals is; they tell what varies anyway.
        precision: The share of right long forms wanted among those chosen.
    """

    notes: tuple[Path, ...]
    encoder: Path
    out: Path | None = None
    depth: int = DEPTH
    folds: Path | None = None
    held_out: int = 0
    most: int = 60
    most_others: int = 3
    precision: float = 0.95

    def __post_init__(self) -> None:
        if not self.notes:
            raise ValueError("give at least one file of notes")
        if not 0 < self.precision <= 1:
            raise ValueError(f"the precision wanted lies in (0, 1], got {self.precision}")
        if min(self.most, self.most_others) < 1:
            raise ValueError("read each long form at least once")


class Sample(NamedTuple):
    """A note with abbreviations in place of long forms, and those to learn from or measure on."""

    note: Note
    places: list[Substituted]


def train_senses(options: SenseTraining) -> list[SenseScore]:
    """Fit a chooser of long forms, write it, and measure it on notes that it wasn't fitted to.

    The ids of the notes that it was fitted to join those that the folder lists already.

    Raises:
        InputError: The notes can't be read, or none writes a long form out.
        SetupError: The encoder can't be used, or has seen a note of the held-out fold.
    """
    if options.folds is not None:
        read_seen_documents(options.encoder, read_held_out(options.folds, options.held_out))
    long_forms = load_long_forms()
    rivals = long_forms.rivals
    training, held = split_notes(options)
    ambiguous = {form for forms in rivals.values() for form in forms}
    most = dict.fromkeys(ambiguous, options.most)
    learnt = make_samples(training, long_forms, most, options.most_others)
    if not learnt:
        raise InputError("no note writes a long form of an abbreviation out: give more notes")
    measured = make_samples(held, long_forms, most, 0)
    annotator = load_bert(options.encoder)
    occurrences = read_occurrences(annotator, learnt, options.depth)
    names = read_names(annotator, sorted(long_forms.short_of), options.depth)
    chooser = fit_senses(occurrences, names, rivals, precision=options.precision)
    if options.out is not None:
        add_ids(options.out, (sample.note.note_id for sample in learnt))
        write_senses(chooser, options.out, hash_model(options.encoder), options.depth)
    unseen = read_occurrences(annotator, measured, options.depth)
    return score_senses(chooser, occurrences, unseen, long_forms)


def load_long_forms() -> LongForms:
    """Load the shipped abbreviations; the shipped vocabulary says which mean the same."""
    abbreviations = load_abbreviations()
    wanted = [(label, form) for (label, _), forms in abbreviations.long_of.items()
              for form in forms if label != HEADING]  # fmt: skip
    concepts = load_linker().link([LinkQuery(form, label) for label, form in wanted])
    meant = {key: c.concept_id for key, c in zip(wanted, concepts, strict=True) if c is not None}
    return LongForms(abbreviations, lambda label, form: meant.get((label, form)))


def split_notes(options: SenseTraining) -> tuple[list[Note], list[Note]]:
    """Return the notes to learn from and those to measure on; none is in both, or nearly so.

    The held-out fold, its listed near-duplicates and a tenth of the other notes measure.
    """
    notes = {note.note_id: note for path in options.notes for note in read_unlabelled(path)}
    held: frozenset[str] = frozenset()
    if options.folds is not None:
        held = read_held_out(options.folds, options.held_out)
    test = [n for n in notes.values() if n.note_id in held or is_kept(n.note_id, _TENTH)]
    names = {note.note_id for note in test}
    rest = [n for n in notes.values() if n.note_id not in names]
    near = find_near_duplicates([n.text for n in rest], [n.text for n in test])
    return [note for place, note in enumerate(rest) if place not in near], test


def make_samples(
    notes: Sequence[Note], long_forms: LongForms, most: Mapping[str, int], others: int
) -> list[Sample]:
    """Write abbreviations in place of long forms.

    Args:
        notes: Any notes; their order doesn't count.
        long_forms: What to look for.
        most: How often each long form is kept at most.
        others: How often the others are.
    """
    counts: Counter[str] = Counter()
    samples = []
    for note in sorted(notes, key=lambda note: rank_of(note.note_id)):
        found = [one for one in long_forms.find(note.text) if one.form in most or others]
        text, placed = substitute(note.text, found)
        kept = []
        for one in placed:
            if counts[one.form] < most.get(one.form, others):
                counts[one.form] += 1
                kept.append(one)
        if kept:
            samples.append(Sample(replace(note, text=text), kept))
    return samples


def read_occurrences(
    annotator: BertAnnotator, samples: Sequence[Sample], depth: int
) -> list[Occurrence]:
    """Read what stands beside abbreviations; only the windows around them are encoded."""
    occurrences = []
    for first in range(0, len(samples), _BATCH):
        batch = samples[first : first + _BATCH]
        whole = annotator.read([sample.note for sample in batch])
        notes = []
        for sample, read in zip(batch, whole, strict=True):
            places = [read.place(one.start, one.end) for one in sample.places]
            around = {place[0].first for place in places if place is not None}
            notes.append(replace(read, windows=[w for w in read.windows if w.first in around]))
        windows = {window.pieces for note in notes for window in note.windows}
        encoded = encode(
            annotator.classifier, windows, annotator.batch_tokens, annotator.autocast, depth
        )
        for sample, note in zip(batch, notes, strict=True):
            states = {window.pieces: encoded[window.pieces] for window in note.windows}
            occurrences += _occurrences_of(sample, EncodedNote(note, states))
    return occurrences


def _occurrences_of(sample: Sample, encoded: EncodedNote) -> list[Occurrence]:
    sections = find_sections(sample.note.text)
    found = []
    for one in sample.places:
        features = find_features(encoded, one.start, one.end) if encoded.windows else None
        if features is not None:
            kind = section_of(sections, one.start).kind
            found.append(Occurrence(sample.note.note_id, one.short, one.form, kind, features))
    return found


def read_names(
    annotator: BertAnnotator, forms: Sequence[str], depth: int
) -> dict[str, NDArray[np.float32]]:
    """Read long forms alone: the mean state of each one's pieces, shape (width,)."""
    names = {}
    notes = [Note(str(place), form) for place, form in enumerate(forms)]
    for form, encoded in zip(forms, annotator.encode(notes, depth), strict=True):
        states = [window.states[1:-1].float().numpy() for window in encoded.windows.values()]
        if states:
            names[form] = np.concatenate(states).mean(axis=0)
    return names
