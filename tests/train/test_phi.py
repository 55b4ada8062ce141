"""Training a recogniser of PHI on a handful of notes teaches it those notes."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from pipeline.deid.ner import load_phi_ner
from pipeline.errors import InputError, SetupError
from pipeline.note import Note, Span
from pipeline.train.phi import PhiTraining, train_phi
from pipeline.train.phi_lists import read_lists
from pipeline.train.phi_pipeline import favour_recall, make_example, make_pipeline
from pipeline.train.phi_text import TaggedText, read_tagged
from pipeline.train.phi_tokens import clinical_tokenizer
from tests.train.lists import write_doctors, write_lists

TEXTS = (
    ("Dr. ", "Okonjo", " saw him. Foley in place, BP 120/80."),
    ("Seen by Dr. ", "Rastogi", " today; no fever, no cough."),
    ("Dr. ", "Svensen", " will follow. Continue aspirin 81 mg."),
    ("Consult: Dr. ", "Vandersloot", " agrees with the plan."),
)


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_lists(tmp_path_factory.mktemp("lists"))
    write_doctors(folder / "notes.jsonl", TEXTS)
    return folder


@pytest.fixture(scope="module")
def trained(lists: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float]]:
    losses: list[float] = []
    options = PhiTraining(
        notes=(lists / "notes.jsonl",),
        lists=lists, out=tmp_path_factory.mktemp("model") / "phi", base=None,
        steps=200, batch_tokens=60, width=32, depth=2, learning_rate=0.01,
    )  # fmt: skip
    return train_phi(options, lambda _, loss: losses.append(loss)), losses


def test_loss_falls(trained: tuple[Path, list[float]]) -> None:
    _, losses = trained

    assert len(losses) == 2
    assert losses[1] < losses[0] / 2


def test_the_written_model_finds_an_unseen_doctor(trained: tuple[Path, list[float]]) -> None:
    text = "Dr. Quimby saw him. Foley in place, BP 120/80."

    (spans,) = load_phi_ner(trained[0]).annotate([Note("n1", text)])

    assert [(text[s.start : s.end], s.label) for s in spans] == [("Quimby", "DOCTOR")]


def test_the_written_model_is_small_and_remembers_no_name(
    trained: tuple[Path, list[float]],
) -> None:
    files = [path for path in trained[0].rglob("*") if path.is_file()]

    assert not [path for path in files if path.suffix in (".pkl", ".pickle", ".pt", ".bin.gz")]
    for name in (b"Okonjo", b"okonjo", b"Vandersloot"):
        assert not [path for path in files if name in path.read_bytes()]


def test_a_margin_makes_the_model_find_more(trained: tuple[Path, list[float]]) -> None:
    nlp = spacy.load(trained[0])
    text = "Continue aspirin 81 mg."
    assert not nlp(text).ents

    favour_recall(nlp.get_pipe("ner"), 100.0)

    assert nlp(text).ents


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("77yo", ["77", "yo"]),
        ("a 77-year-old", ["a", "77", "-", "year", "-", "old"]),
        ("(3/14)", ["(", "3", "/", "14", ")"]),
        ("Name:......DOE", ["Name", ":", "......", "DOE"]),
        ("PR/tx0417", ["PR", "/", "tx", "0417"]),
        ("him_okonjo", ["him", "_", "okonjo"]),
    ],
)
def test_tokens_begin_where_identifiers_do(text: str, tokens: list[str]) -> None:
    assert [t.text for t in clinical_tokenizer(spacy.blank("en").vocab)(text)] == tokens


def test_unknown_ranges_are_missing_annotations() -> None:
    nlp = make_pipeline(["DOCTOR"], width=16, depth=1)
    text = TaggedText("Dr. Okonjo saw  him in May.", (Span(4, 10, "DOCTOR"),), ((8, 15), (23, 26)))

    tags = make_example(nlp, text).get_aligned_ner()

    words = [token.text for token in make_example(nlp, text).reference]
    assert dict(zip(words, tags, strict=True)) == {
        "Dr": "O", ".": "O", "Okonjo": "U-DOCTOR", "saw": None, " ": "O", "him": "O", "in": "O",
        "May": None,
    }  # fmt: skip


def test_what_is_found_in_unknown_ranges_costs_nothing() -> None:
    nlp = make_pipeline(["DOCTOR"], width=16, depth=1)
    text = "Okonjo saw him."
    known, unknown = (
        nlp.update([make_example(nlp, TaggedText(text, (), ranges))])["ner"]
        for ranges in ((), ((0, len(text)),))
    )

    assert known > 0
    assert unknown == 0


def test_gold_is_read_from_several_files(lists: Path, tmp_path: Path) -> None:
    other = write_doctors(tmp_path / "other.jsonl", [("Dr. ", "Tamura", ""), ("", " ", "  ")])

    texts = read_tagged((other, lists / "notes.jsonl"))

    assert [t.surface(s) for t in texts for s in t.spans] == [
        "Tamura", "Okonjo", "Rastogi", "Svensen", "Vandersloot",
    ]  # fmt: skip


def test_eponyms_are_no_surrogates(lists: Path) -> None:
    assert set(read_lists(lists).last.words) == {"Quimby", "Tamura"}


def test_what_is_missing_is_said(lists: Path, tmp_path: Path) -> None:
    notes = (lists / "notes.jsonl",)
    with pytest.raises(InputError, match="gold corpus"):
        train_phi(PhiTraining(notes=(tmp_path / "none.jsonl",), lists=lists, out=tmp_path))
    with pytest.raises(InputError, match="census name lists"):
        train_phi(PhiTraining(notes=notes, lists=tmp_path, out=tmp_path, steps=1))
    with pytest.raises(SetupError, match=r"chartsift\[train\]"):
        train_phi(PhiTraining(notes=notes, lists=lists, out=tmp_path, base="no_such_pipeline"))


@pytest.mark.parametrize("bad", [{"steps": 0}, {"dropout": 1.0}, {"plain_share": -0.1}])
def test_options_check_themselves(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"at least 1|shares of 1"):
        PhiTraining(notes=(Path("n"),), lists=Path("l"), out=Path("o"), **bad)  # type: ignore[arg-type]
