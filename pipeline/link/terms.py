"""Entries of open terminologies, read from their own files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pipeline.link.drugs import read_drugs
from pipeline.link.term import DISEASE, SYMPTOM, TREATMENT, Term, read_rows, read_text, short_names

_SYNONYM: Final = re.compile(r'synonym: "([^"]*)" (EXACT|NARROW|RELATED|BROAD)')
_VAGUE: Final = re.compile(
    r"^(other|unspecified|personal history|family history|encounter for|newborn affected)\b|"
    r"\b(elsewhere|sequela|subsequent encounter|initial encounter)\b",
    re.IGNORECASE,
)
_SIDE: Final = re.compile(
    r"\b(right|left|bilateral|unspecified (?!injury|fracture)[a-z ]+|trimester|fetus \d)\b",
    re.IGNORECASE,
)
_DO_SYSTEMS: Final = {"UMLS_CUI": "umls", "MIM": "omim", "MESH": "mesh", "ICD10CM": "icd10cm"}
_ROOT: Final = "HP:0000001"
PHENOTYPE: Final = "HP:0000118"
"""Above all phenotypes in HPO."""


def read_terms(folder: Path) -> list[Term]:
    """Read all terminologies of a folder, in a fixed order.

    Raises:
        InputError: A file is missing or has other columns.
    """
    return [term for read in _READERS for term in read(folder)]


def mesh_labels(trees: list[str]) -> frozenset[str]:
    """Say by the places of a MeSH heading in the tree what it is; nothing for the rest."""
    labels = set()
    for tree in trees:
        if tree.startswith("C23.888"):
            labels.add(SYMPTOM)
        elif tree.startswith("C23"):
            labels.update((SYMPTOM, DISEASE))
        elif tree.startswith(("C", "F03")) and not tree.startswith("C22"):
            labels.add(DISEASE)
        elif tree.startswith(("F01.145", "F01.470", "F02.463")):
            labels.add(SYMPTOM)
        elif tree.startswith(("E02", "E03", "E04", "E06", "E07.695", "E07.858")) or (
            tree.startswith(("D27.505", "D20.215.894", "D26.310"))
        ):
            labels.add(TREATMENT)
    return frozenset(labels)


def _read_mesh(folder: Path) -> Iterator[Term]:
    for row in read_rows(folder / "mesh_diseases.tsv", "mesh_id", "name", "tree", "variants"):
        labels = mesh_labels(row["tree"].split("|")) - {TREATMENT} or {DISEASE}
        if row["mesh_id"][:1] == "D":
            names = short_names(row["variants"].split("|"))
            yield Term("mesh", row["mesh_id"], row["name"], names, frozenset(labels), (), True)


def _read_do(folder: Path) -> Iterator[Term]:
    codes: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows(folder / "allXREFinDO.tsv", "id", "label", "xref"):
        system, _, code = row["xref"].strip('"').partition(":")
        if system in _DO_SYSTEMS and "-" not in code:
            codes.setdefault(row["id"], []).append((_DO_SYSTEMS[system], code))
    seen = set()
    for row in read_rows(folder / "HumanDO.tsv", "id", "label"):
        code = row["id"].strip('"')
        if code not in seen:
            seen.add(code)
            names = tuple(sorted(set(codes.get(row["id"], ()))))
            yield Term("do", code, row["label"].strip('"'), (), frozenset((DISEASE,)), names)


def read_modifiers(folder: Path) -> frozenset[str]:
    """Read the codes of HPO that stand for no phenotype: modifiers, ways of inheritance.

    Raises:
        InputError: The file is missing or has other columns.
    """
    rows, phenotypes = _read_phenotypes(folder)
    return frozenset(row["id"] for row in rows if row["parents"] or row["id"] == _ROOT) - phenotypes


def _read_phenotypes(folder: Path) -> tuple[list[dict[str, str]], frozenset[str]]:
    """Read the rows of HPO, and which of its concepts are phenotypes."""
    rows = read_rows(folder / "hpo_names.tsv", "id", "name", "synonyms", "parents")
    return rows, find_phenotypes({row["id"]: row["parents"].split("|") for row in rows})


def _read_hpo(folder: Path) -> Iterator[Term]:
    rows, phenotypes = _read_phenotypes(folder)
    for row in rows:
        if row["id"] in phenotypes and not row["name"].startswith("obsolete"):
            names = short_names(row["synonyms"].split("|"))
            yield Term("hpo", row["id"], row["name"], names, frozenset((SYMPTOM,)))


def find_phenotypes(parents: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Find the concepts of HPO below the phenotypic abnormalities.

    Beside these HPO has modifiers ("severe") and ways of inheritance.

    Args:
        parents: Concept to those right above it.
    """
    phenotypes = {PHENOTYPE: False}

    def is_phenotype(code: str) -> bool:
        if code not in phenotypes:
            phenotypes[code] = False  # should the ontology have a circle
            above = parents.get(code, ())
            phenotypes[code] = PHENOTYPE in above or any(map(is_phenotype, above))
        return phenotypes[code]

    return frozenset(filter(is_phenotype, parents))


def _read_symp(folder: Path) -> Iterator[Term]:
    for block in read_text(folder / "symp.obo").split("\n\n"):
        if not block.startswith("[Term]") or "is_obsolete: true" in block:
            continue
        lines = block.splitlines()
        values = {line.partition(": ")[0]: line.partition(": ")[2] for line in reversed(lines)}
        codes = [line.partition(": ")[2].split(" ")[0] for line in lines if line[:5] == "xref:"]
        matches = (_SYNONYM.match(line) for line in lines)
        yield Term(
            "symp",
            values["id"],
            values["name"],
            short_names([match[1] for match in matches if match and match[2] == "EXACT"]),
            frozenset((SYMPTOM,)),
            tuple(("umls", code[9:]) for code in codes if code.startswith("UMLS_CUI:")),
        )


def _read_icd(folder: Path) -> Iterator[Term]:
    for row in read_rows(folder / "icd10cm_2026.tsv", "code", "description", "inclusion_terms"):
        code, name = row["code"], row["description"]
        if code[0] in "VWXYZU" or (code[0] in "ST" and len(code) > 5):
            continue
        names = [n for n in short_names(row["inclusion_terms"].split("|")) if not _VAGUE.search(n)]
        if _SIDE.search(name) or (_VAGUE.search(name) and not names):
            continue
        if _VAGUE.search(name):
            name, *names = names
        label = SYMPTOM if code[0] == "R" else DISEASE
        yield Term("icd10cm", code, name, labels=frozenset((label,)), included=tuple(names))


_READERS: Final[tuple[Callable[[Path], Iterator[Term]], ...]] = (
    _read_mesh, _read_do, _read_hpo, _read_symp, _read_icd, read_drugs,
)  # fmt: skip
