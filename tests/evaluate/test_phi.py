from __future__ import annotations

import pytest

from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.phi import PhiScores, score_phi
from pipeline.note import Note, Span


def gold(text: str, *spans: tuple[int, int, str]) -> GoldDocument:
    return GoldDocument(Note("n", text), tuple(Span(*span) for span in spans))


def score(text: str, marks: list[tuple[int, int, str]], found: list[tuple[int, int]]) -> PhiScores:
    return score_phi([gold(text, *marks)], [[Span(*span, "PHI") for span in found]])


TEXT = "Ada Quill of Ghent, seen 3/14 by Bo"
#       0   4     10 13     20   25    30 33


def test_recall_and_precision_by_token() -> None:
    # Gold tokens: Ada Quill Ghent 3 14 Bo. Found: Ada, Quill, 3, 14. Predicted besides: seen.
    scores = score(
        TEXT,
        [(0, 9, "PATIENT"), (13, 18, "CITY"), (25, 29, "DATE"), (33, 35, "DOCTOR")],
        [(0, 9), (20, 29)],
    )
    assert (scores.gold_tokens, scores.found_tokens) == (6, 4)
    assert (scores.predicted_tokens, scores.right_tokens) == (5, 4)
    assert scores.recall.value == pytest.approx(4 / 6)
    assert scores.precision.value == pytest.approx(4 / 5)
    assert scores.clean_notes.value == 0
    recalls = {label: (of.found, of.tokens) for label, of in scores.labels.items()}
    assert recalls == {"CITY": (0, 1), "DATE": (2, 2), "DOCTOR": (0, 1), "PATIENT": (2, 2)}


def test_half_a_name_found_is_a_name_missed_but_rightly_predicted() -> None:
    scores = score("Quill left", [(0, 5, "PATIENT")], [(0, 4)])
    assert (scores.gold_tokens, scores.found_tokens) == (1, 0)
    assert (scores.predicted_tokens, scores.right_tokens) == (1, 1)


def test_two_spans_together_cover_a_token() -> None:
    assert score("Quill left", [(0, 5, "PATIENT")], [(0, 2), (2, 5)]).found_tokens == 1


def test_only_the_gold_part_of_a_token_must_be_covered() -> None:
    scores = score("77yo man", [(0, 2, "AGE")], [(0, 2)])
    assert (scores.gold_tokens, scores.found_tokens) == (1, 1)
    assert scores.precision.value == 1


def test_the_other_part_of_a_token_does_not_find_its_gold_part() -> None:
    assert score("77yo man", [(0, 2, "AGE")], [(2, 4)]).found_tokens == 0


def test_a_token_of_two_labels_counts_for_each() -> None:
    scores = score("AdaGhent", [(0, 3, "PATIENT"), (3, 8, "CITY")], [(0, 3)])
    assert (scores.gold_tokens, scores.found_tokens) == (1, 0)
    assert scores.labels["PATIENT"].recall.value == 1
    assert scores.labels["CITY"].recall.value == 0


def test_letters_of_any_script_make_tokens_and_punctuation_none() -> None:
    scores = score("Łukasz - 李 娜", [(0, 12, "PATIENT")], [(0, 6)])
    assert (scores.gold_tokens, scores.found_tokens) == (3, 1)


def test_notes_without_a_missed_token() -> None:
    # Clean; leaking; without PHI (left out of the share, its false alarm counts).
    scores = score_phi(
        [gold("Ada", (0, 3, "PATIENT")), gold("Bo", (0, 2, "PATIENT")), gold("rest")],
        [[Span(0, 3, "X")], [], [Span(0, 4, "X")]],
    )
    assert (scores.documents, scores.documents_with_phi) == (3, 2)
    assert scores.clean_notes.value == pytest.approx(1 / 2)
    assert scores.precision.value == pytest.approx(1 / 2)


def test_nothing_to_find_and_nothing_found() -> None:
    scores = score("rest well", [], [])
    assert scores.recall.value is None
    assert scores.precision.value is None
    assert scores.clean_notes.value is None


def test_an_empty_text_counts_nothing() -> None:
    assert score("", [], []).gold_tokens == 0


def test_predictions_must_match_the_documents_in_number() -> None:
    with pytest.raises(ValueError, match="shorter"):
        score_phi([gold("a")], [])


def test_to_dict_is_plain() -> None:
    rows = score("Ada", [(0, 3, "PATIENT")], []).to_dict()
    assert rows == {
        "documents": 1,
        "documents_with_phi": 1,
        "gold_tokens": 1,
        "found_tokens": 0,
        "predicted_tokens": 0,
        "right_tokens": 0,
        "recall": {"value": 0.0, "low": None, "high": None},
        "precision": {"value": None, "low": None, "high": None},
        "clean_notes": {"value": 0.0, "low": None, "high": None},
        "labels": {
            "PATIENT": {
                "tokens": 1,
                "found": 0,
                "recall": {"value": 0.0, "low": None, "high": None},
            }
        },
    }
