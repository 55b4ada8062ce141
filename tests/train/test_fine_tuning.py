"""Tests of the epochs of a fine-tuning; the development score is planned, the encoder tiny."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from pipeline.encoder._hf import load_encoder
from pipeline.errors import SetupError
from pipeline.extract.gazetteer import NO_NAMES, Gazetteer
from pipeline.train import fine_tuning
from pipeline.train.bert import BertTraining, train_bert
from pipeline.train.corpora import Sources, read_training_documents
from pipeline.train.fine_tuning import CLASSES, FineTuning
from tests.train.tiny import write_encoder, write_gold

NOTES = [
    "He has {DISEASE asthma}. Seen by Dr. Byrd on 3/14/2019.",
    "She has {DISEASE gout} and took {TREATMENT aspirin}.",
    "Known {DISEASE diabetes mellitus}. He reports {SYMPTOM fever}.",
    "Started {TREATMENT warfarin}. The patient denies {SYMPTOM nausea}.",
    "{TREATMENT Knee surgery} went well. {SYMPTOM Back pain} again.",
    "Walks with a cane. Sleeps well.",
]


@pytest.fixture
def options(tmp_path: Path) -> BertTraining:
    """Name a tiny encoder and a dozen notes, some of them for development."""
    gold = write_gold(
        tmp_path / "gold.jsonl",
        [(f"n{number}", f"On day {number}: {NOTES[number % 6]}") for number in range(12)],
    )
    return BertTraining(
        out=tmp_path / "out",
        sources=Sources((gold,), dev_share=0.3),
        encoder=write_encoder(tmp_path / "tiny", size=8),
        epochs=6,
        learning_rate=1e-2,
        batch_pieces=66,
        window=64,
        device="cpu",
    )


def fine_tuning_of(options: BertTraining, gazetteer: Gazetteer = NO_NAMES) -> FineTuning:
    assert options.encoder is not None
    model, pieces = load_encoder(options.encoder, CLASSES)
    documents = read_training_documents(options.sources)
    return FineTuning(options, model, pieces, documents, gazetteer)


def weights_of(model: Any) -> dict[str, torch.Tensor]:
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def are_equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


class Judge:
    """Gives planned scores, and keeps the weights that it was shown."""

    def __init__(self, scores: Sequence[float]) -> None:
        """Take the scores of the epochs."""
        self.shown: list[dict[str, torch.Tensor]] = []
        self._scores = scores

    def __call__(self, annotator: Any, documents: Sequence[Any]) -> float:
        assert not annotator.classifier.model.training
        assert documents
        self.shown.append(weights_of(annotator.classifier.model))
        return self._scores[len(self.shown) - 1]


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    judge = Judge((0.3, 0.5, 0.4, 0.5, 0.9, 0.9))
    monkeypatch.setattr(fine_tuning, "score_development", judge)
    return judge


@pytest.mark.parametrize(("patience", "epochs", "best"), [(1, 3, 1), (2, 4, 1), (3, 6, 4)])
def test_training_ends_without_a_better_score_and_keeps_the_best(
    options: BertTraining, judge: Judge, patience: int, epochs: int, best: int
) -> None:
    """An equal score is no better one."""
    folder = train_bert(replace(options, patience=patience))

    assert len(judge.shown) == epochs
    written, _ = load_encoder(folder, CLASSES)
    halves = {name: tensor.half().float() for name, tensor in judge.shown[best].items()}
    assert are_equal(weights_of(written), halves)


def test_a_better_score_begins_the_wait_anew(
    options: BertTraining, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge((0.3, 0.2, 0.5, 0.4, 0.6, 0.1))
    monkeypatch.setattr(fine_tuning, "score_development", judge)

    written, _ = load_encoder(train_bert(replace(options, patience=2)), CLASSES)

    assert len(judge.shown) == 6
    assert torch.equal(written.classifier.bias, judge.shown[4]["classifier.bias"].half().float())


def test_the_averaged_weights_are_judged_and_the_last_are_trained_on(
    options: BertTraining, judge: Judge
) -> None:
    run = fine_tuning_of(options)
    judged_at: list[dict[str, torch.Tensor]] = []
    train_step = run.train_step

    def watched(*args: Any) -> float:
        if judge.shown and not judged_at:
            judged_at.append(weights_of(run.model))
        assert run.model.training  # with dropout, after a judgement too
        loss = train_step(*args)
        if not judge.shown:
            last.update(weights_of(run.model))
        return loss

    last: dict[str, torch.Tensor] = {}
    run.train_step = watched  # type: ignore[assignment, method-assign]
    run.train_epoch()
    mean = {name: tensor.clone() for name, tensor in run.mean.weights.items()}
    run.train_epoch()

    assert are_equal(judge.shown[0], mean)
    assert not are_equal(mean, last)
    assert are_equal(judged_at[0], last)


def test_without_development_documents_the_last_epoch_counts(
    options: BertTraining, judge: Judge
) -> None:
    options = replace(options, sources=replace(options.sources, dev_share=0.0), epochs=3)
    run = fine_tuning_of(options)
    for _ in range(3):
        run.train_epoch()
    mean = dict(run.mean.weights)
    run.load_best()

    assert judge.shown == []
    assert run.progress.waited == 0
    assert are_equal(weights_of(run.model), mean)


def test_the_rate_rises_over_a_tenth_of_the_run_and_falls_to_zero(options: BertTraining) -> None:
    run = fine_tuning_of(replace(options, layer_decay=1.0, head_factor=2.0))
    (batch, *_) = run.batches()
    rates = []
    for done in (0.05, 0.1, 0.55, 1.0):
        run.train_step(batch, done)
        rates.append(sorted({group["lr"] for group in run.optimizer.param_groups}))

    expected = [[0.005, 0.01], [0.01, 0.02], [0.005, 0.01], [0.0, 0.0]]
    assert [[pair[0], pair[-1]] for pair in rates] == [pytest.approx(pair) for pair in expected]


def test_a_run_begins_with_the_encoder_or_with_the_mean_of_its_teachers(
    options: BertTraining, tmp_path: Path
) -> None:
    teachers = tuple(write_encoder(tmp_path / name, size=8, seed=ord(name)) for name in "ab")
    for folder in teachers:
        (folder / "training_documents.txt").write_text("n1\n")
    options = replace(options, teachers=teachers)

    apart = fine_tuning_of(options)
    begun = fine_tuning_of(replace(options, from_teachers=True))

    assert begun.teachers is not None
    assert options.encoder is not None
    assert are_equal(weights_of(apart.model), weights_of(load_encoder(options.encoder, CLASSES)[0]))
    mean = begun.teachers.mean_weights(apart.model)
    assert are_equal(weights_of(begun.model), mean)
    assert are_equal(begun.mean.weights, mean)


def test_each_epoch_sees_all_documents_changed_anew(options: BertTraining) -> None:
    run = fine_tuning_of(options)

    def drawn() -> list[list[tuple[int, ...]]]:
        return [[example.pieces for example in batch] for batch in run.batches()]

    first = drawn()
    assert drawn() == first
    run.progress.epochs = 1
    assert drawn() != first
    other = fine_tuning_of(replace(options, seed=21))
    assert [[example.pieces for example in batch] for batch in other.batches()] != first


TYPES = "bert.embeddings.token_type_embeddings.weight"
NAMES = Gazetteer({"gout": 0, "back pain": 1, "knee surgery": 3})


def drawn_types(run: FineTuning) -> set[int]:
    run.variation = replace(run.variation, forgotten=0.0)
    return {kind for batch in run.batches() for example in batch for kind in example.types}


def test_a_run_with_names_tells_the_model_of_them(options: BertTraining) -> None:
    plain, run = fine_tuning_of(options), fine_tuning_of(options, NAMES)

    # Gout is one word; of pain and surgery, one word each goes on.
    assert drawn_types(run) == {0, 1, 3, 4, 7, 8}
    assert drawn_types(plain) == set()
    weights, before = weights_of(run.model), weights_of(plain.model)
    assert (before[TYPES].shape, weights[TYPES].shape) == ((2, 8), (9, 8))
    assert torch.equal(weights.pop(TYPES)[0], before.pop(TYPES)[0])
    assert are_equal(weights, before)
    assert run.mean.weights[TYPES].shape == (9, 8)
    assert (run.annotator().gazetteer, plain.annotator().gazetteer) == (NAMES, NO_NAMES)


def test_a_run_learns_what_names_are(options: BertTraining, judge: Judge) -> None:
    run = fine_tuning_of(options, NAMES)
    run.variation = replace(run.variation, forgotten=0.0)
    before = weights_of(run.model)[TYPES]

    run.train_epoch()

    changed = (weights_of(run.model)[TYPES] - before).abs().sum(dim=1)
    seen = [changed[kind].item() for kind in (0, 1, 3, 4, 7, 8)]
    unseen = [changed[kind].item() for kind in (2, 5, 6)]  # they only decay
    assert min(seen) > 10 * max(unseen)
    assert judge.shown[0][TYPES].shape == (9, 8)


def test_a_stopped_run_goes_on_as_if_never_stopped(
    options: BertTraining, tmp_path: Path, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = train_bert(replace(options, patience=3))
    scores, judge.shown = judge.shown, []
    stopped = replace(options, patience=3, out=tmp_path / "stopped")
    with monkeypatch.context() as patch:
        train_epoch = FineTuning.train_epoch

        def stop_at_the_fourth(run: FineTuning) -> None:
            if run.progress.epochs == 3:
                raise KeyboardInterrupt
            train_epoch(run)

        patch.setattr(FineTuning, "train_epoch", stop_at_the_fourth)
        with pytest.raises(KeyboardInterrupt):
            train_bert(stopped)
    assert len(judge.shown) == 3

    resumed = train_bert(replace(stopped, resume=True, threads=torch.get_num_threads()))

    assert len(judge.shown) == len(scores) == 6
    assert all(are_equal(*pair) for pair in zip(scores, judge.shown, strict=True))
    files = [(folder / "model.safetensors").read_bytes() for folder in (whole, resumed)]
    assert files[0] == files[1]
    assert not (resumed / "checkpoint.pt").exists()


def test_a_resumed_run_remembers_how_long_it_waited_and_what_was_best(
    options: BertTraining, judge: Judge
) -> None:
    run = fine_tuning_of(options)
    for _ in range(3):
        run.train_epoch()
    options.out.mkdir()
    run.save(options.out / "checkpoint.pt")

    resumed = fine_tuning_of(replace(options, resume=True))
    resumed.restore(options.out / "checkpoint.pt")

    progress = resumed.progress
    assert (progress.epochs, progress.waited, progress.score) == (3, 1, 0.5)
    assert are_equal(progress.best, judge.shown[1])
    assert [path.name for path in options.out.iterdir()] == ["checkpoint.pt"]


@pytest.mark.parametrize("changes", [{"seed": 3}, {"epochs": 9}, {"learning_rate": 1e-3}])
def test_a_run_with_other_options_is_not_gone_on_with(
    options: BertTraining, judge: Judge, changes: dict[str, Any]
) -> None:
    run = fine_tuning_of(options)
    options.out.mkdir()
    run.save(options.out / "checkpoint.pt")

    with pytest.raises(SetupError, match="begun with other options"):
        train_bert(replace(options, resume=True, **changes))


def test_the_same_seed_gives_the_same_weights(
    options: BertTraining, tmp_path: Path, judge: Judge
) -> None:
    files = []
    for name, seed in (("one", 5), ("same", 5), ("other", 6)):
        judge.shown = []
        folder = train_bert(replace(options, out=tmp_path / name, seed=seed, epochs=2))
        files.append((folder / "model.safetensors").read_bytes())

    assert files[0] == files[1]
    assert files[0] != files[2]
