from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import spacy
import torch
from numpy.typing import NDArray

from pipeline.encoder._hf import TokenClassifier
from pipeline.errors import InputError, SetupError
from pipeline.evaluate.corpora import ABSTRACTS, CLINICAL_NOTES, CorpusLabels, MentionCorpus
from pipeline.evaluate.gold import GoldDocument
from pipeline.note import Mention, MentionAnnotator, Note, Span
from pipeline.resources import data_path
from tests.benchmarks.mention_results import update
from tests.benchmarks.mention_sets import SETS, TestSet, read_set
from tests.benchmarks.mention_systems import (
    Finder,
    MeanClassifier,
    System,
    load_finder,
    parse_system,
    read_seen_documents,
)
from tests.benchmarks.mention_tables import render
from tests.benchmarks.mentions import measure, score
from tests.evaluate.test_evaluation import MentionWords


@pytest.mark.parametrize(
    ("argument", "finders"),
    [
        ("a=models/bert", (Finder(("models/bert",)),)),
        ("a=one+two+three", (Finder(("one", "two", "three")),)),
        ("a=spacy:en_ner_bc5cdr_md", (Finder(("en_ner_bc5cdr_md",), 0.5),)),
        ("a=one+two|spacy:ner@0.35", (Finder(("one", "two")), Finder(("ner",), 0.35))),
    ],
)
def test_systems_are_read(argument: str, finders: tuple[Finder, ...]) -> None:
    assert parse_system(argument) == System("a", finders)


@pytest.mark.parametrize("argument", ["bert", "=bert", "a=", "a=b|", "a=b+", "a=spacy:m@high"])
def test_other_forms_are_refused(argument: str) -> None:
    with pytest.raises(ArgumentTypeError):
        parse_system(argument)


@dataclass
class Constant:
    """Gives every piece the same probabilities."""

    labels: tuple[str, ...]
    row: tuple[float, ...]

    def probabilities(
        self,
        windows: Sequence[Sequence[int]],
        types: Sequence[Sequence[int]],
        autocast: torch.dtype | None = None,
    ) -> list[NDArray[np.float32]]:
        return [np.array([self.row] * len(window), np.float32) for window in windows]


def ensemble(*members: Constant) -> MeanClassifier:
    return MeanClassifier(tuple(cast(TokenClassifier, member) for member in members))


def test_an_ensemble_averages_classes_by_name() -> None:
    mean = ensemble(Constant(("O", "B-X"), (0.5, 0.5)), Constant(("B-X", "O"), (0.25, 0.75)))

    [short, long] = mean.probabilities([(7,), (8, 9)], [(0,), (0, 0)])

    assert mean.labels == ("O", "B-X")
    assert short.tolist() == [[0.625, 0.375]]
    assert long.tolist() == [[0.625, 0.375]] * 2


def test_members_of_an_ensemble_have_the_same_classes() -> None:
    with pytest.raises(SetupError, match="the same classes"):
        ensemble(Constant(("O", "B-X"), (0.5, 0.5)), Constant(("O", "B-Y"), (0.5, 0.5)))


def test_an_ensemble_reads_notes_as_its_members_do() -> None:
    folder = str(data_path("models", "bert"))
    note = Note("n", "She denies chest pain. History of hypertension, treated with lisinopril.")

    [alone] = load_finder(Finder((folder,))).annotate([note])
    [twice] = load_finder(Finder((folder, folder))).annotate([note])

    assert len(alone) == 3
    assert [(m.start, m.end, m.label) for m in twice] == [(m.start, m.end, m.label) for m in alone]


def test_a_spacy_pipeline_gives_our_labels_and_its_score(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "CHEMICAL", "pattern": "aspirin"}])
    nlp.to_disk(tmp_path)

    [mentions] = load_finder(Finder((str(tmp_path),), 0.35)).annotate([Note("n", "On aspirin.")])

    assert mentions == [Mention(3, 10, "TREATMENT", 0.35, ("en_pipeline",))]


