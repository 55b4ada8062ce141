"""Training of the spaCy recogniser of PHI."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.training import Example
from spacy.util import fix_random_seed
from thinc.api import Adam

from pipeline.train.phi_drawing import draw_texts
from pipeline.train.phi_pipeline import make_example, make_pipeline, write_pipeline
from pipeline.train.phi_plain import PlainReports
from pipeline.train.phi_text import TaggedText, read_tagged

_WARMUP: Final = 200


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
    optimizer = Adam(
        learn_rate=options.learning_rate, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0,
        use_averages=True,
    )  # fmt: skip
    texts = draw_texts(
        notes, options.lists, options.plain, options.plain_share, options.unchanged, rng
    )
    loss, tokens = 0.0, 0
    for step, batch in zip(
        range(1, options.steps + 1),
        _batches(nlp, texts, options.batch_tokens),
        strict=False,
    ):
        optimizer.learn_rate = _learning_rate(step, options)
        losses = nlp.update(batch, sgd=optimizer, drop=options.dropout)
        loss += float(losses["ner"])
        tokens += sum(len(example) for example in batch)
        if report is not None and step % 100 == 0:
            report(step, loss / tokens)
            loss, tokens = 0.0, 0
    with nlp.use_params(optimizer.averages):
        write_pipeline(nlp, labels, options.out, options.margin)
    return options.out


def _batches(nlp: Language, texts: Iterator[TaggedText], tokens: int) -> Iterator[list[Example]]:
    batch: list[Example] = []
    size = 0
    for text in texts:
        if not text.text.strip():
            continue
        batch.append(make_example(nlp, text))
        size += len(batch[-1])
        if size >= tokens:
            yield batch
            batch, size = [], 0


def _learning_rate(step: int, options: PhiTraining) -> float:
    warmup = min(_WARMUP, options.steps)
    rising = step / warmup
    falling = (options.steps - step + 1) / max(1, options.steps - warmup)
    return options.learning_rate * min(1.0, rising, falling)
