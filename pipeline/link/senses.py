"""Which of its long forms an abbreviation stands for, by what the encoder makes of its neighbours.

Reverse substitution (Pakhomov, 2002, "Semi-supervised maximum entropy based approach to acronym and
abbreviation normalization in medical texts"): where notes write a long form out, they show what
stands beside the abbreviation when it means that. Long forms that notes seldom write out borrow
from those of a similar name (Skreta et al., 2021, "Training without training data: Improving the
generalizability of automated medical abbreviation disambiguation").
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from pipeline.errors import SetupError
from pipeline.note import SECTION_KINDS, Mention

if TYPE_CHECKING:
    from pipeline.extract.bert import EncodedNote

SENSES: Final = "senses.safetensors"
"""The file's name."""

_REACH: Final = (4.0, 100.0)
"""In pieces: how far near and wide neighbours count."""

_FEWEST: Final = 5
"""How often each of an abbreviation's long forms must have been seen for any to be chosen."""

_FORMAT: Final = "1"


@dataclass(frozen=True, slots=True)
class SenseChooser:
    """Chooses the long form that an abbreviation stands for.

    A long form's score is linear in the features, plus what its section says for it.

    Attributes:
        forms: Long forms in lower case, without repetition.
        weights: Their weights, shape (forms, features), float32.
        biases: What is added, shape (forms,), float32.
        sections: What is added in each section, shape (forms, kinds), in ``SECTION_KINDS``' order.
        seen: How often each was seen written out, shape (forms,).
        least: The probability below which none is chosen, 0 to 1.
    """

    forms: tuple[str, ...]
    weights: NDArray[np.float32] = field(repr=False)
    biases: NDArray[np.float32] = field(repr=False)
    sections: NDArray[np.float32] = field(repr=False)
    seen: NDArray[np.int32] = field(repr=False)
    least: float
    places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        count = len(self.forms)
        shapes = (self.weights.shape[0], *self.biases.shape, *self.seen.shape)
        if set(shapes) - {count} or self.sections.shape != (count, len(SECTION_KINDS)):
            raise ValueError(f"{count} long forms need as many rows of everything, got {shapes}")
        if not 0.0 <= self.least <= 1.0:
            raise ValueError(f"the least probability lies in [0, 1], got {self.least}")
        object.__setattr__(self, "places", {form: i for i, form in enumerate(self.forms)})

    def choose(
        self, encoded: EncodedNote, mention: Mention, section_kind: str, forms: Sequence[str]
    ) -> str | None:
        """Choose what a mention stands for.

        Args:
            encoded: The mention's note, with the states of the layer that was trained on.
            mention: The abbreviation.
            section_kind: The kind of the section that it stands in.
            forms: The long forms that it may have.

        Returns:
            One of ``forms``; None if none is sure enough.
        """
        if len(forms) < 2:
            return forms[0] if forms else None
        features = find_features(encoded, mention.start, mention.end)
        chances = None if features is None else self.chances(features, section_kind, forms)
        if chances is None:
            return None
        best = max(range(len(forms)), key=chances.__getitem__)
        sure = chances[best] >= self.least and self.may_choose(forms)
        return forms[best] if sure else None

    def may_choose(self, forms: Sequence[str]) -> bool:
        """Say whether each of an abbreviation's long forms was seen often enough.

        Against one that it hardly knows, any other would win.
        """
        places = [self.places.get(form.lower()) for form in forms]
        return all(place is not None and int(self.seen[place]) >= _FEWEST for place in places)

    def chances(
        self, features: NDArray[np.float32], section_kind: str, forms: Sequence[str]
    ) -> list[float] | None:
        """Return the probability of each long form; None if one of them is unknown.

        Args:
            features: Of the abbreviation's place, as :func:`find_features` gives them.
            section_kind: The kind of its section.
            forms: The long forms that it may have, at least one.
        """
        rows = [self.places.get(form.lower(), -1) for form in forms]
        if min(rows) < 0 or features.shape != self.weights.shape[1:]:
            return None
        scores = self.weights[rows] @ features + self.biases[rows]
        scores = scores + self.sections[rows, SECTION_KINDS.index(section_kind)]
        powers = [exp(score) for score in (scores - scores.max()).tolist()]
        return [power / sum(powers) for power in powers]


