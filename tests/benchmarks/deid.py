"""De-identification against its peers: ``python -m tests.benchmarks.deid GOLD``.

The same texts, in one process on one core, go through our finders of the fast profile (rules and
the spaCy recogniser, without registration records, which the peers can't use) and, where its model
is there, of the accurate one; through Presidio over the same spaCy recogniser; through Presidio as
shipped over ``en_core_web_sm``; and through the bare recogniser. Rounds take
turns and time is the core's own, so that what else the machine does falls on all alike; a ratio
is the median of the rounds' ratios.

Presidio is no dependency of chartsift. Give it an environment of its own that sees this one::

    python -m venv presidio
    presidio/bin/pip install --no-deps presidio-analyzer phonenumbers tldextract requests-file \\
        requests regex filelock pyyaml
    realpath .venv/lib/python3.11/site-packages > presidio/lib/python3.11/site-packages/here.pth
    presidio/bin/python -m tests.benchmarks.deid phi.jsonl

Where Presidio is absent only ours is measured. With ``--damage`` GOLD holds mentions, and the
question is how many of them our finders take for PHI.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.config import Config
from pipeline.deid.finding import find_phi
from pipeline.deid.ner import PhiNer, load_phi_ner
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.phi import score_phi
from pipeline.evaluate.readers import read_gold
from pipeline.note import Note, PhiAnnotator, PhiSpan
from pipeline.stages import load_phi_annotators
from pipeline.train.corpora import read_held_out
from tests.benchmarks.damage import find_damaged, summarise, write_damaged
from tests.benchmarks.presidio import AS_SHIPPED, load_presidio
from tests.benchmarks.rounds import time_rounds, use_one_core

OURS = "chartsift (fast)"
_BATCH = 64


@dataclass(frozen=True)
class Chartsift:
    """Our finders, united."""

    annotators: tuple[PhiAnnotator, ...]
    name: str = OURS

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        return find_phi(notes, self.annotators)


@dataclass(frozen=True)
class BareNer:
    """The recogniser's spaCy pipeline with nothing around it."""

    ner: PhiNer
    name: str = "bare recogniser"

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        docs = self.ner.nlp.pipe([note.text for note in notes], batch_size=len(notes))
        return [[PhiSpan(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in docs]


def compare(documents: Sequence[GoldDocument], systems: Sequence[PhiAnnotator], rounds: int) -> Any:
    """Score every system and measure its speed, round by round in turn.

    Returns:
        For each system recall, precision and notes without a miss (value and interval), words per
        second of the core's time (median, best), and the median ratio of our speed to its own.
    """
    words = sum(len(document.note.text.split()) for document in documents)
    scores = {s.name: score_phi(documents, _find(documents, s)) for s in systems}  # warms up too
    seconds = time_rounds({s.name: partial(_find, documents, s) for s in systems}, rounds)
    speeds = {name: [words / taken for taken in of] for name, of in seconds.items()}
    return {
        "documents": len(documents),
        "words": words,
        "rounds": rounds,
        "systems": {
            name: {
                "recall": score.recall.to_dict(),
                "precision": score.precision.to_dict(),
                "clean_notes": score.clean_notes.to_dict(),
                "words_per_second": round(statistics.median(speeds[name])),
                "best_words_per_second": round(max(speeds[name])),
                "ours_is_faster_by": round(_ratio(speeds[OURS], speeds[name]), 3),
            }
            for name, score in scores.items()
        },
    }


def _find(documents: Sequence[GoldDocument], system: PhiAnnotator) -> list[list[PhiSpan]]:
    notes = [document.note for document in documents]
    return [
        spans
        for start in range(0, len(notes), _BATCH)
        for spans in system.annotate(notes[start : start + _BATCH])
    ]


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def load_systems(model: Path) -> list[PhiAnnotator]:
    """Load ours and whatever of the peers is installed."""
    peers = [load_presidio(model, ours=True), load_presidio(AS_SHIPPED, ours=False)]
    if None in peers:
        sys.stderr.write("presidio-analyzer isn't installed; see the docstring. Measuring ours.\n")
    ours = [Chartsift(load_ours(model, "fast"))]
    if Config().deid.bert.is_dir():
        ours.append(Chartsift(load_ours(model, "accurate"), "chartsift (accurate)"))
    present = [peer for peer in peers if peer is not None]
    return [*ours, *present, BareNer(load_phi_ner(model))]


def load_ours(model: Path, profile: str) -> tuple[PhiAnnotator, ...]:
    """Load the finders that a run of that profile uses."""
    deid = {"ner": model, "profile": profile}
    return load_phi_annotators(Config(deid=deid, run={"workers": 1}))  # type: ignore[arg-type]


def damage(
    gold: Path, annotators: Sequence[PhiAnnotator], folds: Path | None, listing: Path | None
) -> Any:
    """Count gold mentions that our finders take for PHI; list those of no test note."""
    documents = read_gold(gold, "mentions")
    damaged = find_damaged(documents, annotators)
    hidden = read_held_out(folds, 0) if folds else frozenset()
    if listing is not None:
        write_damaged(listing, [d for d in damaged if d.note_id not in hidden])
    summary = {"all": summarise(documents, damaged)}
    if hidden:
        summary["test fold (not listed)"] = summarise(
            [d for d in documents if d.note.note_id in hidden],
            [d for d in damaged if d.note_id in hidden],
        )
    return summary


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description="De-identification against its peers.")
    parser.add_argument("gold", type=Path, help="gold PHI, or gold mentions with --damage")
    parser.add_argument("--model", type=Path, default=Config().deid.ner)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--damage", action="store_true", help="count mentions taken for PHI")
    parser.add_argument("--profile", default="fast", help="with --damage: fast or accurate")
    parser.add_argument("--folds", type=Path, help="with --damage: fold 0 is counted, not listed")
    parser.add_argument("--write", type=Path, help="with --damage: list the texts; keep it private")
    arguments = parser.parse_args()
    use_one_core()
    result = (
        damage(
            arguments.gold,
            load_ours(arguments.model, arguments.profile),
            arguments.folds,
            arguments.write,
        )
        if arguments.damage
        else compare(
            read_gold(arguments.gold, "deid"), load_systems(arguments.model), arguments.rounds
        )
    )
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
