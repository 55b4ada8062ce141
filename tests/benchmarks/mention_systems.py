"""Systems that find mentions, as the command line names them.

A system is ``NAME=FINDER``, or ``NAME=FINDER|FINDER`` to merge what several find. A finder is

- ``FOLDER``: a token classifier that ``chartsift train bert`` wrote,
- ``FOLDER+FOLDER``: several with one vocabulary and the same classes, whose probabilities are
  averaged; their scores are not calibrated,
- ``spacy:MODEL`` or ``spacy:MODEL@SCORE``: a spaCy pipeline, a folder or an installed package,
  whose mentions get that score (0.5).
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from pipeline.config import Extract, SpacyModel
from pipeline.encoder._hf import TokenClassifier, WordPieces
from pipeline.errors import SetupError
from pipeline.evaluate.seen import read_seen
from pipeline.extract.bert import load_bert
from pipeline.extract.calibration import UNCALIBRATED
from pipeline.extract.scispacy import load_scispacy
from pipeline.fingerprint import find_model, hash_model
from pipeline.note import MentionAnnotator

SPACY_LABELS = {
    "SYMPTOM": "SYMPTOM",
    "DISEASE": "DISEASE",
    "TREATMENT": "TREATMENT",
    "CHEMICAL": "TREATMENT",
}
"""Labels of spaCy pipelines to ours: our own, and those of ``en_ner_bc5cdr_md``."""

_SPACY = "spacy:"
_SCORE = 0.5


@dataclass(frozen=True)
class Finder:
    """One annotator.

    Attributes:
        models: Folders of token classifiers; or the one folder or package of a spaCy pipeline.
        score: The score of a spaCy pipeline's mentions; None for token classifiers.
    """

    models: tuple[str, ...]
    score: float | None = None

    @property
    def is_bert(self) -> bool:
        """Whether it is a token classifier or several."""
        return self.score is None

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where its models lie."""
        return tuple(Path(m) if self.is_bert else find_model(m) for m in self.models)

    def describe(self) -> list[dict[str, Any]]:
        """Return each model's name, digest, size and score; no path: that is the machine's own."""
        return [
            {
                "name": folder.name,
                "sha256": hash_model(folder),
                "megabytes": round(_size(folder) / 1e6, 1),
                **({} if self.score is None else {"score": self.score}),
            }
            for folder in self.folders
        ]


@dataclass(frozen=True)
class System:
    """A name and the finders whose mentions are merged."""

    name: str
    finders: tuple[Finder, ...]

    @property
    def alone(self) -> tuple[Finder, ...]:
        """The token classifiers of a merged system, without its spaCy pipelines."""
        return tuple(finder for finder in self.finders if finder.is_bert)


def parse_system(argument: str) -> System:
    """Read ``NAME=FINDER|FINDER``.

    Raises:
        ArgumentTypeError: It has another form.
    """
    name, _, finders = argument.partition("=")
    if not name or not finders:
        raise ArgumentTypeError(f"{argument!r} is no NAME=FOLDER, NAME=spacy:MODEL or A|B of these")
    return System(name, tuple(_parse_finder(finder) for finder in finders.split("|")))


def _parse_finder(argument: str) -> Finder:
    if argument.startswith(_SPACY):
        model, at, score = argument.removeprefix(_SPACY).partition("@")
        try:
            finder = Finder((model,), float(score) if at else _SCORE)
        except ValueError:
            raise ArgumentTypeError(f"{score!r} in {argument!r} is no number") from None
    else:
        finder = Finder(tuple(argument.split("+")))
    if not all(finder.models):
        raise ArgumentTypeError(f"{argument!r} names a model that is empty")
    return finder


def read_seen_documents(system: System) -> tuple[frozenset[str], bool]:
    """Read which documents a system's models were trained on.

    Returns:
        The ids that its models list, and whether every model has a list.
    """
    lists = [_read_seen(model) for finder in system.finders for model in finder.models]
    known = [ids for ids in lists if ids is not None]
    return frozenset().union(*known), len(known) == len(lists)


def load_finder(finder: Finder) -> MentionAnnotator:
    """Load a finder for one thread of the CPU.

    Raises:
        SetupError: A model can't be loaded, or the members of an ensemble differ in what goes in
            or comes out.
    """
    if finder.score is not None:
        return load_scispacy(finder.models[0], SPACY_LABELS, score=finder.score)
    members = [load_bert(folder, device="cpu", threads=1) for folder in finder.folders]
    if len(members) == 1:
        return members[0]
    vocabularies = [member.classifier.pieces.vocabulary for member in members]
    if any(vocabulary != vocabularies[0] for vocabulary in vocabularies):
        raise SetupError("the members of an ensemble must share one vocabulary; merge them with |")
    mean = MeanClassifier(tuple(member.classifier for member in members))
    return replace(
        members[0],
        classifier=cast(TokenClassifier, mean),
        window=min(member.window for member in members),
        calibration=UNCALIBRATED,  # what a member's scores mean, theirs together don't
    )


@dataclass(frozen=True)
class MeanClassifier:
    """Token classifiers whose class probabilities are averaged; it stands in for one of them.

    Raises:
        SetupError: The members have different classes.
    """

    members: tuple[TokenClassifier, ...]

    def __post_init__(self) -> None:
        if any(set(member.labels) != set(self.labels) for member in self.members):
            raise SetupError("the members of an ensemble must have the same classes")

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order of the first member."""
        return self.members[0].labels

    @property
    def pieces(self) -> WordPieces:
        """The word pieces that all members share."""
        return self.members[0].pieces

    def probabilities(
        self,
        windows: Sequence[Sequence[int]],
        types: Sequence[Sequence[int]],
        autocast: torch.dtype | None = None,
    ) -> list[NDArray[np.float32]]:
        """Average over the members; as :meth:`TokenClassifier.probabilities` otherwise."""
        of_members = []
        for member in self.members:
            order = [member.labels.index(label) for label in self.labels]
            rows = member.probabilities(windows, types, autocast)
            of_members.append([of_window[:, order] for of_window in rows])
        return [np.mean(rows, axis=0) for rows in zip(*of_members, strict=True)]


def _read_seen(model: str) -> frozenset[str] | None:
    pipeline = SpacyModel(model=model, labels=SPACY_LABELS)  # type: ignore[arg-type]
    return read_seen(Extract(bert=Path(model), scispacy=(pipeline,)))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
