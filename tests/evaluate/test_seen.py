from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import Extract, SpacyModel
from pipeline.errors import SetupError
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.seen import count_seen, read_seen
from pipeline.note import Note


def model(folder: Path, ids: str | None) -> Path:
    folder.mkdir(parents=True)
    if ids is not None:
        (folder / "training_documents.txt").write_text(ids, "utf-8")
    return folder


def spacy_model(name: str | Path) -> SpacyModel:
    return SpacyModel(model=str(name), labels={"DISEASE": "DISEASE"})


def test_ids_of_all_models_are_gathered(tmp_path: Path) -> None:
    bert = model(tmp_path / "bert", "a1\na2\n")
    other = model(tmp_path / "spacy", "a2\nb 1\n\n")
    silent = model(tmp_path / "silent", None)
    extract = Extract(bert=bert, scispacy=(spacy_model(other), spacy_model(silent)))
    assert read_seen(extract) == frozenset({"a1", "a2", "b 1"})


def test_an_installed_pipeline_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = model(tmp_path / "site" / "en_invented_md", None)
    (package / "__init__.py").touch()
    model(package / "en_invented_md-1.0.0", "c1\n")
    monkeypatch.syspath_prepend(tmp_path / "site")
    bert = model(tmp_path / "bert", None)
    extract = Extract(bert=bert, scispacy=(spacy_model("en_invented_md"),))
    assert read_seen(extract) == frozenset({"c1"})


def test_models_may_not_say(tmp_path: Path) -> None:
    bert = model(tmp_path / "bert", None)
    assert read_seen(Extract(bert=bert, scispacy=(spacy_model("en_absent_md"),))) is None


def test_a_broken_list_is_told(tmp_path: Path) -> None:
    bert = model(tmp_path / "bert", None)
    (bert / "training_documents.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(SetupError, match="one id a line"):
        read_seen(Extract(bert=bert))


def test_ids_are_compared_letter_for_letter() -> None:
    documents = [GoldDocument(Note(id_, "")) for id_ in ("n1", "N1", "n10", "n1", " n2")]
    assert count_seen(documents, {"n1", "n2"}) == 2


def test_shipped_models_say_what_they_were_trained_on() -> None:
    assert read_seen(Extract())
