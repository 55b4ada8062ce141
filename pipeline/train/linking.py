"""Learn what speaks for a concept: ``python -m pipeline.train.linking --corpus GOLD``.

A conditional logit (McFadden, 1974, "Conditional logit analysis of qualitative choice behavior")
over a mention's candidates and "none of them", fitted to mentions with known concepts. It learns
a dozen weights and no name.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from pipeline.evaluate.linked_gold import GOLD_SYSTEMS, LinkDocument, read_linked_pubtator
from pipeline.evaluate.linking import is_right, queries_of
from pipeline.link.clinical_abbreviations import load_abbreviations
from pipeline.link.linker import Linker
from pipeline.link.normalisation import load_word_forms
from pipeline.link.ranking import FEATURES, Ranking, write_ranking
from pipeline.link.surfaces import LinkQuery
from pipeline.link.vocabulary import load_vocabulary
from pipeline.resources import data_path

_WEIGHTS: Final = {
    "spelling": 1.5,
    "spelling_bare": 0.9,
    "meaning": 1.0,
    "meaning_bare": 0.6,
    "core": 2.1,
    "words": -0.4,
    "cosine": 3.8,
    "letters": 2.8,
    "label": 0.5,
    "familiar": 0.2,
    "common": 0.6,
    "more_words": -0.3,
    "more_modifiers": 0.4,
    "more_general": 0.4,
    "less_words": -0.8,
    "less_modifiers": 0.3,
    "less_general": -0.2,
    "covered": 1.1,
    "covering": 3.2,
    "abbreviation": -0.3,
    "induced": 1.2,
    "part": -0.9,
    "noun": -0.5,
    "slips": -8.3,
    "head": 0.5,
    "gathered": -1.3,
}
START: Final = Ranking(tuple(_WEIGHTS[name] for name in FEATURES), shift=-7.4, least=0.0)
"""Weights to begin with; they decide which of a concept's names is looked at."""

_PENALTY: Final = 1.0
_ROUNDS: Final = 2
_GIVEN_UP: Final = 0.005


@dataclass(frozen=True, slots=True)
class Choice:
    """A mention's candidates.

    Attributes:
        features: One row for each candidate.
        right: Whether each is right; none is if the mention means none of them.
        count: How often the mention occurs.
    """

    features: NDArray[np.float64] = field(repr=False)
    right: NDArray[np.bool_] = field(repr=False)
    count: int


def fit_ranking(choices: Sequence[Choice]) -> Ranking:
    """Fit the weights and the least probability.

    Args:
        choices: Distinct mentions, at least one with candidates.
    """
    known = [choice for choice in choices if len(choice.features)]
    bounds = np.concatenate(([0], np.cumsum([len(choice.features) for choice in known])))
    features = np.concatenate([choice.features for choice in known])
    features = np.column_stack([features, np.ones(len(features))])
    right = np.concatenate([choice.right for choice in known])
    counts = np.array([np.sqrt(choice.count) for choice in known])
    starts, owner = bounds[:-1], np.repeat(np.arange(len(known)), np.diff(bounds))
    start = np.array([*START.weights, START.shift])
    none_right = ~np.logical_or.reduceat(right, starts)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = features @ weights
        most = np.maximum(np.maximum.reduceat(odds, starts), 0)
        powers = np.exp(odds - most[owner])
        whole = np.add.reduceat(powers, starts) + np.exp(-most)
        good = np.add.reduceat(powers * right, starts) + np.exp(-most) * none_right
        good = np.maximum(good, 1e-12)
        value = float((counts * (np.log(whole) - np.log(good))).sum())
        slope = powers / whole[owner] - powers * right / good[owner]
        gradient = (slope * counts[owner]) @ features
        away = weights - start
        return value + _PENALTY / 2 * float(away @ away), gradient + _PENALTY * away

    fitted = minimize(loss, start, jac=True, method="L-BFGS-B").x
    ranking = Ranking(tuple(float(w) for w in fitted[:-1]), float(fitted[-1]), 0.0)
    return Ranking(ranking.weights, ranking.shift, _least(choices, ranking))


def _least(choices: Sequence[Choice], ranking: Ranking) -> float:
    """Return the probability below which a concept is better left out.

    As many as can be are kept without losing more than ``_GIVEN_UP`` of the best F1: the score of
    each concept is told, and who wants the surest only can ask for it.
    """
    best: list[tuple[float, bool, int]] = []
    linkable = sum(choice.count for choice in choices if choice.right.any())
    for choice in choices:
        chances = ranking.chances(choice.features.tolist())
        if chances:
            top = int(np.argmax(chances))
            best.append((chances[top], bool(choice.right[top]), choice.count))
    best.sort(key=lambda one: -one[0])
    scores = []
    hits = linked = 0
    for chance, right, count in best:
        linked += count
        hits += count * right
        scores.append((2 * hits / (linked + linkable), chance))
    enough = max((score for score, _ in scores), default=0.0) - _GIVEN_UP
    least = min((chance for score, chance in scores if score >= enough), default=0.0)
    return floor(least * 1000) / 1000


def read_choices(documents: Sequence[LinkDocument], linker: Linker) -> list[Choice]:
    """Look up the candidates of documents' distinct mentions."""
    abbreviations = load_abbreviations()
    seen: dict[tuple[LinkQuery, frozenset[str]], int] = {}
    for document in documents:
        for query, link in zip(
            queries_of(document, linker, abbreviations), document.links, strict=True
        ):
            if link.ids:
                seen[query, link.ids] = seen.get((query, link.ids), 0) + 1
    choices = []
    ranked = linker.rank([query for query, _ in seen])
    for (_, ids), count, scored in zip(seen, seen.values(), ranked, strict=True):
        features = np.array([one.features for one in scored], np.float64)
        codes = [linker.vocabulary.codes_of(one.place) for one in scored]
        right = np.array([is_right(ids, cells) for cells in codes], np.bool_)
        choices.append(Choice(features.reshape(len(scored), len(FEATURES)), right, count))
    return choices


def main() -> None:
    """Fit the shipped ranking."""
    parser = argparse.ArgumentParser(description="Fit the weights of the linker's ranking.")
    parser.add_argument("--corpus", type=Path, action="append", required=True)
    parser.add_argument("--out", type=Path, default=data_path("vocabulary", "ranking.json"))
    arguments = parser.parse_args()
    documents = [d for path in arguments.corpus for d in read_linked_pubtator(path)]
    vocabulary, ranking = load_vocabulary().only(GOLD_SYSTEMS), START
    for _ in range(_ROUNDS):
        choices = read_choices(documents, Linker(vocabulary, load_word_forms(), ranking))
        ranking = fit_ranking(choices)
    write_ranking(ranking, arguments.out)
    sys.stdout.write(arguments.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
