"""Tests of training the token classifier: a tiny random BERT learns a few invented sentences."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from pipeline.errors import InputError, SetupError
from pipeline.extract.bert import BertAnnotator, load_bert
from pipeline.extract.calibration import UNCALIBRATED, Calibration, Curve
from pipeline.extract.gazetteer import NO_NAMES, Gazetteer, read_gazetteer, write_gazetteer
from pipeline.note import Note
from pipeline.train.bert import BertTraining, default_encoder, train_bert
from pipeline.train.calibration import write_calibration
from pipeline.train.corpora import Sources
from pipeline.train.examples import LabelledDocument
from pipeline.train.fine_tuning import CLASSES
from tests.train.terms import write_terms
from tests.train.test_corpora import write_folds
from tests.train.tiny import write_encoder, write_gold, write_notes

SENTENCES = [
    "He has {DISEASE asthma}.",
    "She has {DISEASE gout}.",
    "Known {DISEASE diabetes mellitus}.",
    "He reports {SYMPTOM fever}.",
    "She denies {SYMPTOM nausea}.",
    "{SYMPTOM Back pain} again.",
    "Started {TREATMENT aspirin}.",
    "Took {TREATMENT warfarin} daily.",
    "{TREATMENT Knee surgery} went well.",
]


@pytest.fixture
def options(tmp_path: Path) -> BertTraining:
    """Write a tiny encoder and a corpus."""
    gold = write_gold(tmp_path / "gold.jsonl", [(f"n{i}", s) for i, s in enumerate(SENTENCES)])
    return BertTraining(
        out=tmp_path / "out",
        sources=Sources((gold,)),
        encoder=write_encoder(tmp_path / "tiny"),
        epochs=1,
        learning_rate=5e-3,
        layer_decay=1.0,
        head_factor=1.0,
        batch_pieces=64,
        window=32,
        device="cpu",
    )


def seen(folder: Path) -> list[str]:
    return (folder / "training_documents.txt").read_text(encoding="utf-8").split("\n")[:-1]


def test_training_learns_and_exports(
    options: BertTraining, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="pipeline.train"):
        folder = train_bert(replace(options, epochs=45))

    text = "Known diabetes mellitus. He reports fever."
    (mentions,) = load_bert(folder, device="cpu").annotate([Note("1", text)])
    assert [(text[m.start : m.end], m.label) for m in mentions] == [
        ("diabetes mellitus", "DISEASE"),
        ("fever", "SYMPTOM"),
    ]
    assert sorted(path.name for path in folder.iterdir()) == [
        "calibration.json", "config.json", "model.safetensors", "tokenizer.json",
        "tokenizer_config.json", "training_documents.txt",
    ]  # fmt: skip
    assert seen(folder) == [f"n{number}" for number in range(9)]
    assert "9 documents to train on, 0 kept" in caplog.text
    assert "epoch 45: " in caplog.text
    assert "asthma" not in caplog.text


def test_neither_the_held_out_fold_nor_a_test_set_is_trained_on(
    options: BertTraining, tmp_path: Path
) -> None:
    sources = replace(
        options.sources,
        folds=write_folds(tmp_path / "folds.json", {"n0": 0, "n1": 1, "n2": 2}, {"0": ["n1"]}),
        tests=(write_gold(tmp_path / "test.jsonl", [("t", SENTENCES[3]), ("n4", "Well.")]),),
    )

    assert seen(train_bert(replace(options, sources=sources))) == ["n2", "n5", "n6", "n7", "n8"]


def test_what_the_encoder_has_seen_its_successor_has_seen(
    options: BertTraining, tmp_path: Path
) -> None:
    encoder = write_encoder(tmp_path / "before")
    (encoder / "training_documents.txt").write_text("x1\nx2\n")
    options = replace(options, encoder=encoder)

    assert seen(train_bert(options)) == [*(f"n{n}" for n in range(9)), "x1", "x2"]

    sources = replace(
        options.sources, tests=(write_gold(tmp_path / "t.jsonl", [("x2", SENTENCES[3])]),)
    )
    with pytest.raises(SetupError, match=r"before was trained on 1 documents"):
        train_bert(replace(options, sources=sources))


def test_documents_to_stop_by_are_written_too(options: BertTraining) -> None:
    sources = replace(options.sources, dev_share=0.5)

    assert seen(train_bert(replace(options, sources=sources))) == [f"n{n}" for n in range(9)]


def test_scores_are_calibrated_on_documents_to_stop_by(
    options: BertTraining, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lay in the folder before has no say."""
    learned = Calibration({"DISEASE": Curve(0.5, 0.5, 0.25)})
    asked: list[str] = []

    def calibrate(annotator: BertAnnotator, documents: Sequence[LabelledDocument]) -> Calibration:
        assert annotator.calibration == UNCALIBRATED
        asked.extend(document.gold.note.note_id for document in documents)
        return learned

    monkeypatch.setattr("pipeline.train.bert.calibrate", calibrate)
    options.out.mkdir()
    write_calibration(Calibration({"SYMPTOM": Curve(2.0, 2.0, 1.0)}), options.out)

    folder = train_bert(replace(options, sources=replace(options.sources, dev_share=0.5)))

    assert asked == ["n2", "n4", "n5"]
    assert load_bert(folder, device="cpu").calibration == learned


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    return write_terms(
        tmp_path / "terms",
        mesh=[("Gout", "C05.1", ""), ("Asthma", "C08.1", "asthmas")],
        codes=[("R11", "Nausea symptom", ""), ("M10", "Gout, unspecified", "")],
        symptoms=["nausea", "back pain"],
        drugs=[("Warfarin", "coumadin")],
    )


