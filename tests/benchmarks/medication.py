"""Words a second of the reading of sigs: ``python -m tests.benchmarks.medication NOTES``.

NOTES is a Parquet file with a column ``text``. Mentions are stood in for by the words that are
frequent drugs' names, and then by every 40th word, which is about as dense as treatments stand in
reports. spaCy's bare tokenizer takes turns on the same core.
"""

from __future__ import annotations

import argparse
import re
import statistics
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import spacy
from spacy.language import Language

from pipeline.medication.finding import TREATMENT, find_sigs
from pipeline.medication.tables import load_tables
from pipeline.note import Mention, Note
from tests.benchmarks.rounds import time_rounds, use_one_core

_EVERY = 40


def mentions_of_drugs(text: str) -> list[Mention]:
    """Take the words that are frequent drugs' names for mentions."""
    drugs = load_tables().drugs
    words = re.finditer(r"[A-Za-z]+(?:-[A-Za-z]+)*", text)
    return [Mention(*word.span(), TREATMENT) for word in words if word[0].lower() in drugs]


def mentions_of_words(text: str) -> list[Mention]:
    """Take every 40th word for a mention, whatever it is."""
    words = list(re.finditer(r"\S+", text))[::_EVERY]
    return [Mention(*word.span(), TREATMENT) for word in words]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print words a second, medians of the rounds, and how many sigs were found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notes", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    use_one_core()
    texts = pq.read_table(options.notes, columns=["text"])["text"].to_pylist()
    notes = [Note(str(number), text) for number, text in enumerate(texts)]
    words = sum(len(text.split()) for text in texts)
    calls: dict[str, Callable[[], object]] = {
        "spaCy's tokenizer": partial(_tokenize, spacy.blank("en"), texts)
    }
    for name, finder in (("drug names", mentions_of_drugs), ("every 40th word", mentions_of_words)):
        mentions = [finder(text) for text in texts]
        found = sum(map(len, find_sigs(notes, mentions)))
        print(f"{name}: {sum(map(len, mentions))} mentions, {found} sigs")
        calls[f"sigs, {name}"] = partial(find_sigs, notes, mentions)
    for name, seconds in time_rounds(calls, options.rounds).items():
        print(f"{name}: {words / statistics.median(seconds):,.0f} words a second")


def _tokenize(tokenizer: Language, texts: Sequence[str]) -> None:
    for text in texts:
        tokenizer.make_doc(text)


if __name__ == "__main__":
    main()
