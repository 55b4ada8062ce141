"""Extraction against its peers, on every set: ``python -m tests.benchmarks.mentions CORPORA``.

::

    python -m tests.benchmarks.mentions ../shared/corpora --out tests/benchmarks/mentions.json \\
        --system "untuned=models/untuned" --system "chartsift=data/models/bert" \\
        --system "merged=data/models/bert|spacy:data/models/ner@0.5" \\
        --system "five seeds=models/1+models/2+models/3+models/4+models/5" \\
        --system "scispaCy=spacy:en_ner_bc5cdr_md" \\
        --ours chartsift --ladder "untuned=three epochs" --ladder "chartsift=all of it"
    python -m tests.readme

Each set is scored with the labels that it annotates (:mod:`pipeline.evaluate.corpora`). Systems
then take turns on one core over the same notes, and their speed is told by the core's own time;
what a merged system adds in points of F1 is told for each millisecond that it adds. Speeds of
different runs don't compare: to tell what a system adds, measure it and what it adds to together.

A run with the same ``--out`` adds systems, or replaces them; sets that it leaves out keep their
scores if the system's models are the same. The README's tables are made from that file.
"""

from __future__ import annotations

import argparse
import json
import statistics
from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.evaluate.breakdown import Verdict, judge
from pipeline.evaluate.calibration import score_calibration
from pipeline.evaluate.corpora import MentionCorpus
from pipeline.evaluate.evaluation import BATCH
from pipeline.evaluate.mentions import LabelScores, score_mentions
from pipeline.extract.finding import find_mentions
from pipeline.note import Mention, MentionAnnotator, Note
from tests.benchmarks.mention_results import update
from tests.benchmarks.mention_sets import SETS, TestSet, count_words, read_set
from tests.benchmarks.mention_systems import (
    Finder,
    System,
    load_finder,
    parse_system,
    read_seen_documents,
)
from tests.benchmarks.rounds import time_rounds, use_one_core

_TIMED_NOTES = 20
_LIBRARIES = ("numpy", "scispacy", "spacy", "tokenizers", "torch", "transformers")


@dataclass(frozen=True)
class _Found:
    """What an annotator has found in all notes of a set, for it to be merged."""

    mentions: list[list[Mention]]
    name: str = "found"

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        return self.mentions


def measure(
    systems: Sequence[System],
    sets: Mapping[str, TestSet],
    rounds: int,
    load: Callable[[Finder], MentionAnnotator] = load_finder,
) -> dict[str, Any]:
    """Score every system on every set, then measure their speed on the notes of the first.

    Args:
        systems: Who finds.
        sets: Where, by name.
        rounds: Of timing; none without.
        load: Builds an annotator; called once for each finder.

    Returns:
        For each system, by name, what :func:`tests.benchmarks.mention_results.update` adds.
    """
    load = cache(load)
    entries: dict[str, Any] = {}
    for system in systems:
        seen, listed = read_seen_documents(system)
        entries[system.name] = {
            "models": [finder.describe() for finder in system.finders],
            "listed": listed,
            "versions": {name: version(name) for name in ("chartsift", *_LIBRARIES)},
            "sets": {name: {"seen_documents": len(seen & of.ids)} for name, of in sets.items()},
        }
    finders = {finder for system in systems for finder in system.finders}
    for name, of in sets.items():
        found = {finder: _Found(_find(of.notes, (load(finder),))) for finder in finders}
        for system in systems:
            mentions = find_mentions(of.notes, [found[finder] for finder in system.finders])
            scored = any(finder.is_bert for finder in system.finders)
            entries[system.name]["sets"][name] |= score(of.corpus, mentions, scored)
    if rounds:
        notes = next(iter(sets.values())).notes[:_TIMED_NOTES]
        for name, speed in measure_speeds(systems, notes, rounds, load).items():
            entries[name] |= speed
    return entries


