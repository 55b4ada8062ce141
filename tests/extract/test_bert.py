"""Tests of the BERT annotator."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from tokenizers.models import BPE
from transformers import BertConfig, BertForTokenClassification

from pipeline.encoder._hf import WordPieces, write_classifier
from pipeline.errors import SetupError
from pipeline.extract.bert import BertAnnotator, load_bert
from pipeline.extract.bio import Scheme
from pipeline.extract.calibration import Calibration, Curve
from pipeline.extract.gazetteer import GAZETTEER, N_TYPES, NO_NAMES, Gazetteer, write_gazetteer
from pipeline.note import Mention, Note
from pipeline.resources import data_path

CLASSES = ("O", "B-DISEASE", "I-DISEASE", "B-SYMPTOM", "I-SYMPTOM", "B-TREATMENT", "I-TREATMENT")
LABELS = ("DISEASE", "SYMPTOM", "TREATMENT")
LEXICON = {"asthma": 1, "heart": 1, "failure": 2, "fever": 3, "pain": 3, "patient": 5, "date": 6,
           "aspirin": 5, ")": 6, ".": 2}  # fmt: skip
"""Words to classes; every other word is outside."""


def word_pieces() -> WordPieces:
    path = data_path("models", "bert") / "tokenizer.json"
    return WordPieces(Tokenizer.from_file(str(path)))


@dataclass
class LexiconClassifier:
    """A classifier that knows some words, sure of each to 0.8, and counts what it is given."""

    pieces: WordPieces = field(default_factory=word_pieces)
    batches: list[list[tuple[int, ...]]] = field(default_factory=list)
    types: list[tuple[int, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        encoded = self.pieces.encode(LEXICON, 9)
        self.classes = {encoded[word][0]: index for word, index in LEXICON.items()}

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
            rows = np.full((len(window), len(CLASSES)), 0.2 / 6, dtype=np.float32)
            for row, piece in zip(rows, window, strict=True):
                row[self.classes.get(piece, 0)] = 0.8
            found.append(rows)
        return found


def annotator(window: int = 254, batch_tokens: int = 2048) -> BertAnnotator:
    return BertAnnotator(LexiconClassifier(), Scheme(CLASSES), window, batch_tokens)  # type: ignore[arg-type]


def found(text: str, bert: BertAnnotator | None = None) -> list[tuple[str, str]]:
    (mentions,) = (bert or annotator()).annotate([Note("1", text)])
    return [(text[m.start : m.end], m.label) for m in mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("   \n", []),
        ("fever", [("fever", "SYMPTOM")]),
        ("FEVER, Heart FAILURE", [("FEVER", "SYMPTOM"), ("Heart FAILURE", "DISEASE")]),
        ("no 😀 asthma😀", [("asthma", "DISEASE")]),
        ("heart\nfailure", [("heart", "DISEASE")]),
        ("heart      failure", [("heart", "DISEASE")]),
        ("heart\tfailure", [("heart", "DISEASE")]),
        ("heart\u200b failure", [("heart\u200b failure", "DISEASE")]),
        ("gave [PATIENT] [DATE] aspirin", [("aspirin", "TREATMENT")]),
        ("aspirin [DATE] fever", [("aspirin", "TREATMENT"), ("fever", "SYMPTOM")]),
        ("[patient]", [("patient", "TREATMENT")]),
        ("(aspirin)", [("aspirin", "TREATMENT")]),
        ("asthma.", [("asthma", "DISEASE")]),
        (") fever", [("fever", "SYMPTOM")]),
        ("[SEP] fever [CLS] [MASK] [PAD]", [("fever", "SYMPTOM")]),
        ("fever" + "x" * 100_000, []),
    ],
)
def test_mentions(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_the_raw_score_is_the_chance_of_the_words_and_of_no_more() -> None:
    # Each class is sure to 0.8; the word after the mention goes on with it to a sixth of 0.2.
    whole, more = annotator().find_raw([Note("1", "Has heart failure"), Note("2", "fever began")])

    assert [(m.start, m.end, m.label, m.annotators) for m in whole] == [
        (4, 17, "DISEASE", ("bert",))
    ]
    assert whole[0].score == pytest.approx(0.8 * 0.8)
    assert more[0].score == pytest.approx(0.8 * (1 - 0.2 / 6))


def test_nothing_goes_on_beyond_a_line() -> None:
    (mentions,) = annotator().find_raw([Note("1", "fever\nbegan")])

    assert [m.score for m in mentions] == [pytest.approx(0.8)]


def test_the_score_is_calibrated_by_label_to_three_digits() -> None:
    squared = Calibration({"SYMPTOM": Curve(rise=2, fall=2)})
    bert = replace(annotator(), calibration=squared)

    mentions = bert.annotate([Note("1", "fever"), Note("2", "asthma"), Note("3", "well")])
    assert mentions == [
        [Mention(0, 5, "SYMPTOM", 0.941, ("bert",))],  # odds of 4 squared: 16 / 17
        [Mention(0, 6, "DISEASE", 0.8, ("bert",))],
        [],
    ]


def test_windows_are_small_enough_and_lose_nothing() -> None:
    bert = annotator(window=10, batch_tokens=40)
    text = "No asthma today, but some fever and pain. " * 30 + "pain " * 50

    assert len(found(text, bert)) == 3 * 30 + 50
    sizes = [[len(window) for window in batch] for batch in bert.classifier.batches]  # type: ignore[attr-defined]
    assert max(map(max, sizes)) == 12  # ten pieces, the opening and the closing one
    assert all(len(batch) * max(batch) <= 40 for batch in sizes)


def test_equal_windows_are_encoded_once() -> None:
    bert = annotator()
    copies = [Note(str(number), "Fever and pain.") for number in range(20)]

    assert [len(mentions) for mentions in bert.annotate(copies)] == [2] * 20
    assert [len(batch) for batch in bert.classifier.batches] == [1]  # type: ignore[attr-defined]


def types_told(bert: BertAnnotator, *texts: str) -> list[tuple[int, ...]]:
    bert.annotate([Note(text, text) for text in texts])
    return sorted(bert.classifier.types)  # type: ignore[attr-defined]


def test_the_model_is_told_which_words_stand_in_names() -> None:
    names = Gazetteer({"heart failure": 0, "fever": 1, "pain": 3})
    bert = replace(annotator(), gazetteer=names)

    assert types_told(bert, "No heart failure, fever", "Well.", "heart\nfailure; pain") == [
        (0, 0, 0, 0),
        (0, 0, 0, 0, 7, 0),
        (0, 0, 1, 2, 0, 3, 0),
    ]


def test_all_pieces_of_a_word_have_its_type() -> None:
    long = "xyzzyitis"
    (pieces,) = word_pieces().encode([long], 99).values()
    bert = replace(annotator(), gazetteer=Gazetteer({f"pain {long}": 2}))

    assert len(pieces) > 2
    assert types_told(bert, f"pain \x00 {long}.") == [(0, 5, *[6] * len(pieces), 0, 0)]


def test_types_are_cut_as_their_windows_are() -> None:
    bert = replace(
        annotator(window=10, batch_tokens=40), gazetteer=Gazetteer({"heart failure": 0, "well": 2})
    )
    text = "Some heart failure, but well. " * 30 + "heart failure " * 50

    assert len(found(text, bert)) == 80
    told = [kind for types in bert.classifier.types for kind in types]  # type: ignore[attr-defined]
    windows = [window for batch in bert.classifier.batches for window in batch]  # type: ignore[attr-defined]
    assert len(windows) == len(set(zip(windows, bert.classifier.types, strict=True)))  # type: ignore[attr-defined]
    pieces = [piece for window in windows for piece in window]
    encoded = bert.classifier.pieces.encode(["heart", "failure", "well"], 9)
    kinds = {ids[0]: kind for ids, kind in zip(encoded.values(), (1, 2, 5), strict=True)}
    assert told == [kinds.get(piece, 0) for piece in pieces]


def test_without_names_every_type_is_zero() -> None:
    assert types_told(annotator(), "heart failure, fever") == [(0,) * 6]


def test_no_notes() -> None:
    assert annotator().annotate([]) == []


WORDS = st.sampled_from(
    ["fever", "Heart", "failure", "[PATIENT]", "[DATE]", "(", ")", ".", "\n", "😀", "\u200b", "é",
     "-", "[", "]", "xyzzy", "A" * 40]
)  # fmt: skip


@settings(max_examples=60)
@given(
    st.lists(WORDS, max_size=30).flatmap(lambda ws: st.sampled_from([" ".join(ws), "".join(ws)]))
)
def test_any_text_gives_tidy_mentions(text: str) -> None:
    (mentions,) = annotator(window=9).annotate([Note("1", text)])

    assert all(a.end <= b.start for a, b in pairwise(mentions))
    for mention in mentions:
        words = text[mention.start : mention.end]
        assert words == words.strip()
        assert "\n" not in words
        assert "[PATIENT]" not in words
        assert "[DATE]" not in words
        assert words[0].isalnum()


@pytest.fixture(scope="module")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a tiny random classifier."""
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=64, id2label=dict(enumerate(CLASSES)),
        initializer_range=0.5,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("bert")
    write_classifier(BertForTokenClassification(config), word_pieces(), folder)
    return folder


