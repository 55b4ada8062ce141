"""Tests of the fingerprint: what must change for a note to be done again, and what must not."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from pipeline import fingerprint as module
from pipeline.config import Config
from pipeline.errors import SetupError
from pipeline.fingerprint import find_model, fingerprint, hash_model
from pipeline.keys import Keys

KEYS = Keys(bytes(range(32)), bytes(range(1, 33)))


@pytest.fixture(autouse=True)
def _package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small chartsift with small models and word lists, to be changed."""
    for file, content in {
        "package/deid/rules/dates.py": "a = 1",
        "package/extract/bert.py": "b = 1",
        "package/context/sentences.py": "c = 1",
        "package/stages.py": "d = 1",
        "package/report/page.py": "e = 1",
        "package/cli.py": "f = 1",
        "phi/config.cfg": "[nlp]",
        "phi/ner/model": "weights",
        "phi/README.md": "A card.",
        "bert/model.safetensors": "weights",
        "bert/vocab.txt": "fever",
        "bert/LICENSE": "Free.",
        "sci/model": "weights",
        "words/names.txt": "ada",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(content)
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "package")
    monkeypatch.setattr(module, "data_path", tmp_path.joinpath)


def taken(folder: Path, **sections: Any) -> str:
    extract = {"bert": folder / "bert", **sections.pop("extract", {})}
    return fingerprint(Config(deid={"ner": folder / "phi"}, extract=extract, **sections), KEYS)


@pytest.mark.parametrize(
    "file",
    [
        "package/deid/rules/dates.py",
        "package/extract/bert.py",
        "package/context/sentences.py",
        "package/stages.py",
        "phi/config.cfg",
        "phi/ner/model",
        "bert/model.safetensors",
        "bert/vocab.txt",
        "words/names.txt",
    ],
)
def test_code_models_and_words_matter(tmp_path: Path, file: str) -> None:
    before = taken(tmp_path)
    (tmp_path / file).write_text("changed")
    changed = taken(tmp_path)
    (tmp_path / file).rename((tmp_path / file).with_name("renamed.py"))

    assert len({before, changed, taken(tmp_path)}) == 3


@pytest.mark.parametrize(
    "file",
    [
        "package/report/page.py",
        "package/cli.py",
        "package/deid/__pycache__/dates.pyc",
        "package/extract/notes.txt",
        "phi/README.md",
        "phi/licence.txt",
        "bert/LICENSE",
        "bert/__pycache__/x.pyc",
    ],
)
def test_cards_licences_caches_and_other_code_do_not(tmp_path: Path, file: str) -> None:
    before = taken(tmp_path)
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text("changed")

    assert taken(tmp_path) == before


@pytest.mark.parametrize(
    ("section", "matters"),
    [
        ({"ids": {"release": "keep"}}, True),
        ({"input": {"max_characters": 10}}, True),
        ({"input": {"max_quarantine_rate": 0.5}}, False),
        ({"input": {"max_removed_rate": 0.1}}, False),
        ({"run": {"workers": 7, "device": "cpu", "batch_notes": 3, "retries": 0}}, False),
        ({"storage": {"file_mode": "0600", "directory_mode": "0700"}}, False),
        ({"extract": {"thresholds": {"SYMPTOM": 0.5}}}, True),
        ({"paths": {"out": "/elsewhere"}}, False),
    ],
)
def test_settings_matter_if_they_decide_what_comes_out(
    tmp_path: Path, section: dict[str, Any], matters: bool
) -> None:
    assert (taken(tmp_path, **section) != taken(tmp_path)) is matters


def test_further_models_and_their_labels_matter(tmp_path: Path) -> None:
    def with_labels(**labels: str) -> str:
        models = [{"model": str(tmp_path / "sci"), "labels": labels}]
        return taken(tmp_path, extract={"scispacy": models})

    fingerprints = [taken(tmp_path), with_labels(A="DISEASE"), with_labels(A="SYMPTOM")]
    assert len(set(fingerprints)) == 3
    assert with_labels(A="DISEASE", B="SYMPTOM") == with_labels(B="SYMPTOM", A="DISEASE")
    (tmp_path / "sci" / "model").write_text("other weights")
    assert with_labels(A="DISEASE") not in fingerprints


def test_where_models_lie_does_not_matter_and_the_key_does(tmp_path: Path) -> None:
    before = taken(tmp_path)
    (tmp_path / "phi").rename(tmp_path / "moved")
    config = Config(deid={"ner": tmp_path / "moved"}, extract={"bert": tmp_path / "bert"})

    assert fingerprint(config, KEYS) == before
    assert fingerprint(config, Keys(bytes(32), bytes(32))) != before


def test_content_does_not_flow_from_file_to_file(tmp_path: Path) -> None:
    for folder, files in {"a": {"x": "12", "y": ""}, "b": {"x": "1", "y": "2"}}.items():
        (tmp_path / folder).mkdir()
        for name, content in files.items():
            (tmp_path / folder / name).write_text(content)

    assert hash_model(tmp_path / "a") != hash_model(tmp_path / "b")


def test_a_missing_model_is_a_setup_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "README.md").write_text("A card.")
    for name in ("gone", "empty"):
        with pytest.raises(SetupError, match="no model in"):
            hash_model(tmp_path / name)
    for name in ("no_such_model_at_all", "not-a-name", "os"):
        with pytest.raises(SetupError, match="not installed"):
            find_model(name)


def test_a_model_is_found_by_folder_or_by_package(tmp_path: Path) -> None:
    assert find_model(str(tmp_path / "sci")) == tmp_path / "sci"
    assert (find_model("spacy") / "language.py").is_file()


# --- the real code ---

PACKAGE = Path(__file__).resolve().parents[1] / "pipeline"
ELSEWHERE = {
    "assignment",
    "config",
    "errors",
    "fingerprint",
    "plan",
    "resources",
    "schema",
    "storage",
}
"""What the code may import uncovered: settings, models and rows are digested themselves."""


def _covered() -> list[Path]:
    paths = [PACKAGE / part for part in module._CODE]
    assert all(path.exists() for path in paths)
    return [f for path in paths for f in ([path] if path.is_file() else sorted(path.rglob("*.py")))]


def test_whatever_the_covered_code_imports_is_covered() -> None:
    covered = {file.relative_to(PACKAGE).with_suffix("").parts for file in _covered()}
    for file in _covered():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(
                "pipeline."
            ):
                continue
            parts = tuple((node.module or "").split("."))[1:]
            assert parts[0] in ELSEWHERE or any(c[: len(parts)] == parts for c in covered), (
                f"{file.name} imports {node.module}, which the fingerprint doesn't cover"
            )