KNOWN = Gazetteer(
    {"gout": 0, "asthma": 0, "nausea symptom": 1, "nausea": 1, "back pain": 1, "warfarin": 3,
     "coumadin": 3}
)  # fmt: skip


def types_of(folder: Path) -> torch.Tensor:
    types: torch.Tensor = load_file(folder / "model.safetensors")[
        "bert.embeddings.token_type_embeddings.weight"
    ]
    return types


def test_the_names_that_a_model_was_told_of_go_with_it(options: BertTraining, terms: Path) -> None:
    folder = train_bert(replace(options, terms=terms))

    assert read_gazetteer(folder) == KNOWN
    assert types_of(folder).shape == (9, 32)
    bert = load_bert(folder, device="cpu")
    assert bert.gazetteer == KNOWN
    note = Note("1", "Gout, back pain; took warfarin.")
    assert bert.annotate([note]) == load_bert(folder, device="cpu").annotate([note])


def test_a_model_is_told_of_the_names_that_its_encoder_knows(
    options: BertTraining, terms: Path
) -> None:
    """New terminologies rewrite mentions; types keep their meaning."""
    gout = Gazetteer({"gout": 0})
    write_gazetteer(gout, terms.parent / "tiny")

    for given in (None, terms):
        folder = train_bert(replace(options, terms=given, out=terms.parent / f"{given is None}"))
        assert read_gazetteer(folder) == gout
        assert types_of(folder).shape == (9, 32)


def test_a_successor_keeps_the_types_that_were_learned(options: BertTraining, terms: Path) -> None:
    """A step as good as none shows what training began with."""
    first = train_bert(replace(options, terms=terms))
    second = train_bert(
        replace(options, encoder=first, out=terms.parent / "second", learning_rate=1e-12)
    )

    assert read_gazetteer(second) == KNOWN
    assert torch.equal(types_of(second), types_of(first))


def test_names_of_an_older_model_do_not_stay(options: BertTraining, terms: Path) -> None:
    train_bert(replace(options, terms=terms))
    folder = train_bert(options)

    assert types_of(folder).shape == (2, 32)
    bert = load_bert(folder, device="cpu")
    assert bert.gazetteer == NO_NAMES
    assert len(bert.annotate([Note("1", "Gout and back pain.")])) == 1


def test_new_types_are_the_same_whatever_the_seed(options: BertTraining, terms: Path) -> None:
    """So that the weights of runs have a mean."""
    begun = [
        types_of(
            train_bert(
                replace(options, terms=terms, out=terms.parent / f"{seed}", seed=seed,
                        learning_rate=1e-12)
            )
        )
        for seed in (1, 2)
    ]  # fmt: skip

    assert torch.equal(*begun)


def test_teachers_and_student_are_told_of_the_same_names(
    options: BertTraining, terms: Path
) -> None:
    options = replace(options, terms=terms)
    teacher = train_bert(options)
    options = replace(options, out=terms.parent / "student", teachers=(teacher,))

    assert read_gazetteer(train_bert(replace(options, from_teachers=True))) == KNOWN
    with pytest.raises(SetupError, match="out is told of other names than the student"):
        train_bert(replace(options, terms=None))