NOTES = [
    Note("1", "Admitted with fever and cough.\nNo chest pain."),
    Note("2", "x"),
    Note("3", "The [PATIENT] takes aspirin, and ibuprofen as needed for back pain. " * 40),
    Note("4", ""),
]


def test_batches_and_order_do_not_change_mentions(random_model: Path) -> None:
    expected = load_bert(random_model, device="cpu", batch_tokens=2048).annotate(NOTES)
    other = load_bert(random_model, device="cpu", batch_tokens=70).annotate(NOTES[::-1])[::-1]

    assert [len(mentions) > 0 for mentions in expected[::2]] == [True, True]
    for one, two in zip(expected, other, strict=True):
        assert [(m.start, m.end, m.label) for m in one] == [(m.start, m.end, m.label) for m in two]
        assert [m.score for m in one] == pytest.approx([m.score for m in two], abs=0.0011)


def test_a_note_alone_gives_the_same_to_the_last_bit(random_model: Path) -> None:
    bert = load_bert(random_model, device="cpu")

    assert bert.annotate(NOTES) == [bert.annotate([note])[0] for note in NOTES]


def test_a_calibration_beside_the_weights_is_used(random_model: Path, tmp_path: Path) -> None:
    for path in random_model.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    flat = {"rise": 0, "fall": 0, "shift": 0}
    (tmp_path / "calibration.json").write_text(json.dumps(dict.fromkeys(LABELS, flat)))

    raw = load_bert(random_model, device="cpu").annotate(NOTES)
    calibrated = load_bert(tmp_path, device="cpu").annotate(NOTES)
    assert [len(mentions) for mentions in calibrated] == [len(mentions) for mentions in raw]
    assert {m.score for mentions in calibrated for m in mentions} == {0.5}


