"""Train a small spaCy recogniser of symptoms, diseases and treatments, the way of scispaCy.

Neumann et al., 2019, "ScispaCy: Fast and Robust Models for Biomedical Natural Language Processing":
convolutions over hashed features of words, and spaCy's transition-based recogniser on them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random
from typing import Final

from spacy.language import Language
from spacy.util import fix_random_seed

from pipeline.errors import InputError
from pipeline.evaluate.seen import TRAINING_DOCUMENTS
from pipeline.extract.bert import load_bert
from pipeline.extract.words import find_words
from pipeline.link.clinical_abbreviations import load_abbreviations
from pipeline.train.corpora import Sources, TrainingDocuments, read_training_documents
from pipeline.train.examples import Variation
from pipeline.train.names import read_names
from pipeline.train.recogniser import (
    copy_recogniser,
    fitted,
    hashed_cnn,
    make_batches,
    make_example,
    make_recogniser,
)
from pipeline.train.rewriting import Rewriting
from pipeline.train.scispacy_texts import LABELS, MarkedText, draw_passages, mark, tells_all
from pipeline.train.scispacy_tokens import word_tokenizer
from pipeline.train.teachers import read_seen_documents

_ROWS: Final = {"NORM": 12000, "PREFIX": 500, "SUFFIX": 4000, "SHAPE": 1000, "SPACY": 10}
"""Tables of hashed features: with vectors of 128 numbers the pipeline takes about 13 MB."""

_META: Final = {
    "name": "ner_clinical_sm",
    "version": "1.0.0",
    "description": "Recognises symptoms, diseases and treatments in clinical text",
    "license": "Apache-2.0",
    "spacy_version": ">=3.8.0,<3.9.0",
}


@dataclass(frozen=True, slots=True)
class ScispacyTraining:
    """How the recogniser is trained.

    Attributes:
        out: Folder to write the pipeline to.
        sources: What to learn from, and what must stay out of it.
        teacher: A token classifier that :func:`pipeline.train.bert.train_bert` wrote. It reads
            notes without gold, and what a corpus doesn't annotate; without one that is unknown.
        min_score: The least score of a teacher's mention to be learned; below it is unknown.
        taught: How much a note without gold counts beside one with gold.
        terms: Folder of open terminologies, as :func:`pipeline.train.names.read_names` reads it,
            whose names replace some mentions; None rewrites nothing.
        steps: Updates of the weights.
        batch_tokens: Tokens in an update, about.
        width: Size of a token's vector.
        depth: Convolutions over neighbouring tokens; each widens the view by one on either side.
        learning_rate: Peak of the schedule (linear warm-up, linear decay).
        dropout: Share of activations dropped.
        seed: Decides initial weights, changes of the texts and their order.
        threads: CPU threads of the teacher; None leaves them as they are.
    """

    out: Path
    sources: Sources
    teacher: Path | None = None
    min_score: float = 0.5
    taught: float = 0.5
    terms: Path | None = None
    steps: int = 5_000
    batch_tokens: int = 1_500
    width: int = 128
    depth: int = 4
    learning_rate: float = 0.001
    dropout: float = 0.15
    seed: int = 20
    threads: int | None = None

    def __post_init__(self) -> None:
        if min(self.steps, self.batch_tokens, self.width, self.depth) < 1:
            raise ValueError("steps, batch_tokens, width and depth are at least 1")
        if not (0 <= self.dropout < 1 and 0 <= self.min_score <= 1 and 0 < self.taught <= 1):
            raise ValueError("dropout, min_score and taught are shares of 1")
        if self.sources.notes and self.teacher is None:
            raise ValueError("notes without gold need a teacher to learn anything from")


def train_scispacy(
    options: ScispacyTraining, report: Callable[[int, float], None] | None = None
) -> Path:
    """Train, and write the pipeline in spaCy's format with the ids of all documents it has seen.

    Args:
        options: How to train.
        report: Called every 100 steps with the step and the mean loss of a token since.

    Returns:
        The folder ``options.out``, which :func:`pipeline.extract.scispacy.load_scispacy` loads.

    Raises:
        InputError: A corpus can't be read, or nothing is left to train on.
        SetupError: The teacher can't be used.
    """
    documents = read_training_documents(options.sources)
    seen = set(documents.ids)
    if options.teacher is not None:
        seen |= read_seen_documents(options.teacher, documents.forbidden)
    texts = mark_documents(documents, options)
    rewriting = None
    if options.terms is not None:
        rewriting = Rewriting(read_names(options.terms), load_abbreviations())
    variation = Variation(rewriting=rewriting, windows=(32, 64, 128, 192))
    fix_random_seed(options.seed)
    nlp = make_recogniser(word_tokenizer, LABELS, hashed_cnn(_ROWS, options.width, options.depth))
    examples = (
        make_example(nlp, passage.text, passage.mentions, passage.unknown)
        for passage in draw_passages(texts, variation, Random(options.seed))
    )
    with fitted(
        nlp,
        make_batches(examples, options.batch_tokens),
        steps=options.steps,
        learning_rate=options.learning_rate,
        dropout=options.dropout,
        report=report,
    ):
        _write(nlp, options.out)
    (options.out / TRAINING_DOCUMENTS).write_text("\n".join(sorted(seen)) + "\n", encoding="utf-8")
    return options.out


def mark_documents(documents: TrainingDocuments, options: ScispacyTraining) -> Sequence[MarkedText]:
    """Say where the mentions of training documents are; those that teach nothing are left out.

    Raises:
        InputError: None teaches anything.
        SetupError: The teacher can't be used.
    """
    texts = [mark(d) for d in documents.train if tells_all(d.labels)]
    partly = [d for d in documents.train if not tells_all(d.labels)]
    if options.teacher is None:
        texts += map(mark, partly)
    else:
        teacher = load_bert(options.teacher, threads=options.threads)
        found = chain.from_iterable(
            teacher.annotate([document.gold.note for document in partly[first : first + 32]])
            for first in range(0, len(partly), 32)
        )
        texts += [
            mark(document, mentions, min_score=options.min_score, weight=options.taught)
            for document, mentions in zip(partly, found, strict=True)
        ]
    told = [text for text in texts if text is not None and find_words(text.text)]
    if not told:
        raise InputError(
            "no document tells all that a word may be: give a corpus that annotates symptoms,"
            " diseases and treatments, or a teacher"
        )
    return told


def _write(nlp: Language, out: Path) -> None:
    fresh = copy_recogniser(nlp, word_tokenizer, LABELS)
    fresh.meta.update(_META)
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh.to_disk(out, exclude=["vectors"])
