"""The smoke configuration: the command line trains a 4.4 M BERT from nothing in under a minute."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from tokenizers import Tokenizer
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.encoder._hf import WordPieces
from pipeline.errors import ExitCode
from pipeline.extract.bert import load_bert
from pipeline.train.bert import default_encoder
from pipeline.train.corpora import Sources, read_training_documents
from pipeline.train.development import score_development
from tests.train.tiny import write_encoder, write_gold

MENTIONS = {
    "SYMPTOM": ("fever", "dry cough", "chest pain", "nausea", "shortness of breath", "dizziness",
                "night sweats", "swelling of the left ankle"),
    "DISEASE": ("asthma", "type 2 diabetes", "gout", "atrial fibrillation", "pneumonia", "COPD",
                "stage 3 chronic kidney disease", "migraine"),
    "TREATMENT": ("aspirin", "metformin 500 mg", "knee replacement", "physical therapy",
                  "warfarin", "appendectomy", "inhaled albuterol", "lisinopril"),
}  # fmt: skip
FRAMES = (
    "The patient reports {SYMPTOM} and {SYMPTOM} since Monday.",
    "She denies {SYMPTOM}.",
    "PMH: {DISEASE}, {DISEASE}.",
    "Seen by Dr. Byrd on 3/14/2019 for {DISEASE}.",
    "Status post {TREATMENT} in the spring.",
    "Started {TREATMENT} for {DISEASE}; no {SYMPTOM} since.",
    "Continue {TREATMENT} and {TREATMENT}.",
    "Lives alone, walks with a cane. BP 120/80.",
)


def draw_note(rng: Random) -> str:
    """Draw four sentences, and mentions for them."""
    note = "\n".join(rng.sample(FRAMES, 4))
    for label, names in MENTIONS.items():
        while f"{{{label}}}" in note:
            note = note.replace(f"{{{label}}}", f"{{{label} {rng.choice(names)}}}", 1)
    return note


def test_a_small_bert_learns_its_notes(tmp_path: Path) -> None:
    rng = Random(7)
    gold = write_gold(
        tmp_path / "gold.jsonl", [(f"note {number}", draw_note(rng)) for number in range(200)]
    )
    pieces = WordPieces(Tokenizer.from_file(str(default_encoder() / "tokenizer.json")))
    encoder = write_encoder(tmp_path / "tiny", pieces=pieces, size=128)

    result = CliRunner().invoke(
        app,
        ["train", "bert", "--corpus", str(gold), "--out", str(tmp_path / "model"), "--encoder",
         str(encoder), "--dev-share", "0", "--epochs", "8", "--learning-rate", "2e-3",
         "--device", "cpu"],
    )  # fmt: skip

    assert result.exit_code == ExitCode.OK, result.output
    assert f"the model is in {tmp_path / 'model'}" in result.output
    notes = read_training_documents(Sources((gold,))).train[:60]
    before, after = (
        score_development(load_bert(folder, device="cpu"), notes)
        for folder in (encoder, tmp_path / "model")
    )
    assert before < 0.2
    assert after > 0.95
    parameters = json.loads((encoder / "config.json").read_text())
    assert (parameters["hidden_size"], parameters["num_hidden_layers"]) == (128, 2)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (["--weight", "1", "--weight", "2"], "2 weights for 1 corpora"),
        (["--dev-share", "1"], "0 to below 1"),
        (["--taught", "2"], "shares of 1"),
        (["--notes", "notes.parquet"], "need teachers"),
    ],
)
def test_options_that_do_not_fit_are_told(tmp_path: Path, changes: list[str], told: str) -> None:
    command = ["train", "bert", "--corpus", "gold.jsonl", "--out", str(tmp_path / "model")]

    result = CliRunner().invoke(app, [*command, *changes])

    assert result.exit_code == ExitCode.USAGE
    assert told in result.output
    assert not (tmp_path / "model").exists()
