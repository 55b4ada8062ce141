"""Drugs: DrugBank's open vocabulary with brand names from a list of drug name variants.

The list gives some drugs the id of a neighbour (mirtazapine that of esmirtazapine), so DrugBank's
own names decide which drug a row is about. Names that neither has stand in a table of ours.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipeline.errors import InputError
from pipeline.link.term import TREATMENT, Term, read_rows, short_names
from pipeline.resources import data_path

_CHEMICAL: Final = re.compile(r"[\[\]{}]|\d,\d|\d'|\(\d|-\d.*-\d|\d-.*\(")
_NOTE: Final = re.compile(r"\s*\([^()]*\)$|-[a-z]{4}$")
"""What a patient leaflet adds to the name of a biological drug."""
_LABELS: Final = frozenset((TREATMENT,))


def read_drugs(folder: Path) -> Iterator[Term]:
    """Read drugs, and leaflets about drugs that DrugBank doesn't know by their name.

    Args:
        folder: Holds ``drugbank_vocabulary.csv`` and ``drug_variants.tsv``.

    Raises:
        InputError: A file can't be read or lacks a column.
    """
    rows = read_rows(
        folder / "drugbank_vocabulary.csv", "DrugBank ID", "Accession Numbers", "Common name",
        "Synonyms", delimiter=",",
    )  # fmt: skip
    heads = {row["Common name"].lower(): row["DrugBank ID"] for row in reversed(rows)}
    own = {row["DrugBank ID"]: _own_names(row) for row in rows}
    brands: defaultdict[str, list[str]] = defaultdict(list)
    common: set[str] = set()
    columns = ("name", "drugbank_id", "medlineplus_id", "variants")
    for row in read_rows(folder / "drug_variants.tsv", *columns):
        names = [_NOTE.sub("", row["name"]), row["name"], *row["variants"].split("|")]
        code = _code(row["drugbank_id"], names, heads, own)
        leaflet = row["medlineplus_id"]
        if code is not None:
            brands[code] += names
            if leaflet:
                common.add(code)
        elif leaflet:
            yield Term("medlineplus", leaflet, names[0], short_names(names[2:]), _LABELS)
    for row in rows:
        code = row["DrugBank ID"]
        names = [*row["Synonyms"].split(" | "), *brands[code]]
        names = [name for name in names if not _CHEMICAL.search(name)]
        known = code in common or "APRD" in row["Accession Numbers"]
        yield Term("drugbank", code, row["Common name"], short_names(names), _LABELS, (), known)


def _own_names(row: Mapping[str, str]) -> frozenset[str]:
    return frozenset(row["Synonyms"].lower().split(" | ")) | {row["Common name"].lower()}


def _code(
    given: str, names: Sequence[str], heads: Mapping[str, str], own: Mapping[str, frozenset[str]]
) -> str | None:
    """Return the DrugBank id of a row: its name's, or the given one if they share a name."""
    for name in names[:2]:
        if name.lower() in heads:
            return heads[name.lower()]
    if given in own and not own[given].isdisjoint(map(str.lower, names)):
        return given
    known = sorted({heads[name.lower()] for name in names if name.lower() in heads})
    return known[0] if len(known) == 1 else None


def name_treatments(terms: Iterable[Term]) -> list[Term]:
    """Give treatments the brand and everyday names of our own table, and to no others.

    Args:
        terms: Terms of any kind.

    Raises:
        InputError: The table is damaged, or gives a name to two treatments.
    """
    path = data_path("words", "treatment_names.tsv")
    named: dict[str, tuple[str, ...]] = {}
    owners: dict[str, str] = {}
    for row in read_rows(path, "treatment", "names"):
        treatment, names = row["treatment"].lower(), tuple(row["names"].split("|"))
        named[treatment] = names
        for name in names:
            if owners.setdefault(name.lower(), treatment) != treatment:
                raise InputError(f"{path} gives {name!r} to two treatments: leave it to one")
    return [_name(term, named, owners) if TREATMENT in term.labels else term for term in terms]


def _name(term: Term, named: Mapping[str, tuple[str, ...]], owners: Mapping[str, str]) -> Term:
    own = term.name.lower()
    others = tuple(name for name in term.names if owners.get(name.lower(), own) == own)
    return replace(term, names=(*named.get(own, ()), *others))
