from __future__ import annotations

import pytest

from pipeline.deid.labels import LABELS
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.identifiers import IDENTIFIERS, identifiers_markdown, score_identifiers
from pipeline.note import Note, Span


def test_every_label_stands_under_one_identifier() -> None:
    labels = [label for kind in IDENTIFIERS for label in kind.labels]
    assert sorted(labels) == sorted(LABELS)


def test_the_eighteen_letters_of_the_rule() -> None:
    assert "".join(kind.letter for kind in IDENTIFIERS) == "ABCDEFGHIJKLMNOPQR"


DOCUMENTS = [
    GoldDocument(
        Note("n1", "Ada Quill, Dr. Fen, 4471 x"),
        (Span(0, 9, "PATIENT"), Span(15, 18, "DOCTOR"), Span(20, 24, "IDNUM"), Span(25, 26, "?")),
    ),
    GoldDocument(Note("n2", "Bo"), (Span(0, 2, "PATIENT"),)),
]


def test_labels_of_one_identifier_are_scored_together() -> None:
    scores = score_identifiers(DOCUMENTS, [[Span(0, 9, "CITY")], [Span(0, 2, "PATIENT")]])
    recalls = {s.identifier.letter: s.recall for s in scores if s.recall is not None}
    assert {k: (v.found, v.tokens) for k, v in recalls.items()} == {"A": (3, 4), "R": (0, 1)}


def test_as_markdown() -> None:
    scores = score_identifiers(DOCUMENTS, [[Span(0, 9, "CITY")], [Span(0, 2, "PATIENT")]])
    rows = identifiers_markdown([score.to_dict() for score in scores]).splitlines()
    assert len(rows) == 2 + 19
    assert rows[2].startswith("| A | names | `PATIENT` `DOCTOR` | ")
    assert " | 4 | 0.750 (" in rows[2]
    assert rows[3].endswith(" | 0 | - |")


def test_scores_of_other_identifiers_are_refused() -> None:
    with pytest.raises(ValueError, match="score them anew"):
        identifiers_markdown([{"identifier": "names", "tokens": 1, "found": 1}])
