"""``chartsift explain``: from a mention's id in OUT to the terminal and the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import BertConfig, BertForTokenClassification
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.deid.replacement import OffsetMap
from pipeline.encoder._hf import write_classifier
from pipeline.errors import ExitCode
from pipeline.extract.bert import load_bert
from pipeline.note import Mention, Note
from pipeline.rows import mention_table, note_table
from pipeline.schema import NOTE_STATUS
from pipeline.stages import Processed
from pipeline.storage.files import Root
from tests.explain.planted import CLASSES, word_pieces

TEXT = "Zqxmarker has fever, cough and asthma since childhood."
NOTE_ID = "pseudo-1-2"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a tiny random classifier."""
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=64, id2label=dict(enumerate(CLASSES)),
        initializer_range=0.2,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("bert")
    write_classifier(BertForTokenClassification(config), word_pieces(), folder)
    return folder


@pytest.fixture(scope="module")
def mention(model: Path) -> Mention:
    """Return the first mention that the random classifier finds."""
    [mentions] = load_bert(model, device="cpu").annotate([Note(NOTE_ID, TEXT)])
    return mentions[0]


@pytest.fixture
def out(tmp_path: Path, mention: Mention) -> Path:
    """Write an OUT with one note, a mention of BERT and one of scispaCy."""
    last = len(TEXT) - 1
    other = Mention(last - 9, last, "SYMPTOM", 0.5, ("en_x",))
    note = Note(NOTE_ID, TEXT)
    processed = [Processed(note, note, (), (), OffsetMap(), (mention, other))]
    root = Root(tmp_path / "out")
    tables: dict[str, Any] = {
        "note": note_table(processed),
        "mention": mention_table(processed),
        "note_status": NOTE_STATUS.rows([]),
    }
    for name, rows in tables.items():
        path = root.folder(name) / "unit-0000.parquet"
        root.publish(root.prepare_table(path, rows), path)
    return root.path


def run(model: Path, *arguments: str) -> Result:
    environment = {"CHARTSIFT_EXTRACT__BERT": str(model), "CHARTSIFT_RUN__DEVICE": "cpu"}
    return CliRunner().invoke(app, ["explain", *arguments], env=environment)


@pytest.mark.parametrize("note_id", [NOTE_ID, "pse"])
def test_mention_is_explained_in_the_terminal_and_as_a_page(
    out: Path, model: Path, mention: Mention, tmp_path: Path, note_id: str
) -> None:
    page = tmp_path / "why.html"
    mention_id = f"{note_id}-{mention.start}-{mention.end}"
    result = run(model, str(out), "--mention", mention_id, "--html", str(page))

    assert result.exit_code == 0, result.output
    assert f"⟨{mention.label}:" in result.output
    assert "probability of" in result.output
    assert "doubtful" not in result.output
    assert result.output.splitlines()[-1] == str(page)
    assert page.stat().st_mode & 0o777 == 0o600
    assert "<mark>" in page.read_text("utf-8")


def test_a_page_is_written_only_if_asked_for(
    out: Path, model: Path, mention: Mention, tmp_path: Path
) -> None:
    before = set(tmp_path.rglob("*"))
    result = run(model, str(out), "--mention", f"{NOTE_ID}-{mention.start}-{mention.end}")

    assert result.exit_code == 0, result.output
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("mention_id", "message"),
    [
        ("Zqxmarker", "the id of a mention is its note's id, start and end"),
        ("Zqxmarker-0-3", "no note in OUT has that id"),
        (f"{NOTE_ID}-9990-9999", "the note has no mention from 9990 to 9999"),
        (f"{NOTE_ID}-{len(TEXT) - 10}-{len(TEXT) - 1}", "found by en_x alone"),
    ],
)
def test_mention_that_can_not_be_explained(
    out: Path, model: Path, mention_id: str, message: str
) -> None:
    result = run(model, str(out), "--mention", mention_id)

    assert result.exit_code == ExitCode.INPUT
    assert message in result.output
    assert result.output.startswith("chartsift: ")
    for secret in ("Zqxmarker", NOTE_ID, "childhood"):
        assert secret not in result.output


def test_folder_without_tables_is_refused(tmp_path: Path, model: Path) -> None:
    result = run(model, str(tmp_path), "--mention", "a-1-2")

    assert result.exit_code == ExitCode.INPUT
    assert "give the folder that `chartsift run` wrote its tables to" in result.output


def test_model_that_is_not_there_is_told(out: Path, mention: Mention, tmp_path: Path) -> None:
    result = run(tmp_path, str(out), "--mention", f"{NOTE_ID}-{mention.start}-{mention.end}")

    assert result.exit_code == ExitCode.SETUP
    assert "chartsift train bert" in result.output
    assert "Zqxmarker" not in result.output