@pytest.fixture(scope="module")
def named_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a tiny random classifier that is told of names."""
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=64, id2label=dict(enumerate(CLASSES)),
        initializer_range=0.5, type_vocab_size=N_TYPES,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("named")
    write_classifier(BertForTokenClassification(config), word_pieces(), folder)
    write_gazetteer(Gazetteer({"fever": 1, "chest pain": 1, "ibuprofen": 3}), folder)
    return folder


def test_a_gazetteer_beside_the_weights_is_used(named_model: Path) -> None:
    told = load_bert(named_model, device="cpu")
    untold = replace(told, gazetteer=NO_NAMES)

    named, unnamed = Note("1", "Fever and chest pain."), Note("2", "He walks well, with a cane.")
    assert told.annotate([named]) != untold.annotate([named])
    assert told.annotate([unnamed]) == untold.annotate([unnamed])
    assert told.annotate([unnamed, named]) == [*told.annotate([unnamed]), *told.annotate([named])]


def test_with_names_a_note_alone_gives_the_same_to_the_last_bit(named_model: Path) -> None:
    bert = load_bert(named_model, device="cpu")

    assert bert.annotate(NOTES) == [bert.annotate([note])[0] for note in NOTES]


def test_a_damaged_gazetteer_is_explained(named_model: Path, tmp_path: Path) -> None:
    for path in named_model.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / GAZETTEER).write_bytes((named_model / GAZETTEER).read_bytes()[:-9])

    with pytest.raises(SetupError, match="is damaged: copy the model again"):
        load_bert(tmp_path)


def test_the_model_limits_its_windows(random_model: Path) -> None:
    assert load_bert(random_model).window == 62  # 64 positions, two for the ends


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"lacks config.json, tokenizer.json, model.safetensors"):
        load_bert(tmp_path)


def test_another_head_is_explained(tmp_path: Path) -> None:
    config = BertConfig(vocab_size=30522, hidden_size=8, num_hidden_layers=1,
                        num_attention_heads=1, intermediate_size=8)  # fmt: skip
    write_classifier(BertForTokenClassification(config), word_pieces(), tmp_path)

    with pytest.raises(SetupError, match="are no BIO scheme: train a token classifier"):
        load_bert(tmp_path)


def test_broken_weights_are_explained(random_model: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((random_model / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"not a model")

    with pytest.raises(SetupError, match="can't be loaded as a BERT token classifier"):
        load_bert(tmp_path)


def test_weights_without_a_head_are_explained(random_model: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((random_model / name).read_bytes())
    weights = load_file(random_model / "model.safetensors")
    del weights["classifier.weight"]
    save_file(weights, tmp_path / "model.safetensors")

    with pytest.raises(SetupError, match="lack 1 tensors of a token classifier"):
        load_bert(tmp_path)


def test_another_tokenizer_is_explained(random_model: Path, tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors"):
        (tmp_path / name).write_bytes((random_model / name).read_bytes())
    Tokenizer(BPE()).save(str(tmp_path / "tokenizer.json"))

    with pytest.raises(SetupError, match="uses BPE pieces; give one with a WordPiece"):
        load_bert(tmp_path)


@pytest.mark.parametrize("device", ["cuda:99", "abacus"])
def test_an_absent_device_is_explained(random_model: Path, device: str) -> None:
    with pytest.raises(SetupError, match=f"no device '{device}' here: use auto or cpu"):
        load_bert(random_model, device=device)
