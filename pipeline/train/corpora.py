"""Which gold documents may be trained on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluate.readers import read_gold
from pipeline.train.examples import LabelledDocument


def read_training_documents(
    corpora: Sequence[Path], weights: Sequence[float], folds: Path | None, held_out: int
) -> list[LabelledDocument]:
    """Read gold corpora of mentions without a held-out fold and its near-duplicates.

    Args:
        corpora: Files and folders that :func:`pipeline.evaluate.readers.read_gold` reads.
        weights: How much each corpus counts in the loss; none for 1 each.
        folds: As for :func:`read_held_out`; None keeps all documents.
        held_out: The fold to leave out.

    Raises:
        InputError: A corpus can't be read, or nothing is left to train on.
    """
    forbidden = read_held_out(folds, held_out) if folds else frozenset()
    documents = [
        LabelledDocument(gold, weight)
        for path, weight in zip(corpora, weights or (1.0,) * len(corpora), strict=True)
        for gold in read_gold(path, "mentions")
        if gold.note.note_id not in forbidden
    ]
    if not documents:
        raise InputError("no document is left to train on: give corpora beside the held-out fold")
    return documents


def read_held_out(path: Path, fold: int) -> frozenset[str]:
    """Read the ids of a fold's documents and of their near-duplicates.

    Args:
        path: A JSON file with ``folds`` (document id to fold) and ``near_duplicates_of_fold``
            (fold to ids).
        fold: The fold.

    Raises:
        InputError: The file isn't such a file, or has no such fold.
    """
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
    return members | near
