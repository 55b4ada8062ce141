"""Which documents may be trained on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import InputError
from pipeline.evaluate.corpora import UNLABELLED
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.readers import read_gold, read_mention_corpus
from pipeline.note import Note
from pipeline.train.examples import LabelledDocument
from pipeline.train.near_duplicates import find_near_duplicates

_NONE: frozenset[str] = frozenset()
_UNLABELLED = pa.schema({"note_id": pa.string(), "text": pa.large_string()})


@dataclass(frozen=True, slots=True)
class Sources:
    """Where training documents come from, and what must stay out of them.

    Attributes:
        corpora: Gold corpora in any format that :func:`pipeline.evaluate.readers.read_gold` reads.
        weights: How much each corpus counts in the loss; as many as corpora, or none for 1 each.
        notes: Parquet files of notes without gold (``note_id``, ``text``), for teachers to read.
        folds: A JSON file with ``folds`` (document id to fold) and ``near_duplicates_of_fold``
            (fold to ids of documents too close to it).
        held_out: The fold whose documents and near-duplicates are never trained on.
        tests: Gold corpora whose documents and near-duplicates are never trained on.
        dev_share: The share of each corpus's documents that is kept for development.
    """

    corpora: tuple[Path, ...]
    weights: tuple[float, ...] = ()
    notes: tuple[Path, ...] = ()
    folds: Path | None = None
    held_out: int = 0
    tests: tuple[Path, ...] = ()
    dev_share: float = 0.0

    def __post_init__(self) -> None:
        if self.weights and len(self.weights) != len(self.corpora):
            raise ValueError(
                f"{len(self.weights)} weights for {len(self.corpora)} corpora: give one each"
            )
        if not 0 <= self.dev_share < 1:
            raise ValueError(f"the share kept for development is 0 to below 1: {self.dev_share}")


@dataclass(frozen=True, slots=True)
class TrainingDocuments:
    """Documents to learn from.

    Attributes:
        train: To fit on.
        dev: To stop and to calibrate by; no near-duplicate of one is in ``train``.
        forbidden: The ids of documents kept for testing and of their near-duplicates.
    """

    train: tuple[LabelledDocument, ...]
    dev: tuple[LabelledDocument, ...] = ()
    forbidden: frozenset[str] = frozenset()

    @property
    def ids(self) -> list[str]:
        """The ids of all, in order: a model has seen those to stop by, too."""
        return sorted({d.gold.note.note_id for d in chain(self.train, self.dev)})


def read_training_documents(sources: Sources) -> TrainingDocuments:
    """Read what may be trained on: nothing of a test set, and nothing nearly the same.

    Which gold documents are kept for development depends on their ids alone. A note without gold
    is dropped if gold has its id.

    Raises:
        InputError: A corpus can't be read, or nothing is left to train on.
    """
    found = list(_read_corpora(sources))
    tests = [d for path in sources.tests for d in read_gold(path, "mentions")]
    fold, listed = _read_fold(sources.folds, sources.held_out) if sources.folds else (_NONE, _NONE)
    held = [d.note.text for d in tests]
    held += [d.gold.note.text for d in found if d.gold.note.note_id in fold]
    forbidden = {d.note.note_id for d in tests} | fold | listed | _near(found, held)
    found = [d for d in found if d.gold.note.note_id not in forbidden]
    gold = [d for d in found if d.labels is not UNLABELLED]
    dev = [d for d in gold if is_kept(d.gold.note.note_id, sources.dev_share)]
    kept = {d.gold.note.note_id for d in dev}
    close = kept | _near(found, [d.gold.note.text for d in dev])
    train = [d for d in found if d.gold.note.note_id not in close]
    known = {d.gold.note.note_id for d in train if d.labels is not UNLABELLED}
    train = [d for d in train if d.labels is not UNLABELLED or d.gold.note.note_id not in known]
    if not train:
        raise InputError("no document is left to train on: give corpora beside the held-out ones")
    return TrainingDocuments(tuple(train), tuple(dev), frozenset(forbidden))


def _read_corpora(sources: Sources) -> Iterable[LabelledDocument]:
    weights = sources.weights or (1.0,) * len(sources.corpora)
    for path, weight in zip(sources.corpora, weights, strict=True):
        corpus = read_mention_corpus(path)
        for gold in corpus.documents:
            yield LabelledDocument(gold, weight, corpus.labels)
    for path in sources.notes:
        for note in read_unlabelled(path):
            yield LabelledDocument(GoldDocument(note), 1.0, UNLABELLED)


def read_unlabelled(path: Path) -> list[Note]:
    """Read notes without gold from a Parquet file with the columns ``note_id`` and ``text``.

    Raises:
        InputError: There is no such file, or it isn't one.
    """
    table = None
    with suppress(OSError, pa.ArrowException, KeyError, ValueError):
        table = pq.read_table(path, columns=["note_id", "text"]).cast(_UNLABELLED).to_pydict()
    if table is None:
        raise InputError(
            f"{path} can't be read; give a Parquet file with the columns note_id and text"
        )
    return [
        Note(note_id=name, text=text)
        for name, text in zip(table["note_id"], table["text"], strict=True)
        if name and text and text.strip()
    ]


def _near(documents: Sequence[LabelledDocument], others: Collection[str]) -> frozenset[str]:
    """Return the ids of documents that are nearly one of the others in any of their corpora."""
    texts = [d.gold.note.text for d in documents]
    return frozenset(
        documents[place].gold.note.note_id for place in find_near_duplicates(texts, others)
    )


def is_kept(note_id: str, share: float) -> bool:
    """Say whether a document is kept for development; it depends on its id alone."""
    return rank_of(note_id) < share


def rank_of(note_id: str) -> float:
    """Place an id between 0 and 1, always the same."""
    return int.from_bytes(blake2b(note_id.encode(), digest_size=8).digest()) / 2**64


def read_held_out(path: Path, fold: int) -> frozenset[str]:
    """Read the ids of a fold's documents and of their near-duplicates.

    Args:
        path: A JSON file with ``folds`` (document id to fold) and ``near_duplicates_of_fold``
            (fold to ids).
        fold: The fold.

    Raises:
        InputError: The file isn't such a file, or has no such fold.
    """
    members, near = _read_fold(path, fold)
    return members | near


def _read_fold(path: Path, fold: int) -> tuple[frozenset[str], frozenset[str]]:
    """Read the ids of a fold's documents, and of their listed near-duplicates."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        members = frozenset(key for key, value in content["folds"].items() if value == fold)
        near = frozenset(content["near_duplicates_of_fold"].get(str(fold), ()))
    except (OSError, ValueError, LookupError, AttributeError, TypeError):
        members = near = frozenset()
    if not members:
        raise InputError(
            f"{path} has no fold {fold}: give a JSON file with the fold of each document under"
            " 'folds' and lists of ids under 'near_duplicates_of_fold'"
        )
    return members, near