@pytest.fixture
def teacher(tmp_path: Path) -> Path:
    folder = write_encoder(tmp_path / "teacher", seed=9)
    (folder / "training_documents.txt").write_text("n8\nof old\n")
    return folder


def test_a_student_has_seen_what_its_teachers_have(
    options: BertTraining, teacher: Path, tmp_path: Path
) -> None:
    notes = write_notes(tmp_path / "n.parquet", [("u1", "Has a rash."), ("n1", "Has a cold.")])
    sources = replace(options.sources, notes=(notes,))

    folder = train_bert(replace(options, sources=sources, teachers=(teacher,)))

    assert seen(folder) == [*(f"n{number}" for number in range(9)), "of old", "u1"]


def test_a_student_of_teachers_alone_comes_to_think_as_they_do(
    options: BertTraining, teacher: Path, tmp_path: Path
) -> None:
    """Learning from other gold, and not from teachers, leads elsewhere."""
    teachers = load_bert(teacher, device="cpu").classifier
    ids = teachers.pieces.encode(["rash", "fever", "gout", "daily", "cane"], 8)
    window = [teachers.pieces.cls, *(piece for word in ids.values() for piece in word),
              teachers.pieces.sep]  # fmt: skip
    wanted = teachers.probabilities([window], [[0] * len(window)])[0]

    distances = []
    for taught in (1.0, 0.0):
        folder = train_bert(
            replace(options, out=tmp_path / f"{taught}", teachers=(teacher,), taught=taught,
                    epochs=10)
        )  # fmt: skip
        student = load_bert(folder, device="cpu").classifier
        found = student.probabilities([window], [[0] * len(window)])[0]
        distances.append(abs(found - wanted).sum())

    assert distances[0] < distances[1] / 3


def test_a_teacher_that_knows_the_held_out_fold_is_refused(
    options: BertTraining, teacher: Path, tmp_path: Path
) -> None:
    folds = write_folds(tmp_path / "folds.json", {"n8": 0})
    options = replace(options, sources=replace(options.sources, folds=folds), teachers=(teacher,))

    with pytest.raises(SetupError, match="was trained on 1 documents"):
        train_bert(options)


def test_a_new_head_is_the_same_whatever_the_seed(options: BertTraining, tmp_path: Path) -> None:
    """A step as good as none shows what training began with."""
    weights = load_file(tmp_path / "tiny" / "model.safetensors")
    encoder = {name: weights[name] for name in weights if not name.startswith("classifier.")}
    save_file(encoder, tmp_path / "tiny" / "model.safetensors", metadata={"format": "pt"})
    heads = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        folder = train_bert(
            replace(options, out=tmp_path / f"{seed}", seed=seed, learning_rate=1e-12)
        )
        heads.append(load_bert(folder, device="cpu").classifier.model.classifier.weight)

    assert heads[0].shape == (len(CLASSES), 32)
    assert torch.equal(heads[0], heads[1])


def test_without_a_checkpoint_resuming_begins_anew(options: BertTraining, tmp_path: Path) -> None:
    begun = train_bert(options)
    resumed = train_bert(replace(options, out=tmp_path / "resumed", resume=True))

    weights = [folder / "model.safetensors" for folder in (begun, resumed)]
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_the_fold_must_exist(options: BertTraining, tmp_path: Path) -> None:
    folds = write_folds(tmp_path / "folds.json", {"n0": 0})
    sources = replace(options.sources, folds=folds, held_out=7)

    with pytest.raises(InputError, match="has no fold 7"):
        train_bert(replace(options, sources=sources))


def test_a_missing_encoder_is_explained(options: BertTraining, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(SetupError, match="can't be loaded as a BERT token classifier"):
        train_bert(replace(options, encoder=tmp_path / "empty"))


def test_without_the_package_an_encoder_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def files(package: str) -> Path:
        raise ModuleNotFoundError(package)

    monkeypatch.setattr("importlib.resources.files", files)
    with pytest.raises(SetupError, match="name one with --encoder"):
        default_encoder()


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": 0},
        {"patience": 0},
        {"window": 7},
        {"batch_pieces": 33},
        {"taught": 1.1},
        {"averaged": 1.0},
        {"masked": -0.1},
        {"sources": Sources((Path("a"),), notes=(Path("b"),))},
        {"from_teachers": True},
    ],
)
def test_options_check_themselves(options: BertTraining, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"training needs|shares of 1|need teachers"):
        replace(options, **changes)  # type: ignore[arg-type]
