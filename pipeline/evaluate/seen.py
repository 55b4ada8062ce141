"""Documents that a model was trained on: a score on them promises nothing for others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from pipeline.config import Config, Extract
from pipeline.errors import SetupError
from pipeline.note import Note

TRAINING_DOCUMENTS = "training_documents.txt"
"""The file in a model's folder that holds the ids of its training documents, one a line."""


class _Document(Protocol):
    @property
    def note(self) -> Note: ...


def read_seen(extract: Extract) -> frozenset[str] | None:
    """Read the ids of the documents that the configured models were trained on.

    Args:
        extract: The settings that name the models.

    Returns:
        The ids that any of the models lists; None if no model has such a list.

    Raises:
        SetupError: A list can't be read.
    """
    folders = [extract.bert, *(f for m in extract.scispacy for f in _folders(m.model))]
    lists = [path for folder in folders if (path := folder / TRAINING_DOCUMENTS).is_file()]
    return frozenset(id_ for path in lists for id_ in read_ids(path)) if lists else None


def read_seen_assertions(config: Config) -> frozenset[str] | None:
    """Read the ids of the documents that what decides of assertions was trained on.

    Returns:
        The ids that the network or its BERT lists; None if one has no such list; none if rules
        decide.

    Raises:
        SetupError: A list can't be read.
    """
    if config.context.assertion == "rules":
        return frozenset()
    lists = [f / TRAINING_DOCUMENTS for f in (config.context.model, config.extract.bert)]
    known = all(path.is_file() for path in lists)
    return frozenset(id_ for path in lists for id_ in read_ids(path)) if known else None


def count_seen(documents: Iterable[_Document], seen: AbstractSet[str]) -> int:
    """Count the documents whose ids are among those of training documents, letter for letter.

    Corpora that number their documents alike may so be taken for one another: better a false
    warning than none.
    """
    return sum(document.note.note_id in seen for document in documents)


def _folders(model: str) -> Iterator[Path]:
    """Find where a spaCy pipeline may lie: the folder given, or an installed package's."""
    if Path(model).is_dir():
        yield Path(model)
        return
    spec = find_spec(model) if model.isidentifier() else None
    for location in (spec and spec.submodule_search_locations) or ():
        package = Path(location)
        yield from (package, *sorted(package.glob(f"{model}-*")))


def read_ids(path: Path) -> list[str]:
    """Read the ids that a file of training documents lists.

    Raises:
        SetupError: The file can't be read.
    """
    try:
        return [line for line in path.read_text("utf-8").split("\n") if line]
    except (OSError, UnicodeDecodeError):
        pass
    raise SetupError(f"can't read {path}: make it readable UTF-8 text with one id a line")


def add_ids(folder: Path, ids: Iterable[str]) -> None:
    """Add ids to those of the documents that the models in a folder were trained on.

    Raises:
        SetupError: The list that is there can't be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / TRAINING_DOCUMENTS
    known = read_ids(path) if path.is_file() else []
    path.write_text("\n".join(sorted({*known, *ids})) + "\n", encoding="utf-8")
