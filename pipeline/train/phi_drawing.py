"""Endless texts to learn PHI from: variants of gold notes, and passages of untagged reports."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.train.phi_lists import gather_pools, read_lists
from pipeline.train.phi_noise import add_noise
from pipeline.train.phi_plain import PlainReports, draw_plain, read_plain_texts
from pipeline.train.phi_surrogates import make_variant
from pipeline.train.phi_text import TaggedText


def draw_texts(
    notes: Sequence[TaggedText],
    lists: Path,
    plain: PlainReports | None,
    plain_share: float,
    unchanged: float,
    rng: random.Random,
) -> Iterator[TaggedText]:
    """Draw texts to learn from without end: every note once in a pass, each time a new variant.

    Args:
        notes: Gold notes.
        lists: Folder with the lists that surrogates come from.
        plain: Untagged reports.
        plain_share: How often, after a note, a passage of ``plain`` follows.
        unchanged: Share of the notes that keep their own PHI.
        rng: Source of randomness.
    """
    words = read_lists(lists)
    pools = gather_pools((s.label, note.surface(s)) for note in notes for s in note.spans)
    passages = None
    if plain is not None:
        passages = draw_plain(read_plain_texts(plain, words), rng)
    while True:
        for note in rng.sample(notes, len(notes)):
            if passages is not None and rng.random() < plain_share:
                yield next(passages)
            kept = rng.random() < unchanged
            yield add_noise(note if kept else make_variant(note, words, pools, rng), rng)
