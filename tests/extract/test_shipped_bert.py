"""Tests of the token classifier that chartsift ships."""

from __future__ import annotations

import pytest

from pipeline.extract.bert import BertAnnotator, load_bert
from pipeline.note import Note
from pipeline.resources import data_path


@pytest.fixture(scope="module")
def bert() -> BertAnnotator:
    return load_bert(data_path("models", "bert"), device="cpu")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "She denies chest pain and shortness of breath.",
            [("chest pain", "SYMPTOM"), ("shortness of breath", "SYMPTOM")],
        ),
        (
            "History of hypertension, treated with lisinopril.",
            [("hypertension", "DISEASE"), ("lisinopril", "TREATMENT")],
        ),
        (
            "[PATIENT] has diabetes mellitus and takes metformin since [DATE].",
            [("diabetes mellitus", "DISEASE"), ("metformin", "TREATMENT")],
        ),
        ("NAUSEA", [("NAUSEA", "SYMPTOM")]),
        ("Seen by Dr. [DOCTOR] at [HOSPITAL] on [DATE].", []),
    ],
)
def test_plain_sentences(bert: BertAnnotator, text: str, expected: list[tuple[str, str]]) -> None:
    (mentions,) = bert.annotate([Note("1", text)])

    assert [(text[m.start : m.end], m.label) for m in mentions] == expected
    assert all(m.score > 0.5 for m in mentions)


def test_the_weights_are_small_enough_to_ship() -> None:
    assert (data_path("models", "bert") / "model.safetensors").stat().st_size < 50_000_000
