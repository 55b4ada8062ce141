"""Train the network that reads assertions off the shared encoder's states."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import torch
from torch.nn.functional import cross_entropy

from pipeline.encoder._assertion import EPSILON, AssertionNetwork, write_network
from pipeline.encoder._hf import TokenClassifier, layer_weights, lower_states, pad
from pipeline.encoder.classification import Window, open_windows
from pipeline.errors import InputError, SetupError
from pipeline.evaluate.assertion_gold import AssertionDocument, read_assertions
from pipeline.evaluate.seen import add_ids
from pipeline.extract.bert import BertAnnotator, load_bert
from pipeline.fingerprint import hash_model
from pipeline.train.assertion_windows import (
    DEPTH,
    AssertedWindow,
    make_config,
    mark_documents,
    unmark,
)
from pipeline.train.corpora import is_kept, read_held_out
from pipeline.train.examples import batch_by_length
from pipeline.train.fitting import RunningMean, share_of_peak
from pipeline.train.near_duplicates import find_near_duplicates
from pipeline.train.teachers import read_seen_documents

States = Mapping[Window, torch.Tensor]
"""Window to what a layer of the encoder makes of it, shape (pieces + 2, width)."""

_TEMPERATURES = [step / 20 for step in range(10, 61)]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AssertionTraining:
    """How to train.

    Attributes:
        out: Folder for the network.
        corpora: Gold with assertions, as :func:`read_assertions` reads it.
        encoder: Folder of the token classifier whose states are read.
        folds: A JSON file of folds, as :class:`pipeline.train.corpora.Sources` has it.
        held_out: The fold whose documents and near-duplicates are never trained on.
        dev_share: The share of documents that is kept to calibrate; with the encoder's own share
            they are those that it was not trained on, either.
        depth: The encoder's layer that is read.
        copies: How many of the layers above it are copied and trained on.
        size: Of the network's own states.
        layers: Of the network's own.
        epochs: Passes over the documents.
        learning_rate: Its peak; it rises over the first tenth of the steps and falls to zero.
        copies_rate: The same for the copies.
        batch_pieces: Word pieces in a batch.
        masked: The share of pieces hidden from the encoder, those that open and close a window
            among them; beside its dropout, so that the network doesn't rely on what the encoder
            knows of the very documents it learned from.
        unmarked: The share of windows from which the rules' marks are taken away, so that the
            network also reads by itself.
        averaged: What each step keeps of the running mean of the weights that is written.
        seed: Of every random choice.
        threads: CPU threads; None leaves them as they are.
    """

    out: Path
    corpora: tuple[Path, ...]
    encoder: Path
    folds: Path | None = None
    held_out: int = 0
    dev_share: float = 0.08
    depth: int = DEPTH
    copies: int = 2
    size: int = 192
    layers: int = 2
    epochs: int = 4
    learning_rate: float = 1e-3
    copies_rate: float = 2e-4
    batch_pieces: int = 2048
    masked: float = 0.1
    unmarked: float = 0.2
    averaged: float = 0.99
    seed: int = 1
    threads: int | None = None

    def __post_init__(self) -> None:
        if min(self.epochs, self.size, self.layers, self.batch_pieces) < 1:
            raise ValueError("training needs at least 1 epoch, layer, piece and state")
        if min(self.depth, self.copies) < 0:
            raise ValueError("the layer that is read and the copies of others are 0 or more")
        if not (0 <= self.unmarked <= 1 and 0 <= self.masked < 1):
            raise ValueError("unmarked and masked are shares of 1")
        if not (0 <= self.averaged < 1 and 0 <= self.dev_share < 1):
            raise ValueError("averaged and dev_share are shares below 1")


def train_assertion(options: AssertionTraining) -> Path:
    """Train, calibrate, and write the network and the ids of the documents it has seen.

    Returns:
        The folder ``options.out``.

    Raises:
        InputError: A corpus can't be read, or nothing is left to train on.
        SetupError: The encoder is missing, has too few layers, or has seen a document of the
            held-out fold.
    """
    if options.folds is not None:
        read_seen_documents(options.encoder, read_held_out(options.folds, options.held_out))
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    documents = read_assertion_documents(options)
    bert = load_bert(options.encoder, device="cpu")
    _check(bert, options)
    marked, kept = (
        [window for of_note in mark_documents(part, bert) for window in of_note]
        for part in (documents.train, documents.dev)
    )
    if not marked:
        raise InputError("the documents to train on hold no mention: give gold with assertions")
    network = fit_network(marked, bert, options)
    states = encode_documents(documents.dev, bert, options.depth)
    network = calibrate_network(network, kept, states)
    write_network(network, options.out)
    add_ids(options.out, (d.note.note_id for d in documents.train + documents.dev))
    return options.out


def _check(bert: BertAnnotator, options: AssertionTraining) -> None:
    """Make sure that the encoder has the layers to copy, and that they are BERT's own."""
    told = bert.classifier.model.config
    if options.depth + options.copies > told.num_hidden_layers:
        raise SetupError(
            f"the encoder in {options.encoder} has {told.num_hidden_layers} layers, and training"
            f" needs {options.depth + options.copies}: name a deeper one"
        )
    shape = (told.hidden_act, told.intermediate_size, told.layer_norm_eps)
    if options.copies and shape != ("gelu", 4 * told.hidden_size, EPSILON):
        raise SetupError(
            f"the layers of the encoder in {options.encoder} are not built as BERT's, so the"
            " network can't copy them: name another encoder"
        )