BERT, NER = Finder(("bert",)), Finder(("ner",), 0.9)
DOCUMENTS = (
    GoldDocument(Note("n1", "gout and mumps"), (Span(0, 4, "DISEASE"), Span(9, 14, "DISEASE"))),
    GoldDocument(Note("n2", "a rash"), (Span(2, 6, "SYMPTOM"),)),
)


def load_words(finder: Finder) -> MentionAnnotator:
    """Load one that finds gout and calls the rash a disease, and one that finds mumps."""
    found = {BERT: "gout|rash", NER: "mumps"}
    return MentionWords(found[finder], name=finder.models[0])


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the folders that the finders name; only one lists its training documents."""
    monkeypatch.chdir(tmp_path)
    for name, size in (("bert", 2_000_000), ("ner", 500_000)):
        Path(name).mkdir()
        (Path(name) / "weights").write_bytes(bytes(size))
    Path("bert/training_documents.txt").write_text("n2\nn3\nz9\n")


def gold(labels: CorpusLabels = CLINICAL_NOTES) -> TestSet:
    return TestSet("notes", MentionCorpus(labels, DOCUMENTS), frozenset({"n1", "n2", "n3"}))


def measured(n_rounds: int = 0) -> dict[str, Any]:
    systems = [System("b", (BERT,)), System("n", (NER,)), System("both", (BERT, NER))]
    return measure(systems, {"bc5cdr": gold(ABSTRACTS)}, n_rounds, load_words)


def strict(entry: dict[str, Any]) -> list[float | None]:
    return [entry["sets"]["bc5cdr"][way]["value"] for way in ("strict", "relaxed")]


@pytest.mark.usefixtures("models")
def test_all_systems_are_scored_alone_and_merged() -> None:
    entries = measured()

    # In abstracts the rash is a disease: 2 of 3 found, 1 of 3, and all three.
    assert strict(entries["b"]) == [0.8, 0.8]
    assert strict(entries["n"]) == [0.5, 0.5]
    assert strict(entries["both"]) == [1.0, 1.0]
    assert entries["both"]["sets"]["bc5cdr"]["labels"].keys() == {"DISEASE"}
    assert [entries[name]["sets"]["bc5cdr"]["ece"] for name in ("b", "n")] == [0.1, None]
    assert [m["name"] for finder in entries["both"]["models"] for m in finder] == ["bert", "ner"]
    assert [m["megabytes"] for finder in entries["both"]["models"] for m in finder] == [2.0, 0.5]


def test_scores_are_told_for_each_label() -> None:
    notes = [document.note for document in DOCUMENTS]
    corpus = MentionCorpus(CLINICAL_NOTES, DOCUMENTS)

    scores = score(corpus, MentionWords("gout|rash").annotate(notes))

    of_label = {name: cell["strict"]["value"] for name, cell in scores["labels"].items()}
    assert of_label == {"DISEASE": 0.5, "SYMPTOM": 0.0, "TREATMENT": None}
    assert scores["strict"]["value"] == 0.4
    assert scores["ece"] == 0.4  # sure to 0.9, half of them right


@pytest.mark.usefixtures("models")
def test_documents_that_were_trained_on_are_counted() -> None:
    entries = measured()

    # n3 is none of the set's documents, but nearly one of them.
    seen = {name: entry["sets"]["bc5cdr"]["seen_documents"] for name, entry in entries.items()}
    assert seen == {"b": 2, "n": 0, "both": 2}
    assert {name: entry["listed"] for name, entry in entries.items()} == {
        "b": True,
        "n": False,
        "both": False,
    }
    both = read_seen_documents(System("both", (BERT, NER)))
    assert both == (frozenset({"n2", "n3", "z9"}), False)


@pytest.mark.usefixtures("models")
def test_what_merging_adds_is_told_for_its_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    # Five words: rounds of 2 and 4 ms alone, and of 1 and 2 ms more when merged.
    taken = iter([0.002, 0.001, 0.003, 0.004, 0.001, 0.006])
    clock = [0.0]

    def time() -> float:
        clock.append(clock[-1] + (next(taken) if len(clock) % 2 == 0 else 0))
        return clock[-1]

    monkeypatch.setattr("tests.benchmarks.rounds.time.process_time", time)
    entries = measured(2)

    assert entries["b"]["speed"] == {
        "words": 5,
        "rounds": 2,
        "words_per_second": 1667,  # in 3 ms
        "best_words_per_second": 2500,
    }
    assert "over" not in entries["b"]
    assert "over" not in entries["n"]
    assert entries["both"]["over"] == {"system": "b", "ms_per_1000_words": 300.0}
    gained = update(None, {"bc5cdr": gold()}, entries, None, None, ())["systems"]["both"]
    assert gained["over"]["sets"] == {"bc5cdr": {"points": 20.0, "points_per_ms": 0.067}}


def entry(digest: str, **sets: float) -> dict[str, Any]:
    return {
        "models": [[{"name": "m", "sha256": digest, "megabytes": 1.0}]],
        "sets": {name: {"strict": {"value": value}} for name, value in sets.items()},
    }


def test_runs_add_to_the_same_results() -> None:
    sets = {"bc5cdr": gold()}
    first = update(None, sets, {"a": entry("1", bc5cdr=0.5)}, None, None, [("a", "start")])
    sets = {"clinical_notes": gold(), "bc5cdr": gold()}

    added = update(first, sets, {"b": entry("2", clinical_notes=0.7)}, None, "b", ())
    same = update(added, sets, {"a": entry("1", clinical_notes=0.6)}, None, None, ())
    other = update(added, sets, {"a": entry("3", clinical_notes=0.6)}, None, None, ())

    assert (first["ours"], added["ours"], same["ours"]) == ("a", "b", "b")
    assert same["ladder"] == [["a", "start"]]
    assert list(same["sets"]) == ["clinical_notes", "bc5cdr"]
    assert same["sets"]["bc5cdr"] == {"title": "notes", "documents": 2, "words": 5}
    assert list(same["systems"]) == ["a", "b"]
    assert same["systems"]["a"]["sets"].keys() == {"clinical_notes", "bc5cdr"}
    assert other["systems"]["a"]["sets"].keys() == {"clinical_notes"}


def test_a_gain_is_dropped_with_the_model_that_it_was_over() -> None:
    sets = {"bc5cdr": gold()}
    merged = entry("1", bc5cdr=0.6)
    merged["models"].append([{"name": "n", "sha256": "2", "megabytes": 1.0}])
    merged["over"] = {"system": "a", "ms_per_1000_words": 2.0}
    first = update(None, sets, {"a": entry("1", bc5cdr=0.5), "ab": merged}, None, None, ())
    later = update(first, sets, {"a": entry("3", bc5cdr=0.55)}, None, None, ())

    gain = {"points": 10.0, "points_per_ms": 5.0}
    assert first["systems"]["ab"]["over"]["sets"] == {"bc5cdr": gain}
    assert "over" not in later["systems"]["ab"]


def test_a_quick_look_is_not_mixed_with_results() -> None:
    sets = {"bc5cdr": gold()}
    full = update(None, sets, {"a": entry("1", bc5cdr=0.5)}, None, None, ())

    with pytest.raises(InputError, match="other documents; give another file"):
        update(full, sets, {"a": entry("1", bc5cdr=0.9)}, 5, None, ())


@pytest.mark.shared
def test_every_set_is_there(shared: Path) -> None:
    notes = read_set(shared / "corpora", "clinical_notes", None)
    reports = read_set(shared / "corpora", "maccrobat", 3)

    assert all((shared / "corpora" / path).exists() for _, path in SETS.values())
    assert len(notes.notes) == 123
    assert notes.ids > {note.note_id for note in notes.notes}
    assert (len(reports.notes), len(reports.ids)) == (3, 25)


def f1(strict: float, relaxed: float | None, low: float = 0.1) -> dict[str, Any]:
    return {
        "strict": {"value": strict, "low": low, "high": 0.95},
        "relaxed": {"value": relaxed, "low": None, "high": None},
    }


def cell(strict: float, relaxed: float | None, seen: int = 0, **more: Any) -> dict[str, Any]:
    return {**f1(strict, relaxed), "labels": {}, "ece": None, "seen_documents": seen} | more


RESULTS = {
    "documents": None,
    "ours": "ours",
    "ladder": [["plain", "three epochs"], ["loss", "the loss"], ["ours", "more data"]],
    "sets": {
        "clinical_notes": {"title": "clinical notes", "documents": 123, "words": 9},
        "chia": {"title": "criteria", "documents": 2000, "words": 9},
    },
    "systems": {
        "plain": {
            "models": [[{"megabytes": 45.4}]],
            "listed": True,
            "speed": {"words_per_second": 4321},
            "sets": {"clinical_notes": cell(0.8, 0.9, ece=0.12, labels={"SYMPTOM": f1(0.7, 0.75)})},
        },
        "loss": {
            "models": [[{"megabytes": 45.4}]],
            "listed": True,
            "sets": {"clinical_notes": cell(0.82, 0.9), "chia": cell(0.5, 0.6)},
        },
        "ours": {
            "models": [[{"megabytes": 45.4}]],
            "listed": True,
            "speed": {"words_per_second": 4300},
            "sets": {
                "clinical_notes": cell(0.815, 0.91, ece=0.02, labels={"SYMPTOM": f1(0.8, 0.85)}),
                "chia": cell(0.6, 0.7),
            },
        },
        "merged": {
            "models": [[{"megabytes": 45.4}], [{"megabytes": 12.2}]],
            "listed": False,
            "over": {
                "system": "ours",
                "ms_per_1000_words": 12.34,
                "sets": {"clinical_notes": {"points": 0.25, "points_per_ms": 0.02}},
            },
            "sets": {"clinical_notes": cell(0.818, 0.91), "chia": cell(0.9, None, 7)},
        },
    },
}

TABLES = """\
Strict / relaxed F1 over the labels that a set annotates, with the 95 % interval of the strict one \
of ours.

