from __future__ import annotations

import json
from io import StringIO

from rich.console import Console

from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.mentions import MentionScores, score_mentions
from pipeline.evaluate.phi import PhiScores, score_phi
from pipeline.evaluate.report import render, to_json
from pipeline.note import Note, Span


def printed(scores: PhiScores | MentionScores) -> str:
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
    assert ["PATIENT", "(recall)", "4", "1.000", "(1.000-1.000)"] in rows(text)
    assert "Quill" not in text


def test_scores_of_mentions() -> None:
    documents = [
        GoldDocument(Note("n1", "a gout"), (Span(2, 6, "DISEASE"),)),
        GoldDocument(Note("n2", "a cold"), (Span(2, 6, "DISEASE"),)),
    ]
    text = printed(score_mentions(documents, [[Span(2, 6, "DISEASE")], [Span(0, 6, "DISEASE")]]))
    assert "Mentions in 2 documents (clinical notes)" in text
    assert ["DISEASE", "strict", "2", "2", "0.500", "0.500", "0.500", "(0.000-1.000)"] in rows(text)
    assert ["relaxed", "1.000", "1.000", "1.000", "(1.000-1.000)"] in rows(text)
    assert ["SYMPTOM", "strict", "0", "0", "-", "-", "-"] in rows(text)
    assert "gout" not in text


def test_json_says_what_to_dict_says() -> None:
    scores = score_phi([GoldDocument(Note("n1", "Ada"), (Span(0, 3, "PATIENT"),))], [[]])
    assert json.loads(to_json(scores)) == scores.to_dict()
