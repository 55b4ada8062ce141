"""Find symptoms, diseases and treatments with a fine-tuned BERT token classifier."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.context.sentences import divides, find_sentences
from pipeline.encoder._hf import TokenClassifier, load_classifier
from pipeline.encoder.classification import EncodedWindow, Window, classify, encode
from pipeline.encoder.device import choose_autocast, choose_device
from pipeline.encoder.windows import LONGEST_WORD, cut_windows
from pipeline.errors import SetupError
from pipeline.extract.bio import Scheme
from pipeline.extract.boundaries import tidy
from pipeline.extract.calibration import UNCALIBRATED, Calibration, read_calibration
from pipeline.extract.gazetteer import (
    GAZETTEER,
    N_TYPES,
    NO_NAMES,
    Gazetteer,
    read_gazetteer,
)
from pipeline.extract.words import find_words, is_tag
from pipeline.note import Mention, Note

NAME = "bert"
"""The name that mentions and tables give as their annotator."""

WINDOW = 254
"""The most word pieces that see each other in use, by default."""


@dataclass(frozen=True, slots=True)
class BertAnnotator:
    """A token classifier as an annotator of mentions.

    Notes are cut into windows at sentence ends, so no text is too long and none is truncated.
    The windows of all notes of a call are encoded sorted by length, equal ones once.

    Attributes:
        classifier: The model, its word pieces and its classes.
        scheme: What its classes mean.
        window: The most word pieces in a window, without its opening and closing piece.
        batch_tokens: The most word pieces in a batch, padding included; a larger window is a batch
            of its own.
        autocast: The type to compute in; None is float32.
        name: The name that mentions and tables give as their annotator.
        calibration: What its raw scores mean.
        gazetteer: Names that the model is told of.
    """

    classifier: TokenClassifier
    scheme: Scheme
    window: int
    batch_tokens: int
    autocast: torch.dtype | None = None
    name: str = NAME
    calibration: Calibration = UNCALIBRATED
    gazetteer: Gazetteer = NO_NAMES

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        """Find mentions.

        Args:
            notes: Released notes, any number, of any length.

        Returns:
            For each note its mentions in text order, not overlapping. None crosses a line or the
            gap between two columns, touches a replacement tag such as ``[PATIENT]``, or begins
            with punctuation. A mention's score is the calibrated probability that its start, end
            and label are right, to three digits. It depends on the note alone, not on its
            neighbours in a batch.
        """
        return [
            [self._calibrated(mention) for mention in mentions] for mentions in self.find_raw(notes)
        ]

    def find_raw(self, notes: Sequence[Note]) -> list[list[Mention]]:
        """Find mentions as :meth:`annotate` does, but with raw scores, to calibrate by.

        A raw score is the probability of a mention's classes and of its not going on into the next
        word, as if the classes of words didn't depend on each other.
        """
        read = self.read(notes)
        found = classify(self.classifier, _windows(read), self.batch_tokens, self.autocast)
        return [self._mentions(note, found) for note in read]

    def encode(self, notes: Sequence[Note], depth: int) -> list[EncodedNote]:
        """Read notes, and keep what a layer makes of them: for mentions, and for what they mean.

        Args:
            notes: Released notes.
            depth: The layer whose states are kept.
        """
        read = self.read(notes)
        encoded = encode(self.classifier, _windows(read), self.batch_tokens, self.autocast, depth)
        return [
            EncodedNote(note, {w.pieces: encoded[w.pieces] for w in note.windows}) for note in read
        ]

    def decode(self, notes: Sequence[EncodedNote]) -> list[list[Mention]]:
        """Find the mentions of encoded notes, as :meth:`annotate` does."""
        return [
            [
                self._calibrated(mention)
                for mention in self._mentions(
                    note.read, {w: e.probabilities for w, e in note.windows.items()}
                )
            ]
            for note in notes
        ]

    def read(self, notes: Sequence[Note]) -> list[ReadNote]:
        """Read notes as the model does, which classifies each of their windows by itself."""
        words = [find_words(note.text) for note in notes]
        encoded = self.classifier.pieces.encode(
            (n.text[a:b] for n, of_note in zip(notes, words, strict=True) for a, b in of_note),
            self.window,
        )
        return [
            ReadNote.of(note.text, of_note, encoded, self.window, self.gazetteer)
            for note, of_note in zip(notes, words, strict=True)
        ]

    def _mentions(
        self, note: ReadNote, found: Mapping[Window, NDArray[np.float32]]
    ) -> list[Mention]:
        mentions: list[Mention] = []
        for window in note.windows:
            probabilities = found[window.pieces][window.firsts]
            span = slice(window.first, window.last)
            path = self.scheme.decode(probabilities, note.breaks[span], note.blocked[span])
            for first, last, label in self.scheme.find_runs(path.tolist()):
                start = note.words[window.first + first][0]
                end = note.words[window.first + last - 1][1]
                place = tidy(note.text, start, end, ())
                if place is None:
                    continue
                goes_on = last < len(path) and not note.breaks[window.first + last]
                doubt = probabilities[last, self.scheme.inside[label]] if goes_on else 0.0
                chances = probabilities[np.arange(first, last), path[first:last]]
                raw = float(chances.prod(dtype=np.float64) * (1.0 - doubt))
                mentions.append(Mention(*place, label, raw, (self.name,)))
        return mentions

    def _calibrated(self, mention: Mention) -> Mention:
        probability = self.calibration.probability(mention.label, mention.score)
        return replace(mention, score=round(probability, 3))


def load_bert(
    folder: Path,
    *,
    device: str = "auto",
    batch_tokens: int | None = None,
    window: int = WINDOW,
    threads: int | None = None,
) -> BertAnnotator:
    """Load a token classifier that :func:`pipeline.train.bert.train_bert` wrote.

    Args:
        folder: Holds ``config.json``, ``tokenizer.json`` and ``model.safetensors``; without
            ``calibration.json`` scores stay raw, without ``gazetteer.tsv.gz`` it knows no names.
        device: ``auto`` (a GPU if there is one), ``cpu``, ``cuda``, ``cuda:1`` ...
        batch_tokens: The most word pieces encoded at once, padding included. None is 16,384 on a
            GPU and one window at a time on the CPU, where that is as fast and makes scores equal to
            the last bit whatever else is annotated.
        window: The most word pieces that see each other, 8 or more; the model's limit holds too.
        threads: CPU threads of this process for torch; None leaves them as they are.

    Raises:
        SetupError: The folder, its classes, its calibration or the device can't be used.
    """
    where = choose_device(device)
    if threads is not None:
        torch.set_num_threads(threads)
    classifier = load_classifier(folder, where)
    scheme = None
    with suppress(ValueError):
        scheme = Scheme(classifier.labels)
    if scheme is None:
        raise SetupError(
            f"the classes of {folder} are no BIO scheme: train a token classifier with"
            " `chartsift train bert`"
        )
    gazetteer = read_gazetteer(folder)
    if gazetteer.names and classifier.n_types < N_TYPES:
        raise SetupError(
            f"the model in {folder} can't be told of the names in its {GAZETTEER}: it has "
            f"{classifier.n_types} token types, not {N_TYPES}; copy the whole folder again"
        )
    return BertAnnotator(
        classifier=classifier,
        scheme=scheme,
        window=max(8, min(window, classifier.max_pieces - 2)),
        batch_tokens=batch_tokens or (1 if where.type == "cpu" else 16_384),
        autocast=choose_autocast(where),
        calibration=read_calibration(folder),
        gazetteer=gazetteer,
    )


@dataclass(frozen=True, slots=True)
class NoteWindow:
    """Words ``[first, last)`` of a note, their pieces, and where each word's first piece is."""

    first: int
    last: int
    pieces: Window
    firsts: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class ReadNote:
    """A note as the model reads it.

    Attributes:
        text: The note's text.
        words: ``(start, end)`` of the words that have pieces.
        breaks: For each word whether a mention can't go on into it from the word before.
        blocked: For each word whether no mention may hold it: a tag, or part of an endless word.
        windows: Windows that cover all words.
    """

    text: str = field(repr=False)
    words: list[tuple[int, int]]
    breaks: NDArray[np.bool_]
    blocked: NDArray[np.bool_]
    windows: list[NoteWindow]

    @classmethod
    def of(
        cls,
        text: str,
        found: Sequence[tuple[int, int]],
        encoded: Mapping[str, tuple[int, ...]],
        limit: int,
        gazetteer: Gazetteer = NO_NAMES,
    ) -> ReadNote:
        """Read a note.

        Args:
            text: The note's text.
            found: ``(start, end)`` of its words.
            encoded: The word pieces of every word; some have none.
            limit: The most word pieces in a window.
            gazetteer: Names that the model is told of.
        """
        words = [(a, b) for a, b in found if encoded[text[a:b]]]
        pieces = [encoded[text[a:b]] for a, b in words]
        ends = [0] + [end for _, end in words[:-1]]
        breaks = [
            divides(text[end:start]) for (start, _), end in zip(words, ends, strict=True)
        ] if words else []  # fmt: skip
        blocked = [is_tag(text[a:b]) or b - a >= LONGEST_WORD for a, b in words]
        ranges = cut_windows(words, [len(p) for p in pieces], find_sentences(text), limit)
        types = gazetteer.token_types(text, words)
        windows = []
        for first, last in ranges:
            sizes = [len(p) for p in pieces[first:last]]
            firsts = np.cumsum([0, *sizes[:-1]], dtype=np.intp)
            joined = tuple(piece for word in pieces[first:last] for piece in word)
            told = types[first:last]
            repeated = np.repeat(told, sizes).tolist() if any(told) else ()
            windows.append(NoteWindow(first, last, Window(joined, tuple(repeated)), firsts))
        return cls(text, words, np.array(breaks, bool), np.array(blocked, bool), windows)

    def find(self, start: int, end: int) -> tuple[int, int]:
        """Return the range ``[first, last)`` of words that share a character with a range."""
        first = bisect_right(self.words, start, key=lambda word: word[1])
        return first, max(first, bisect_left(self.words, end, key=lambda word: word[0]))

    def window_of(self, first: int, last: int) -> NoteWindow:
        """Return the window that holds most of the words ``[first, last)``."""
        begin = max(0, bisect_right(self.windows, first, key=lambda window: window.first) - 1)
        end = max(begin + 1, bisect_left(self.windows, last, key=lambda window: window.first))
        held = self.windows[begin:end]
        return max(held, key=lambda w: min(w.last, last) - max(w.first, first))

    def place(self, start: int, end: int) -> tuple[NoteWindow, int, int] | None:
        """Find the window that holds most words of a range of the text.

        Args:
            start: First code point.
            end: One past the last code point.

        Returns:
            The window, the range's first piece in it and the one after its last; None if no
            window holds a word of the range.
        """
        first, last = self.find(start, end)
        if first == last:
            return None
        window = self.window_of(first, last)
        bounds = [*window.firsts.tolist(), len(window.pieces)]
        first, last = max(first, window.first), min(last, window.last)
        return window, bounds[first - window.first], bounds[last - window.first]


@dataclass(frozen=True, slots=True)
class EncodedNote:
    """A note as the model reads it, and what the model made of each of its windows."""

    read: ReadNote
    windows: Mapping[Window, EncodedWindow]


def _windows(notes: Sequence[ReadNote]) -> set[Window]:
    return {window.pieces for note in notes for window in note.windows}
