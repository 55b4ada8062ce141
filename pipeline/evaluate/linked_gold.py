"""Gold mentions with the ids of their concepts."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.errors import InputError
from pipeline.evaluate.plain import read_plain
from pipeline.evaluate.pubtator import read_pubtator
from pipeline.link.term import DISEASE, TREATMENT
from pipeline.note import Mention, Note

_DISEASES: Final = frozenset(
    {
        "Disease", "SpecificDisease", "DiseaseClass", "CompositeMention", "Modifier",
        "DiseaseOrPhenotypicFeature",
    }
)  # fmt: skip
_CHEMICALS: Final = frozenset({"Chemical", "ChemicalEntity"})
_SEPARATOR: Final = re.compile(r"[|+,]")
_ID: Final = re.compile(r"(?:MESH:)?([CD]\d+)|(OMIM:\d+)")
GOLD_SYSTEMS: Final = ("mesh", "omim")
"""The terminologies of the ids in PubTator's gold."""

DRUG_SYSTEMS: Final = ("drugbank",)
"""The terminology of the ids in a table of drug names."""

_DRUGS: Final = ("name", "drugbank_id")


@dataclass(frozen=True, slots=True)
class GoldLink:
    """A mention with the concepts that it means.

    Attributes:
        mention: Where it stands, with our label.
        ids: Ids of its concepts, any of which is right: MeSH's bare, OMIM's as ``OMIM:1``,
            DrugBank's bare. Empty if it has none.
    """

    mention: Mention
    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class LinkDocument:
    """A text with its mentions.

    Attributes:
        note: The text.
        links: Its mentions, in text order.
    """

    note: Note
    links: tuple[GoldLink, ...] = field(repr=False)


def read_linked_pubtator(path: Path, label: str = DISEASE) -> list[LinkDocument]:
    """Read mentions of diseases (or chemicals, for TREATMENT) with their MeSH and OMIM ids.

    Ids of one mention are separated by ``|``, ``+`` or ``,``; ``-1`` and ``-`` mean that it has
    none.

    Raises:
        InputError: The file is malformed (see :func:`read_pubtator`) or has no such mention.
    """
    types = _CHEMICALS if label == TREATMENT else _DISEASES
    ids: dict[tuple[str, int, int], set[str]] = {}
    for line in read_plain(path).splitlines():
        cells = line.split("\t")
        if len(cells) >= 5 and cells[1].isdecimal() and cells[4] in types:
            place = (cells[0], int(cells[1]), int(cells[2]))
            ids.setdefault(place, set()).update(_read_ids(cells[5] if len(cells) > 5 else ""))
    if not ids:
        raise InputError(f"{path} marks no mention of a {label}: give PubTator with ids")
    documents = []
    for document in read_pubtator(path):
        spans = sorted({(s.start, s.end) for s in document.spans if s.label in types})
        links = tuple(
            GoldLink(Mention(*span, label), frozenset(ids[document.note.note_id, *span]))
            for span in spans
        )
        documents.append(LinkDocument(document.note, links))
    return documents


def _read_ids(cell: str) -> set[str]:
    matches = (_ID.fullmatch(code.strip()) for code in _SEPARATOR.split(cell))
    return {match[1] or match[2] for match in matches if match}


def read_drug_names(path: Path) -> list[LinkDocument]:
    """Read a table of drug names, each a document of its own.

    Args:
        path: Tab-separated, with the columns ``name`` and ``drugbank_id`` and maybe more; a blank
            id means that the name is no drug.

    Raises:
        InputError: A column is missing or a name is blank.
    """
    reader = csv.DictReader(
        read_plain(path).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE, restval=""
    )
    missing = [column for column in _DRUGS if column not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"{path} has no column {missing[0]}: name the columns name, drugbank_id")
    documents = []
    for number, row in enumerate(reader, start=2):
        name = row["name"]
        if not name.strip():
            raise InputError(f"line {number} of {path} has a blank name; fill or drop it")
        ids = frozenset(filter(None, (code.strip() for code in row["drugbank_id"].split("|"))))
        link = GoldLink(Mention(0, len(name), TREATMENT), ids)
        documents.append(LinkDocument(Note(str(number), name), (link,)))
    return documents
