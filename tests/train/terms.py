"""Invented terms in the layouts of the terminologies that names come from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

FILES = (
    "mesh_diseases.tsv", "HumanDO.tsv", "icd10cm_2026.tsv", "symp.obo", "hpo_names.tsv",
    "drug_variants.tsv", "drugbank_vocabulary.csv",
)  # fmt: skip


def write_terms(
    folder: Path,
    *,
    mesh: Iterable[tuple[str, str, str]] = (),
    ontology: Iterable[str] = (),
    codes: Iterable[tuple[str, str, str]] = (),
    symptoms: Iterable[str] = (),
    phenotypes: Iterable[tuple[str, str, str, str, str]] = (),
    drugs: Iterable[tuple[str, str]] = (),
    drugbank: Iterable[tuple[str, str]] = (),
) -> Path:
    """Write all seven terminologies and return their folder, which is made.

    Args:
        folder: For the files.
        mesh: Names, trees and variants.
        ontology: Labels.
        codes: Codes of ICD-10-CM, descriptions and inclusion terms.
        symptoms: Names.
        phenotypes: Ids of HPO, names, synonyms, parents and whether they are obsolete.
        drugs: Names and variants.
        drugbank: Common names and synonyms.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "mesh_diseases.tsv", ("mesh_id", "name", "tree", "variants"),
           [("D1", *row) for row in mesh])  # fmt: skip
    _write(folder / "HumanDO.tsv", ("id", "label", "subClassOf"),
           [("DOID:1", label, "") for label in ontology])  # fmt: skip
    _write(folder / "icd10cm_2026.tsv", ("code", "description", "inclusion_terms"), codes)
    stanzas = (f"\n[Term]\nid: SYMP:1\nname: {name}\n" for name in symptoms)
    (folder / "symp.obo").write_text("format-version: 1.2\n" + "".join(stanzas), encoding="utf-8")
    _write(folder / "hpo_names.tsv", ("id", "name", "synonyms", "parents", "is_obsolete"),
           phenotypes)  # fmt: skip
    _write(
        folder / "drug_variants.tsv",
        ("name", "drugbank_id", "mesh_id", "medlineplus_id", "omop_id", "variants"),
        [(name, "", "", "a1", "", variants) for name, variants in drugs],
    )
    _write(
        folder / "drugbank_vocabulary.csv",
        ("DrugBank ID", "Accession Numbers", "Common name", "CAS", "UNII", "Synonyms",
         "Standard InChI Key"),
        [("DB1", "", name, "", "", synonyms, "") for name, synonyms in drugbank],
        ",",
    )  # fmt: skip
    return folder


def _write(
    path: Path, head: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = "\t"
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows([head, *rows])
