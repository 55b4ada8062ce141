"""Training of the spaCy recogniser of mentions, on a handful of invented notes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import ExitCode, InputError, SetupError
from pipeline.evaluate.corpora import (
    ABSTRACTS,
    CLINICAL_NOTES,
    TRIAL_CRITERIA,
    UNLABELLED,
    CorpusLabels,
)
from pipeline.evaluate.gold import GoldDocument
from pipeline.extract.scispacy import load_scispacy
from pipeline.extract.words import find_words
from pipeline.note import Mention, Note, Span
from pipeline.train import scispacy
from pipeline.train.corpora import Sources
from pipeline.train.examples import LabelledDocument, Variation
from pipeline.train.recogniser import hashed_cnn, make_example, make_recogniser
from pipeline.train.scispacy import ScispacyTraining, train_scispacy
from pipeline.train.scispacy_texts import (
    LABELS,
    UNKNOWN,
    MarkedText,
    cut_passages,
    draw_passages,
    mark,
)
from pipeline.train.scispacy_tokens import word_tokenizer
from pipeline.train.teachers import read_seen_documents

SENTENCES = (
    ("He has asthma.", "asthma", "DISEASE"),
    ("She has gout.", "gout", "DISEASE"),
    ("Known diabetes mellitus.", "diabetes mellitus", "DISEASE"),
    ("He reports fever.", "fever", "SYMPTOM"),
    ("She denies nausea.", "nausea", "SYMPTOM"),
    ("Back pain again.", "Back pain", "SYMPTOM"),
    ("Started aspirin.", "aspirin", "TREATMENT"),
    ("Took warfarin daily.", "warfarin", "TREATMENT"),
    ("Knee surgery went well.", "Knee surgery", "TREATMENT"),
)
TOKENIZER = word_tokenizer(spacy.blank("en").vocab)
OWN_LABELS = {label: label for label in LABELS}


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> ScispacyTraining:
    """Write a corpus and its folds: n0 is held out, n1 is nearly the same."""
    folder = tmp_path_factory.mktemp("corpus")
    with (folder / "gold.jsonl").open("w", encoding="utf-8") as file:
        for number, (text, mention, label) in enumerate(SENTENCES):
            start = text.index(mention)
            entity = {"start": start, "end": start + len(mention), "label": label}
            row = {"note_id": f"n{number}", "text": text, "entities": [entity]}
            file.write(json.dumps(row) + "\n")
    folds = {"folds": {"n0": 0, "n2": 2}, "near_duplicates_of_fold": {"0": ["n1"]}}
    (folder / "folds.json").write_text(json.dumps(folds), encoding="utf-8")
    return ScispacyTraining(
        out=folder / "models" / "out",
        sources=Sources((folder / "gold.jsonl",), folds=folder / "folds.json"),
        steps=100, batch_tokens=40, width=32, depth=2, learning_rate=0.01,
    )  # fmt: skip


@pytest.fixture(scope="module")
def trained(options: ScispacyTraining) -> tuple[Path, list[float]]:
    losses: list[float] = []
    return train_scispacy(options, lambda _, loss: losses.append(loss)), losses


class Teacher:
    """Finds the word ``rash`` and is sure of it; remembers what it read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        self.read += [note.note_id for note in notes]
        return [
            [Mention(place, place + 4, "SYMPTOM", 0.9, ("bert",))] if place >= 0 else []
            for place in (note.text.find("rash") for note in notes)
        ]


