"""The BERT recogniser of PHI, as an annotator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.context.sentences import divides, find_sentences
from pipeline.deid.edges import trim
from pipeline.deid.labels import LABELS
from pipeline.deid.parts import N_CASES, case_of, find_parts
from pipeline.encoder._hf import TokenClassifier, load_classifier
from pipeline.encoder.classification import Window, classify
from pipeline.encoder.device import choose_autocast, choose_device
from pipeline.encoder.windows import cut_windows
from pipeline.errors import SetupError
from pipeline.note import Note, PhiAnnotator, PhiSpan

OUTSIDE: Final = "O"
"""The class of what is no PHI."""

THRESHOLD: Final = 0.5
"""Chosen on patients whose notes the recogniser had not seen (see the model's card)."""
AGREED: Final = 0.05

_NAME: Final = "bert"
_WINDOW: Final = 254
_GPU_PIECES: Final = 16_384


@dataclass(frozen=True, slots=True)
class PhiBert:
    """Finds PHI with a token classifier; made by :func:`load_phi_bert`.

    Attributes:
        classifier: The model, its word pieces and its classes: ``O`` and one for each label.
        batch_pieces: The most word pieces in a batch, padding included.
        autocast: The type to compute in; None is float32.
        second: Another recogniser. Where it marks PHI too, less certainty is asked for; what it
            marks alone, against the classifier's opinion, is not PHI.
        threshold: How probable PHI must be.
        agreed: How probable PHI must be where ``second`` marks it.
    """

    classifier: TokenClassifier
    batch_pieces: int
    autocast: torch.dtype | None = None
    second: PhiAnnotator | None = None
    threshold: float = THRESHOLD
    agreed: float = AGREED

    @property
    def name(self) -> str:
        """Return ``"bert"``."""
        return _NAME

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        """Find PHI in a batch of raw notes.

        Args:
            notes: Any number of notes of any length and content.

        Returns:
            One list for each note, in order: spans in text order that don't overlap, each within
            a line and without punctuation around it; offsets in raw text. A span's score is the
            mean probability that its parts are PHI, to three digits.
        """
        parts = [find_parts(note.text) for note in notes]
        encoded = self.classifier.pieces.encode(
            (n.text[a:b] for n, of_note in zip(notes, parts, strict=True) for a, b in of_note),
            _WINDOW,
        )
        read = [
            _read(note.text, of_note, encoded) for note, of_note in zip(notes, parts, strict=True)
        ]
        windows = {window for of_note in read for window, _, _ in of_note}
        found = classify(self.classifier, windows, self.batch_pieces, self.autocast)
        seconded = self.second.annotate(notes) if self.second else [[] for _ in notes]
        return [
            self._spans(note.text, of_note, found, spans)
            for note, of_note, spans in zip(notes, read, seconded, strict=True)
        ]

    def _spans(
        self,
        text: str,
        read: Sequence[_Read],
        found: Mapping[Window, NDArray[np.float32]],
        seconded: Sequence[PhiSpan],
    ) -> list[PhiSpan]:
        labels = self.classifier.labels
        outside = labels.index(OUTSIDE)
        marked = np.zeros(len(text), bool)
        for span in seconded:
            marked[span.start : span.end] = True
        before = np.concatenate(([0], np.cumsum(marked)))
        runs: list[_Run] = []
        for window, parts, firsts in read:
            rows = found[window][firsts]
            phi = 1.0 - rows[:, outside]
            rows[:, outside] = 0.0
            best = rows.argmax(axis=1)
            starts, ends = np.array(parts).T
            agree = before[ends] > before[starts]
            is_phi = phi >= np.where(agree, self.agreed, self.threshold)
            for index in np.flatnonzero(is_phi):
                start, end = parts[index]
                label = labels[best[index]]
                if not (runs and runs[-1].goes_on(text, start, label)):
                    runs.append(_Run(start, end, {}, [], False))
                runs[-1].end = end
                runs[-1].votes[label] = runs[-1].votes.get(label, 0.0) + float(phi[index])
                runs[-1].scores.append(float(phi[index]))
                runs[-1].seconded |= bool(agree[index])
        return [span for run in runs for span in run.spans(text, self._names)]

    @property
    def _names(self) -> tuple[str, ...]:
        """The finders of a span on which both agree."""
        return (_NAME,) if self.second is None else (_NAME, self.second.name)


def load_phi_bert(
    folder: Path,
    *,
    second: PhiAnnotator | None = None,
    device: str = "auto",
    threads: int | None = None,
) -> PhiBert:
    """Load a token classifier that :func:`pipeline.train.phi_bert.train_phi_bert` wrote.

    Args:
        folder: Holds ``config.json``, ``tokenizer.json`` and ``model.safetensors``.
        second: Another recogniser, whose opinion counts.
        device: ``auto`` (a GPU if there is one), ``cpu``, ``cuda`` ...
        threads: CPU threads of this process for torch; None leaves them as they are.

    Raises:
        SetupError: The folder, its classes or the device can't be used.
    """
    where = choose_device(device)
    if threads is not None:
        torch.set_num_threads(threads)
    classifier = load_classifier(folder, where)
    if set(classifier.labels) != {OUTSIDE, *LABELS}:
        raise SetupError(
            f"the classes of {folder} are not {OUTSIDE} and labels of PHI: train a classifier "
            "with `chartsift train phi-bert`"
        )
    config = classifier.model.config
    if config.type_vocab_size < N_CASES or classifier.max_pieces < _WINDOW + 2:
        raise SetupError(
            f"the encoder of {folder} takes {config.type_vocab_size} token types and"
            f" {classifier.max_pieces} pieces, {N_CASES} and {_WINDOW + 2} are needed: train a"
            " classifier with `chartsift train phi-bert`"
        )
    batch_pieces = 1 if where.type == "cpu" else _GPU_PIECES
    return PhiBert(classifier, batch_pieces, choose_autocast(where), second)


_Part = tuple[int, int]
_Read = tuple[Window, Sequence[_Part], NDArray[np.intp]]
"""A window, its parts of the text, and where each part's first piece is."""


@dataclass(slots=True)
class _Run:
    """Parts of one label, or of labels alike, that follow each other on a line."""

    start: int
    end: int
    votes: dict[str, float]
    scores: list[float]
    seconded: bool

    def goes_on(self, text: str, start: int, label: str) -> bool:
        gap = text[self.end : start]
        is_near = (not gap or gap.isspace()) and not divides(gap)
        return is_near and _family(label) in map(_family, self.votes)

    def spans(self, text: str, names: tuple[str, ...]) -> Iterator[PhiSpan]:
        """Make the span of these parts, if anything is left without punctuation."""
        start, end = trim(text, self.start, self.end)
        if start < end:
            score = min(1.0, round(sum(self.scores) / len(self.scores), 3))
            label = max(self.votes, key=lambda name: (self.votes[name], name))
            yield PhiSpan(start, end, label, score, names if self.seconded else names[:1])


_FAMILIES: Final = (
    {"PATIENT", "DOCTOR"},
    {"HOSPITAL", "ORGANIZATION", "LOCATION-OTHER"},
    {"MEDICALRECORD", "IDNUM", "ACCOUNT", "HEALTHPLAN", "LICENSE", "DEVICE", "BIOID"},
)
"""Labels between which the parts of one identifier waver; most of them decide."""


def _family(label: str) -> str:
    return next((min(family) for family in _FAMILIES if label in family), label)


def _read(text: str, found: Sequence[_Part], encoded: Mapping[str, tuple[int, ...]]) -> list[_Read]:
    parts = [(a, b) for a, b in found if encoded[text[a:b]]]
    pieces = [encoded[text[a:b]] for a, b in parts]
    read: list[_Read] = []
    for first, last in cut_windows(parts, [len(p) for p in pieces], find_sentences(text), _WINDOW):
        of_window = pieces[first:last]
        sizes = [len(ids) for ids in of_window]
        types = (
            case_of(text[a:b])
            for (a, b), size in zip(parts[first:last], sizes, strict=True)
            for _ in range(size)
        )
        window = Window(tuple(piece for ids in of_window for piece in ids), tuple(types))
        read.append((window, parts[first:last], np.cumsum([0, *sizes[:-1]], dtype=np.intp)))
    return read
