"""A hospital's own vocabulary: OMOP's CONCEPT and CONCEPT_SYNONYM as Athena exports them."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.errors import InputError
from pipeline.link.term import DISEASE, LONGEST_NAME, SYMPTOM, TREATMENT, Term

_LABELS: Final = {
    "Condition": frozenset((DISEASE, SYMPTOM)),
    "Observation": frozenset((SYMPTOM,)),
    "Drug": frozenset((TREATMENT,)),
    "Procedure": frozenset((TREATMENT,)),
    "Device": frozenset((TREATMENT,)),
}
_ENGLISH: Final = ("4180186", "")
_CONCEPT: Final = (
    "concept_id", "concept_name", "domain_id", "vocabulary_id", "standard_concept",
    "concept_code", "invalid_reason",
)  # fmt: skip
_SYNONYM: Final = ("concept_id", "concept_synonym_name")


def read_omop(folder: Path) -> list[Term]:
    """Read the valid concepts of conditions, observations, drugs, procedures and devices.

    Standard concepts come first, so that what merges by name takes their id.

    Args:
        folder: Holds ``CONCEPT.csv`` and, if there are synonyms, ``CONCEPT_SYNONYM.csv``:
            tab-separated UTF-8 without quotes.

    Raises:
        InputError: A file is missing, isn't UTF-8, has other columns or no concept of use.
    """
    synonyms: dict[str, list[str]] = defaultdict(list)
    path = folder / "CONCEPT_SYNONYM.csv"
    if path.is_file():
        for row in _rows(path, _SYNONYM):
            if row.get("language_concept_id", "") in _ENGLISH:
                synonyms[row["concept_id"]].append(row["concept_synonym_name"])
    standard: list[Term] = []
    others: list[Term] = []
    for row in _rows(folder / "CONCEPT.csv", _CONCEPT):
        labels = _LABELS.get(row["domain_id"])
        if labels is None or row["invalid_reason"] or len(row["concept_name"]) > LONGEST_NAME:
            continue
        names = (name for name in synonyms.get(row["concept_id"], ()) if len(name) <= LONGEST_NAME)
        term = Term(
            row["vocabulary_id"].lower().replace(" ", "_"),
            row["concept_code"],
            row["concept_name"],
            tuple(dict.fromkeys(names)),
            labels,
            (("omop", row["concept_id"]),),
            row["standard_concept"] == "S",
        )
        (standard if term.common else others).append(term)
    if not standard and not others:
        raise InputError(
            f"{folder / 'CONCEPT.csv'} has no valid concept of a condition, observation, drug, "
            "procedure or device; export such vocabularies"
        )
    return standard + others


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    reason = ""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if not missing:
                yield from reader
                return
            reason = f"has no column {missing[0]}"
    except OSError as error:
        reason = f"can't be read ({error.strerror})"
    except UnicodeDecodeError:
        reason = "isn't UTF-8"
    raise InputError(f"{path} {reason}: export it from Athena, tab-separated")
