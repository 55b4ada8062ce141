"""Tests of fine-tuning the BERT recogniser of PHI: a tiny random one sees three invented notes."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertForTokenClassification

from pipeline.deid.bert import OUTSIDE, load_phi_bert
from pipeline.deid.labels import LABELS
from pipeline.encoder._hf import WordPieces, write_classifier
from pipeline.errors import InputError, SetupError
from pipeline.note import Note, Span
from pipeline.resources import data_path
from pipeline.train import phi_bert
from pipeline.train.examples import NO_WORD
from pipeline.train.phi_bert import PhiBertTraining, make_phi_examples, train_phi_bert
from pipeline.train.phi_plain import PlainReports
from pipeline.train.phi_text import TaggedText
from tests.train.lists import write_doctors, write_lists

CLASSES = (OUTSIDE, *LABELS)
OUT, DOCTOR, CITY = (1 << CLASSES.index(name) for name in (OUTSIDE, "DOCTOR", "CITY"))
PIECES = WordPieces(Tokenizer.from_file(str(data_path("models", "bert") / "tokenizer.json")))


def write_encoder(folder: Path) -> Path:
    torch.manual_seed(0)
    config = BertConfig(vocab_size=30522, hidden_size=16, num_hidden_layers=2,
                        num_attention_heads=2, intermediate_size=32,
                        max_position_embeddings=256, id2label=dict(enumerate(CLASSES)))  # fmt: skip
    write_classifier(BertForTokenClassification(config), PIECES, folder)
    return folder


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> PhiBertTraining:
    folder = tmp_path_factory.mktemp("training")
    texts = [
        ("Dr. ", "Okonjo", " saw him. Foley in place, BP 120/80."),
        ("Seen by Dr. ", "Rastogi", " today; no fever, no cough."),
        ("Dr. ", "Svensen", " will follow. Continue aspirin 81 mg."),
    ]
    pq.write_table(
        pa.table({"note_id": ["a", "b"], "text": ["No pain.\nGait is steady.", None]}),
        folder / "plain.parquet",
    )
    return PhiBertTraining(
        notes=(write_doctors(folder / "notes.jsonl", texts),),
        lists=write_lists(folder),
        out=folder / "out",
        plain=PlainReports(folder / "plain.parquet"),
        encoder=write_encoder(folder / "tiny"),
        steps=3,
        batch_pieces=256,
        device="cpu",
    )


@pytest.fixture(autouse=True)
def few_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phi_bert, "_BATCHES_DRAWN", 2)


def test_a_few_steps_write_a_model_that_loads(options: PhiBertTraining) -> None:
    folder = train_phi_bert(options)

    assert folder == options.out
    assert sorted(path.name for path in folder.iterdir()) == [
        "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
    ]  # fmt: skip
    bert = load_phi_bert(folder, device="cpu")
    assert bert.classifier.labels == CLASSES
    assert bert.classifier.model.config.type_vocab_size == 4  # one for each way of writing
    assert len(bert.annotate([Note("1", "Dr. Okonjo saw him.")])) == 1


def test_the_same_seed_writes_the_same_model(options: PhiBertTraining, tmp_path: Path) -> None:
    one, same, other = (
        train_phi_bert(replace(options, out=tmp_path / name, steps=1, seed=seed))
        for name, seed in (("one", 5), ("same", 5), ("other", 6))
    )

    weights = [(folder / "model.safetensors").read_bytes() for folder in (one, same, other)]
    assert weights[0] == weights[1]
    assert weights[0] != weights[2]


def test_training_learns(options: PhiBertTraining, tmp_path: Path) -> None:
    losses: list[tuple[int, float]] = []
    options = replace(
        options, out=tmp_path, plain=None, steps=150, learning_rate=2e-2, layer_decay=1.0,
        head_factor=1.0, unchanged=1.0,
    )  # fmt: skip

    folder = train_phi_bert(options, lambda step, loss: losses.append((step, loss)))

    assert [step for step, _ in losses] == [50, 100, 150]
    assert losses[2][1] < losses[0][1] / 4
    text = "Seen by Dr. Rastogi today; no fever, no cough."
    (spans,) = load_phi_bert(folder, device="cpu").annotate([Note("1", text)])
    assert [(text[s.start : s.end], s.label) for s in spans] == [("Rastogi", "DOCTOR")]


def examples(text: TaggedText, limit: int = 254) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(e.targets, e.types) for e in make_phi_examples(text, PIECES, limit)]


def test_parts_have_the_target_of_their_span() -> None:
    text = TaggedText("By Ada Lee of Boston.", (Span(3, 10, "DOCTOR"), Span(14, 20, "CITY")))

    assert examples(text) == [((OUT, DOCTOR, DOCTOR, OUT, CITY, OUT), (1, 1, 1, 0, 1, 0))]


def test_only_first_pieces_count_and_all_have_the_case() -> None:
    (pieces,) = PIECES.encode(["OKONJO"], 254).values()
    (example,) = make_phi_examples(TaggedText("OKONJO", (Span(0, 6, "DOCTOR"),)), PIECES, 254)

    assert len(pieces) > 1
    assert example.pieces == pieces
    assert example.targets == (DOCTOR, *(NO_WORD,) * (len(pieces) - 1))
    assert example.types == (2,) * len(pieces)


def test_a_part_that_shares_a_character_belongs_to_the_span() -> None:
    assert examples(TaggedText("lee lee lee", (Span(1, 5, "CITY"),)))[0][0] == (CITY, CITY, OUT)
    assert examples(TaggedText("lee lee", (Span(3, 4, "CITY"),)))[0][0] == (OUT, OUT)


def test_unknown_parts_are_left_out_unless_they_are_tagged() -> None:
    text = TaggedText("no no lee lee", (Span(6, 9, "CITY"),), ((3, 13),))

    assert examples(text)[0][0] == (OUT, NO_WORD, CITY, NO_WORD)


@pytest.mark.parametrize("text", ["", "  \n", "\x00\u200b", "\ud800"])
def test_texts_without_pieces_give_nothing(text: str) -> None:
    assert examples(TaggedText(text, ())) == []


def test_windows_hold_every_piece_once() -> None:
    text = TaggedText("Seen by Ada today. " * 20, tuple(
        Span(n * 19 + 8, n * 19 + 11, "DOCTOR") for n in range(20)
    ))  # fmt: skip
    whole = examples(text)
    cut = examples(text, 12)

    assert max(len(targets) for targets, _ in cut) <= 12
    assert sum((targets for targets, _ in cut), ()) == sum((targets for targets, _ in whole), ())
    assert sum((targets.count(DOCTOR) for targets, _ in cut), 0) == 20


def test_targets_take_linear_time() -> None:
    parts = [(n * 2, n * 2 + 1) for n in range(60_000)]
    spans = tuple(Span(n * 2, n * 2 + 1, "CITY") for n in range(0, 60_000, 3))
    text = TaggedText("a " * 60_000, spans, tuple((n * 2, n * 2 + 2) for n in range(0, 60_000, 4)))
    begun = time.process_time()

    targets = phi_bert._part_targets(text, parts)

    assert time.process_time() - begun < 3
    assert targets[:9] == [CITY, OUT, OUT, CITY, NO_WORD, OUT, CITY, OUT, NO_WORD]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [("", "holds no document"), ('{"text": " ", "spans": []}\n', "no gold note with a text")],
)
def test_without_text_there_is_nothing_to_learn(
    options: PhiBertTraining, tmp_path: Path, rows: str, problem: str
) -> None:
    (tmp_path / "notes.jsonl").write_text(rows)

    with pytest.raises(InputError, match=problem):
        train_phi_bert(replace(options, notes=(tmp_path / "notes.jsonl",), out=tmp_path / "out"))


def test_without_a_report_to_learn_from_it_is_said(options: PhiBertTraining) -> None:
    assert options.plain is not None
    plain = replace(options.plain, excluded=frozenset("a"))

    with pytest.raises(InputError, match="has no text but of excluded notes"):
        train_phi_bert(replace(options, plain=plain))


def test_a_missing_encoder_is_explained(options: PhiBertTraining, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="can't be loaded as a BERT token classifier"):
        train_phi_bert(replace(options, encoder=tmp_path))


@pytest.mark.parametrize(
    "changes", [{"steps": 0}, {"batch_pieces": 255}, {"warmup": 0.0}, {"unchanged": 1.5},
                {"plain_share": -0.1}],
)  # fmt: skip
def test_options_check_themselves(options: PhiBertTraining, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"a step and batches of 256|shares of 1"):
        replace(options, **changes)