def find_features(encoded: EncodedNote, start: int, end: int) -> NDArray[np.float32] | None:
    """Return what stands beside a place of a note.

    Args:
        encoded: The note.
        start: First code point of the place.
        end: One past the last.

    Returns:
        The states of the pieces beside it in its window, near ones counting more: once hardly any
        but the nearest, once nearly all. Shape (2 * width,); None if it has no neighbour.
    """
    place = encoded.read.place(start, end)
    if place is None:
        return None
    window, first, after = place
    states = encoded.windows[window.pieces].states[1:-1].float().numpy()
    return beside(states, first, after)


def beside(states: NDArray[np.float32], first: int, after: int) -> NDArray[np.float32] | None:
    """Return the weighted means of the states around the pieces ``[first, after)`` of a window.

    Args:
        states: Shape (pieces, width).
        first: The first piece of the abbreviation.
        after: The piece after its last.
    """
    places = np.arange(len(states))
    distances = np.maximum(np.maximum(first - places, places - after + 1), 0)
    others = distances > 0
    if not others.any():
        return None
    means = []
    for reach in _REACH:
        weights = np.where(others, np.exp(-distances / reach), 0.0).astype(np.float32)
        means.append(weights @ states / weights.sum())
    found: NDArray[np.float32] = np.concatenate(means).astype(np.float32)
    return found


def load_senses(folder: Path, encoder: str, depth: int) -> SenseChooser | None:
    """Load what :func:`write_senses` wrote.

    Args:
        folder: Holds ``senses.safetensors``; without it there is nothing to choose by.
        encoder: SHA-256 of the encoder whose states it is to read.
        depth: The layer of it that is read.

    Returns:
        None if there is no such file: then an abbreviation with several meanings has none.

    Raises:
        SetupError: The file is damaged or made for another encoder or layer.
    """
    path = folder / SENSES
    if not path.exists():
        return None
    chooser, made_for = None, ("", "")
    try:
        with safe_open(str(path), framework="numpy") as file:
            told = file.metadata() or {}
            made_for = told.get("encoder", ""), told.get("depth", "")
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if told.get("format") == _FORMAT:
            chooser = SenseChooser(
                tuple(json.loads(told["forms"])),
                arrays["weights"].astype(np.float32),
                arrays["biases"].astype(np.float32),
                arrays["sections"].astype(np.float32),
                arrays["seen"].astype(np.int32),
                float(told["least"]),
            )
    except (OSError, SafetensorError, LookupError, ValueError):
        chooser = None
    if chooser is None:
        raise SetupError(f"{path} holds no senses of abbreviations: copy the whole folder again")
    if made_for != (encoder, str(depth)):
        raise SetupError(
            f"{path} was made for another BERT than the one in extract.bert, or for another layer:"
            ' make it again with `chartsift train senses`, or set context.assertion = "rules"'
        )
    return chooser


def write_senses(chooser: SenseChooser, folder: Path, encoder: str, depth: int) -> None:
    """Write a chooser as ``senses.safetensors``, its weights in float16.

    Args:
        chooser: What to write.
        folder: Where to.
        encoder: SHA-256 of the encoder whose states it reads
            (:func:`pipeline.fingerprint.hash_model`).
        depth: The layer of it that is read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "format": _FORMAT,
        "encoder": encoder,
        "depth": str(depth),
        "forms": json.dumps(chooser.forms),
        "least": str(chooser.least),
    }
    arrays = {
        "weights": chooser.weights.astype(np.float16),
        "biases": chooser.biases,
        "sections": chooser.sections.astype(np.float16),
        "seen": chooser.seen,
    }
    partial = folder / f".{SENSES}"
    save_file(arrays, str(partial), told)
    partial.replace(folder / SENSES)
