"""Names of symptoms, diseases and drugs as clinicians write them, from open vocabularies."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.errors import InputError

_MOST_WORDS = 5
_SHORTEST = 3
_LONGEST = 45
_LONGEST_BRAND = 14
_ALIKE = 0.72
"""From this share of common letters on, a drug's other name is a spelling of the first."""

_PLAIN = re.compile(r"[a-z](?:[a-z' -]|(?<=\btype )[1-4]\b)*", re.I)
_WORD = re.compile(r"[A-Za-z]+")
_UNWRITTEN = re.compile(
    r"\b(?:and|or|with|by|not|nos|due|other|unspecified|obsolete|manifestations?|symptoms?"
    r"|autosomal|susceptibility|neoplasms?|experimental|animal|hind|diseases|disorders)\b"
    r"|tumour|aemi|oedem|haem|oesoph|rrhoea|melaena|paed|foet|hydrochloride|anhydrous",
    re.IGNORECASE,
)
"""Words of catalogues, and spellings that notes of the United States don't use."""

_LIKE_DISEASES = re.compile(
    r"\b(?:syndromes?|diseases?|disorders?|infections?|inflammation|abscess(?:es)?|failure"
    r"|effusion|fibrillation|ventricular|angina|purpura|necrosis|episode|stillbirth|overweight"
    r"|involvement|mild|moderate|severe|occasional|acute|afebrile)\b"
    r"|itis\b|epilep|\banemi|cancer|tumor|(?:cerebral|dural) hemorrhage"
    r"|\bblood pressure$|\bweight$",
    re.IGNORECASE,
)
"""What names of symptoms hold that are better called diseases, say how bad it is, or is none."""

_LATIN = re.compile("[^i]um$")
_SIGNS = "C23.888"
"""Signs and symptoms in the tree of MeSH."""

UNSURE = ("C22", "C23")
"""Its branches of animals' diseases, and of signs and processes that may be either."""

_DISEASES = re.compile(r"C(?:[01]\d|2[0456])|F03")
"""Its branches of diseases and mental disorders."""


@dataclass(frozen=True, slots=True)
class Names:
    """Names to stand in the place of a mention.

    Attributes:
        of: Label (SYMPTOM, DISEASE, TREATMENT) to its distinct names in alphabetical order. The
            treatments are drugs, by generic name or brand; operations are in no vocabulary read.
    """

    of: Mapping[str, tuple[str, ...]]


def read_names(terms: Path) -> Names:
    """Read names that a clinician would write from open vocabularies.

    Kept are names of up to five words without codes, brackets, commas and digits (but for ``type
    2``), in lower case but for eponyms and acronyms; of the diseases, those that two vocabularies
    name alike; of the drugs, those with a page in MedlinePlus. A name that stands under two
    labels is left out, so diarrhea is neither a symptom nor a disease.

    Args:
        terms: Folder with ``drug_variants.tsv``, ``mesh_diseases.tsv``, ``HumanDO.tsv``,
            ``icd10cm_2026.tsv`` and ``symp.obo``.

    Raises:
        InputError: A vocabulary is missing or has another layout.
    """
    mesh_file = terms / "mesh_diseases.tsv"
    try:
        mesh = _distinct(_mesh(mesh_file, bool))
        diseases = _distinct(_mesh(mesh_file, _is_disease))
        signs = _distinct(_mesh(mesh_file, is_sign))
        ontology = _distinct(_ontology(terms / "HumanDO.tsv"))
        codes = _distinct(_codes(terms / "icd10cm_2026.tsv"))
        symptoms = _distinct(read_symptoms(terms / "symp.obo"))
        drugs = _distinct(_drugs(terms / "drug_variants.tsv"))
    except (OSError, KeyError, ValueError, AttributeError) as error:
        raise InputError(
            f"the vocabularies in {terms} can't be read ({type(error).__name__}); give a folder "
            "with drug_variants.tsv, mesh_diseases.tsv, HumanDO.tsv, icd10cm_2026.tsv and symp.obo"
        ) from None
    symptoms |= {name: form for name, form in signs.items() if name in codes}
    kinds = {
        "SYMPTOM": {k: v for k, v in symptoms.items() if not _LIKE_DISEASES.search(k)},
        "DISEASE": diseases | ontology,
        "TREATMENT": drugs,
    }
    labels = Counter(name for names in kinds.values() for name in names)
    votes = Counter([*mesh, *ontology, *codes])
    kinds["DISEASE"] = {k: v for k, v in kinds["DISEASE"].items() if votes[k] > 1}
    return Names(
        {
            label: tuple(sorted(form for name, form in names.items() if labels[name] == 1))
            for label, names in kinds.items()
        }
    )


