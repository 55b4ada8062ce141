"""Tests of fine-tuning: a tiny random BERT learns a dozen invented sentences."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForTokenClassification

from pipeline.encoder._hf import WordPieces, write_classifier
from pipeline.errors import InputError, SetupError
from pipeline.extract.bert import load_bert
from pipeline.note import Note
from pipeline.resources import data_path
from pipeline.train import bert
from pipeline.train.bert import LABELS, BertTraining, train_bert

SENTENCES = [
    ("He has asthma.", "asthma", "DISEASE"),
    ("She has gout.", "gout", "DISEASE"),
    ("Known diabetes mellitus.", "diabetes mellitus", "DISEASE"),
    ("He reports fever.", "fever", "SYMPTOM"),
    ("She denies nausea.", "nausea", "SYMPTOM"),
    ("Back pain again.", "Back pain", "SYMPTOM"),
    ("Started aspirin.", "aspirin", "TREATMENT"),
    ("Took warfarin daily.", "warfarin", "TREATMENT"),
    ("Knee surgery went well.", "Knee surgery", "TREATMENT"),
]


@pytest.fixture
def options(tmp_path: Path) -> BertTraining:
    """Write a tiny encoder, a corpus and its folds."""
    torch.manual_seed(0)
    config = BertConfig(vocab_size=30522, hidden_size=32, num_hidden_layers=2,
                        num_attention_heads=2, intermediate_size=64,
                        id2label=dict(enumerate(LABELS)))  # fmt: skip
    tokenizer = Tokenizer.from_file(str(data_path("models", "bert") / "tokenizer.json"))
    write_classifier(BertForTokenClassification(config), WordPieces(tokenizer), tmp_path / "tiny")
    with (tmp_path / "gold.jsonl").open("w", encoding="utf-8") as file:
        for number, (text, mention, label) in enumerate(SENTENCES):
            start = text.index(mention)
            entity = {"start": start, "end": start + len(mention), "label": label}
            row = {"note_id": f"n{number}", "text": text, "entities": [entity]}
            file.write(json.dumps(row) + "\n")
    folds = {"folds": {"n0": 0, "n1": 1, "n2": 2}, "near_duplicates_of_fold": {"0": ["n1"]}}
    (tmp_path / "folds.json").write_text(json.dumps(folds), encoding="utf-8")
    return BertTraining(
        out=tmp_path / "out",
        corpora=(tmp_path / "gold.jsonl",),
        encoder=tmp_path / "tiny",
        epochs=3,
        learning_rate=5e-3,
        layer_decay=1.0,
        head_factor=1.0,
        batch_pieces=64,
        window=32,
        device="cpu",
    )


def test_training_learns_and_exports(
    options: BertTraining, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="pipeline.train.bert"):
        folder = train_bert(replace(options, epochs=30))

    losses = [record.args[2] for record in caplog.records if record.msg.startswith("epoch %d of")]
    assert losses[-1] < losses[0] / 4
    text = "Known diabetes mellitus. He reports fever."
    (mentions,) = load_bert(folder, device="cpu").annotate([Note("1", text)])
    assert [(text[m.start : m.end], m.label) for m in mentions] == [
        ("diabetes mellitus", "DISEASE"),
        ("fever", "SYMPTOM"),
    ]
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
        "training_documents.txt",
    ]  # fmt: skip


def test_the_held_out_fold_and_its_near_duplicates_are_not_trained_on(
    options: BertTraining, tmp_path: Path
) -> None:
    folder = train_bert(replace(options, epochs=1, folds=tmp_path / "folds.json"))

    trained = (folder / "training_documents.txt").read_text(encoding="utf-8").split()
    assert trained == ["n2", "n3", "n4", "n5", "n6", "n7", "n8"]


def test_a_stopped_run_goes_on_as_if_never_stopped(
    options: BertTraining, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = train_bert(options)
    with monkeypatch.context() as patch:
        train_epoch = bert._Run.train_epoch

        def stop_at_the_third(run: bert._Run, epoch: int) -> float:
            if epoch == 2:
                raise KeyboardInterrupt
            return train_epoch(run, epoch)

        patch.setattr(bert._Run, "train_epoch", stop_at_the_third)
        stopped = replace(options, out=tmp_path / "stopped")
        with pytest.raises(KeyboardInterrupt):
            train_bert(stopped)

    resumed = train_bert(replace(stopped, resume=True))

    weights = [folder / "model.safetensors" for folder in (whole, resumed)]
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_without_a_checkpoint_resuming_begins_anew(options: BertTraining, tmp_path: Path) -> None:
    begun = train_bert(replace(options, epochs=1))
    resumed = train_bert(replace(options, epochs=1, out=tmp_path / "resumed", resume=True))

    weights = [folder / "model.safetensors" for folder in (begun, resumed)]
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_the_fold_must_exist(options: BertTraining, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no fold 7"):
        train_bert(replace(options, folds=tmp_path / "folds.json", held_out=7))


def test_a_missing_encoder_is_explained(options: BertTraining, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(SetupError, match="can't be loaded as a BERT token classifier"):
        train_bert(replace(options, encoder=tmp_path / "empty"))


@pytest.mark.parametrize("changes", [{"weights": (1.0, 2.0)}, {"epochs": 0}, {"batch_pieces": 20}])
def test_options_check_themselves(options: BertTraining, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"give one each|training needs"):
        replace(options, **changes)  # type: ignore[arg-type]
