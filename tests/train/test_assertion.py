"""Tests of training the network of assertions, on an encoder of two layers."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from pipeline.context.assertion import Asserter, load_asserter
from pipeline.context.assertion_rules import load_assertion_rules
from pipeline.context.sections import find_sections
from pipeline.encoder._assertion import AssertionNetwork, load_network, write_network
from pipeline.encoder._hf import layer_weights, lower_states, pad
from pipeline.errors import InputError, SetupError
from pipeline.evaluate.assertion_gold import AssertionDocument
from pipeline.evaluate.seen import TRAINING_DOCUMENTS
from pipeline.extract.bert import load_bert
from pipeline.fingerprint import hash_model
from pipeline.note import Assertion, Mention, Note
from pipeline.train.assertion import AssertionTraining, encode_documents, train_assertion
from pipeline.train.assertion_windows import mark_documents
from tests.train.tiny import write_encoder

CPU = torch.device("cpu")
SENTENCES = [("fever today", "present"), ("maybe a fever", "possible"), ("fever zzz", "absent"),
             ("aunt: fever", "family")]  # fmt: skip


def write_gold(path: Path, copies: int = 12) -> Path:
    rows = []
    for number in range(copies):
        text, entities = "", []
        for sentence, status in SENTENCES[number % 4 :] + SENTENCES[: number % 4]:
            start = len(text) + sentence.index("fever")
            entities.append(
                {"start": start, "end": start + 5, "label": "SYMPTOM", "assertion": status}
            )
            text += f"{sentence}.\n"
        rows.append(json.dumps({"note_id": f"n{number}", "text": text, "entities": entities}))
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> AssertionTraining:
    folder = tmp_path_factory.mktemp("assertion")
    encoder = write_encoder(folder / "bert")
    (encoder / TRAINING_DOCUMENTS).write_text("other\n")
    return AssertionTraining(
        out=folder / "model",
        corpora=(write_gold(folder / "gold.jsonl"),),
        encoder=encoder,
        depth=1,
        copies=1,
        size=16,
        layers=1,
        epochs=60,
        learning_rate=1e-2,
        batch_pieces=64,
        averaged=0.5,
    )


@pytest.fixture(scope="module")
def asserter(options: AssertionTraining) -> Asserter:
    return load_asserter(train_assertion(options), hash_model(options.encoder), CPU)


def statuses(asserter: Asserter, options: AssertionTraining, text: str) -> list[tuple[str, float]]:
    note = Note("1", text)
    (encoded,) = load_bert(options.encoder, device="cpu").encode([note], asserter.depth)
    mentions = [Mention(m.start(), m.end(), "SYMPTOM") for m in re.finditer("fever", text)]
    sections = find_sections(text)
    verdicts = load_assertion_rules().find_verdicts(note, mentions, sections)
    said = asserter.assert_mentions(encoded, mentions, sections, verdicts)
    return [(assertion.status, assertion.score) for assertion in said]


TEXT = "".join(f"{sentence}.\n" for sentence, _ in SENTENCES)


def test_it_learns_what_rules_do_not_know(asserter: Asserter, options: AssertionTraining) -> None:
    found = statuses(asserter, options, TEXT)

    assert [status for status, _ in found] == [status for _, status in SENTENCES]


def test_a_note_of_many_windows_is_read_whole(
    asserter: Asserter, options: AssertionTraining
) -> None:
    assert len(statuses(asserter, options, TEXT * 90)) == 360
    assert statuses(asserter, options, "") == []


def test_another_encoder_is_refused(asserter: Asserter, options: AssertionTraining) -> None:
    with pytest.raises(SetupError, match="another BERT"):
        load_asserter(options.out, "0" * 64, CPU)
    assert asserter.network.config.encoder == hash_model(options.encoder)


def test_the_documents_seen_are_listed(asserter: Asserter, options: AssertionTraining) -> None:
    listed = (options.out / TRAINING_DOCUMENTS).read_text().split()

    assert listed == sorted(f"n{number}" for number in range(12))
    assert asserter.depth == 1


def test_the_same_seed_gives_the_same_weights(
    asserter: Asserter, options: AssertionTraining, tmp_path: Path
) -> None:
    again = train_assertion(replace(options, out=tmp_path / "again"))

    weights = [load_network(f, CPU).state_dict() for f in (options.out, again)]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
    assert asserter.network.config == load_network(again, CPU).config


def test_gold_without_mentions_is_refused(options: AssertionTraining, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"note_id": "n", "text": "Well.", "entities": []}))

    with pytest.raises(InputError, match="hold no mention"):
        train_assertion(replace(options, corpora=(gold,), out=tmp_path / "model"))


def test_an_encoder_that_has_seen_the_held_out_fold_is_refused(
    options: AssertionTraining, tmp_path: Path
) -> None:
    folds = tmp_path / "folds.json"
    folds.write_text(json.dumps({"folds": {"n1": 0}, "near_duplicates_of_fold": {"0": []}}))
    encoder = write_encoder(tmp_path / "bert")
    (encoder / TRAINING_DOCUMENTS).write_text("n1\n")

    with pytest.raises(SetupError):
        train_assertion(replace(options, folds=folds, encoder=encoder, out=tmp_path / "model"))


def test_held_out_documents_are_not_trained_on(options: AssertionTraining, tmp_path: Path) -> None:
    folds = tmp_path / "folds.json"
    folds.write_text(
        json.dumps(
            {
                "folds": {f"n{number}": 0 for number in range(12)},
                "near_duplicates_of_fold": {"0": []},
            }
        )
    )

    with pytest.raises(InputError, match="no document is left"):
        train_assertion(replace(options, folds=folds, out=tmp_path / "model"))


@pytest.mark.parametrize("damage", ["config.json", "model.safetensors"])
def test_a_damaged_folder_is_refused(
    asserter: Asserter, options: AssertionTraining, tmp_path: Path, damage: str
) -> None:
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((options.out / name).read_bytes())
    (tmp_path / damage).write_bytes(b"{}")

    with pytest.raises(SetupError, match="missing, damaged or of another version"):
        load_network(tmp_path, CPU)
    assert asserter.depth == 1


def test_copied_layers_compute_what_the_encoders_do(options: AssertionTraining) -> None:
    bert = load_bert(options.encoder, device="cpu")
    heads = bert.classifier.model.base_model.encoder.layer[1].attention.self
    with torch.no_grad():  # so that it matters which word looks at which
        heads.query.weight.mul_(30)
        heads.key.weight.mul_(30)
    lower, upper = (bert.encode([Note("1", TEXT)], depth)[0].windows for depth in (1, 2))
    layer = torch.nn.TransformerEncoderLayer(
        32, 2, 128, activation="gelu", layer_norm_eps=1e-12, batch_first=True
    )
    layer.load_state_dict(layer_weights(bert.classifier.model, 1))
    layer.eval()

    with torch.inference_mode():
        for window, encoded in lower.items():
            states = layer(encoded.states[None].float())[0]
            torch.testing.assert_close(states.half(), upper[window].states, atol=1e-2, rtol=1e-2)


def test_a_network_is_read_as_it_was_written(asserter: Asserter, tmp_path: Path) -> None:
    torch.manual_seed(5)
    network = AssertionNetwork(asserter.network.config)
    with torch.no_grad():  # rows of very different size
        network.copies[0].linear1.weight.mul_(torch.logspace(-2, 0, 128)[:, None])
    write_network(network, tmp_path)
    stored = load_file(tmp_path / "model.safetensors")
    read = load_network(tmp_path, CPU).state_dict()

    assert {t.dtype for t in stored.values()} == {torch.int8, torch.float16, torch.float32}
    for name, tensor in network.state_dict().items():
        error = (read[name] - tensor).abs()
        if name.startswith("copies.") and tensor.ndim == 2:
            assert (error <= tensor.abs().amax(dim=1, keepdim=True) / 253).all()
        else:
            assert (error <= tensor.abs() / 1000 + 1e-6).all()


def test_lower_states_are_those_that_are_read_in_use(options: AssertionTraining) -> None:
    bert = load_bert(options.encoder, device="cpu")
    (encoded,) = bert.encode([Note("1", TEXT)], 1)
    ((window, read),) = encoded.windows.items()
    pieces = bert.classifier.pieces
    rows = [(pieces.cls, *window.ids, pieces.sep), (pieces.cls, *window.ids[:3], pieces.sep)]
    model = bert.classifier.model
    ids, attention = pad(rows, pieces.pad)

    states = lower_states(model, ids, attention, torch.zeros_like(ids), 1)

    torch.testing.assert_close(states[0].half(), read.states, atol=2e-3, rtol=2e-3)
    alone, whole = pad(rows[1:], pieces.pad)
    short = lower_states(model, alone, whole, torch.zeros_like(alone), 1)
    torch.testing.assert_close(states[1, :5], short[0], atol=1e-5, rtol=1e-5)


def test_what_is_said_does_not_depend_on_the_batch(
    asserter: Asserter, options: AssertionTraining
) -> None:
    bert = load_bert(options.encoder, device="cpu")
    texts = [TEXT, SENTENCES[0][0]]
    documents = [
        AssertionDocument(
            Note("1", text),
            tuple(
                Mention(m.start(), m.end(), "SYMPTOM", assertion=Assertion("present", 1.0))
                for m in re.finditer("fever", text)
            ),
        )
        for text in texts
    ]
    states = encode_documents(documents, bert, asserter.depth)
    windows = [w.window for note in mark_documents(documents, bert) for w in note]

    with torch.inference_mode():
        read = [states[window.pieces] for window in windows]
        together = asserter.network(windows, read)
        alone = [asserter.network([w], [s]) for w, s in zip(windows, read, strict=True)]
    assert len(windows) == 2
    torch.testing.assert_close(together, torch.cat(alone), atol=1e-4, rtol=1e-4)


def test_more_copies_than_layers_are_refused(options: AssertionTraining, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="has 2 layers"):
        train_assertion(replace(options, copies=2, out=tmp_path / "model"))