@pytest.fixture
def teacher(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Teacher:
    """Stand in for the model of any folder; the one of ``tmp_path`` has seen n3 and x9."""
    teacher = Teacher()
    (tmp_path / "training_documents.txt").write_text("n3\nx9\n")
    monkeypatch.setattr(scispacy, "load_bert", lambda *_, **__: teacher)
    return teacher


def write_notes(path: Path, notes: dict[str, str]) -> Path:
    pq.write_table(pa.table({"note_id": list(notes), "text": list(notes.values())}), path)
    return path


def document(text: str, labels: CorpusLabels, *spans: Span) -> LabelledDocument:
    return LabelledDocument(GoldDocument(Note("d", text), spans), 1.0, labels)


def test_the_folder_loads_and_finds_what_was_taught(trained: tuple[Path, list[float]]) -> None:
    text = "Known diabetes mellitus.\nHe reports fever. Took warfarin daily."

    (mentions,) = load_scispacy(str(trained[0]), OWN_LABELS).annotate([Note("1", text)])

    assert [(text[m.start : m.end], m.label, m.annotators) for m in mentions] == [
        ("diabetes mellitus", "DISEASE", ("en_ner_clinical_sm",)),
        ("fever", "SYMPTOM", ("en_ner_clinical_sm",)),
        ("warfarin", "TREATMENT", ("en_ner_clinical_sm",)),
    ]


def test_held_out_documents_are_not_learned(trained: tuple[Path, list[float]]) -> None:
    seen = (trained[0] / "training_documents.txt").read_text().split()

    assert seen == ["n2", "n3", "n4", "n5", "n6", "n7", "n8"]


def test_the_folder_remembers_no_word(trained: tuple[Path, list[float]]) -> None:
    for path in trained[0].rglob("*"):
        if path.is_file() and path.name != "training_documents.txt":
            assert b"warfarin" not in path.read_bytes()


def test_a_seed_decides_all(options: ScispacyTraining, tmp_path: Path) -> None:
    short = replace(options, steps=8, width=16, depth=1)
    weights = [
        (train_scispacy(replace(short, out=tmp_path / name, seed=seed)) / "ner/model").read_bytes()
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]

    assert weights[0] == weights[1]
    assert weights[0] != weights[2]


def test_the_default_size_is_small_enough(tmp_path: Path) -> None:
    defaults = ScispacyTraining(tmp_path, Sources(()))
    cnn = hashed_cnn(scispacy._ROWS, defaults.width, defaults.depth)

    make_recogniser(word_tokenizer, LABELS, cnn).to_disk(tmp_path / "out")

    size = sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert size < 15_000_000


def test_a_teacher_reads_no_held_out_note_and_no_gold_again(
    options: ScispacyTraining, teacher: Teacher, tmp_path: Path
) -> None:
    copied = "It all began on a long walk in the rain: He has asthma. Nothing else."
    test = {"note_id": "t1", "text": copied, "entities": []}
    (tmp_path / "test.jsonl").write_text(json.dumps(test), encoding="utf-8")
    notes = {
        "n0": "He has asthma.",
        "n1": "She has gout.",
        "n3": "He reports fever.",
        "t1": "Whatever stands here.",
        "copy": copied.upper() + " Seen and signed.",
        "new": "An itchy rash, no more.",
    }
    sources = replace(
        options.sources,
        notes=(write_notes(tmp_path / "notes.parquet", notes),),
        tests=(tmp_path / "test.jsonl",),
    )
    out = train_scispacy(
        replace(options, out=tmp_path / "out", sources=sources, teacher=tmp_path, steps=100)
    )

    assert teacher.read == ["new"]
    assert "new" in (out / "training_documents.txt").read_text().split()
    (found,) = load_scispacy(str(out), OWN_LABELS).annotate([Note("1", notes["new"])])
    assert [(m.start, m.end, m.label) for m in found] == [(9, 13, "SYMPTOM")]


def test_a_teacher_that_may_have_seen_a_held_out_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"no training_documents.txt"):
        read_seen_documents(tmp_path, frozenset())

    (tmp_path / "training_documents.txt").write_text("n1\nn3\n")
    with pytest.raises(SetupError, match="trained on 1 documents that are kept for testing"):
        read_seen_documents(tmp_path, frozenset({"n1", "n2"}))


def test_what_a_teacher_saw_its_pupil_has_seen(
    options: ScispacyTraining, teacher: Teacher, tmp_path: Path
) -> None:
    out = train_scispacy(replace(options, out=tmp_path / "out", teacher=tmp_path, steps=1))

    seen = (out / "training_documents.txt").read_text().split()
    assert seen == ["n2", "n3", "n4", "n5", "n6", "n7", "n8", "x9"]