| set | documents | plain | **ours** | merged | 95 % of ours |
| --- | --- | --- | --- | --- | --- |
| clinical notes | 123 | 0.800 / 0.900 | **0.815 / 0.910** | 0.818 / 0.910‡ | 0.100-0.950 |
| … SYMPTOM |  | 0.700 / 0.750 | **0.800 / 0.850** | - | 0.100-0.950 |
| … calibration error (ECE) |  | 0.120 | **0.020** | - |  |
| criteria | 2000 | - | **0.600 / 0.700** | 0.900 / -†‡ | 0.100-0.950 |
| MB on disk |  | 45 | **45** | 58 |  |
| words for each second of a core |  | 4,321 | **4,300** | - |  |

† The system was trained on documents of this set: no promise for others.

‡ A model of the system doesn't say which documents it was trained on.

What each step brought, strict F1:

| step | clinical notes | criteria |
| --- | --- | --- |
| three epochs | 0.800 | - |
| the loss | 0.820 (+0.020) | 0.500 |
| more data | 0.815 (-0.005) | 0.600 (+0.100) |

What merging brings: points of strict F1 (and points for each millisecond that it adds to 1,000 \
words).

| merged | over | ms added to 1,000 words | clinical notes | criteria |
| --- | --- | --- | --- | --- |
| merged | ours | 12.3 | +0.25 (+0.020) | - |"""


def test_tables() -> None:
    assert render(RESULTS) == TABLES


def test_systems_that_were_not_measured_are_told() -> None:
    with pytest.raises(ValueError, match="'lost' is in bold or on the ladder, but was not"):
        render(RESULTS | {"ladder": [["plain", "start"], ["lost", "step"]]})
