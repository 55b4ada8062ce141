"""The training flow's settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.training import ModelName, Options, read_training, train_model
from pipeline.errors import ConfigError, StageError
from pipeline.train.bert import BertTraining
from pipeline.train.corpora import Sources
from pipeline.train.phi import PhiTraining
from pipeline.train.phi_bert import PhiBertTraining
from pipeline.train.phi_plain import PlainReports
from pipeline.train.scispacy import ScispacyTraining

SETTINGS = """
[bert]
out = "models/bert"
sources = { corpora = ["notes.jsonl", "reports"], weights = [1.0, 0.5] }
epochs = 3

[phi]
notes = ["phi.jsonl"]
lists = "lists"
out = "models/phi"
plain = { notes = "plain.parquet", excluded = ["n1", "n2"] }

[phi_bert]
notes = ["phi.jsonl", "more.jsonl"]
lists = "lists"
out = "models/phi_bert"
plain = { notes = "plain.parquet" }
steps = 12

[scispacy]
out = "models/scispacy"
teacher = "models/bert"
sources = { corpora = ["notes.jsonl"], notes = ["more.parquet"], held_out = 2 }
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "training.toml"
    file.write_text(SETTINGS)
    return file


def test_sections_become_options(settings: Path) -> None:
    bert = read_training("bert", settings)
    phi = read_training("phi", settings)
    phi_bert = read_training("phi_bert", settings)
    scispacy = read_training("scispacy", settings)

    assert isinstance(bert, BertTraining)
    assert bert.sources == Sources((Path("notes.jsonl"), Path("reports")), weights=(1.0, 0.5))
    assert (bert.epochs, bert.sources.held_out) == (3, 0)
    assert isinstance(phi, PhiTraining)
    assert phi.notes == (Path("phi.jsonl"),)
    assert phi.plain is not None
    assert phi.plain.excluded == {"n1", "n2"}
    assert phi_bert == PhiBertTraining(
        notes=(Path("phi.jsonl"), Path("more.jsonl")),
        lists=Path("lists"),
        out=Path("models/phi_bert"),
        plain=PlainReports(Path("plain.parquet")),
        steps=12,
    )
    assert scispacy == ScispacyTraining(
        out=Path("models/scispacy"),
        teacher=Path("models/bert"),
        sources=Sources((Path("notes.jsonl"),), notes=(Path("more.parquet"),), held_out=2),
    )


@pytest.mark.parametrize(
    ("model", "options"),
    [
        ("bert", BertTraining(Path("out"), Sources((Path("notes"),)))),
        ("phi", PhiTraining((Path("notes"),), Path("lists"), Path("out"))),
        ("phi_bert", PhiBertTraining((Path("notes"),), Path("lists"), Path("out"))),
        ("scispacy", ScispacyTraining(Path("out"), Sources((Path("notes"),)))),
    ],
)
def test_each_model_has_its_own_training(
    model: ModelName, options: Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[tuple[str, object]] = []
    for name in ("bert", "phi", "phi_bert", "scispacy"):
        monkeypatch.setattr(
            f"flows.training.train_{name}", lambda given, name=name: trained.append((name, given))
        )

    train_model.fn(model, options)

    assert trained == [(model, options)]


def test_a_foreign_error_is_told_by_its_kind_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("Okonjo")

    monkeypatch.setattr("flows.training.train_phi_bert", fail)
    options = PhiBertTraining((Path("notes"),), Path("lists"), Path("out"))

    with pytest.raises(StageError, match=r"^training phi_bert failed with RuntimeError$") as caught:
        train_model.fn("phi_bert", options)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[bert]\nout = 'x'\n", "sources"),
        ("[bert]\nout = 'x'\nsources = { corpora = ['a'] }\nepochs = 'many'\n", "epochs"),
        ("[bert]\nout = 'x'\nsources = { corpora = ['a'] }\nepoch = 3\n", "epoch"),
        ("[bert]\nout = 'x'\nsources = { corpora = ['a'] }\nepochs = 0\n", r"\[bert\]"),
        ("[bert\n", "TOML"),
    ],
)
def test_wrong_settings_are_named(settings: Path, text: str, message: str) -> None:
    settings.write_text(text)
    with pytest.raises(ConfigError, match=message):
        read_training("bert", settings)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        read_training("phi", tmp_path / "none.toml")