@dataclass(frozen=True, slots=True)
class AssertionDocuments:
    """Documents to learn from.

    Attributes:
        train: To fit on.
        dev: To calibrate by; no near-duplicate of one is in ``train``.
    """

    train: tuple[AssertionDocument, ...]
    dev: tuple[AssertionDocument, ...] = ()


def read_assertion_documents(options: AssertionTraining) -> AssertionDocuments:
    """Read the documents that may be trained on.

    Raises:
        InputError: A corpus can't be read, or nothing is left to train on.
    """
    documents = [d for path in options.corpora for d in read_assertions(path).documents]
    if options.folds is not None:
        forbidden = read_held_out(options.folds, options.held_out)
        held = [d for d in documents if d.note.note_id in forbidden]
        documents = _apart(documents, held)
    dev = [d for d in documents if is_kept(d.note.note_id, options.dev_share)]
    train = _apart(documents, dev)
    if not train:
        raise InputError("no document is left to train on: give corpora beside the held-out ones")
    return AssertionDocuments(tuple(train), tuple(dev))


def _apart(
    documents: Sequence[AssertionDocument], others: Sequence[AssertionDocument]
) -> list[AssertionDocument]:
    """Leave out the documents that are, or nearly are, one of the others."""
    ids = {document.note.note_id for document in others}
    near = find_near_duplicates(
        [document.note.text for document in documents], [other.note.text for other in others]
    )
    return [
        document
        for place, document in enumerate(documents)
        if document.note.note_id not in ids and place not in near
    ]


def encode_documents(
    documents: Sequence[AssertionDocument], bert: BertAnnotator, depth: int
) -> States:
    """Return what a layer of an encoder makes of the windows of documents."""
    states: dict[Window, torch.Tensor] = {}
    for document in documents:
        (encoded,) = bert.encode([document.note], depth)
        states |= {window: of.states for window, of in encoded.windows.items()}
    return states


def fit_network(
    windows: Sequence[AssertedWindow], bert: BertAnnotator, options: AssertionTraining
) -> AssertionNetwork:
    """Fit a network to windows.

    Args:
        windows: At least one.
        bert: Whose encoder is read, on the CPU; it learns nothing.
        options: How to train.
    """
    torch.manual_seed(options.seed)
    rng = Random(options.seed)
    network = _begin(bert, options)
    copied = [*network.copies.parameters()]
    own = [p for name, p in network.named_parameters() if not name.startswith("copies.")]
    optimizer = torch.optim.AdamW(
        [{"params": copied, "peak": options.copies_rate},
         {"params": own, "peak": options.learning_rate}],
        weight_decay=0.01,
    )  # fmt: skip
    mean = RunningMean(network, options.averaged)
    bert.classifier.model.train()
    for epoch in range(options.epochs):
        batches = batch_by_length(
            windows, lambda item: len(item.window.pieces), options.batch_pieces, rng
        )
        total = 0.0
        for step, batch in enumerate(batches):
            done = (epoch + (step + 1) / (len(batches) + 1)) / options.epochs
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * share_of_peak(done)
            targets = torch.tensor([t for item in batch for t in item.targets])
            marked = [unmark(item.window, options.unmarked, rng) for item in batch]
            states = _blurred([w.pieces for w in marked], bert.classifier, options)
            loss = cross_entropy(network(marked, states), targets)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            mean.update(network)
            total += loss.item()
        _LOG.info("epoch %d: loss %.4f", epoch + 1, total / len(batches))
    bert.classifier.model.eval()
    network.load_state_dict(mean.weights)
    return network.eval()


def _begin(bert: BertAnnotator, options: AssertionTraining) -> AssertionNetwork:
    """Make a network of random weights but for the copies of layers."""
    encoder, depth = hash_model(options.encoder), options.depth
    config = make_config(bert, encoder, depth, options.copies, options.size, options.layers)
    network = AssertionNetwork(config)
    for place, layer in enumerate(network.copies):
        layer.load_state_dict(layer_weights(bert.classifier.model, depth + place))
    return network.train()


def _blurred(
    windows: Sequence[Window], classifier: TokenClassifier, options: AssertionTraining
) -> list[torch.Tensor]:
    """Compute what the encoder makes of windows with dropout and hidden pieces."""
    pieces = classifier.pieces
    opened, kinds = open_windows(windows, pieces)
    (ids, attention), (types, _) = pad(opened, pieces.pad), pad(kinds, 0)
    hidden = (torch.rand(ids.shape) < options.masked) & (attention == 1)
    with torch.no_grad():
        ids = ids.masked_fill(hidden, pieces.mask)
        states = lower_states(classifier.model, ids, attention, types, options.depth)
    return [states[row, : len(window) + 2] for row, window in enumerate(windows)]


def predict(
    network: AssertionNetwork, windows: Sequence[AssertedWindow], states: States
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the logits of the mentions of windows, (mentions, statuses), and their targets."""
    with torch.inference_mode():
        logits = torch.cat(
            [network([item.window], [states[item.window.pieces]]) for item in windows]
        )
    return logits, torch.tensor([t for item in windows for t in item.targets])


def calibrate_network(
    network: AssertionNetwork, windows: Sequence[AssertedWindow], states: States
) -> AssertionNetwork:
    """Give a network the temperature under which windows it hasn't seen are most probable.

    Guo et al., 2017, "On Calibration of Modern Neural Networks".
    """
    if not windows:
        return network
    logits, targets = predict(network, windows, states)
    best = min(_TEMPERATURES, key=lambda t: cross_entropy(logits / t, targets).item())
    calibrated = AssertionNetwork(replace(network.config, temperature=best))
    calibrated.load_state_dict(network.state_dict())
    return calibrated.eval()
