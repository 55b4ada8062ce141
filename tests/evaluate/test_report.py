from __future__ import annotations

import json
from io import StringIO

from rich.console import Console

from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.identifiers import score_identifiers
from pipeline.evaluate.phi import score_phi
from pipeline.evaluate.report import Scores, render, to_json
from pipeline.evaluate.survival import NoteSurvival
from pipeline.evaluate.survival_scores import score_survival
from pipeline.note import Note, Span


def printed(scores: Scores) -> str:
    console = Console(width=80, file=StringIO())
    with console.capture() as capture:
        console.print(render(scores))
    return capture.get()


def rows(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_scores_of_phi() -> None:
    documents = [
        GoldDocument(Note("n1", "Ada Quill"), (Span(0, 9, "PATIENT"),)),
        GoldDocument(Note("n2", "Bo Fen"), (Span(0, 6, "PATIENT"),)),
    ]
    text = printed(score_phi(documents, [[Span(0, 9, "X")], [Span(0, 6, "X")]]))
    assert "PHI in 2 documents, 2 with PHI" in text
    assert ["PATIENT", "(recall)", "4", "1.000", "(0.158-1.000)"] in rows(text)
    assert "Quill" not in text


def test_scores_of_a_release() -> None:
    notes = [
        NoteSurvival({"CITY": (2, 1)}, (2, 1), {"names": (1, 1)}, ()),
        NoteSurvival({"CITY": (2, 0)}, (2, 0), {}, ()),
    ]
    text = printed(score_survival(notes, "safe_harbor"))
    assert "PHI that survives in 2 released documents (safe_harbor)" in text
    assert ["CITY", "4", "1", "0.250", "(0.000-0.500)"] in rows(text)
    assert ["known", "names", "1", "1", "1.000", "(0.025-1.000)"] in rows(text)


def test_scores_of_identifiers() -> None:
    documents = [GoldDocument(Note("n1", "Ada"), (Span(0, 3, "PATIENT"),))]
    scores = score_identifiers(documents, [[]])
    text = printed(scores)
    assert ["A", "names", "1", "0.000"] in rows(text)
    assert ["Q", "face", "photographs", "0", "-"] in rows(text)
    assert json.loads(to_json(scores))[0]["tokens"] == 1


def test_json_says_what_to_dict_says() -> None:
    scores = score_phi([GoldDocument(Note("n1", "Ada"), (Span(0, 3, "PATIENT"),))], [[]])
    assert json.loads(to_json(scores)) == scores.to_dict()
