"""The epochs of a fine-tuning: steps, the running mean, the best weights so far, checkpoints."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import torch

from pipeline.encoder._hf import TokenClassifier, WordPieces
from pipeline.encoder.device import choose_autocast, choose_device
from pipeline.errors import SetupError
from pipeline.extract.bert import WINDOW, BertAnnotator
from pipeline.extract.bio import Scheme
from pipeline.extract.gazetteer import N_TYPES, Gazetteer
from pipeline.link.clinical_abbreviations import load_abbreviations
from pipeline.train.corpora import TrainingDocuments
from pipeline.train.development import score_development
from pipeline.train.examples import Example, Variation, make_batches, make_examples
from pipeline.train.fitting import (
    RunningMean,
    make_optimizer,
    share_of_peak,
    token_loss,
    widen_types,
)
from pipeline.train.names import read_names
from pipeline.train.rewriting import Rewriting
from pipeline.train.teachers import load_teachers

if TYPE_CHECKING:
    from pipeline.train.bert import BertTraining

CLASSES = ("O", "B-DISEASE", "I-DISEASE", "B-SYMPTOM", "I-SYMPTOM", "B-TREATMENT", "I-TREATMENT")

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Progress:
    """How far a run has come, and its best weights so far."""

    epochs: int = 0
    waited: int = 0
    score: float = -1.0
    best: dict[str, torch.Tensor] = field(default_factory=dict)


class FineTuning:
    """A training run: its model, how far it has come, its checkpoint.

    Attributes:
        model: A token classifier of ``CLASSES``.
        pieces: Its word pieces.
        gazetteer: Names that it is told of.
        progress: How far the run has come.
        teachers: Whose opinion counts beside the gold, or None.
    """

    def __init__(
        self,
        options: BertTraining,
        model: Any,
        pieces: WordPieces,
        documents: TrainingDocuments,
        gazetteer: Gazetteer,
    ) -> None:
        self.options = options
        self.gazetteer = gazetteer
        if gazetteer.names:
            widen_types(model, N_TYPES)
        self.device = choose_device(options.device)
        self.model = model.to(self.device)
        self.pieces = pieces
        self.window = min(options.window, int(model.config.max_position_embeddings) - 2)
        self.documents = documents
        self.teachers = load_teachers(
            options.teachers,
            options.taught,
            pieces,
            gazetteer,
            CLASSES,
            documents.forbidden,
            self.device,
        )
        if options.from_teachers and self.teachers is not None:
            model.load_state_dict(self.teachers.mean_weights(model))
        self.variation = Variation(
            rewriting=Rewriting(read_names(options.terms), load_abbreviations())
            if options.terms
            else None
        )
        self.optimizer = make_optimizer(
            model,
            options.learning_rate,
            options.layer_decay,
            options.head_factor,
            options.weight_decay,
        )
        self.peaks = [group["lr"] for group in self.optimizer.param_groups]
        self.mean = RunningMean(model, options.averaged)
        self.progress = _Progress()

    def batches(self) -> list[list[Example]]:
        """Return an epoch's batches: all documents, changed anew and cut anew."""
        rng = Random(f"{self.options.seed} {self.progress.epochs}")
        limit = self.window
        examples = [
            example
            for document in self.documents.train
            for example in make_examples(
                document,
                CLASSES,
                lambda words: self.pieces.encode(words, limit),
                limit,
                self.variation,
                rng,
                self.gazetteer,
            )
        ]
        return make_batches(examples, self.options.batch_pieces, rng)

    def train_epoch(self) -> None:
        """Train one epoch, and see whether it was the best so far."""
        epoch = self.progress.epochs
        torch.manual_seed(self.options.seed * 1000 + epoch)
        batches = self.batches()
        self.model.train()
        total = 0.0
        for step, batch in enumerate(batches):
            total += self.train_step(
                batch, (epoch + (step + 1) / (len(batches) + 1)) / self.options.epochs
            )
            if step % 20 == 19:
                _LOG.info(
                    "epoch %d, step %d of %d: loss %.4f",
                    epoch + 1, step + 1, len(batches), total / (step + 1),
                )  # fmt: skip
        _LOG.info("epoch %d: loss %.4f", epoch + 1, total / len(batches))
        self.progress.epochs += 1
        self.judge()

    def train_step(self, batch: list[Example], done: float) -> float:
        """Change the weights by one batch, ``done`` of the run being over; return its loss."""
        for group, peak in zip(self.optimizer.param_groups, self.peaks, strict=True):
            group["lr"] = peak * share_of_peak(done)
        kind = choose_autocast(self.device)
        kind = kind if kind == torch.bfloat16 else None  # float16's gradients would vanish
        with torch.autocast(self.device.type, kind) if kind else nullcontext():
            loss = token_loss(
                self.model, self.pieces, batch, self.options.masked, self.device, self.teachers
            )
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.options.clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.mean.update(self.model)
        return loss.item()

    def judge(self) -> None:
        """Keep the averaged weights if no epoch's were better on the development documents."""
        score, now = 0.0, self.mean.weights
        if self.documents.dev:
            last = {name: tensor.clone() for name, tensor in self.model.state_dict().items()}
            self.model.load_state_dict(now)
            score = score_development(self.annotator(), self.documents.dev)
            self.model.load_state_dict(last)
            _LOG.info("epoch %d: F1 %.4f on %d documents", self.progress.epochs, score,
                      len(self.documents.dev))  # fmt: skip
        better = not self.documents.dev or score > self.progress.score
        self.progress.waited = 0 if better else self.progress.waited + 1
        if better:
            self.progress.score = score
            self.progress.best = {name: tensor.clone() for name, tensor in now.items()}

    def annotator(self) -> BertAnnotator:
        """Return the model as it is now as an annotator."""
        self.model.eval()
        limit = int(self.model.config.max_position_embeddings)
        classifier = TokenClassifier(self.model, self.pieces, CLASSES, limit, self.device)
        size = 1 if self.device.type == "cpu" else self.options.batch_pieces
        return BertAnnotator(
            classifier,
            Scheme(CLASSES),
            min(self.window, WINDOW),
            size,
            gazetteer=self.gazetteer,
        )

    def load_best(self) -> None:
        """Give the model the weights of the best epoch."""
        self.model.load_state_dict(self.progress.best)

    def save(self, path: Path) -> None:
        """Write a checkpoint."""
        temporary = path.with_suffix(".tmp")
        torch.save(
            {
                "model": self.model.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "mean": self.mean.state(),
                "options": _written(self.options),
                "progress": {name: getattr(self.progress, name) for name in _Progress.__slots__},
            },
            temporary,
        )
        temporary.replace(path)

    def restore(self, path: Path) -> None:
        """Load a checkpoint.

        Raises:
            SetupError: It comes from a run with other options.
        """
        state = torch.load(path, map_location=self.device, weights_only=True)
        if state["options"] != _written(self.options):
            raise SetupError(
                f"{path} was begun with other options: resume with the same, or take it away"
            )
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.mean.restore(state["mean"])
        self.progress = _Progress(**state["progress"])


def _written(options: BertTraining) -> str:
    """Write down what makes a run the same run."""
    return repr(replace(options, threads=None, device="", resume=False))
