"""The spaCy recogniser of PHI, as an annotator."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import spacy
from spacy.language import Language

from pipeline.deid.edges import trim
from pipeline.errors import SetupError
from pipeline.note import Note, PhiSpan

SCORE: Final = 0.9
"""Score of every span: about the share of the tokens found that are PHI (see the model's card).

A transition-based recogniser decides without probabilities, so that one score serves all spans.
"""

_NAME: Final = "ner"
_NEEDED: Final = ("tok2vec", "transformer", _NAME)
_PARTS_OF_WORDS: Final = ("AGE", "DATE")
"""Labels that rightly end within a word: the 77 of "77yo", the 3/14 of "3/14th"."""
_WORD_REST: Final = re.compile(r"[^\W_]{1,4}(?![^\W_])")
_PIECE: Final = 50_000
_BATCH: Final = 40_000
_LONE_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class PhiNer:
    """Finds PHI with a spaCy pipeline; made by :func:`load_phi_ner`.

    Attributes:
        nlp: The pipeline; of its components only ``ner`` and what it listens to runs.
    """

    nlp: Language = field(repr=False)

    @property
    def name(self) -> str:
        """Return ``"ner"``."""
        return _NAME

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        """Find PHI in a batch of raw notes.

        Long notes are read in pieces cut at line ends or spaces, and pieces in batches of bounded
        size, so that memory doesn't grow with the longest note.

        Args:
            notes: Any number of notes of any length and content.

        Returns:
            One list for each note, in order: spans in text order that don't overlap and neither
            begin nor end with white space or punctuation; offsets in raw text.
        """
        found: list[list[PhiSpan]] = [[] for _ in notes]
        for batch in _batches(notes):
            with self.nlp.memory_zone():  # the strings of these notes go when it closes
                docs = self.nlp.pipe((text for _, _, text in batch), batch_size=len(batch))
                for (index, offset, text), doc in zip(batch, docs, strict=True):
                    for entity in doc.ents:
                        start, end = trim(text, entity.start_char, entity.end_char)
                        if entity.label_ not in _PARTS_OF_WORDS:
                            end = _to_word_end(text, end)
                        if start < end:
                            found[index].append(
                                PhiSpan(
                                    start + offset, end + offset, entity.label_, SCORE, (_NAME,)
                                )
                            )
        return found


def load_phi_ner(folder: Path) -> PhiNer:
    """Load a recogniser from a folder in spaCy's format.

    Args:
        folder: Written by :func:`pipeline.train.phi.train_phi` or by spaCy itself.

    Raises:
        SetupError: The folder is missing, can't be loaded or holds no NER.
    """
    remedy = "give the folder of a spaCy pipeline with an NER, or train one with `chartsift train`"
    if not (folder / "config.cfg").is_file():
        raise SetupError(f"there is no spaCy pipeline in {folder}; {remedy}")
    problem = ""
    try:
        nlp = spacy.load(folder)
    except Exception as error:  # spaCy raises whatever its parts do
        problem = type(error).__name__
    if problem:
        raise SetupError(f"the spaCy pipeline in {folder} can't be loaded ({problem}); {remedy}")
    if not nlp.has_pipe(_NAME):
        raise SetupError(f"the spaCy pipeline in {folder} has no component 'ner'; {remedy}")
    nlp.select_pipes(enable=[pipe for pipe in nlp.pipe_names if pipe in _NEEDED])
    return PhiNer(nlp)


_Piece = tuple[int, int, str]
"""Index of the note, offset of the piece in it, text of the piece."""


def _batches(notes: Sequence[Note]) -> Iterator[list[_Piece]]:
    batch: list[_Piece] = []
    size = 0
    for index, note in enumerate(notes):
        text = _LONE_SURROGATE.sub("\ufffd", note.text)  # spaCy can't encode them
        for start, end in _cut(text):
            batch.append((index, start, text[start:end]))
            size += end - start
            if size >= _BATCH:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


def _cut(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text into pieces of bounded length: at a line end, else at a space, else anywhere."""
    start = 0
    while len(text) - start > _PIECE:
        limit = start + _PIECE
        end = text.rfind("\n", start + _PIECE // 2, limit) + 1
        end = end or text.rfind(" ", start + _PIECE // 2, limit) + 1 or limit
        yield start, end
        start = end
    if start < len(text):
        yield start, len(text)


def _to_word_end(text: str, end: int) -> int:
    """Take in the short rest of a word that misread letters cut off: "Bost" of "Bost0n"."""
    rest = _WORD_REST.match(text, end) if text[end - 1 : end].isalnum() else None
    return rest.end() if rest else end
