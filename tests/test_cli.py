"""The command line: exit statuses, messages, and what it never prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.cli.reporting import reporting
from pipeline.errors import ExitCode, InputError
from pipeline.resources import data_path
from tests.stub import load_stubs

SECRET = "Zqxmarker"


@pytest.fixture
def cli() -> CliRunner:
    return CliRunner()


def test_init_makes_a_private_root_and_never_overwrites(cli: CliRunner, tmp_path: Path) -> None:
    phi = tmp_path / "phi"
    assert "made the keys" in cli.invoke(app, ["init", str(phi)]).output
    key = (phi / "keys" / "ids.key").read_text()
    again = cli.invoke(app, ["init", str(phi)])

    assert again.exit_code == 0
    assert "there already" in again.output
    assert (phi / "keys" / "ids.key").read_text() == key
    assert phi.stat().st_mode & 0o777 == 0o700


def test_errors_of_ours_become_a_line_and_a_status(cli: CliRunner, tmp_path: Path) -> None:
    result = cli.invoke(app, ["show", str(tmp_path / "nowhere")])

    assert result.exit_code == ExitCode.INPUT
    assert result.output.startswith("chartsift: ")


def test_errors_of_others_are_told_by_their_kind_alone(
    cli: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(phi: Path) -> bool:
        raise ValueError(f"could not convert {SECRET}")

    monkeypatch.setattr("pipeline.keys.create_keys", fail)
    result = cli.invoke(app, ["init", str(tmp_path / "phi")])

    assert result.exit_code == ExitCode.FAILED
    assert result.output.startswith("chartsift: ValueError at test_cli.py:")
    assert SECRET not in result.output


def test_an_interrupt_says_how_to_go_on(
    cli: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(phi: Path) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.keys.create_keys", interrupt)
    result = cli.invoke(app, ["init", str(tmp_path / "phi")])

    assert result.exit_code == ExitCode.INTERRUPTED
    assert "the same command resumes" in result.output


def test_a_bad_setting_is_a_usage_error(cli: CliRunner, tmp_path: Path) -> None:
    settings = tmp_path / "chartsift.toml"
    settings.write_text("[run]\nworkerz = 3\n")
    result = cli.invoke(app, ["doctor", "--config", str(settings)])

    assert result.exit_code == ExitCode.USAGE
    assert "run.<key>: no such setting; there are workers" in result.output


def test_doctor_exits_with_its_findings(cli: CliRunner, tmp_path: Path) -> None:
    result = cli.invoke(app, ["doctor", "--phi", str(tmp_path / "nowhere")])

    assert result.exit_code == ExitCode.SETUP
    assert "chartsift init" in result.output


def test_evaluate_refuses_what_is_no_gold(
    cli: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.stages.load_models", lambda config: None)
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"text": SECRET, "spans": [{"start": 0}]}) + "\n")
    result = cli.invoke(app, ["evaluate", "deid", str(gold)])

    assert result.exit_code == ExitCode.INPUT
    assert SECRET not in result.output


def test_evaluate_scores_and_writes_predictions(cli: CliRunner, tmp_path: Path) -> None:
    gold = data_path("notes", "phi.jsonl")
    first = tmp_path / "gold.jsonl"
    first.write_text("".join(gold.read_text("utf-8").splitlines(keepends=True)[:2]))
    written = tmp_path / "predictions.jsonl"
    command = ["evaluate", "deid", str(first), "--json", "--write-predictions", str(written)]
    result = cli.invoke(app, command)

    assert result.exit_code == 0, result.output
    scores: dict[str, Any] = json.loads(result.stdout)
    assert scores["documents"] == 2
    lines = [json.loads(line) for line in written.read_text().splitlines()]
    ids = [json.loads(line)["note_id"] for line in first.read_text("utf-8").splitlines()]
    assert [line["note_id"] for line in lines] == ids
    assert set(lines[0]["spans"][0]) == {"start", "end", "label", "score"}


@pytest.fixture
def mentions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write gold in which a symptom is right and another missed; the models are stubs."""
    monkeypatch.setattr("pipeline.stages.load_models", load_stubs)
    gold = tmp_path / "mentions.jsonl"
    spans = [
        {"start": 0, "end": 5, "label": "SYMPTOM"},
        {"start": 11, "end": 20, "label": "SYMPTOM"},
    ]
    row = {"note_id": "n1", "text": f"fever, and {SECRET}", "entities": spans}
    gold.write_text(json.dumps(row))
    return gold


def test_evaluate_breaks_errors_down_and_flags_documents_seen(
    cli: CliRunner, mentions: Path, tmp_path: Path
) -> None:
    (tmp_path / "training_documents.txt").write_text("n1\n")
    settings = tmp_path / "chartsift.toml"
    settings.write_text(f'[extract]\nbert = "{tmp_path}"\n')
    command = ["evaluate", "mentions", str(mentions), "--config", str(settings)]
    result = cli.invoke(app, [*command, "--json"])
    scores: dict[str, Any] = json.loads(result.stdout)
    shown = cli.invoke(app, command)

    assert scores["micro"]["strict"]["recall"]["value"] == 0.5
    assert scores["breakdown"]["labels"]["SYMPTOM"]["gold"]["missed"] == 1
    assert scores["seen_documents"] == 1
    assert "trained on 1 of these 1 documents" in shown.output
    assert SECRET not in result.output + shown.output


def test_evaluate_shows_examples_on_a_terminal_alone(
    cli: CliRunner, mentions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["evaluate", "mentions", str(mentions), "--examples", "1"]
    to_file = cli.invoke(app, command)
    monkeypatch.setattr("pipeline.cli.scores._is_terminal", lambda: True)
    as_json = cli.invoke(app, [*command, "--json"])
    shown = cli.invoke(app, command)

    assert to_file.exit_code == as_json.exit_code == ExitCode.USAGE
    assert SECRET not in to_file.output + as_json.output
    assert f"fever, and {{{SECRET}}}" in shown.output


def test_examples_are_of_mentions(cli: CliRunner, tmp_path: Path) -> None:
    result = cli.invoke(app, ["evaluate", "deid", str(tmp_path), "--examples", "1"])

    assert result.exit_code == ExitCode.USAGE
    assert "says nothing of deid" in result.output


def test_reporting_lets_statuses_through() -> None:
    with pytest.raises(typer.Exit) as raised, reporting():
        raise InputError("no")
    assert raised.value.exit_code == ExitCode.INPUT
    with pytest.raises(typer.Exit) as raised, reporting():
        raise typer.Exit(4)
    assert raised.value.exit_code == 4
