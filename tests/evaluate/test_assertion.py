"""Tests of the gold for assertion and of its scores."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluate.assertion import AssertionScores, score_assertions
from pipeline.evaluate.assertion_gold import (
    AssertionCorpus,
    AssertionDocument,
    read_assertions,
)
from pipeline.note import ASSERTIONS, Assertion, Mention, Note


def write(folder: Path, *rows: object) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def document(*statuses: str) -> AssertionDocument:
    mentions = [
        Mention(i, i + 1, "DISEASE", assertion=Assertion(s)) for i, s in enumerate(statuses)
    ]
    return AssertionDocument(Note("n", "x" * 20), tuple(mentions))


def score(gold: list[list[str]], predicted: list[list[str]]) -> AssertionScores:
    corpus = AssertionCorpus(tuple(document(*of) for of in gold), ASSERTIONS)
    return score_assertions(corpus, [[Assertion(s) for s in of] for of in predicted])


def test_accuracy_f1_and_confusion() -> None:
    scores = score(
        [["present", "absent", "absent"], ["family", "present"]],
        [["present", "absent", "present"], ["family", "absent"]],
    )
    assert (scores.documents, scores.mentions) == (2, 5)
    assert scores.accuracy is not None
    assert scores.accuracy.value == pytest.approx(3 / 5)
    # present: 1 of 2 predicted and 2 gold; absent likewise; family: 1 of 1 and 1.
    assert scores.statuses["present"].f1.value == pytest.approx(1 / 2)
    assert scores.statuses["absent"].precision.value == pytest.approx(1 / 2)
    assert scores.statuses["family"].f1.value == 1
    assert scores.negation == scores.statuses["absent"]
    assert scores.confusion["absent", "present"] == 1
    assert scores.confusion["family", "family"] == 1


def test_macro_is_the_mean_over_the_statuses_of_the_gold() -> None:
    scores = score([["present", "absent"]], [["present", "possible"]])
    assert scores.macro is not None
    assert scores.macro.value == pytest.approx((1 + 0) / 2)
    assert scores.macro.low is None


def test_intervals_draw_documents() -> None:
    # Every draw holds documents that are alike: there is nothing to vary.
    gold = [["present", "present", "absent", "absent"]] * 10
    scores = score(gold, [["present", "absent", "absent", "absent"]] * 10)
    assert scores.macro is not None
    # F1: present 2/3, absent 4/5.
    assert scores.macro.value == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert scores.macro.low == pytest.approx(scores.macro.value)
    assert scores.macro.high == pytest.approx(scores.macro.value)
    mixed = score([["present"], ["absent"]] * 5, [["present"], ["present"]] * 5)
    assert mixed.accuracy is not None
    assert mixed.accuracy.value == pytest.approx(1 / 2)
    assert (mixed.accuracy.low or 0) < 0.5 < (mixed.accuracy.high or 0)


def test_a_draw_without_a_status_leaves_it_out_of_the_mean() -> None:
    scores = score([["present"]] * 9 + [["family"]], [["present"]] * 9 + [["family"]])
    assert scores.macro is not None
    assert (scores.macro.value, scores.macro.low, scores.macro.high) == (1, 1, 1)


def test_predictions_must_match_in_number() -> None:
    with pytest.raises(ValueError, match="shorter"):
        score([["present"]], [])
    with pytest.raises(ValueError, match="shorter"):
        score([["present", "absent"]], [["present"]])


def test_to_dict_holds_plain_numbers() -> None:
    row = score([["absent"]], [["absent"]]).to_dict()
    assert json.loads(json.dumps(row)) == row
    assert row["documents"] == 1
    assert list(row["statuses"]) == list(ASSERTIONS)  # type: ignore[call-overload]
    assert row["confusion"]["absent"]["absent"] == 1  # type: ignore[index]


def test_where_only_negation_is_annotated_only_that_is_scored() -> None:
    corpus = AssertionCorpus((document("absent", "present"),), ("absent",))
    scores = score_assertions(corpus, [[Assertion("absent"), Assertion("historical")]])
    assert (scores.accuracy, scores.macro) == (None, None)
    assert list(scores.statuses) == ["absent"]
    assert scores.negation.f1.value == 1


def test_our_own_gold(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"note_id": "a", "text": "No gout. Cough.", "entities": [
            {"start": 9, "end": 14, "label": "SYMPTOM", "assertion": "present"},
            {"start": 3, "end": 7, "label": "DISEASE", "assertion": "absent"},
        ]},
        {"text": "Well.", "entities": []},
    )  # fmt: skip
    corpus = read_assertions(path)
    assert corpus.annotated == ASSERTIONS
    first, second = corpus.documents
    assert (first.note.note_id, second.note.note_id) == ("a", "2")
    assert first.statuses == ["absent", "present"]
    assert [(m.start, m.end, m.label) for m in first.mentions] == [
        (3, 7, "DISEASE"),
        (9, 14, "SYMPTOM"),
    ]


NEGEX = {"report": "7", "concept": "Mild edema", "sentence": "", "negation": "Negated"}


@pytest.mark.parametrize(
    ("concept", "sentence", "text", "found"),
    [
        ("Mild edema", "There is no MILD EDEMA.", "There is no Mild edema.", "Mild edema"),
        ("mild edema", '"No   MILD   EDEMA seen."', "No   mild edema seen.", "mild edema"),
        ('"mild edema"', "Some mild edema.", "Some mild edema.", "mild edema"),
        ("edema", "EDEMA: There is no EDEMA.", "EDEMA: There is no edema.", "edema"),
        # The concept goes on in the next sentence.
        ("soft.  No mass", "Belly SOFT.", "Belly soft.", "soft."),
        ("a+b (c)", "No A+B (C) here", "No a+b (c) here", "a+b (c)"),
    ],
)
def test_concepts_in_capitals_get_their_own_case_back(
    tmp_path: Path, concept: str, sentence: str, text: str, found: str
) -> None:
    path = write(tmp_path, NEGEX | {"concept": concept, "sentence": sentence})
    (document,) = read_assertions(path).documents
    (mention,) = document.mentions
    assert document.note.text == text
    assert document.note.text[mention.start : mention.end] == found
    assert (document.note.note_id, mention.label) == ("7", "DISEASE")


@pytest.mark.parametrize(
    ("keys", "status"),
    [
        ({"negation": "Negated"}, "absent"),
        ({"negation": "Affirmed"}, "present"),
        ({"negation": "Affirmed", "temporality": "Recent"}, "present"),
        ({"negation": "Affirmed", "temporality": "Historical"}, "historical"),
        ({"negation": "Negated", "temporality": "Historical"}, "absent"),
        ({"negation": "Affirmed", "experiencer": "Family member"}, "family"),
        ({"negation": "Negated", "experiencer": "Other"}, "family"),
        ({"negation": "Negated", "experiencer": "Patient"}, "absent"),
    ],
)
def test_what_sentences_are_annotated_with(
    tmp_path: Path, keys: dict[str, str], status: str
) -> None:
    path = write(tmp_path, {"concept": "gout", "sentence": "GOUT"} | keys)
    corpus = read_assertions(path)
    assert corpus.documents[0].statuses == [status]
    whole = ("absent", "historical", "family") if "temporality" in keys else ("absent",)
    assert corpus.annotated == whole


ENTITY = {"start": 0, "end": 4, "label": "DISEASE", "assertion": "absent"}


@pytest.mark.parametrize(
    "row",
    [
        [],
        {"text": "gout"},
        {"text": 5, "entities": []},
        {"text": "gout", "entities": [5]},
        {"text": "gout", "entities": [ENTITY | {"start": "0"}]},
        {"text": "gout", "entities": [ENTITY | {"label": ""}]},
        {"text": "gout", "entities": [ENTITY | {"end": 5}]},
        {"text": "gout", "entities": [ENTITY | {"start": 4}]},
        {"text": "gout", "entities": [ENTITY | {"assertion": "negated"}]},
        {"text": "gout", "entities": [{"start": 0, "end": 4, "label": "DISEASE"}]},
        {"sentence": "GOUT", "negation": "Negated"},
        {"sentence": "GOUT", "concept": " ", "negation": "Negated"},
        {"sentence": "GOUT", "concept": "gout"},
        {"sentence": "GOUT", "concept": "secret rash", "negation": "Negated"},
    ],
)
def test_a_malformed_line_is_refused_by_its_number(tmp_path: Path, row: object) -> None:
    path = write(tmp_path, {"text": "", "entities": []}, row)
    with pytest.raises(InputError, match="line 2") as error:
        read_assertions(path)
    assert "secret" not in str(error.value)
    assert error.value.__cause__ is None


def test_gold_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no document"):
        read_assertions(write(tmp_path))
    with pytest.raises(InputError, match="can't read"):
        read_assertions(tmp_path / "absent.jsonl")


def test_documents_check_themselves() -> None:
    with pytest.raises(ValueError, match="beyond"):
        AssertionDocument(
            Note("n", "x"), (Mention(0, 2, "DISEASE", assertion=Assertion("absent")),)
        )
    with pytest.raises(ValueError, match="no assertion"):
        AssertionDocument(Note("n", "x"), (Mention(0, 1, "DISEASE"),))


@pytest.mark.shared
def test_the_shared_gold_is_read_whole(shared: Path) -> None:
    sentences = read_assertions(shared / "corpora/negex/dev.jsonl")
    assert len(sentences.documents) == 1283
    assert sum(d.statuses == ["absent"] for d in sentences.documents) == 264
    assert sentences.annotated == ("absent",)
    assert len(read_assertions(shared / "corpora/negex/context_dev.jsonl").documents) == 1497
    notes = read_assertions(shared / "corpora/clinical_notes/all.jsonl")
    assert len(notes.documents) == 611