def test_nothing_known_is_an_error(options: ScispacyTraining, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "7|t|Asthma in mice.\n7|a|None.\n7\t0\t6\tAsthma\tDisease\tD1\n", encoding="utf-8"
    )
    sources = Sources((tmp_path / "a.txt",))

    with pytest.raises(InputError, match="or a teacher"):
        train_scispacy(replace(options, out=tmp_path / "out", sources=sources, steps=1))


def test_options_check_themselves(options: ScispacyTraining) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        replace(options, steps=0)
    with pytest.raises(ValueError, match="shares of 1"):
        replace(options, min_score=1.5)
    with pytest.raises(ValueError, match="need a teacher"):
        replace(options, sources=replace(options.sources, notes=(Path("notes.parquet"),)))


def test_the_command_trains(options: ScispacyTraining, tmp_path: Path) -> None:
    (corpus,), folds = options.sources.corpora, options.sources.folds
    command = ["train", "scispacy", "--corpus", str(corpus), "--folds", str(folds)]
    command += ["--out", str(tmp_path / "out"), "--steps", "1", "--dev-share", "0"]

    done = CliRunner().invoke(app, command)
    refused = CliRunner().invoke(app, [*command, "--notes", "notes.parquet"])

    assert done.exit_code == 0
    assert (tmp_path / "out" / "config.cfg").is_file()
    assert "need a teacher" in refused.output
    assert refused.exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("[PATIENT]-like", ["[PATIENT]", "-", "like"]),
        ("(COPD/asthma).", ["(", "COPD", "/", "asthma", ")", "."]),
        ("77yo w/ i.v. fluids...", ["77yo", "w", "/", "i", ".", "v", ".", "fluids", ".", ".", "."]),
        ("don't http://x.org", ["don", "'", "t", "http", ":", "/", "/", "x", ".", "org"]),
        ("[not a tag]_x", ["[", "not", "a", "tag", "]", "_", "x"]),
    ],
)
def test_tokens_are_words(text: str, tokens: list[str]) -> None:
    assert [t.text for t in TOKENIZER(text)] == tokens


@given(st.text() | st.text(alphabet="ab1[]-_.\u0301\xa0\n PATIENT", max_size=60))
def test_tokens_are_words_of_any_text(text: str) -> None:
    doc = TOKENIZER(text)

    assert [(t.idx, t.idx + len(t)) for t in doc if not t.is_space] == find_words(text)


def test_a_written_tokenizer_splits_alike(trained: tuple[Path, list[float]]) -> None:
    nlp = spacy.load(trained[0])

    assert [t.text for t in nlp.make_doc("[DATE]s:\n2x/day")] == [
        "[DATE]", "s", ":", "\n", "2x", "/", "day",
    ]  # fmt: skip


def test_gold_that_tells_all_leaves_nothing_unknown() -> None:
    gold = document("Fever and gout.", CLINICAL_NOTES, Span(0, 5, "SYMPTOM"))

    marked = mark(gold)

    assert marked == MarkedText("Fever and gout.", (Span(0, 5, "SYMPTOM"),), 1.0)


def test_abstracts_alone_tell_nothing() -> None:
    assert mark(document("Fever and gout.", ABSTRACTS, Span(0, 5, "DISEASE"))) is None


def test_a_corpus_without_symptoms_tells_treatments_and_what_is_no_mention() -> None:
    text = "Gout on aspirin."
    gold = document(text, TRIAL_CRITERIA, Span(0, 4, "DISEASE"), Span(8, 15, "TREATMENT"))

    marked = mark(gold)

    assert marked is not None
    assert marked.spans == (Span(0, 4, UNKNOWN), Span(8, 15, "TREATMENT"))


