"""How much PHI survived the release of a corpus, with intervals over its documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.evaluate.intervals import Bootstrap, Estimate, draw
from pipeline.evaluate.survival import NoteSurvival


@dataclass(frozen=True, slots=True)
class Survival:
    """How many of some identifiers survived.

    Attributes:
        n: How many stood in the raw texts and must go.
        survived: How many of them stand in the released texts.
        rate: Their ratio.
    """

    n: int
    survived: int
    rate: Estimate

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {"n": self.n, "survived": self.survived, "rate": self.rate.to_dict()}


@dataclass(frozen=True, slots=True)
class SurvivalScores:
    """What survived a release; numbers and labels only, never text.

    Attributes:
        policy: The policy that says what must go.
        documents: Number of documents.
        documents_with_phi: How many of them hold something that must go.
        tokens: Gold tokens in place.
        known: Known identifiers, each once a document, that stand in its raw text.
        clean_notes: Of the documents with something that must go, the share where nothing
            survived, in place or known.
        labels: Tokens by gold label, in alphabetical order.
        columns: Known identifiers by column of the registration table.
    """

    policy: str
    documents: int
    documents_with_phi: int
    tokens: Survival
    known: Survival
    clean_notes: Estimate
    labels: Mapping[str, Survival]
    columns: Mapping[str, Survival]

    def to_dict(self) -> dict[str, object]:
        """Return plain values for JSON."""
        return {
            "policy": self.policy,
            "documents": self.documents,
            "documents_with_phi": self.documents_with_phi,
            "tokens": self.tokens.to_dict(),
            "known": self.known.to_dict(),
            "clean_notes": self.clean_notes.to_dict(),
            "labels": {label: s.to_dict() for label, s in self.labels.items()},
            "columns": {column: s.to_dict() for column, s in self.columns.items()},
        }


def score_survival(notes: Sequence[NoteSurvival], policy: str) -> SurvivalScores:
    """Sum up what :func:`pipeline.evaluate.survival.find_survivors` found in each document.

    Args:
        notes: At least one.
        policy: The policy's name, for the report.
    """
    bootstrap = draw(len(notes))
    tokens = [note.all_tokens for note in notes]
    known = [
        (sum(n for n, _ in note.columns.values()), sum(s for _, s in note.columns.values()))
        for note in notes
    ]
    with_phi = np.array([t + k > 0 for (t, _), (k, _) in zip(tokens, known, strict=True)])
    clean = np.array([t + k == 0 for (_, t), (_, k) in zip(tokens, known, strict=True)])
    labels = sorted({label for note in notes for label in note.tokens})
    columns = sorted({column for note in notes for column in note.columns})
    return SurvivalScores(
        policy=policy,
        documents=len(notes),
        documents_with_phi=int(with_phi.sum()),
        tokens=_sum(tokens, bootstrap),
        known=_sum(known, bootstrap),
        clean_notes=bootstrap.ratio(with_phi & clean, with_phi),
        labels={x: _sum([n.tokens.get(x, (0, 0)) for n in notes], bootstrap) for x in labels},
        columns={x: _sum([n.columns.get(x, (0, 0)) for n in notes], bootstrap) for x in columns},
    )


def _sum(counts: Sequence[tuple[int, int]], bootstrap: Bootstrap) -> Survival:
    n, survived = np.array(counts).reshape(-1, 2).T
    return Survival(int(n.sum()), int(survived.sum()), bootstrap.ratio(survived, n))
