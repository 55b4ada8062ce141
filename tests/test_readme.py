"""The README: generated sections are in sync, and what it tells the reader to type works."""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer.main
import yaml

from pipeline.cli import app, train_app
from pipeline.config import load_config
from pipeline.fingerprint import hash_model
from pipeline.patient import PatientRecord
from pipeline.resources import data_path
from tests.benchmarks.mention_tables import RESULTS
from tests.conftest import REPOSITORY
from tests.readme import README, blocks, commands, fill, patients

TEXT = README.read_text("utf-8")
BLOCKS = blocks(TEXT)
SHOWN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def test_generated_sections_are_in_sync() -> None:
    assert fill(TEXT) == TEXT, "renew the README with: python -m tests.readme"


def test_the_scores_of_mentions_are_those_of_the_model_that_ships() -> None:
    if not RESULTS.is_file():
        pytest.skip("no scores of mentions were measured")
    results = json.loads(RESULTS.read_text("utf-8"))
    models = [m["sha256"] for f in results["systems"][results["ours"]]["models"] for m in f]

    assert results["documents"] is None, "these are the scores of a quick look"
    assert hash_model(data_path("models", "bert")) in models


def test_every_column_of_patients_is_described() -> None:
    described = re.findall(r"^\| `(\w+)` \|", patients(), re.MULTILINE)

    assert described == list(PatientRecord.__dataclass_fields__)


def test_every_command_is_listed() -> None:
    listed = set(re.findall(r"^\| `chartsift (\w+)", TEXT, re.MULTILINE))

    assert listed == {command.callback.__name__ for command in app.registered_commands} | {
        "train",
        "vocabulary",
    }


def test_every_language_of_a_block_is_checked() -> None:
    assert {language for language, _ in BLOCKS} == {"console", "python", "sh", "toml"}


def test_settings_in_the_readme_are_accepted(tmp_path: Path) -> None:
    examples = [body for language, body in BLOCKS if language == "toml"]
    assert len(examples) == 3
    for example in examples:
        file = tmp_path / "chartsift.toml"
        file.write_text(example)
        load_config(file)


def test_links_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    anchors = {"#" + re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings}
    targets = [t for t in re.findall(r"\]\((\S+?)\)", TEXT) if not t.startswith("https://")]
    assert targets
    for target in targets:
        assert target in anchors or (REPOSITORY / target).is_file(), target


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """Return a folder with the demo notes and an environment with ``chartsift`` on the path."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(data_path("notes"), folder / "data" / "notes")
    script = folder / "bin" / "chartsift"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m pipeline.cli "$@"\n')
    script.chmod(0o755)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "CHART"))}
    return folder, environment | {
        "PATH": f"{script.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "PREFECT_HOME": str(folder / "prefect"),
        "COLUMNS": "100",
    }


def test_commands_work_in_the_order_of_the_readme(desk: tuple[Path, dict[str, str]]) -> None:
    folder, environment = desk
    # The example settings name folders of a site; the commands name their own.
    settings = next(body for language, body in BLOCKS if language == "toml")
    (folder / "chartsift.toml").write_text(settings)

    def run(arguments: list[str]) -> str:
        done = subprocess.run(
            arguments,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    n_commands = n_programs = 0
    for language, body in BLOCKS:
        if language == "python":
            run([sys.executable, "-c", body])
            n_programs += 1
        elif language == "console":
            for command, shown in commands(body):
                output = run(shlex.split(command))
                if shown:
                    assert doctest.OutputChecker().check_output(shown, output, SHOWN), output
                n_commands += 1

    assert n_commands >= 7
    assert n_programs == 1
    assert len((folder / "predictions.jsonl").read_text().splitlines()) == 40


def test_other_shell_commands_exist() -> None:
    lines = [
        line.split("#")[0].strip()
        for language, body in BLOCKS
        if language == "sh"
        for line in body.splitlines()
    ]
    targets = [line for line in lines if line.startswith("make ")]
    assert targets == ["make run", "make test"]
    for line in targets:
        subprocess.run([*line.split(), "-n"], cwd=REPOSITORY, check=True, capture_output=True)
    trainings = [line for line in lines if line.startswith("chartsift train ")]
    group = typer.main.get_command(train_app)
    assert {line.split()[2] for line in trainings} == set(group.commands)
    for line in trainings:
        _, _, name, *arguments = line.split()
        known = {option for parameter in group.commands[name].params for option in parameter.opts}
        assert {argument for argument in arguments if argument.startswith("--")} <= known
    comment = (REPOSITORY / "prefect.yaml").read_text("utf-8")
    others = [line for line in lines if line not in targets + trainings]
    assert len(others) == 3
    for line in others:
        assert f"#   {line}\n" in comment


@pytest.fixture
def deployment() -> dict[str, Any]:
    document = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text("utf-8"))
    [deployment] = document["deployments"]
    return dict(deployment)


def test_the_deployment_is_the_flow_of_the_command_line(
    deployment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.flows import load_flow_from_entrypoint

    monkeypatch.chdir(REPOSITORY)
    flow = load_flow_from_entrypoint(deployment["entrypoint"])

    assert flow.name == "chartsift"
    assert set(deployment["parameters"]) == set(flow.parameters.properties)


def test_the_deployment_runs_nightly_and_alone(deployment: dict[str, Any]) -> None:
    from prefect.client.schemas.objects import ConcurrencyLimitConfig
    from prefect.client.schemas.schedules import CronSchedule

    [entry] = deployment["schedules"]
    schedule = CronSchedule(**entry)
    limit = ConcurrencyLimitConfig(**deployment["concurrency_limit"])

    assert schedule.cron == "0 2 * * *"
    assert ZoneInfo(entry["timezone"])
    assert (limit.limit, limit.collision_strategy.value) == (1, "CANCEL_NEW")


def test_the_deployment_tells_prefect_nothing_it_need_not_know(deployment: dict[str, Any]) -> None:
    from flows.private import _SETTINGS

    assert deployment["work_pool"]["job_variables"]["env"] == _SETTINGS


def test_the_deployment_runs_in_the_folder_that_the_worker_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.utilities.templating import apply_values

    document = yaml.safe_load((REPOSITORY / "prefect.yaml").read_text("utf-8"))
    monkeypatch.setenv("CHARTSIFT_HOME", str(tmp_path))

    assert apply_values(document["pull"], dict(os.environ)) == [
        {"prefect.deployments.steps.set_working_directory": {"directory": str(tmp_path)}}
    ]
    load_config(None)  # the variable is not taken for a setting
