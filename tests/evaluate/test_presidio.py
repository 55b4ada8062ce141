from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluate.readers import read_gold
from pipeline.note import Span

TEXT = "Ada Quill lives at 4 Elm Road, Ghent"
SAMPLE = {
    "full_text": TEXT,
    "masked": "{{name}} lives at {{street_address}}, {{city}}",
    "spans": [
        {
            "entity_type": "STREET_ADDRESS",
            "entity_value": "4 Elm Road",
            "start_position": 19,
            "end_position": 29,
        },
        {
            "entity_type": "PERSON",
            "entity_value": "Ada Quill",
            "start_position": 0,
            "end_position": 9,
        },
        {
            "entity_type": "GPE",
            "entity_value": "Ghent",
            "start_position": 31,
            "end_position": 36,
        },
    ],
    "template_id": 3,
    "metadata": {"Gender": "female"},
}
SPANS = (Span(0, 9, "PATIENT"), Span(19, 29, "STREET"), Span(31, 36, "CITY"))


def write(path: Path, content: str) -> Path:
    path.write_text(content, "utf-8")
    return path


def test_dumped_samples(tmp_path: Path) -> None:
    second = {"full_text": "none", "spans": [], "sample_id": 9}
    path = write(tmp_path / "a.json", json.dumps([SAMPLE, second], indent=4))
    documents = read_gold(path, "deid")
    assert [(d.note.note_id, d.note.text) for d in documents] == [("1", TEXT), ("9", "none")]
    assert documents[0].spans == SPANS
    assert documents[1].spans == ()


def test_samples_one_a_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", f"{json.dumps(SAMPLE)}\n\n{json.dumps(SAMPLE)}\n")
    assert [d.spans for d in read_gold(path, "deid")] == [SPANS, SPANS]


def test_texts_with_analyzer_results(tmp_path: Path) -> None:
    results = [
        {"start": 0, "end": 9, "entity_type": "PERSON", "score": 0.85},
        {"start": 31, "end": 36, "entity_type": "LOCATION", "score": 0.85},
    ]
    path = write(tmp_path / "a.json", json.dumps([{"text": TEXT, "results": results}]))
    spans = read_gold(path, "deid")[0].spans
    assert spans == (Span(0, 9, "PATIENT"), Span(31, 36, "LOCATION-OTHER"))


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("DATE_TIME", "DATE"),
        ("US_SSN", "SSN"),
        ("PHONE_NUMBER", "PHONE"),
        ("MEDICALRECORD", "MEDICALRECORD"),
        ("NRP", "NRP"),
        ("Badge_colour", "Badge_colour"),
    ],
)
def test_labels(tmp_path: Path, theirs: str, ours: str) -> None:
    span = {"entity_type": theirs, "start_position": 0, "end_position": 3}
    path = write(tmp_path / "a.json", json.dumps([{"full_text": "abc", "spans": [span]}]))
    assert read_gold(path, "deid")[0].spans == (Span(0, 3, ours),)


def test_types_of_presidio_in_our_own_json_lines(tmp_path: Path) -> None:
    spans = [
        {"start": 0, "end": 9, "label": "PERSON"},
        {"start": 31, "end": 36, "label": "HAMLET"},
    ]
    path = write(tmp_path / "a.jsonl", json.dumps({"text": TEXT, "spans": spans}))
    assert read_gold(path, "deid")[0].spans == (Span(0, 9, "PATIENT"), Span(31, 36, "HAMLET"))


def one_span(**changes: object) -> str:
    span = {"entity_type": "PERSON", "start_position": 0, "end_position": 3} | changes
    return json.dumps([{"full_text": "Quill", "spans": [span]}])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[{'full_text': 'Quill'}]", "isn't JSON"),
        ("[" * 100_000, "isn't JSON"),
        ('["Quill"]', "sample 1 has no text"),
        ('[{"full_text": 3}]', "sample 1 has no text"),
        ('[{"full_text": "Quill", "spans": {}}]', "sample 1 has spans that are no list"),
        ('[{"full_text": "Quill", "spans": ["Quill"]}]', "sample 1 has a span without"),
        (one_span(entity_type=""), "sample 1 has a span without"),
        (one_span(start_position="0"), "sample 1 has a span without"),
        (one_span(end_position=6), r"sample 1 has a span \[0, 6\) in a text of 5"),
    ],
)
def test_errors_name_the_sample_and_no_text(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        read_gold(write(tmp_path / "a.json", content), "deid")
    assert "Quill" not in str(caught.value)
    assert caught.value.__context__ is None
