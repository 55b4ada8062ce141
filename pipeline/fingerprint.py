"""The fingerprint of a pipeline: what must change for a note to be done again."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path

from pipeline.config import Config
from pipeline.errors import SetupError
from pipeline.keys import Keys
from pipeline.resources import data_path

_PACKAGE = Path(__file__).resolve().parent
_CODE = (
    "deid",
    "extract",
    "context",
    "link",
    "medication",
    "interpretation.py",
    "encoder",
    "engine.py",
    "keys.py",
    "note.py",
    "patient.py",
    "outcomes.py",
    "patients.py",
    "rows.py",
    "schema.py",
    "spans.py",
    "stages.py",
    "storage/checking.py",
)
_LIBRARIES = ("scispacy", "spacy", "tokenizers", "torch", "transformers")
_DOCUMENTS = ("readme", "license", "licence", "notice", "training_documents")


def fingerprint(config: Config, keys: Keys) -> str:
    """Digest the settings, models, word lists and code that decide what comes out of a note.

    How a run uses the machine and where tables lie is left out; so are model cards and figures.

    Raises:
        SetupError: A model is missing.
    """
    settings = {
        "input": config.input.model_dump(mode="json", include={"max_characters"}),
        "ids": config.ids.model_dump(mode="json"),
        "deid": config.deid.model_dump(mode="json", exclude={"ner", "bert", "note_types"}),
        "phi": [hash_model(model) for model in _phi_models(config)],
        "note_types": sorted(config.deid.note_types),
        "dates_key": keys.dates_key_id,
        "bert": hash_model(config.extract.bert),
        "scispacy": [
            [hash_model(find_model(m.model)), sorted(m.labels.items()), m.model]
            for m in config.extract.scispacy
        ],
        "assertion": _assertion_model(config),
        "vocabulary": hash_model(config.link.vocabulary),
        "thresholds": sorted(config.extract.thresholds.items()),
        "words": _hash(data_path("words").iterdir(), data_path("words")),
        "code": _hash(_code_files(), _PACKAGE),
        "libraries": {name: importlib.metadata.version(name) for name in _LIBRARIES},
    }
    return keys.digest("fingerprint", json.dumps(settings, sort_keys=True))


def _phi_models(config: Config) -> tuple[Path, ...]:
    deid = config.deid
    return (deid.ner,) if deid.profile == "fast" else (deid.ner, deid.bert)


def _assertion_model(config: Config) -> str | None:
    context = config.context
    return hash_model(context.model) if context.assertion == "network" else None


def hash_model(folder: Path) -> str:
    """Return the SHA-256 of a model's files (but its documents), by relative path and content.

    Raises:
        SetupError: The folder is missing or empty.
    """
    files = [p for p in folder.rglob("*") if p.is_file() and not _is_document(p)]
    if not files:
        raise SetupError(
            f"no model in {folder}; reinstall chartsift, train one with `chartsift train`, "
            "or correct the setting that names the folder"
        )
    return _hash(files, folder)


def find_model(name: str) -> Path:
    """Find the folder of a spaCy pipeline given by package name or path.

    Raises:
        SetupError: There is no such package or folder.
    """
    if Path(name).is_dir():
        return Path(name)
    spec = importlib.util.find_spec(name) if name.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise SetupError(
            f"extract.scispacy names the model {name!r}, which is not installed; "
            "install it or take it out of the configuration"
        )
    return Path(spec.submodule_search_locations[0])


def _is_document(path: Path) -> bool:
    # By name, not by suffix alone: a tokenizer's vocabulary is called vocab.txt.
    return path.suffix in (".md", ".svg") or path.stem.lower() in _DOCUMENTS


def _code_files() -> list[Path]:
    paths = (_PACKAGE / part for part in _CODE)
    return [f for path in paths for f in ([path] if path.is_file() else path.rglob("*.py"))]


def _hash(files: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        if "__pycache__" in file.parts:
            continue
        digest.update(str(file.relative_to(root)).encode("utf-8", "surrogateescape") + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
