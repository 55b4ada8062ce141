"""Tests of the spaCy adapter."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from pipeline.errors import SetupError
from pipeline.extract.scispacy import SpacyMentions, cut_text, load_scispacy
from pipeline.note import Mention, Note

LABELS = {"DIS": "DISEASE", "CHEM": "TREATMENT"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a pipeline with rules, and a sentencizer that entities don't need."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "DIS", "pattern": "asthma"},
            {"label": "DIS", "pattern": [{"LOWER": "heart"}, {"IS_SPACE": True, "OP": "?"},
                                         {"LOWER": "failure"}]},
            {"label": "DIS", "pattern": [{"TEXT": "DATE"}]},
            {"label": "CHEM", "pattern": "albuterol"},
            {"label": "AGE", "pattern": "young"},
        ]
    )  # fmt: skip
    nlp.meta["name"] = "toy"
    path = tmp_path_factory.mktemp("models") / "toy"
    nlp.to_disk(path)
    return path


@pytest.fixture(scope="module")
def annotator(folder: Path) -> SpacyMentions:
    return load_scispacy(str(folder), LABELS, score=0.4)


def test_entities_become_mentions(annotator: SpacyMentions) -> None:
    notes = [Note("1", "A young man with asthma on albuterol."), Note("2", ""), Note("3", "Well.")]

    assert annotator.annotate(notes) == [
        [
            Mention(17, 23, "DISEASE", 0.4, ("en_toy",)),
            Mention(27, 36, "TREATMENT", 0.4, ("en_toy",)),
        ],
        [],
        [],
    ]


def test_only_what_entities_need_is_loaded(annotator: SpacyMentions) -> None:
    assert annotator.nlp.pipe_names == ["entity_ruler"]


def test_a_mention_stays_in_its_line_and_out_of_tags(annotator: SpacyMentions) -> None:
    found = annotator.annotate([Note("1", "heart\nfailure on [DATE]")])

    assert found == [[Mention(6, 13, "DISEASE", 0.4, ("en_toy",))]]


def test_a_long_note_keeps_its_offsets(folder: Path) -> None:
    annotator = load_scispacy(str(folder), LABELS)
    annotator.nlp.max_length = 80
    line = "No change since the last visit and no asthma.\n"

    found = annotator.annotate([Note("1", line * 50), Note("2", "asthma")])

    assert [(m.start, m.end) for m in found[0]] == [(46 * i + 38, 46 * i + 44) for i in range(50)]
    assert [(m.start, m.end) for m in found[1]] == [(0, 6)]


@pytest.mark.parametrize("odd", ["\ud800", "\U0001f9e0", "\x00", "e\u0301", "\u200b"])
def test_odd_characters_shift_nothing(annotator: SpacyMentions, odd: str) -> None:
    (found,) = annotator.annotate([Note("1", f"{odd} No asthma. {odd}")])

    start = len(odd) + 4
    assert [(m.start, m.end) for m in found] == [(start, start + 6)]


def test_strings_do_not_pile_up(annotator: SpacyMentions) -> None:
    before = len(annotator.nlp.vocab.strings)
    annotator.annotate([Note("1", " ".join(f"w{i}" for i in range(500)))])

    assert len(annotator.nlp.vocab.strings) == before


def test_a_missing_pipeline_is_explained() -> None:
    with pytest.raises(SetupError, match=r"'en_absent_md' can't be loaded .*install its package"):
        load_scispacy("en_absent_md", LABELS)


def test_labels_must_be_known(folder: Path) -> None:
    with pytest.raises(SetupError, match="finds AGE, CHEM, DIS, but the configuration maps GENE"):
        load_scispacy(str(folder), {"GENE": "DISEASE"})


def test_a_component_that_is_listened_to_stays(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    width = 32
    tok2vec = {"@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None,
               "width": width, "depth": 1, "embed_size": 50, "window_size": 1,
               "maxout_pieces": 2, "subword_features": False}  # fmt: skip
    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": width, "upstream": "*"}
    nlp.add_pipe("tok2vec", config={"model": tok2vec})
    nlp.add_pipe("sentencizer")
    parser = {"@architectures": "spacy.TransitionBasedParser.v2", "state_type": "ner",
              "extra_state_tokens": False, "hidden_width": 16, "maxout_pieces": 1,
              "use_upper": False, "nO": None, "tok2vec": listener}  # fmt: skip
    nlp.add_pipe("ner", config={"model": parser}).add_label("DIS")
    nlp.initialize()
    nlp.to_disk(tmp_path / "listening")

    annotator = load_scispacy(str(tmp_path / "listening"), {"DIS": "DISEASE"})

    assert annotator.nlp.pipe_names == ["tok2vec", "ner"]
    assert len(annotator.annotate([Note("1", "asthma")])) == 1


@pytest.mark.parametrize("text", ["", " \n", "a" * 500, "One two three. " * 40, "[" * 300])
def test_pieces_cover_the_text(text: str) -> None:
    pieces = list(cut_text(text, 100))

    assert "".join("".join(text[a:b].split()) for a, b in pieces) == "".join(text.split())
    assert all(b - a <= 100 for a, b in pieces)