def score(
    corpus: MentionCorpus, mentions: Sequence[Sequence[Mention]], scored: bool = True
) -> dict[str, Any]:
    """Score mentions: F1 of all labels and of each, and the calibration error of their scores.

    Args:
        corpus: The gold.
        mentions: Of each document.
        scored: Whether scores mean something; else they have no calibration error.
    """
    scores = score_mentions(corpus.documents, mentions, corpus.labels)
    judged = [
        (judgement.predicted.label, judgement.predicted.score, judgement.verdict is Verdict.RIGHT)
        for document, of_document in zip(corpus.documents, mentions, strict=True)
        for judgement in judge(
            corpus.labels.scored(document.spans), corpus.labels.scored(of_document)
        )
        if judgement.predicted is not None
    ]
    calibration = score_calibration(judged, {n: s.gold for n, s in scores.labels.items()}).micro
    return {
        **_f1(scores.micro),
        "labels": {label: _f1(of_label) for label, of_label in scores.labels.items()},
        "ece": round(calibration.ece, 4) if scored and calibration.ece is not None else None,
    }


def measure_speeds(
    systems: Sequence[System],
    notes: Sequence[Note],
    rounds: int,
    load: Callable[[Finder], MentionAnnotator],
) -> dict[str, dict[str, Any]]:
    """Measure words for each second of the core's time, and what merging adds to it.

    Returns:
        For each system ``speed``; and ``over`` if it is merged and the token classifiers that it
        merges, without the rest, are a system too: that system, and the milliseconds for 1,000
        words that are added to it (medians of the rounds).
    """
    words = count_words(notes)
    annotators = {s.name: [load(finder) for finder in s.finders] for s in systems}
    calls = {name: partial(_find, notes, of_system) for name, of_system in annotators.items()}
    seconds = time_rounds(calls, rounds)
    measured: dict[str, dict[str, Any]] = {}
    for system in systems:
        of_system = seconds[system.name]
        measured[system.name] = {
            "speed": {
                "words": words,
                "rounds": rounds,
                "words_per_second": round(words / statistics.median(of_system)),
                "best_words_per_second": round(words / min(of_system)),
            }
        }
        bases = [other for other in systems if other.finders == system.alone != system.finders]
        if bases:
            base = bases[0].name
            extra = [a - b for a, b in zip(of_system, seconds[base], strict=True)]
            milliseconds = statistics.median(extra) * 1e6 / words
            measured[system.name]["over"] = {
                "system": base,
                "ms_per_1000_words": round(milliseconds, 3),
            }
    return measured


def _f1(scores: LabelScores) -> dict[str, Any]:
    return {"strict": scores.strict.f1.to_dict(), "relaxed": scores.relaxed.f1.to_dict()}


def _find(notes: Sequence[Note], annotators: Sequence[MentionAnnotator]) -> list[list[Mention]]:
    return [
        mentions
        for start in range(0, len(notes), BATCH)
        for mentions in find_mentions(notes[start : start + BATCH], annotators)
    ]


def _parse_step(argument: str) -> tuple[str, str]:
    name, _, description = argument.partition("=")
    if not name or not description:
        raise ArgumentTypeError(f"{argument!r} is no NAME=DESCRIPTION")
    return name, description


def _parse_sets(argument: str) -> list[str]:
    names = argument.split(",")
    if not SETS.keys() >= set(names):
        raise ArgumentTypeError(f"sets are {', '.join(SETS)}, joined by commas")
    return [name for name in SETS if name in names]


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description="Extraction against its peers, on every set.")
    parser.add_argument("corpora", type=Path, help="the folder of corpora")
    parser.add_argument("--system", type=parse_system, action="append", required=True)
    parser.add_argument("--out", type=Path, required=True, help="results, added to if it is there")
    parser.add_argument("--sets", type=_parse_sets, default=list(SETS), help="names, with commas")
    parser.add_argument("--documents", type=int, help="the first of each set, for a quick look")
    parser.add_argument("--rounds", type=int, default=3, help="of timing")
    parser.add_argument("--ours", help="the system in bold")
    parser.add_argument("--ladder", type=_parse_step, action="append", default=[])
    arguments = parser.parse_args()
    use_one_core()
    limit = arguments.documents
    sets = {name: read_set(arguments.corpora, name, limit) for name in arguments.sets}
    entries = measure(arguments.system, sets, arguments.rounds)
    before = json.loads(arguments.out.read_text("utf-8")) if arguments.out.exists() else None
    results = update(before, sets, entries, limit, arguments.ours, arguments.ladder)
    arguments.out.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
