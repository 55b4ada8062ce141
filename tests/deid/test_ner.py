"""The spaCy recogniser as an annotator: offsets, odd text, long notes, broken folders."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from pipeline.deid.ner import SCORE, PhiNer, load_phi_ner
from pipeline.errors import SetupError
from pipeline.note import Note, PhiSpan
from pipeline.resources import data_path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a pipeline whose "NER" is three patterns, so that tests say what it finds."""
    nlp = spacy.blank("en")
    infixes = [*nlp.Defaults.infixes, "[0-9]+"]
    nlp.tokenizer.infix_finditer = spacy.util.compile_infix_regex(infixes).finditer
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", name="ner")
    ruler.add_patterns(
        [
            {"label": "PATIENT", "pattern": "Okonjo"},
            {
                "label": "DOCTOR",
                "pattern": [{"ORTH": "Vandersloot"}, {"IS_PUNCT": True, "OP": "*"}],
            },
            {"label": "PHONE", "pattern": "(419) 555-0163"},
            {"label": "IDNUM", "pattern": "--"},
            {"label": "AGE", "pattern": "77"},
        ]
    )
    path = tmp_path_factory.mktemp("models") / "phi"
    nlp.to_disk(path)
    return path


@pytest.fixture(scope="module")
def ner(folder: Path) -> PhiNer:
    return load_phi_ner(folder)


def test_each_note_gets_its_spans_in_order(ner: PhiNer) -> None:
    notes = [Note("a", "Okonjo saw Vandersloot."), Note("b", ""), Note("c", "Mr. Okonjo")]

    assert ner.annotate(notes) == [
        [
            PhiSpan(0, 6, "PATIENT", SCORE, ("ner",)),
            PhiSpan(11, 22, "DOCTOR", SCORE, ("ner",)),
        ],
        [],
        [PhiSpan(4, 10, "PATIENT", SCORE, ("ner",))],
    ]
    assert ner.annotate([]) == []
    assert ner.name == "ner"


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("seen by Vandersloot, who", ["Vandersloot"]),
        ("call (419) 555-0163.", ["(419) 555-0163"]),
        ("nothing -- here", []),
    ],
)
def test_edges_lose_punctuation_but_not_brackets_of_numbers(
    ner: PhiNer, text: str, surfaces: list[str]
) -> None:
    (spans,) = ner.annotate([Note("a", text)])

    assert [text[s.start : s.end] for s in spans] == surfaces


@pytest.mark.parametrize(
    ("before", "start"),
    [
        ("\U0001f600 e\u0301 ", 5),
        ("\ud800 ", 2),
        ("\x00\x0b ", 3),
        ("\ufeff\u202e ", 3),
        ("\r\n\r\n", 4),
        ("\u05e9\u05dc\u05d5\u05dd ", 5),
    ],
)
def test_offsets_count_code_points_after_odd_text(ner: PhiNer, before: str, start: int) -> None:
    (spans,) = ner.annotate([Note("a", before + "Okonjo")])

    assert [(s.start, s.end) for s in spans] == [(start, start + 6)]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\ud800\udfff", "\x00", "." * 3_000])
def test_text_without_words_has_no_phi(ner: PhiNer, text: str) -> None:
    assert ner.annotate([Note("a", text)]) == [[]]


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Okonjo1d went home", "Okonjo1d"),  # misread letters belong to the word
        ("Okonjo's", "Okonjo"),
        ("is a77yo man", "77"),  # an age is rightly a part of a word
    ],
)
def test_words_are_taken_whole(ner: PhiNer, text: str, surface: str) -> None:
    [[span]] = ner.annotate([Note("a", text)])

    assert text[span.start : span.end] == surface


@pytest.mark.parametrize("filler", ["pain. ", "pain.\n", "x", "\n"])
def test_long_notes_are_read_to_their_end(ner: PhiNer, filler: str) -> None:
    middle, end = filler * (60_000 // len(filler)), filler * (70_000 // len(filler))
    text = f"Okonjo {middle} Okonjo {end} Okonjo"

    before, spans, after = ner.annotate([Note("a", "Okonjo"), Note("b", text), Note("c", "Okonjo")])

    assert [text[s.start : s.end] for s in spans] == ["Okonjo"] * 3
    assert (spans[0].start, spans[-1].end) == (0, len(text))
    assert len(before) == len(after) == 1


def test_only_what_recognition_needs_runs(ner: PhiNer) -> None:
    assert ner.nlp.pipe_names == ["ner"]


def test_words_of_notes_are_forgotten(ner: PhiNer) -> None:
    before = len(ner.nlp.vocab.strings)

    ner.annotate([Note("a", "Okonjo met Zyxwvutsrq and Qrstuvwxyz")])

    assert len(ner.nlp.vocab.strings) == before


def test_a_missing_or_broken_folder_is_said_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there is no spaCy pipeline"):
        load_phi_ner(tmp_path / "none")
    (tmp_path / "config.cfg").write_text("[nlp\nnonsense")
    with pytest.raises(SetupError, match=r"can't be loaded.*train one") as caught:
        load_phi_ner(tmp_path)
    assert caught.value.__cause__ is None


def test_a_pipeline_without_ner_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path)

    with pytest.raises(SetupError, match="no component 'ner'"):
        load_phi_ner(tmp_path)


def test_the_shipped_model_finds_phi_and_leaves_eponyms() -> None:
    text = (
        "Patient: Marisol Quimby   MRN: 5540-118\n"
        "Seen 3/14/2021 by Dr. Vandersloot for Parkinson disease; Foley in place, BP 120/80.\n"
        "She is a 71-year-old retired welder of Toledo, Ohio. Phone 419-555-0163."
    )

    (spans,) = load_phi_ner(data_path("models", "phi")).annotate([Note("a", text)])

    found = {text[s.start : s.end] for s in spans}
    assert {"Marisol Quimby", "5540-118", "3/14/2021", "Vandersloot", "71", "Toledo"} <= found
    covered = {i for s in spans for i in range(s.start, s.end)}
    for innocent in ("Parkinson", "Foley", "120/80"):
        assert text.index(innocent) not in covered
