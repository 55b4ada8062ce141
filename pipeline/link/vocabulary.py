"""The vocabulary as the linker uses it: concepts, their names as words, and their codes.

Names are kept as numbers of words, not as strings: a quarter of a million names take a few
megabytes, and all their words are compared at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.errors import SetupError
from pipeline.link.term import LABELS
from pipeline.resources import data_path

CODES: Final = ("icd10cm", "mesh", "umls", "do", "hpo", "symp", "drugbank", "medlineplus", "omim")
"""The terminologies that the shipped vocabulary gives codes of, in the order of their columns."""

_FILES: Final = ("concepts.parquet", "names.parquet", "words.parquet")
_SEPARATOR: Final = "|"
_CODE: Final = "code_"
_LICENCES: Final = b"licences"


@dataclass(frozen=True, slots=True)
class VocabularyConcept:
    """One concept.

    Attributes:
        concept_id: Its terminology and code there, such as ``MESH:D009325``.
        name: The preferred name.
        labels: What it is: one or two of SYMPTOM, DISEASE and TREATMENT.
        names: All names, in lower case and as the linker reads them.
        codes: Terminology to its codes, several joined by ``|``.
        origins: The terminologies that the names are from.
    """

    concept_id: str
    name: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    codes: Mapping[str, str]
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Concepts, names and words.

    Attributes:
        words: The words of all names, each once.
        tokens: The names' words as places in ``words``, one name after the other.
        starts: Where each name begins in ``tokens``, and at last where the last one ends.
        owners: The place of each name's concept, rising.
        levels: 0 for a name that a terminology prefers, 1 for another, 2 for one that only tells
            what terminologies have in common.
        ids: Each concept's id.
        preferred: Each concept's preferred name.
        labels: Each concept's labels as bits, in the order of ``LABELS``.
        familiarity: How well known each concept is: the number of terminologies that have it, and
            8 more if one of them says that it is common.
        origins: Each concept's terminologies, joined by ``|``.
        codes: Terminology to each concept's codes, joined by ``|``.
        licences: Terminology to its licence.

    Raises:
        ValueError: The arrays don't fit together.
    """

    words: Sequence[str] = field(repr=False)
    tokens: NDArray[np.int64] = field(repr=False)
    starts: NDArray[np.int64] = field(repr=False)
    owners: NDArray[np.int64] = field(repr=False)
    levels: NDArray[np.uint8] = field(repr=False)
    ids: pa.StringArray = field(repr=False)
    preferred: pa.StringArray = field(repr=False)
    labels: NDArray[np.uint8] = field(repr=False)
    familiarity: NDArray[np.uint8] = field(repr=False)
    origins: pa.Array = field(repr=False)
    codes: Mapping[str, pa.StringArray] = field(repr=False)
    licences: Mapping[str, str]

    def __post_init__(self) -> None:
        n = len(self.ids)
        columns = (
            self.preferred,
            self.labels,
            self.familiarity,
            self.origins,
            *self.codes.values(),
        )
        if any(len(column) != n for column in columns):
            raise ValueError("a vocabulary has one cell for each concept in each column")
        if len(self.levels) != len(self.owners):
            raise ValueError("a vocabulary has one level for each name")
        if len(self.starts) != len(self.owners) + 1 or self.starts[-1] != len(self.tokens):
            raise ValueError("a vocabulary's names end where its tokens do")
        if len(self.tokens) and not 0 <= self.tokens.min() <= self.tokens.max() < len(self.words):
            raise ValueError("a vocabulary's tokens are places in its words")
        if len(self.owners) and not 0 <= self.owners.min() <= self.owners.max() < n:
            raise ValueError("a vocabulary's names belong to its concepts")

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, systems: Sequence[str]) -> Vocabulary:
        """Return the concepts that have a code of one of some terminologies, and their names."""
        masks = [self.codes[s].is_valid().to_numpy(False) for s in systems if s in self.codes]
        kept = np.logical_or.reduce(masks) if masks else np.zeros(len(self), np.bool_)
        named = kept[self.owners]
        tokens = np.repeat(named, np.diff(self.starts))
        concepts = pa.array(kept)
        return replace(
            self,
            tokens=self.tokens[tokens],
            starts=np.concatenate(([0], np.cumsum(np.diff(self.starts)[named]))),
            owners=(np.cumsum(kept) - 1)[self.owners[named]],
            levels=self.levels[named],
            ids=self.ids.filter(concepts),
            preferred=self.preferred.filter(concepts),
            labels=self.labels[kept],
            familiarity=self.familiarity[kept],
            origins=self.origins.filter(concepts),
            codes={system: column.filter(concepts) for system, column in self.codes.items()},
        )

    def name_words(self, place: int) -> list[str]:
        """Return the words of the name at a place."""
        tokens = self.tokens[self.starts[place] : self.starts[place + 1]]
        return [self.words[token] for token in tokens]

    def codes_of(self, place: int) -> dict[str, str]:
        """Return the codes of the concept at a place."""
        cells = ((system, column[place].as_py()) for system, column in self.codes.items())
        return {system: cell for system, cell in cells if cell}

    def concept(self, place: int) -> VocabularyConcept:
        """Return the concept at a place."""
        first, last = np.searchsorted(self.owners, (place, place + 1))
        bits = int(self.labels[place])
        return VocabularyConcept(
            self.ids[place].as_py(),
            self.preferred[place].as_py(),
            tuple(label for bit, label in enumerate(LABELS) if bits >> bit & 1),
            tuple(" ".join(self.name_words(name)) for name in range(first, last)),
            self.codes_of(place),
            tuple(self.origins[place].as_py().split(_SEPARATOR)),
        )


