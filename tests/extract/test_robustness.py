"""The shipped model reads whatever notes hold, and finds the same however they are handed to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline.config import Config
from pipeline.deid.finding import NOTHING_ALLOWED
from pipeline.extract.bert import BertAnnotator, load_bert
from pipeline.interpretation import load_interpreter
from pipeline.note import Mention, Note
from pipeline.resources import data_path
from pipeline.stages import Models
from tests.site import Site

PLANT = "She denies chest pain and shortness of breath."
FOUND = [("chest pain", "SYMPTOM"), ("shortness of breath", "SYMPTOM")]
"""What any model must find in that sentence."""

FILLER = "The room was quiet and the talk went on for a while about the garden.\n"
TEXTS = [
    f"Reason for visit: cough and fever for three days.\n{PLANT}",
    "x",
    "",
    "Past history: hypertension, diabetes mellitus and asthma. " + FILLER * 9,
    "Medications: metformin, lisinopril and ibuprofen as needed for back pain.\n" * 14,
    "[PATIENT] was seen on [DATE] for nausea, vomiting and abdominal pain",
    "HYPERTENSION. PNEUMONIA TREATED WITH AZITHROMYCIN.",
    f"1. Migraine\n2. Knee pain after a fall\n3. Anemia, on iron\n\n{FILLER}{PLANT}",
]
NOTES = [Note(f"n{number}", text) for number, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def bert() -> BertAnnotator:
    return load_bert(data_path("models", "bert"), device="cpu")


@pytest.fixture(scope="module")
def expected(bert: BertAnnotator) -> list[list[Mention]]:
    found = bert.annotate(NOTES)
    assert sum(map(len, found)) > 40
    return found


def places(found: Sequence[Sequence[Mention]]) -> list[list[tuple[int, int, str]]]:
    return [[(m.start, m.end, m.label) for m in mentions] for mentions in found]


@pytest.mark.parametrize("batch_tokens", [1, 90, 700, 16_384])
def test_batches_change_nothing(
    bert: BertAnnotator, expected: list[list[Mention]], batch_tokens: int
) -> None:
    found = replace(bert, batch_tokens=batch_tokens).annotate(NOTES)

    assert places(found) == places(expected)
    for mine, theirs in zip(found, expected, strict=True):
        assert [m.score for m in mine] == pytest.approx([m.score for m in theirs], abs=0.0011)


@pytest.mark.parametrize("seed", range(3))
def test_order_and_grouping_change_nothing(
    bert: BertAnnotator, expected: list[list[Mention]], seed: int
) -> None:
    random = Random(seed)
    order = random.sample(range(len(NOTES)), len(NOTES))
    found: dict[int, list[Mention]] = {}
    while order:
        group = [order.pop() for _ in range(min(len(order), random.randint(1, 4)))]
        found |= zip(group, bert.annotate([NOTES[i] for i in group]), strict=True)

    assert [found[i] for i in range(len(NOTES))] == expected


def load_shipped(config: Config) -> Models:
    """Load the shipped model as a run does, and no finder of PHI."""
    bert = load_bert(data_path("models", "bert"), device="cpu", threads=config.run.n_threads)
    interpreter = load_interpreter(Config(), bert)
    return Models((), NOTHING_ALLOWED, bert=bert, interpreter=interpreter)


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    sites = [Site(tmp_path / str(workers)) for workers in (1, 2)]
    sites[1].share_keys(sites[0])
    tables: list[list[dict[str, Any]]] = []
    for site, workers in zip(sites, (1, 2), strict=True):
        site.write([{"note_id": note.note_id, "text": note.text or None} for note in NOTES])
        site.run(site.config(run={"workers": workers, "batch_notes": workers}), load_shipped)
        tables.append(site.read("mention"))

    scores = [
        [[row.pop(name) for row in table] for table in tables]
        for name in ("score", "assertion_score")
    ]
    assert len(tables[0]) > 40
    assert tables[0] == tables[1]
    for of_one, of_two in scores:
        assert of_one == pytest.approx(of_two, abs=0.0011)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(" \t\r\n\u00a0\u2003\n", [], id="blanks"),
        pytest.param("\ufeff\u200b", [], id="nothing visible"),
        pytest.param(".", [], id="a full stop"),
        pytest.param("--- *** ___ ??? ... !!! | | |\n=====\n", [], id="punctuation"),
        pytest.param("[PATIENT] [DATE]\n[HOSPITAL]", [], id="tags"),
        pytest.param("Hypertension", [("Hypertension", "DISEASE")], id="one word"),
        pytest.param(
            PLANT.upper(), [(words.upper(), label) for words, label in FOUND], id="capitals"
        ),
        pytest.param(
            "patient reports chest pain and nausea for two days he takes lisinopril for"
            " hypertension and metformin for diabetes we will see him again next week",
            [("chest pain", "SYMPTOM"), ("nausea", "SYMPTOM"), ("lisinopril", "TREATMENT"),
             ("hypertension", "DISEASE"), ("metformin", "TREATMENT"), ("diabetes", "DISEASE")],
            id="no punctuation",
        ),
        pytest.param(
            "Drug\tDose\tFor\nlisinopril\t10 mg\thypertension\nmetformin\t500 mg\tdiabetes\n",
            [("lisinopril", "TREATMENT"), ("hypertension", "DISEASE"),
             ("metformin", "TREATMENT"), ("diabetes", "DISEASE")],
            id="tabs",
        ),
        pytest.param(
            "| Drug | Dose | For |\n|------|------|-----|\n| lisinopril | 10 mg | hypertension |\n"
            "| metformin | 500 mg | diabetes |\n",
            [("lisinopril", "TREATMENT"), ("hypertension", "DISEASE"),
             ("metformin", "TREATMENT"), ("diabetes", "DISEASE")],
            id="pipes",
        ),
        pytest.param(f"{PLANT}\r\n\r\n{PLANT}\r\n", FOUND * 2, id="carriage returns"),
        pytest.param(f"{PLANT}\u2028{PLANT}\x0c{PLANT}", FOUND * 3, id="other line ends"),
        pytest.param("\n" * 10_000 + PLANT + "\n" * 10_000 + PLANT, FOUND * 2, id="blank lines"),
        pytest.param(f"{PLANT}\n{'xylo' * 12_500}\n{PLANT}", FOUND * 2, id="an endless word"),
        pytest.param(f"{PLANT}\n{'-' * 50_000}\n{PLANT}", FOUND * 2, id="a line drawn"),
        pytest.param(
            f"The cafe\u0301 of Zoe\u0308 is closed. {PLANT}", FOUND, id="combining accents"
        ),
        pytest.param(f"Told 😀👩\u200d⚕\ufe0f🏽 me. {PLANT} 👍", FOUND, id="emoji"),
        pytest.param(f"\u202b\u05e9\u05dc\u05d5\u05dd\u202c {PLANT}", FOUND, id="right to left"),
        pytest.param(f"\u4f60\u597d\u3002 {PLANT}", FOUND, id="ideographs"),
        pytest.param(
            PLANT.replace("chest", "che\u200bst").replace("breath", "breath\u200d"),
            [("shortness of breath", "SYMPTOM")],
            id="zero width",
        ),
        pytest.param(
            PLANT.replace(" ", "\u00a0"),
            [("chest\u00a0pain", "SYMPTOM"), ("shortness\u00a0of\u00a0breath", "SYMPTOM")],
            id="unbroken spaces",
        ),
        pytest.param(f"\udc00 \ud83d. {PLANT} \ude00\x00\x07", FOUND, id="lone surrogates"),
    ],
)  # fmt: skip
def test_any_note_is_read_through(
    bert: BertAnnotator, text: str, expected: list[tuple[str, str]]
) -> None:
    [mentions] = bert.annotate([Note("n", text)])

    assert all(0 <= m.start < m.end <= len(text) and 0 <= m.score <= 1 for m in mentions)
    assert all(one.end <= two.start for one, two in pairwise(mentions))
    found = Counter((text[m.start : m.end], m.label) for m in mentions)
    assert Counter(expected) <= found
    if not expected:
        assert not found


def test_a_long_note_is_read_to_its_end(bert: BertAnnotator) -> None:
    half = FILLER * 1420
    head = f"{PLANT}\n{half}{PLANT}\n{half}"
    text = head + " " * (200_000 - len(head) - len(PLANT)) + PLANT
    assert len(text) == 200_000

    [mentions] = bert.annotate([Note("n", text)])

    [found] = places([mentions])
    for words, label in FOUND:
        planted = [match.span() for match in re.finditer(words, text)]
        assert len(planted) == 3
        assert {(*span, label) for span in planted} <= set(found)
