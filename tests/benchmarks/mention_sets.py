"""The sets that mentions are measured on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.evaluate.corpora import MentionCorpus
from pipeline.evaluate.readers import read_mention_corpus
from pipeline.note import Note
from pipeline.train.corpora import read_held_out

SETS = {
    "clinical_notes": ("clinical notes, fold 0", "clinical_notes/all.jsonl"),
    "maccrobat": ("case reports (MACCROBAT dev)", "maccrobat/dev"),
    "ncbi_disease": ("NCBI Disease dev", "ncbi_disease/dev.PubTator.txt"),
    "bc5cdr": ("BC5CDR dev, disease", "bc5cdr/dev.PubTator.txt"),
    "biored_dev": ("BioRED dev, disease", "biored/dev.PubTator.txt"),
    "biored_test": ("BioRED test, disease", "biored/test.PubTator.txt"),
    "chia": ("trial criteria (Chia)", "chia/all.jsonl"),
}
"""Name of each set to its title and where it lies among the corpora."""

_FOLDS = "clinical_notes/folds.json"


@dataclass(frozen=True)
class TestSet:
    """Gold to measure on.

    Attributes:
        title: What the README calls it.
        corpus: The documents and the labels that they annotate.
        ids: Of its documents and of those that are nearly the same.
    """

    __test__ = False

    title: str
    corpus: MentionCorpus
    ids: frozenset[str]

    @property
    def notes(self) -> list[Note]:
        """The documents without their gold."""
        return [document.note for document in self.corpus.documents]

    @property
    def words(self) -> int:
        """How many words they hold."""
        return count_words(self.notes)


def read_set(corpora: Path, name: str, limit: int | None) -> TestSet:
    """Read a set's first documents, or all of them."""
    title, path = SETS[name]
    corpus = read_mention_corpus(corpora / path)
    documents = corpus.documents
    near: frozenset[str] = frozenset()
    if name == "clinical_notes":
        folds = json.loads((corpora / _FOLDS).read_text("utf-8"))["folds"]
        documents = tuple(d for d in documents if folds.get(d.note.note_id) == 0)
        near = read_held_out(corpora / _FOLDS, 0)
    ids = near | {document.note.note_id for document in documents}
    return TestSet(title, replace(corpus, documents=documents[:limit]), ids)


def count_words(notes: Sequence[Note]) -> int:
    """Count what white space divides."""
    return sum(len(note.text.split()) for note in notes)
