"""The identifiers of HIPAA's Safe Harbor in terms of our labels, and how well each is found.

45 CFR 164.514(b)(2)(i) lists eighteen, (A) to (R).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.phi import LabelRecall, score_phi
from pipeline.note import Span


@dataclass(frozen=True, slots=True)
class Identifier:
    """One kind of identifier.

    Attributes:
        letter: Its letter in the rule; empty for what we remove beyond it.
        name: Its name there, shortened.
        labels: Our labels; none if it is out of a text's scope.
        how: How it is found.
    """

    letter: str
    name: str
    labels: tuple[str, ...]
    how: str


IDENTIFIERS: Final = (
    Identifier(
        "A",
        "names",
        ("PATIENT", "DOCTOR"),
        "recogniser; rules by titles, cues and signatures; registration's names in any form",
    ),
    Identifier(
        "B",
        "places smaller than a state",
        ("STREET", "CITY", "ZIP", "LOCATION-OTHER", "HOSPITAL", "ORGANIZATION"),
        "recogniser; rules for addresses, facilities and ZIP codes; registration's addresses",
    ),
    Identifier(
        "C",
        "dates, and ages over 89",
        ("DATE", "AGE"),
        "recogniser; rules for dates and ages in figures and words; registration's dates of birth",
    ),
    Identifier(
        "D",
        "telephone numbers",
        ("PHONE",),
        "recogniser; rules by form and cue; registration's numbers",
    ),
    Identifier("E", "fax numbers", ("FAX",), "recogniser; rules by form and cue"),
    Identifier(
        "F", "e-mail addresses", ("EMAIL",), "recogniser; rules by form; registration's addresses"
    ),
    Identifier(
        "G",
        "social security numbers",
        ("SSN",),
        "recogniser; rules by form and cue; registration's numbers",
    ),
    Identifier(
        "H",
        "medical record numbers",
        ("MEDICALRECORD",),
        "recogniser; rules by cue; registration's numbers, however they are divided",
    ),
    Identifier("I", "health plan numbers", ("HEALTHPLAN",), "recogniser; rules by cue"),
    Identifier("J", "account numbers", ("ACCOUNT",), "recogniser; rules by cue"),
    Identifier(
        "K", "certificate and licence numbers", ("LICENSE",), "recogniser; rules by form and cue"
    ),
    Identifier("L", "vehicles and plates", ("VEHICLE",), "recogniser; rules by form and cue"),
    Identifier("M", "devices' serial numbers", ("DEVICE",), "recogniser; rules by cue"),
    Identifier("N", "web addresses", ("URL",), "recogniser; rules by form"),
    Identifier("O", "IP addresses", ("IPADDR",), "recogniser; rules by form"),
    Identifier(
        "P",
        "biometric identifiers",
        ("BIOID",),
        "recogniser; rules by cue: the ids of finger and voice prints that a text names",
    ),
    Identifier("Q", "face photographs", (), "out of scope: chartsift reads text only"),
    Identifier(
        "R",
        "any other unique number or code",
        ("IDNUM", "USERNAME"),
        "recogniser; rules by cue",
    ),
    Identifier(
        "",
        "beyond the rule",
        ("PROFESSION", "STATE", "COUNTRY"),
        "recogniser; rules for states and occupations",
    ),
)
"""All labels stand in it once."""


@dataclass(frozen=True, slots=True)
class IdentifierRecall:
    """How well one kind of identifier is found.

    Attributes:
        identifier: The kind.
        recall: Of its gold tokens; None if the gold holds none.
    """

    identifier: Identifier
    recall: LabelRecall | None

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON; what the table needs besides stands in the code."""
        scores = {"tokens": 0, "found": 0} if self.recall is None else self.recall.to_dict()
        return {"identifier": self.identifier.name, **scores}


def score_identifiers(
    documents: Sequence[GoldDocument], predictions: Sequence[Sequence[Span]]
) -> list[IdentifierRecall]:
    """Score each kind of identifier as :func:`pipeline.evaluate.phi.score_phi` does a label.

    Args:
        documents: Gold documents, at least one; spans with other labels than ours are left out.
        predictions: For each document, spans of any label.

    Returns:
        One for each of ``IDENTIFIERS``, in order.
    """
    name_of = {label: kind.name for kind in IDENTIFIERS for label in kind.labels}
    renamed = [
        replace(
            document,
            spans=tuple(
                replace(s, label=name_of[s.label]) for s in document.spans if s.label in name_of
            ),
        )
        for document in documents
    ]
    recalls = score_phi(renamed, predictions).labels
    return [IdentifierRecall(kind, recalls.get(kind.name)) for kind in IDENTIFIERS]


def identifiers_markdown(rows: Sequence[Mapping[str, object]]) -> str:
    """Lay scored identifiers out as a table in Markdown.

    Args:
        rows: From :meth:`IdentifierRecall.to_dict`, perhaps through a file of JSON.

    Raises:
        ValueError: The rows aren't those of ``IDENTIFIERS``, in order: score them anew.
    """
    names = [kind.name for kind in IDENTIFIERS]
    if [row["identifier"] for row in rows] != names:
        raise ValueError("the scores are of other identifiers; score them anew")
    lines = [
        "| | HIPAA identifier | labels | how it is found | tokens | recall |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for kind, row in zip(IDENTIFIERS, rows, strict=True):
        labels = " ".join(f"`{label}`" for label in kind.labels) or "none"
        cells = (kind.letter, kind.name, labels, kind.how, f"{row['tokens']:,}", _share(row))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(row: Mapping[str, object]) -> str:
    estimate = row.get("recall")
    if not isinstance(estimate, Mapping) or estimate["value"] is None:
        return "-"
    value = f"{estimate['value']:.3f}"
    if estimate["low"] is None:
        return value
    return f"{value} ({estimate['low']:.3f}–{estimate['high']:.3f})"
