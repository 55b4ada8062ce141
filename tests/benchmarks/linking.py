"""Speed and accuracy of linking beside scispaCy's candidate generator.

::

    python -m tests.benchmarks.linking bc5cdr/train.PubTator.txt --index /tmp/graph

Both link the same distinct mentions of the same gold on one core in turn, with nothing cached;
speed is told by the core's own time. scispaCy's generator alone gives candidates, no concept: its
most similar one counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

from pipeline.evaluate.linked_gold import GOLD_SYSTEMS, read_linked_pubtator
from pipeline.evaluate.linking import is_right, queries_of
from pipeline.link.clinical_abbreviations import load_abbreviations
from pipeline.link.linker import Linker
from pipeline.link.normalisation import load_word_forms
from pipeline.link.ranking import load_ranking
from pipeline.link.surfaces import LinkQuery
from pipeline.link.vocabulary import load_vocabulary
from tests.benchmarks.rounds import time_rounds, use_one_core
from tests.benchmarks.scispacy_linking import load_generator

_NEIGHBOURS = 10


def measure(paths: list[Path], index: Path, rounds: int) -> dict[str, object]:
    """Time both systems and count what they get right.

    Args:
        paths: PubTator with ids.
        index: Where scispaCy's graph is kept.
        rounds: How often each is timed.
    """
    start = time.process_time()
    vocabulary = load_vocabulary().only(GOLD_SYSTEMS)
    read = time.process_time()
    forms, ranking = load_word_forms(), load_ranking()
    linker = Linker(vocabulary, forms, ranking)
    loaded = time.process_time()
    generator = load_generator(vocabulary, index)
    abbreviations = load_abbreviations()
    gold: dict[LinkQuery, frozenset[str]] = {}
    for path in paths:
        for document in read_linked_pubtator(path):
            for query, link in zip(
                queries_of(document, linker, abbreviations), document.links, strict=True
            ):
                if link.ids:
                    gold.setdefault(query, link.ids)
    queries = list(gold)
    texts = [query.long_form or query.text for query in queries]

    def link() -> list[object]:
        linker.forget()
        return list(linker.link(queries))

    def generate() -> list[int | None]:
        return generator.best(texts, _NEIGHBOURS)

    ours = [concept and concept.codes for concept in linker.link(queries)]
    theirs = [None if p is None else vocabulary.codes_of(p) for p in generate()]
    seconds = time_rounds({"chartsift": link, "scispacy": generate}, rounds)
    speeds = {n: round(len(queries) / statistics.median(s)) for n, s in seconds.items()}
    return {
        "distinct_mentions": len(queries),
        "concepts": len(vocabulary),
        "names": len(vocabulary.owners),
        "read_seconds": round(read - start, 2),
        "index_seconds": round(loaded - read, 2),
        "mentions_per_second": speeds,
        "accuracy_of_distinct": {
            name: round(
                sum(is_right(gold[q], codes or {}) for q, codes in zip(queries, found, strict=True))
                / len(queries),
                4,
            )
            for name, found in (("chartsift", ours), ("scispacy", theirs))
        },
    }


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(description="Linking beside scispaCy's generator.")
    parser.add_argument("corpora", type=Path, nargs="+", help="PubTator with ids")
    parser.add_argument("--index", type=Path, required=True, help="file of scispaCy's graph")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    use_one_core()
    json.dump(measure(arguments.corpora, arguments.index, arguments.rounds), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
