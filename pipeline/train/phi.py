"""Training of the spaCy recogniser of PHI."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from spacy.util import fix_random_seed

from pipeline.train.phi_drawing import draw_texts
from pipeline.train.phi_pipeline import make_example, make_pipeline, write_pipeline
from pipeline.train.phi_plain import PlainReports
from pipeline.train.phi_text import read_tagged
from pipeline.train.recogniser import fitted, make_batches


@dataclass(frozen=True, slots=True)
class PhiTraining:
    """How a recogniser of PHI is trained.

    Attributes:
        notes: Files of gold notes, as :func:`pipeline.evaluate.readers.read_gold` reads them.
        lists: Folder with the lists that surrogates come from.
        out: Folder to write the pipeline to.
        base: Name or folder of a pipeline whose NER has a tok2vec of its own to start from; None
            starts from scratch with ``width`` and ``depth``.
        plain: Untagged reports, to learn what is no PHI.
        steps: Updates of the weights.
        batch_tokens: Tokens in an update, about.
        width: Size of a token's vector.
        depth: Convolutions over neighbouring tokens; each widens the view by one on either side.
        learning_rate: Peak of the schedule (linear warm-up, linear decay).
        dropout: Share of activations dropped.
        unchanged: Share of gold notes that keep their own PHI.
        plain_share: Share of texts drawn from ``plain``.
        margin: How much the score of "no PHI" is lowered in the end: higher finds more PHI and
            more that is none.
        seed: Decides initial weights, surrogates, noise and order.
    """

    notes: tuple[Path, ...]
    lists: Path
    out: Path
    base: str | None = None
    plain: PlainReports | None = None
    steps: int = 4_800
    batch_tokens: int = 1_200
    width: int = 128
    depth: int = 6
    learning_rate: float = 0.001
    dropout: float = 0.1
    unchanged: float = 0.06
    plain_share: float = 0.25
    margin: float = 0.75
    seed: int = 13

    def __post_init__(self) -> None:
        if min(self.steps, self.batch_tokens, self.width, self.depth) < 1:
            raise ValueError("steps, batch_tokens, width and depth are at least 1")
        if not (0 <= self.dropout < 1 and 0 <= self.unchanged <= 1 and 0 <= self.plain_share < 1):
            raise ValueError("dropout, unchanged and plain_share are shares of 1")


def train_phi(options: PhiTraining, report: Callable[[int, float], None] | None = None) -> Path:
    """Train a recogniser on endless variants of gold notes and write it in spaCy's format.

    Args:
        options: How to train, and on what.
        report: Called every 100 steps with the step and the mean loss of a token since.

    Returns:
        The folder written, ``options.out``.

    Raises:
        InputError: The gold notes or the lists can't be read.
        SetupError: The base pipeline isn't installed.
    """
    notes = read_tagged(options.notes)
    fix_random_seed(options.seed)
    rng = random.Random(options.seed)
    labels = sorted({span.label for note in notes for span in note.spans})
    nlp = make_pipeline(labels, options.base, options.width, options.depth)
    texts = draw_texts(
        notes, options.lists, options.plain, options.plain_share, options.unchanged, rng
    )
    examples = (make_example(nlp, text) for text in texts if text.text.strip())
    with fitted(
        nlp,
        make_batches(examples, options.batch_tokens),
        steps=options.steps,
        learning_rate=options.learning_rate,
        dropout=options.dropout,
        report=report,
    ):
        write_pipeline(nlp, labels, options.out, options.margin)
    return options.out