def test_a_corpus_of_one_label_leaves_the_rest_unknown() -> None:
    only_drugs = CorpusLabels("drugs", {}, frozenset({"TREATMENT"}), {})

    marked = mark(document("Gout on aspirin.", only_drugs, Span(8, 15, "TREATMENT")))

    assert marked is not None
    assert marked.spans == (Span(0, 8, UNKNOWN), Span(8, 15, "TREATMENT"), Span(15, 16, UNKNOWN))


def test_a_teacher_completes_abstracts() -> None:
    text = "Severe cough, croup and acne after zinc, iron, stress."
    gold = document(
        text, ABSTRACTS,
        Span(0, 12, "DISEASE"), Span(14, 19, "DISEASE"), Span(35, 39, "TREATMENT"),
    )  # fmt: skip
    taught = [
        Mention(7, 12, "SYMPTOM", 0.8),  # the label of the first, whose borders stay
        Mention(14, 19, "TREATMENT", 0.9),  # the corpus says disease
        Mention(24, 28, "DISEASE", 0.9),  # the corpus says none
        Mention(35, 39, "TREATMENT", 0.7),  # the corpus has no such label
        Mention(41, 45, "TREATMENT", 0.5),  # too unsure
    ]

    marked = mark(gold, taught, min_score=0.6)

    assert marked is not None
    assert marked.spans == (
        Span(0, 12, "SYMPTOM"), Span(14, 19, "DISEASE"), Span(24, 28, UNKNOWN),
        Span(35, 39, "TREATMENT"), Span(41, 45, UNKNOWN),
    )  # fmt: skip
    assert marked.weight == 1.0


def test_a_note_without_gold_is_what_its_teacher_says() -> None:
    note = document("Fever and gout.", UNLABELLED)

    marked = mark(note, [Mention(0, 5, "SYMPTOM", 0.9), Mention(10, 14, "DISEASE", 0.4)],
                  weight=0.5)  # fmt: skip

    assert mark(note) is None
    assert marked == MarkedText(
        "Fever and gout.", (Span(0, 5, "SYMPTOM"), Span(10, 14, UNKNOWN)), 0.5
    )


def test_an_unannotated_type_is_no_negative() -> None:
    nlp = make_recogniser(word_tokenizer, LABELS, hashed_cnn({"NORM": 100}, 16, 1))
    text = "Gout on aspirin."
    spans = (Span(0, 4, UNKNOWN), Span(8, 15, "TREATMENT"), Span(15, 16, UNKNOWN))
    partly = MarkedText(text, spans)
    example = make_example(nlp, text, partly.mentions, partly.unknown)

    assert example.get_aligned_ner() == [None, "O", "U-TREATMENT", None]
    losses = [
        nlp.update([make_example(nlp, text, (), ranges)])["ner"]
        for ranges in (((0, len(text)),), ())
    ]
    assert losses[0] == 0
    assert losses[1] > 0


def test_passages_keep_mentions_and_forget_those_that_are_cut() -> None:
    text = "Mild fever. Heart\nfailure. Takes low dose aspirin."
    spans = (Span(5, 10, "SYMPTOM"), Span(12, 25, "DISEASE"), Span(33, 49, "TREATMENT"))

    passages = list(cut_passages(MarkedText(text, spans), 3))

    assert [(p.text, p.spans) for p in passages] == [
        ("Mild fever. ", (Span(5, 10, "SYMPTOM"),)),
        ("Heart\nfailure. ", (Span(0, 13, UNKNOWN),)),
        ("Takes low dose ", (Span(6, 15, UNKNOWN),)),
        ("aspirin.", (Span(0, 7, UNKNOWN),)),
    ]


def test_a_text_is_drawn_as_often_as_it_weighs() -> None:
    texts = [MarkedText("Gout.", (Span(0, 4, "DISEASE"),), 2.0), MarkedText("Zinc.", (), 0.25)]
    draws = draw_passages(texts, Variation(disguised=0.0, windows=(8,)), Random(4))

    drawn = [next(draws).text.lower() for _ in range(900)]

    assert drawn.count("gout.") == pytest.approx(800, abs=30)
    assert drawn.count("zinc.") == pytest.approx(100, abs=30)
