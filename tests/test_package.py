"""The wheel: what is in it, and that it works where there is no checkout."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.resources import data_path
from tests.conftest import REPOSITORY

LARGEST_WHEEL = 100 * 1024 * 1024
"""What PyPI takes."""
DEMO_NOTES = 3


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the build backend that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = ["build", "--wheel", "--no-isolation", "--outdir", str(folder), str(REPOSITORY)]
    built = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    [file] = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, without dependencies, into a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    command = ["pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    subprocess.run(
        [sys.executable, "-m", *command, "--target", str(folder), str(wheel)],
        check=True,
        capture_output=True,
    )
    return folder


def _run(site: Path, cwd: Path, *command: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "CHART"))}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env=environment | {"PYTHONPATH": str(site), "PREFECT_HOME": str(cwd / "prefect")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_fits_the_index(wheel: Path) -> None:
    assert wheel.name == "chartsift-0.1.0-py3-none-any.whl"
    assert wheel.stat().st_size <= LARGEST_WHEEL


def test_the_wheel_takes_no_name_but_its_own(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names} == {
        "pipeline",
        "flows",
        "chartsift-0.1.0.dist-info",
    }
    assert {"pipeline/py.typed", "flows/py.typed"} <= set(names)
    assert "chartsift-0.1.0.dist-info/licenses/LICENSE" in names


def test_the_wheel_carries_all_data(wheel: Path) -> None:
    root = REPOSITORY / "data"
    shipped = {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()}
    prefix = "pipeline/_data/"
    packed = {n.removeprefix(prefix) for n in zipfile.ZipFile(wheel).namelist() if prefix in n}

    assert packed == shipped
    assert {
        "README.md",
        "notes/notes.parquet",
        "models/bert/config.json",
        "models/phi/config.cfg",
    } <= packed


def test_the_origin_of_all_data_is_told() -> None:
    root = REPOSITORY / "data"
    told = (root / "README.md").read_text("utf-8")
    files = [*(root / "notes").iterdir(), *(root / "words").iterdir()]

    assert files
    assert [file.name for file in files if f"`{file.name}`" not in told] == []
    assert [f.name for f in (root / "models").iterdir() if not (f / "README.md").is_file()] == []


def test_every_import_is_a_declared_dependency() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {
        requirement.split("[")[0].split("=")[0].split(">")[0].split("<")[0].lower()
        for requirement in project["dependencies"]
    }
    distributions = packages_distributions()
    imported: set[str] = set()
    for folder in ("pipeline", "flows"):
        for file in (REPOSITORY / folder).rglob("*.py"):
            imported |= _imports(file)
    ours = sys.stdlib_module_names | {"pipeline", "flows"}
    undeclared = {
        name
        for name in imported - ours
        if not declared & {d.lower().replace("_", "-") for d in distributions.get(name, ())}
    }

    assert undeclared == set()


def _imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_the_lock_pins_every_dependency() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = {
        requirement.split("[")[0].split("=")[0].split(">")[0].split("<")[0].lower()
        for requirement in (*project["dependencies"], *extras["train"], *extras["dev"])
    } - {"chartsift"}
    lines = (REPOSITORY / "requirements.lock").read_text("utf-8").splitlines()
    pins = [line.split("==") for line in lines if not line.startswith("#")]

    assert all(len(pin) == 2 for pin in pins)
    assert wanted <= {name.lower().replace("_", "-") for name, _ in pins}


def test_the_installed_wheel_finds_its_data(site: Path, tmp_path: Path) -> None:
    program = "import pipeline.resources as r; print(r.data_path('models'))"

    assert Path(_run(site, tmp_path, "-c", program).strip()) == site / "pipeline/_data/models"


def test_the_installed_command_explains_itself(site: Path, tmp_path: Path) -> None:
    output = _run(site, tmp_path, str(site / "bin" / "chartsift"), "--help")

    for command in ("init", "run", "show", "doctor", "evaluate", "train"):
        assert command in output


def test_the_installed_wheel_runs(site: Path, tmp_path: Path) -> None:
    notes = pq.read_table(data_path("notes", "notes.parquet")).slice(0, DEMO_NOTES)
    pq.write_table(notes, tmp_path / "notes.parquet")
    script = str(site / "bin" / "chartsift")
    known = str(site / "pipeline" / "_data" / "notes" / "patients.jsonl")

    _run(site, tmp_path, script, "init", "phi")
    roots = ("--out", "out", "--phi", "phi", "--known", known)
    _run(site, tmp_path, script, "run", "notes.parquet", *roots)

    released = pq.read_table(tmp_path / "out" / "note").to_pylist()
    assert len(released) == DEMO_NOTES
    assert not any("Gerald" in note["text"] or "4471902" in note["text"] for note in released)
    assert all("[PATIENT]" in note["text"] for note in released)
    found = set(pq.read_table(tmp_path / "out" / "mention")["label"].to_pylist())
    assert found == {"SYMPTOM", "DISEASE", "TREATMENT"}
