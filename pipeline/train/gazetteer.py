"""Build the gazetteer of the token classifier from open terminologies."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.lang.en.stop_words import STOP_WORDS

from pipeline.errors import InputError
from pipeline.extract.gazetteer import KINDS, LONGEST_NAME, Gazetteer, normalise
from pipeline.link.terms import PHENOTYPE, find_phenotypes
from pipeline.train.names import UNSURE, is_sign, read_rows, read_symptoms

_DISEASE, _SYMPTOM, _FINDING, _TREATMENT = (1 << place for place in range(len(KINDS)))

_BRACKETS = re.compile(r"\s*(?:\[[^\]]*\]|\([^)]*\))")
_UNSPECIFIED = re.compile(r", unspecified.*|,? NOS$")
_SHORTEST = {_TREATMENT: 4}
_DISEASES = ("C", "F03")
"""Its branches of diseases, signs and mental disorders; the others hold what is healthy."""

_NO_DISEASES = frozenset("STVWXYZ")
"""Chapters of ICD-10-CM on injuries, causes and contacts, which are said otherwise in notes."""

_SIGN_CHAPTER = "R"


def build_gazetteer(terms: Path) -> Gazetteer:
    """Collect the names of diseases, symptoms and drugs from open terminologies.

    A name in several of them is a disease if one of disease says so and none of symptoms does,
    and so on; between the two it is a finding. Names of more than ``LONGEST_NAME`` words, with
    commas, or of one letter or English stop word are left out.

    Args:
        terms: Folder with ``mesh_diseases.tsv``, ``HumanDO.tsv``, ``icd10cm_2026.tsv``,
            ``symp.obo``, ``hpo_names.tsv``, ``drug_variants.tsv`` and ``drugbank_vocabulary.csv``.

    Raises:
        InputError: A terminology is missing or has another layout.
    """
    told: dict[str, int] = {}
    try:
        for name, kind in _read_terms(terms):
            plain = _BRACKETS.sub("", name).strip()
            if "," in plain or len(plain) < _SHORTEST.get(kind, 3):
                continue
            form = normalise(plain)
            if form and form not in STOP_WORDS and form.count(" ") < LONGEST_NAME:
                told[form] = told.get(form, 0) | kind
    except (OSError, LookupError, TypeError, ValueError, AttributeError, csv.Error) as error:
        raise InputError(
            f"the terminologies in {terms} can't be read ({type(error).__name__}); give a folder"
            " with mesh_diseases.tsv, HumanDO.tsv, icd10cm_2026.tsv, symp.obo, hpo_names.tsv,"
            " drug_variants.tsv and drugbank_vocabulary.csv"
        ) from None
    return Gazetteer({name: _decide(kinds) for name, kinds in told.items() if len(name) > 1})


def _decide(kinds: int) -> int:
    """Return the place in ``KINDS`` of what several terminologies say."""
    if kinds & _DISEASE and kinds & _SYMPTOM:
        kinds = _FINDING
    return next(place for place in range(len(KINDS)) if kinds >> place & 1)


def _read_terms(terms: Path) -> Iterator[tuple[str, int]]:
    for row in read_rows(terms / "mesh_diseases.tsv"):
        trees = row["tree"].split("|")
        if not any(tree.startswith(_DISEASES) for tree in trees):
            continue
        if is_sign(trees):
            kind = _SYMPTOM
        else:
            kind = _FINDING if all(tree.startswith(UNSURE) for tree in trees) else _DISEASE
        yield from _all((row["name"], *row["variants"].split("|")), kind)
    yield from _all((row["label"] for row in read_rows(terms / "HumanDO.tsv")), _DISEASE)
    for row in read_rows(terms / "icd10cm_2026.tsv"):
        if row["code"][0] not in _NO_DISEASES:
            names = [row["description"], *row["inclusion_terms"].split("|")]
            names = [name for name in names if " " in name]  # a word alone may be a heading
            kind = _SYMPTOM if row["code"][0] == _SIGN_CHAPTER else _DISEASE
            yield from _all((_UNSPECIFIED.sub("", name) for name in names), kind)
    yield from _all(read_symptoms(terms / "symp.obo"), _SYMPTOM)
    concepts = list(read_rows(terms / "hpo_names.tsv"))
    phenotypes = find_phenotypes({row["id"]: row["parents"].split("|") for row in concepts})
    known = {PHENOTYPE, *phenotypes}
    for row in concepts:
        if row["is_obsolete"] != "True" and row["id"] in known:
            yield from _all((row["name"], *row["synonyms"].split("|")), _FINDING)
    for row in read_rows(terms / "drug_variants.tsv"):
        yield from _all((row["name"], *row["variants"].split("|")), _TREATMENT)
    for row in read_rows(terms / "drugbank_vocabulary.csv", ","):
        yield from _all((row["Common name"], *row["Synonyms"].split(" | ")), _TREATMENT)


def _all(names: Iterable[str], kind: int) -> Iterator[tuple[str, int]]:
    return ((name, kind) for name in names)
