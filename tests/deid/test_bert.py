"""Tests of the BERT recogniser of PHI."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertConfig, BertForTokenClassification

from pipeline.context.sentences import LINE_BREAKS
from pipeline.deid.bert import OUTSIDE, PhiBert, load_phi_bert
from pipeline.deid.labels import LABELS
from pipeline.encoder._hf import WordPieces, write_classifier
from pipeline.errors import SetupError
from pipeline.note import Note, PhiSpan
from pipeline.resources import data_path

CLASSES = (OUTSIDE, *LABELS)
LEXICON = {
    "ada": ("PATIENT", 0.9), "quill": ("PATIENT", 0.7), "boston": ("CITY", 0.8),
    "ohio": ("STATE", 0.95), "may": ("DATE", 0.2), "(": ("PHONE", 0.9), ")": ("PHONE", 0.9),
    "617": ("PHONE", 0.9), "-": ("PHONE", 0.9), "555": ("PHONE", 0.9), ",": ("PATIENT", 0.9),
    "dune": ("HOSPITAL", 0.3),
}  # fmt: skip
"""Words to their label and how probable it is; every other word is outside for sure."""


def word_pieces() -> WordPieces:
    path = data_path("models", "bert") / "tokenizer.json"
    return WordPieces(Tokenizer.from_file(str(path)))


@dataclass
class LexiconClassifier:
    """A classifier that knows some words and counts what it is given."""

    pieces: WordPieces = field(default_factory=word_pieces)
    batches: list[list[tuple[int, ...]]] = field(default_factory=list)
    types: list[tuple[int, ...]] = field(default_factory=list)
    labels: tuple[str, ...] = CLASSES

    def __post_init__(self) -> None:
        encoded = self.pieces.encode(LEXICON, 9)
        self.known = {encoded[word][0]: found for word, found in LEXICON.items()}

    def probabilities(
        self,
        windows: Sequence[tuple[int, ...]],
        types: Sequence[tuple[int, ...]],
        autocast: torch.dtype | None = None,
    ) -> list[NDArray[np.float32]]:
        assert [len(t) for t in types] == [len(w) for w in windows]
        self.batches.append(list(windows))
        self.types += types
        found = []
        for window in windows:
            rows = np.zeros((len(window), len(CLASSES)), dtype=np.float32)
            for row, piece in zip(rows, window, strict=True):
                label, probability = self.known.get(piece, (OUTSIDE, 1.0))
                row[0] = 1.0 - probability
                row[CLASSES.index(label)] += probability
            found.append(rows)
        return found


class Second:
    """Marks given strings wherever they stand."""

    name = "ner"

    def __init__(self, *surfaces: str) -> None:
        self.surfaces = surfaces

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        return [
            [
                PhiSpan(note.text.index(s), note.text.index(s) + len(s), "CITY", 0.9, ("ner",))
                for s in self.surfaces
                if s in note.text
            ]
            for note in notes
        ]


def recogniser(second: Second | None = None, batch_pieces: int = 1) -> PhiBert:
    return PhiBert(LexiconClassifier(), batch_pieces, None, second, 0.5, 0.1)  # type: ignore[arg-type]


def found(text: str, second: Second | None = None) -> list[tuple[str, str]]:
    (spans,) = recogniser(second).annotate([Note("1", text)])
    return [(text[s.start : s.end], s.label) for s in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   \r\n\t\n ", []),
        ("Seen Ada Quill in Boston Ohio.", [("Ada Quill", "PATIENT"), ("Boston", "CITY"),
                                            ("Ohio", "STATE")]),
        ("ADA QUILL", [("ADA QUILL", "PATIENT")]),
        ("Quill, Ada,", [("Quill, Ada", "PATIENT")]),
        (", ada", [("ada", "PATIENT")]),
        (",", []),
        ("Call (617) 555-0000", [("(617) 555", "PHONE")]),
        ("Ada\nQuill", [("Ada", "PATIENT"), ("Quill", "PATIENT")]),
        ("Ada\r\nQuill", [("Ada", "PATIENT"), ("Quill", "PATIENT")]),
        ("Ada\u2028Quill\x0bAda\x85Quill", [("Ada", "PATIENT"), ("Quill", "PATIENT")] * 2),
        ("Ada\tQuill", [("Ada", "PATIENT"), ("Quill", "PATIENT")]),
        ("Ada   Quill", [("Ada", "PATIENT"), ("Quill", "PATIENT")]),
        ("Ada  Quill", [("Ada  Quill", "PATIENT")]),
        ("Ada\u00a0Quill", [("Ada\u00a0Quill", "PATIENT")]),
        ("😀Ada😀 e\u0301 Q\u0308uill", [("Ada", "PATIENT"), ("Q\u0308uill", "PATIENT")]),
        ("\ud83dAda\ude00", [("Ada", "PATIENT")]),
        ("Ada\x00Quill", [("Ada", "PATIENT"), ("Quill", "PATIENT")]),
        ("77Ada33", [("Ada", "PATIENT")]),
        ("[SEP] Ada [CLS] [MASK] [PAD]", [("Ada", "PATIENT")]),
        ("may dune", []),
    ],
)  # fmt: skip
def test_spans(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_the_score_is_the_mean_probability_of_phi() -> None:
    spans = recogniser().annotate([Note("1", "By Ada Quill"), Note("2", "Well")])

    assert spans == [[PhiSpan(3, 12, "PATIENT", 0.8, ("bert",))], []]


class Torn(LexiconClassifier):
    """Takes everything for a patient or a city."""

    def probabilities(
        self, windows: Sequence[tuple[int, ...]], *_: object
    ) -> list[NDArray[np.float32]]:
        row = np.zeros(len(CLASSES), np.float32)
        row[[0, CLASSES.index("PATIENT"), CLASSES.index("CITY")]] = 0.4, 0.29, 0.31
        return [np.tile(row, (len(window), 1)) for window in windows]


def test_labels_are_phi_together_and_the_surest_is_given() -> None:
    bert = PhiBert(Torn(), 1, None, None, 0.5)  # type: ignore[arg-type]

    assert bert.annotate([Note("1", "xyz")]) == [[PhiSpan(0, 3, "CITY", 0.6, ("bert",))]]


def test_where_a_second_recogniser_agrees_less_is_asked_for() -> None:
    assert found("may dune ada") == [("ada", "PATIENT")]
    assert found("may dune ada", Second("may")) == [("may", "DATE"), ("ada", "PATIENT")]
    assert found("may dune ada", Second("may", "dune ada")) == [
        ("may", "DATE"),
        ("dune", "HOSPITAL"),
        ("ada", "PATIENT"),
    ]


def test_touching_a_part_is_agreeing() -> None:
    assert found("may", Second("ay")) == [("may", "DATE")]
    assert found("may dune", Second("y ")) == [("may", "DATE")]


def test_what_the_second_marks_alone_is_dropped() -> None:
    assert found("Some clinic, wholly unknown", Second("clinic", "unknown")) == []


def test_a_span_on_which_both_agree_names_both() -> None:
    (spans,) = recogniser(Second("Quill")).annotate([Note("1", "Ada Quill of Boston")])

    assert spans == [
        PhiSpan(0, 9, "PATIENT", 0.8, ("bert", "ner")),
        PhiSpan(13, 19, "CITY", 0.8, ("bert",)),
    ]


def test_equal_windows_are_read_once_and_give_equal_spans() -> None:
    bert = recogniser()
    text = "Ada Quill.\nBoston."
    copies = [Note(str(number), text) for number in range(5)]

    first, *others = bert.annotate(copies)

    assert [(s.start, s.end, s.label, s.score) for s in first] == [
        (0, 9, "PATIENT", 0.8),
        (11, 17, "CITY", 0.8),
    ]
    assert all(other == first for other in others)
    assert [len(batch) for batch in bert.classifier.batches] == [1]  # type: ignore[attr-defined]


def test_the_model_is_told_the_case_of_each_piece() -> None:
    bert = recogniser()
    bert.annotate([Note("1", "Ada ADA ada 5 aDa")])

    assert bert.classifier.types == [(0, 1, 2, 0, 0, 3, 0)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("batch_pieces", [1, 300, 10_000])
def test_a_long_note_is_read_whole_in_windows(batch_pieces: int) -> None:
    bert = recogniser(batch_pieces=batch_pieces)
    unit = "Seen by Ada Quill in Boston, well, no fever. "
    text = unit * 300

    (spans,) = bert.annotate([Note("1", text)])

    assert [(s.start, s.end) for s in spans] == [
        (len(unit) * n + start, len(unit) * n + end)
        for n in range(300)
        for start, end in ((8, 17), (21, 27))
    ]
    assert max(len(w) for batch in bert.classifier.batches for w in batch) <= 256  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("z" * 200_000, 0),
        (" " * 200_000, 0),
        ("," * 200_000, 0),
        ("Ada\n" * 50_000, 50_000),
        ("Ada " * 50_000, 1),
        ("Ada, Boston " * 16_667, 33_334),
    ],
    ids=["endless-word", "spaces", "commas", "lines", "one-span", "pairs"],
)
def test_hostile_notes_of_200_000_characters_take_little_time(text: str, expected: int) -> None:
    bert = recogniser(Second(text[-3:]))
    begun = time.process_time()

    (spans,) = bert.annotate([Note("1", text)])

    assert len(spans) == expected
    assert time.process_time() - begun < 8


WORDS = st.sampled_from(
    ["Ada", "QUILL", "Boston", "(", ")", ",", "-", "617", "may", "\n", "\r\n", "\t", "😀", "\u200b",
     "e\u0301", "\ud800", "\x1e", "[SEP]", "x" * 40, "3" * 40]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.lists(WORDS, max_size=30).flatmap(lambda ws: st.sampled_from([" ".join(ws), "".join(ws)])),
)


@settings(max_examples=80)
@given(TEXTS)
def test_any_text_gives_tidy_spans(text: str) -> None:
    bert = SHARED
    (spans,) = bert.annotate([Note("1", text)])

    assert all(a.end <= b.start for a, b in pairwise(spans))
    for span in spans:
        surface = text[span.start : span.end]
        assert len(surface) == span.end - span.start
        assert surface == surface.strip(" ,.-")
        assert LINE_BREAKS.isdisjoint(surface)
        assert 0.5 <= span.score <= 1.0


SHARED = recogniser()


def write_random(folder: Path, classes: Sequence[str] = CLASSES, **changes: int) -> Path:
    """Write a tiny random classifier that marks a good part of all words."""
    torch.manual_seed(1)
    options = {"type_vocab_size": 4, "max_position_embeddings": 256, **changes}
    config = BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, id2label=dict(enumerate(classes)), initializer_range=0.5, **options,
    )  # fmt: skip
    model = BertForTokenClassification(config)
    with torch.no_grad():
        model.classifier.bias[0] = 4.0
    write_classifier(model, word_pieces(), folder)
    return folder


@pytest.fixture(scope="module")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_random(tmp_path_factory.mktemp("phi_bert"))


NOTES = [
    Note("1", "Admitted by Dr. Okonjo on 3/14.\r\nNo chest pain."),
    Note("2", "x"),
    Note("3", "Ms. Quimby of Elkton, OH takes ibuprofen as needed, call 555-0142. " * 40),
    Note("4", ""),
    Note("5", "Admitted by Dr. Okonjo on 3/14.\r\nNo chest pain."),
    Note("6", "\ud800 \n "),
]


def test_notes_are_read_alone_to_the_last_bit(random_model: Path) -> None:
    bert = load_phi_bert(random_model, device="cpu")

    together = bert.annotate(NOTES)

    assert together == [bert.annotate([note])[0] for note in NOTES]
    assert together == bert.annotate(NOTES[::-1])[::-1]
    assert together[0] == together[4]
    assert together[0]
    assert 40 < len(together[2]) < 40 * 12
    assert together[3] == together[5] == []


def test_large_batches_find_the_same(random_model: Path) -> None:
    one = load_phi_bert(random_model, device="cpu")
    many = PhiBert(one.classifier, batch_pieces=4_096)

    for single, batched in zip(one.annotate(NOTES), many.annotate(NOTES), strict=True):
        assert [(s.start, s.end, s.label) for s in single] == [
            (s.start, s.end, s.label) for s in batched
        ]
        assert [s.score for s in single] == pytest.approx([s.score for s in batched], abs=0.0011)


def test_no_notes(random_model: Path) -> None:
    assert load_phi_bert(random_model, device="cpu").annotate([]) == []


def test_the_case_counts(random_model: Path) -> None:
    texts = ["ask will today", "ask Will today", "ask WILL today"]
    scores = [
        spans and spans[0].score
        for spans in PhiBert(
            load_phi_bert(random_model, device="cpu").classifier, 1, threshold=0.0
        ).annotate([Note("1", text) for text in texts])
    ]

    assert len(set(scores)) == 3


def test_a_classifier_of_mentions_is_refused(tmp_path: Path) -> None:
    write_random(tmp_path, ("O", "B-DISEASE", "I-DISEASE"))

    with pytest.raises(SetupError, match="are not O and labels of PHI: train a classifier"):
        load_phi_bert(tmp_path, device="cpu")


@pytest.mark.parametrize("changes", [{"type_vocab_size": 2}, {"max_position_embeddings": 64}])
def test_an_encoder_that_takes_too_little_is_refused(
    tmp_path: Path, changes: dict[str, int]
) -> None:
    write_random(tmp_path, **changes)

    with pytest.raises(SetupError, match="4 and 256 are needed: train a"):
        load_phi_bert(tmp_path, device="cpu")


def test_a_missing_folder_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"lacks config.json"):
        load_phi_bert(tmp_path / "none")
