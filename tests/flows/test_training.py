"""The training flow's settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.training import read_training
from pipeline.errors import ConfigError
from pipeline.train.bert import BertTraining
from pipeline.train.phi import PhiTraining

SETTINGS = """
[bert]
out = "models/bert"
corpora = ["notes.jsonl", "reports"]
weights = [1.0, 0.5]
epochs = 3

[phi]
notes = "phi.jsonl"
lists = "lists"
out = "models/phi"
plain = { notes = "plain.parquet", excluded = ["n1", "n2"] }
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "training.toml"
    file.write_text(SETTINGS)
    return file


def test_sections_become_options(settings: Path) -> None:
    bert = read_training("bert", settings)
    phi = read_training("phi", settings)

    assert isinstance(bert, BertTraining)
    assert bert.corpora == (Path("notes.jsonl"), Path("reports"))
    assert (bert.weights, bert.epochs, bert.held_out) == ((1.0, 0.5), 3, 0)
    assert isinstance(phi, PhiTraining)
    assert phi.plain is not None
    assert phi.plain.excluded == {"n1", "n2"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[bert]\nout = 'x'\n", "corpora"),
        ("[bert]\nout = 'x'\ncorpora = ['a']\nepochs = 'many'\n", "epochs"),
        ("[bert]\nout = 'x'\ncorpora = ['a']\nepoch = 3\n", "epoch"),
        ("[bert]\nout = 'x'\ncorpora = ['a']\nepochs = 0\n", r"\[bert\]"),
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