def read_symptoms(path: Path) -> Iterator[str]:
    """Yield the terms of the Symptom Ontology and their exact synonyms."""
    for stanza in path.read_text(encoding="utf-8").split("\n[")[1:]:
        if stanza.startswith("Term]") and "\nis_obsolete: true" not in stanza:
            yield from re.findall(r"^name: (.+)$", stanza, re.MULTILINE)
            yield from re.findall(r'^synonym: "(.+)" EXACT', stanza, re.MULTILINE)


def _ontology(path: Path) -> Iterator[str]:
    """Yield the labels of the Disease Ontology, which writes eponyms with a capital."""
    for row in read_rows(path):
        yield row["label"]


def _codes(path: Path) -> Iterator[str]:
    """Yield what ICD-10-CM calls diseases and signs."""
    for row in read_rows(path):
        yield from (row["description"].lower(), *row["inclusion_terms"].lower().split("|"))


def _mesh(path: Path, is_meant: Callable[[Collection[str]], bool]) -> Iterator[str]:
    """Yield the descriptors of some MeSH trees and their variants, no plural beside its singular.

    The variants are in lower case: eponyms get their capital from a list of eponyms, acronyms
    from the descriptors.
    """
    rows = list(read_rows(path))
    words = {word for row in rows for word in _WORD.findall(row["name"])}
    acronyms = {word.lower() for word in words if len(word) > 1 and word.isupper()}
    eponyms = load_lexicon().eponyms
    for row in rows:
        if is_meant(row["tree"].split("|")):
            variants = {row["name"].lower(), *row["variants"].split("|")}
            for variant in variants:
                if variants.isdisjoint(_singulars(variant)):
                    yield _WORD.sub(lambda m: _cased(m[0], eponyms, acronyms), variant)


def is_sign(trees: Collection[str]) -> bool:
    """Say whether a MeSH descriptor with these tree numbers is a sign or symptom."""
    return any(tree.startswith(_SIGNS) for tree in trees)


def _is_disease(trees: Collection[str]) -> bool:
    sure = not any(tree.startswith(UNSURE) for tree in trees)
    return sure and any(_DISEASES.match(tree) for tree in trees)


def _cased(word: str, eponyms: Collection[str], acronyms: Collection[str]) -> str:
    if word in acronyms:
        return word.upper()
    return word.capitalize() if word in eponyms else word


def _singulars(name: str) -> Iterator[str]:
    for plural, singular in (("ies", "y"), ("es", "is"), ("es", ""), ("s", ""), ("ae", "a")):
        if name.endswith(plural):
            yield name.removesuffix(plural) + singular


def _drugs(path: Path) -> Iterator[str]:
    """Yield generic names and brands of drugs that patients in the United States read about."""
    for row in read_rows(path):
        if row["medlineplus_id"]:
            name = row["name"].lower()
            yield name
            yield from (v for v in row["variants"].split("|") if _is_brand(v, name))


def _is_brand(variant: str, name: str) -> bool:
    """Say whether a drug's variant is no salt or formula, nor its name in another language."""
    if not variant.isalpha() or len(variant) > _LONGEST_BRAND or _LATIN.search(variant):
        return False
    return SequenceMatcher(None, variant, name, autojunk=False).ratio() < _ALIKE


def _is_written(name: str) -> bool:
    """Say whether a clinician may write a name so in a note."""
    return (
        _SHORTEST <= len(name) <= _LONGEST
        and len(name.split()) <= _MOST_WORDS
        and name.count("-") < 3
        and _PLAIN.fullmatch(name) is not None
        and _UNWRITTEN.search(name) is None
    )


def _distinct(names: Iterable[str]) -> dict[str, str]:
    """Key the names a clinician may write by their lower case; a form with capitals is kept."""
    distinct: dict[str, str] = {}
    for name in names:
        if _is_written(name):
            distinct[name.lower()] = min(name, distinct.get(name.lower(), name))
    return distinct


def read_rows(path: Path, delimiter: str = "\t") -> Iterator[dict[str, str]]:
    """Yield the rows of a terminology's table by the names of its columns."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=delimiter)