def load_vocabulary() -> Vocabulary:
    """Read the shipped vocabulary (``data/vocabulary``)."""
    return read_vocabulary(data_path("vocabulary"))


def read_vocabulary(folder: Path) -> Vocabulary:
    """Read a vocabulary.

    Args:
        folder: Where :func:`write_vocabulary` wrote it.

    Raises:
        SetupError: A file is missing or damaged.
    """
    try:
        concepts, names, words = (pq.read_table(folder / name).combine_chunks() for name in _FILES)
        tokens = _one(names["words"])
        counts = concepts["names"].to_numpy()
        columns = {name[5:]: name for name in concepts.column_names if name.startswith(_CODE)}
        return Vocabulary(
            _one(words["word"]).to_pylist(),
            tokens.values.to_numpy().astype(np.int64),
            tokens.offsets.to_numpy().astype(np.int64),
            np.repeat(np.arange(len(counts), dtype=np.int64), counts),
            names["level"].to_numpy(),
            _one(concepts["concept_id"]),
            _one(concepts["name"]),
            concepts["labels"].to_numpy(),
            concepts["familiarity"].to_numpy(),
            _one(concepts["origins"]),
            {system: _one(concepts[name]) for system, name in columns.items()},
            json.loads(concepts.schema.metadata[_LICENCES]),
        )
    except (OSError, KeyError, ValueError, TypeError, pa.ArrowException):
        pass
    raise SetupError(
        f"the vocabulary in {folder} can't be read: copy the folder again, or build it with "
        "`chartsift vocabulary build`"
    )


def write_vocabulary(vocabulary: Vocabulary, folder: Path) -> None:
    """Write a vocabulary into a folder; the same vocabulary makes the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = np.bincount(vocabulary.owners, minlength=len(vocabulary))
    columns: dict[str, pa.Array] = {
        "concept_id": vocabulary.ids,
        "name": vocabulary.preferred,
        "labels": pa.array(vocabulary.labels),
        "familiarity": pa.array(vocabulary.familiarity),
        "origins": vocabulary.origins,
        "names": pa.array(counts.astype(np.uint16)),
        **{_CODE + system: column for system, column in vocabulary.codes.items()},
    }
    licences = {_LICENCES: json.dumps(dict(vocabulary.licences), sort_keys=True)}
    names = pa.ListArray.from_arrays(
        vocabulary.starts.astype(np.int32), vocabulary.tokens.astype(np.uint32)
    )
    tables = (
        pa.table(columns).replace_schema_metadata(licences),
        pa.table({"words": names, "level": pa.array(vocabulary.levels)}),
        pa.table({"word": pa.array(vocabulary.words, pa.string())}),
    )
    for name, table in zip(_FILES, tables, strict=True):
        temporary = folder / f".{name}"
        texts = [field.name for field in table.schema if field.type == pa.string()]
        pq.write_table(
            table,
            temporary,
            compression="zstd",
            compression_level=19,
            use_dictionary=[column for column in ("origins",) if column in texts],
            column_encoding={t: "DELTA_BYTE_ARRAY" for t in texts if t != "origins"} or None,
            write_statistics=False,
        )
        temporary.replace(folder / name)


def _one(column: pa.ChunkedArray) -> pa.Array:
    """Return a column of a table without chunks."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
