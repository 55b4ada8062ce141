"""Fit the senses of abbreviations to where notes write them out.

A linear discriminant (Fisher, 1936; one covariance for all long forms), because most long forms
are seen a few times only. For the same reason each one's mean is drawn towards what its own words
let expect: a ridge regression from how the encoder reads the long form alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.link.senses import SenseChooser
from pipeline.note import SECTION_KINDS

Array = NDArray[np.float32]

_SHRINKAGE: Final = 1.0
"""What is added to the covariance's diagonal, in means of it."""

_RIDGE: Final = 30.0
_EXPECTED: Final = 4.0
"""How many occurrences the expected mean counts for."""

_PRIOR: Final = 0.5
_SECTION: Final = 0.7
_SECTION_EXPECTED: Final = 4.0
_FOLDS: Final = 5
_TEMPERATURES: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a note means a long form and its abbreviation stands.

    Attributes:
        note_id: The note.
        short: The abbreviation.
        form: The long form, in lower case.
        section: The kind of its section.
        features: What stands beside it (:func:`pipeline.link.senses.find_features`).
    """

    note_id: str
    short: str
    form: str
    section: str
    features: Array = field(repr=False)


Rivals = Mapping[str, Sequence[str]]
"""Abbreviation in lower case to its long forms in lower case."""


def fit_senses(
    occurrences: Sequence[Occurrence],
    names: Mapping[str, Array],
    rivals: Rivals,
    *,
    precision: float = 0.95,
) -> SenseChooser:
    """Fit a chooser.

    How sure its probabilities are, and the least that is enough, are fitted to occurrences in notes
    that were left out: five times a fifth.

    Args:
        occurrences: Of any long forms; those without a rival tell what varies anyway.
        names: How the encoder reads each long form alone, shape (width,).
        rivals: The abbreviations that must be told apart.
        precision: The share of right ones wanted among those chosen.
    """
    forms = sorted({form for group in rivals.values() for form in group if form in names})
    left_out: list[tuple[list[float], int, bool]] = []
    for fold in range(_FOLDS):
        kept = [one for one in occurrences if _fold(one.note_id) != fold]
        part = _fit(kept, names, forms)
        for one in occurrences:
            group = rivals.get(one.short.lower(), ())
            if _fold(one.note_id) == fold and len(group) > 1 and one.form in group:
                found = part.chances(one.features, one.section, group)
                if found is not None:
                    logs = np.log(np.maximum(found, 1e-30)).tolist()
                    known = part.may_choose(group)
                    left_out.append((logs, group.index(one.form), known))
    heat = min(_TEMPERATURES, key=lambda t: _loss(left_out, t))
    whole = _fit(occurrences, names, forms)
    return SenseChooser(
        whole.forms,
        whole.weights / heat,
        whole.biases / np.float32(heat),
        whole.sections / np.float32(heat),
        whole.seen,
        _least(left_out, heat, precision),
    )


def _fold(note_id: str) -> int:
    return int.from_bytes(blake2b(note_id.encode(), digest_size=4).digest()) % _FOLDS


def _softmax(logs: Sequence[float], heat: float) -> Array:
    powers = np.exp((np.array(logs) - max(logs)) / heat)
    shares: Array = (powers / powers.sum()).astype(np.float32)
    return shares


def _loss(left_out: Iterable[tuple[list[float], int, bool]], heat: float) -> float:
    return -sum(
        float(np.log(max(_softmax(logs, heat)[right], 1e-9))) for logs, right, _ in left_out
    )


def _least(
    left_out: Iterable[tuple[list[float], int, bool]], heat: float, precision: float
) -> float:
    """Return the smallest probability above which enough of the choices are right; 1 if none is."""
    chosen = []
    for logs, right, known in left_out:
        chances = _softmax(logs, heat)
        if known:
            chosen.append((float(chances.max()), int(chances.argmax()) == right))
    chosen.sort(key=lambda one: -one[0])
    least, hits = 1.0, 0
    for count, (chance, is_right) in enumerate(chosen, start=1):
        hits += is_right
        if hits >= precision * count:
            least = chance
    return float(np.floor(least * 1000) / 1000)


def _fit(
    occurrences: Sequence[Occurrence], names: Mapping[str, Array], forms: Sequence[str]
) -> SenseChooser:
    """Fit the discriminant alone; its scores are log odds that claim too much."""
    features = np.array([one.features for one in occurrences], np.float64)
    middle = features.mean(axis=0)
    features -= middle
    of_form: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(occurrences):
        if one.form in names:
            of_form[one.form].append(place)
    known = sorted(of_form)
    means = np.array([features[of_form[form]].mean(axis=0) for form in known])
    counts = np.array([len(of_form[form]) for form in known], np.float64)
    away = np.concatenate(
        [features[of_form[form]] - mean for form, mean in zip(known, means, strict=True)]
    )
    spread = away.T @ away / max(1, len(away) - len(known))
    spread += (_SHRINKAGE * np.trace(spread) / len(spread) + 1e-9) * np.eye(len(spread))
    read = np.array([names[form] for form in known], np.float64)
    typical = read.mean(axis=0)
    read -= typical
    weighted = read * counts[:, None]
    ridge = _RIDGE * np.eye(read.shape[1])
    expect = np.linalg.solve(weighted.T @ read + ridge, weighted.T @ means)
    centres, seen = [], []
    for form in forms:
        expected = (names[form] - typical) @ expect
        own = of_form.get(form, [])
        total = features[own].sum(axis=0) + _EXPECTED * expected
        centres.append(total / (len(own) + _EXPECTED))
        seen.append(len(own))
    weights = np.linalg.solve(spread, np.array(centres).T).T
    biases = -weights @ middle - 0.5 * (weights * centres).sum(axis=1)
    biases += _PRIOR * np.log(np.array(seen) + 1.0)
    return SenseChooser(
        tuple(forms),
        weights.astype(np.float32),
        biases.astype(np.float32),
        _sections(occurrences, of_form, forms),
        np.array(seen, np.int32),
        0.0,
    )


def _sections(
    occurrences: Sequence[Occurrence], of_form: Mapping[str, list[int]], forms: Sequence[str]
) -> Array:
    """Return what each section says for each long form: its share there, drawn towards all's."""
    anywhere = Counter(one.section for one in occurrences)
    rows = []
    for form in forms:
        own = Counter(occurrences[place].section for place in of_form.get(form, ()))
        total = sum(own.values()) + _SECTION_EXPECTED
        row = []
        for kind in SECTION_KINDS:
            share = (anywhere[kind] + 1) / (len(occurrences) + len(SECTION_KINDS))
            row.append(_SECTION * np.log((own[kind] + _SECTION_EXPECTED * share) / total))
        rows.append(row)
    return np.array(rows, np.float32)
