"""Entries of terminologies, and how their files are read."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.errors import InputError

SYMPTOM: Final = "SYMPTOM"
DISEASE: Final = "DISEASE"
TREATMENT: Final = "TREATMENT"
LABELS: Final = (SYMPTOM, DISEASE, TREATMENT)
"""What a concept may be; a finding is a symptom to some and a disease to others."""

LONGEST_NAME: Final = 80
"""Longer names are descriptions that nobody writes in a note."""


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of one terminology.

    Attributes:
        system: The terminology: mesh, do, hpo, symp, icd10cm, drugbank, or an OMOP vocabulary.
        code: Its code there.
        name: The preferred name.
        names: Other names.
        included: Names of other, narrower things that the code stands for too.
        labels: What it is, of ``LABELS``.
        codes: Codes of other terminologies for the same thing, ``(system, code)``.
        common: It is among what clinicians write every day, as far as its source tells.
    """

    system: str
    code: str
    name: str
    names: tuple[str, ...] = ()
    labels: frozenset[str] = field(default=frozenset((DISEASE,)))
    codes: tuple[tuple[str, str], ...] = ()
    common: bool = False
    included: tuple[str, ...] = ()


def short_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return distinct names that are neither a letter nor a description."""
    stripped = (name.strip() for name in names)
    return tuple(dict.fromkeys(name for name in stripped if 1 < len(name) <= LONGEST_NAME))


def read_text(path: Path) -> str:
    """Read a file of a terminology.

    Raises:
        InputError: It is missing or isn't UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        pass
    except UnicodeDecodeError:
        raise InputError(f"{path} isn't UTF-8: take the original file") from None
    raise InputError(f"{path} can't be read: give the folder that holds the terminologies")


def read_rows(path: Path, *columns: str, delimiter: str = "\t") -> list[dict[str, str]]:
    """Read columns of a table; cells that a short row lacks are empty.

    Raises:
        InputError: The file can't be read or lacks a column.
    """
    lines = read_text(path).splitlines()
    if delimiter == ",":
        reader = csv.reader(lines)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    head = next(reader, [])
    missing = [column for column in columns if column not in head]
    if missing:
        raise InputError(f"{path} has no column {missing[0]}: take the original file")
    places = {column: head.index(column) for column in columns}
    rows = []
    for row in reader:
        row += [""] * (len(head) - len(row))
        rows.append({column: row[place] for column, place in places.items()})
    return rows
