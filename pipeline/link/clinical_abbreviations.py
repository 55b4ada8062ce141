"""Short and long forms of the same mention or heading: HTN and hypertension."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.resources import data_path

HEADING = "HEADING"
"""The label of rows that name sections of a note, beside SYMPTOM, DISEASE and TREATMENT."""

_LABELS = frozenset({"SYMPTOM", "DISEASE", "TREATMENT", HEADING})
_ALIKE = {"SYMPTOM": "DISEASE", "DISEASE": "SYMPTOM"}
_COLUMNS = ["short", "long", "label"]


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Abbreviations of clinical notes, by label.

    A short form may have several long ones under one label (MS: mitral stenosis, multiple
    sclerosis), and a long form several short ones.

    Attributes:
        short_of: Label and long form in lower case to its short forms, as notes write them.
        long_of: Label and short form in lower case to its long forms.
    """

    short_of: Mapping[tuple[str, str], tuple[str, ...]]
    long_of: Mapping[tuple[str, str], tuple[str, ...]]

    def other_forms(self, label: str, surface: str) -> tuple[str, ...]:
        """Return the other forms of a mention or heading, or none.

        Args:
            label: SYMPTOM, DISEASE, TREATMENT or HEADING.
            surface: The form that a note writes; case makes no difference.
        """
        key = (label, surface.lower())
        forms = self.short_of.get(key, ()) + self.long_of.get(key, ())
        return tuple(form for form in dict.fromkeys(forms) if form.lower() != key[1])

    def long_forms(self, label: str, surface: str, text: str) -> tuple[str, ...]:
        """Return what a mention may stand for, or nothing.

        Of several long forms those count that stand in the note itself, if any do. What is a
        symptom to one is a disease to another: where the label has none, the other's count.

        Args:
            label: SYMPTOM, DISEASE or TREATMENT.
            surface: The mention as the note writes it.
            text: The note.
        """
        short = surface.lower()
        forms = self.long_of.get((label, short)) or self.long_of.get((_ALIKE.get(label, ""), short))
        if not forms:
            return ()
        if len(forms) < 2:
            return forms
        lower = text.lower()
        return tuple(form for form in forms if form.lower() in lower) or forms


def load_abbreviations() -> Abbreviations:
    """Read the shipped table (``data/words/abbreviations.tsv``)."""
    return read_abbreviations(data_path("words", "abbreviations.tsv"))


def read_abbreviations(path: Path) -> Abbreviations:
    """Read a table of abbreviations.

    Args:
        path: Tab-separated, with the columns ``short``, ``long`` and ``label``; a row for each
            sense.

    Raises:
        InputError: The file is missing, has other columns, a blank cell or an unknown label.
    """
    short_of: dict[tuple[str, str], tuple[str, ...]] = {}
    long_of: dict[tuple[str, str], tuple[str, ...]] = {}
    for short, long, label in _read_rows(path):
        for forms, key, other in ((short_of, long, short), (long_of, short, long)):
            known = forms.get((label, key.lower()), ())
            forms[label, key.lower()] = known if other in known else (*known, other)
    return Abbreviations(short_of, long_of)


def _read_rows(path: Path) -> list[tuple[str, str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    except (OSError, ValueError) as error:
        raise InputError(
            f"the abbreviations in {path} can't be read ({type(error).__name__}); give a "
            "tab-separated file with the columns short, long and label"
        ) from None
    if head != _COLUMNS:
        raise InputError(f"{path} has other columns than short, long and label; name them so")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(_COLUMNS) or not all(cell.strip() for cell in row):
            raise InputError(f"line {number} of {path} hasn't three filled cells; fill or drop it")
        if row[2] not in _LABELS:
            raise InputError(
                f"line {number} of {path} has an unknown label; use {', '.join(sorted(_LABELS))}"
            )
    return [(short, long, label) for short, long, label in rows]
