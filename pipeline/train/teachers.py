"""Trained classifiers that teach a student: what they think of a word counts beside its gold.

Hinton, Vinyals and Dean, 2015, "Distilling the Knowledge in a Neural Network".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import softmax

from pipeline.encoder._hf import WordPieces, load_classifier
from pipeline.errors import SetupError
from pipeline.evaluate.seen import TRAINING_DOCUMENTS, read_ids
from pipeline.extract.gazetteer import Gazetteer, read_gazetteer


@dataclass(frozen=True, slots=True)
class Teachers:
    """Classifiers whose mean opinion a student learns.

    They read the very windows that the student reads, changed as for the student, but with nothing
    hidden (Beyer et al., 2022, "Knowledge distillation: A good teacher is patient and
    consistent").

    Attributes:
        models: Token classifiers with the student's pieces and classes.
        share: How much their opinion counts beside the gold, 0 to 1; where the gold leaves every
            class possible, it counts alone.
        documents: The ids of the documents that they have seen.
    """

    models: tuple[Any, ...]
    share: float
    documents: frozenset[str] = frozenset()

    def probabilities(self, **inputs: torch.Tensor) -> torch.Tensor:
        """Return the mean class probabilities, shape (windows, pieces, classes)."""
        with torch.no_grad():
            return torch.stack([softmax(m(**inputs).logits, dim=-1) for m in self.models]).mean(0)

    def mean_weights(self, student: Any) -> dict[str, torch.Tensor]:
        """Return the mean of the teachers' weights, by name.

        Wortsman et al., 2022, "Model soups: averaging weights of multiple fine-tuned models
        improves accuracy without increasing inference time".

        Args:
            student: The model that shall get them.

        Raises:
            SetupError: A teacher is of another size.
        """
        states = [model.state_dict() for model in self.models]
        shapes = [{name: t.shape for name, t in s.items()} for s in (student.state_dict(), *states)]
        if any(other != shapes[0] for other in shapes):
            raise SetupError(
                "teachers and encoder differ in size, so their weights have no mean: start from"
                " the encoder, without --from-teachers"
            )
        return {name: torch.stack([s[name].float() for s in states]).mean(0) for name in states[0]}


def load_teachers(
    folders: Sequence[Path],
    share: float,
    pieces: WordPieces,
    gazetteer: Gazetteer,
    classes: tuple[str, ...],
    forbidden: frozenset[str],
    device: torch.device,
) -> Teachers | None:
    """Load teachers, and make sure that they can't tell what the student must not know.

    Args:
        folders: Models that ``chartsift train bert`` wrote.
        share: How much their opinion counts beside the gold.
        pieces: The student's word pieces.
        gazetteer: The names that the student is told of.
        classes: The student's classes.
        forbidden: The ids of documents kept for testing.
        device: Where they will compute.

    Returns:
        The teachers; None if there are no folders.

    Raises:
        SetupError: One is missing, has other pieces, names or classes, doesn't say what it was
            trained on, or was trained on a document kept for testing.
    """
    models: list[Any] = []
    documents: set[str] = set()
    for folder in folders:
        classifier = load_classifier(folder, device)
        if classifier.labels != classes or classifier.pieces.vocabulary != pieces.vocabulary:
            raise SetupError(
                f"the teacher {folder} has other classes or word pieces than the student: give a"
                " model that `chartsift train bert` wrote from the same kind of encoder"
            )
        if read_gazetteer(folder) != gazetteer:
            raise SetupError(
                f"the teacher {folder} is told of other names than the student: start the student"
                " from an encoder with the teacher's gazetteer"
            )
        documents |= read_seen_documents(folder, forbidden)
        models.append(classifier.model)
    return Teachers(tuple(models), share, frozenset(documents)) if models else None


def read_seen_documents(folder: Path, forbidden: frozenset[str]) -> frozenset[str]:
    """Read the ids of the documents that a trained model has seen.

    Args:
        folder: The model's.
        forbidden: The ids of documents kept for testing.

    Raises:
        SetupError: The model doesn't say what it was trained on, or was trained on a document kept
            for testing.
    """
    path = folder / TRAINING_DOCUMENTS
    if not path.is_file():
        raise SetupError(
            f"the model {folder} has no {TRAINING_DOCUMENTS}: it may know the test sets"
        )
    seen = frozenset(read_ids(path))
    if not seen.isdisjoint(forbidden):
        raise SetupError(
            f"the model {folder} was trained on {len(seen & forbidden)} documents that are"
            " kept for testing: train it without them"
        )
    return seen
