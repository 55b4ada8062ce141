"""Tests of choosing training documents; texts of numbered words are alike only by design."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InputError
from pipeline.evaluate.corpora import ABSTRACTS, CLINICAL_NOTES, UNLABELLED
from pipeline.train.corpora import (
    Sources,
    TrainingDocuments,
    read_held_out,
    read_training_documents,
    read_unlabelled,
)
from tests.train.tiny import write_gold, write_notes


def text(number: int, words: int = 20) -> str:
    """Return a text like no other."""
    return " ".join(f"w{number}n{place}" for place in range(words))


def like(number: int, other: int) -> str:
    """Return another text that repeats half of a text."""
    return f"{text(other)} {text(number)[: len(text(number)) // 2]}"


def write_folds(
    path: Path, folds: Mapping[str, int], near: Mapping[str, Iterable[str]] | None = None
) -> Path:
    content = {"folds": folds, "near_duplicates_of_fold": near or {}}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def ids(documents: TrainingDocuments) -> tuple[list[str], list[str]]:
    """Return the ids of the documents to fit on, and of those for development."""
    train, dev = (
        [document.gold.note.note_id for document in part]
        for part in (documents.train, documents.dev)
    )
    return train, dev


def test_documents_have_the_labels_and_the_weight_of_their_corpus(tmp_path: Path) -> None:
    notes = write_gold(tmp_path / "a.jsonl", [("a", "Has {DISEASE gout}."), ("b", "Is well.")])
    abstracts = write_gold(tmp_path / "b.jsonl", [("c", "On {Disease flu} and {Chemical zinc}.")])
    unlabelled = write_notes(tmp_path / "n.parquet", [("d", "Had a cough.")])

    found = read_training_documents(Sources((notes, abstracts), (1.0, 0.25), (unlabelled,)))

    assert [(d.gold.note.note_id, d.labels, d.weight) for d in found.train] == [
        ("a", CLINICAL_NOTES, 1.0),
        ("b", CLINICAL_NOTES, 1.0),
        ("c", ABSTRACTS, 0.25),
        ("d", UNLABELLED, 1.0),
    ]
    assert [span.label for span in found.train[2].gold.spans] == ["DISEASE", "TREATMENT"]
    assert found.dev == ()


def test_nothing_like_the_held_out_fold_is_trained_on(tmp_path: Path) -> None:
    folds = write_folds(
        tmp_path / "folds.json",
        {"held": 0, "elsewhere": 0, "one": 1, "listed": 2, "two": 2},
        {"0": ["listed", "listed elsewhere"]},
    )
    gold = write_gold(
        tmp_path / "a.jsonl",
        [
            ("held", text(1)),
            ("one", text(2)),
            ("listed", text(3)),
            ("two", text(4)),
            ("copied", like(1, 5)),
            ("like the listed one", like(3, 6)),
        ],
    )
    notes = write_notes(
        tmp_path / "n.parquet", [("held", text(7)), ("mined", text(1)), ("free", text(8))]
    )

    found = read_training_documents(Sources((gold,), (), (notes,), folds))

    assert ids(found) == (["one", "two", "like the listed one", "free"], [])
    assert found.forbidden == {
        "held", "elsewhere", "listed", "listed elsewhere", "copied", "mined",
    }  # fmt: skip
    assert found.ids == ["free", "like the listed one", "one", "two"]


def test_another_fold_may_be_held_out(tmp_path: Path) -> None:
    folds = write_folds(tmp_path / "f.json", {"a": 0, "b": 1, "c": 1}, {"0": ["b"], "1": ["d"]})
    gold = write_gold(tmp_path / "a.jsonl", [(name, text(ord(name))) for name in "abcde"])

    found = read_training_documents(Sources((gold,), folds=folds, held_out=1))

    assert ids(found) == (["a", "e"], [])


def test_nothing_like_a_test_set_is_trained_on(tmp_path: Path) -> None:
    gold = write_gold(
        tmp_path / "a.jsonl",
        [("a", text(1)), ("test", text(2)), ("reprint", like(3, 4)), ("b", text(5))],
    )
    notes = write_notes(tmp_path / "n.parquet", [("mined", like(3, 6)), ("free", text(7))])
    test = write_gold(tmp_path / "t.jsonl", [("test", text(3))])

    found = read_training_documents(Sources((gold,), (), (notes,), tests=(test,)))

    assert ids(found) == (["a", "b", "free"], [])
    assert found.forbidden == {"test", "reprint", "mined"}


def test_a_document_that_is_like_a_test_in_one_corpus_is_left_out_of_all(tmp_path: Path) -> None:
    corpora = (
        write_gold(tmp_path / "a.jsonl", [("twice", like(1, 2)), ("a", text(3))]),
        write_gold(tmp_path / "b.jsonl", [("twice", text(4)), ("b", text(5))]),
    )
    test = write_gold(tmp_path / "t.jsonl", [("t", text(1))])

    assert ids(read_training_documents(Sources(corpora, tests=(test,)))) == (["a", "b"], [])
    assert ids(read_training_documents(Sources(corpora[::-1], tests=(test,)))) == (["b", "a"], [])


NAMES = [f"note {number}" for number in range(40)]


def test_the_id_alone_chooses_for_development(tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "a.jsonl", [(name, text(n)) for n, name in enumerate(NAMES)])
    halves = (
        write_gold(tmp_path / "b.jsonl", [(name, text(-n)) for n, name in enumerate(NAMES[25:])]),
        write_gold(
            tmp_path / "c.jsonl", [(name, text(99 + n)) for n, name in enumerate(NAMES[:25])]
        ),
    )

    train, dev = ids(read_training_documents(Sources((gold,), dev_share=0.3)))
    _, others = ids(read_training_documents(Sources(halves, dev_share=0.3)))
    _, fewer = ids(read_training_documents(Sources((gold,), dev_share=0.1)))

    assert 4 < len(dev) < 20
    assert sorted(train + dev) == sorted(NAMES)
    assert set(others) == set(dev)
    assert set(fewer) < set(dev)


def test_nothing_like_a_development_document_is_trained_on(tmp_path: Path) -> None:
    """Each text has three ids, one of them in a second corpus and one in notes without gold."""
    gold = write_gold(tmp_path / "a.jsonl", [(name, text(n)) for n, name in enumerate(NAMES)])
    copies = write_gold(
        tmp_path / "b.jsonl", [(f"copy of {name}", like(n, 50 + n)) for n, name in enumerate(NAMES)]
    )
    notes = write_notes(
        tmp_path / "n.parquet", [(f"mined {name}", text(n)) for n, name in enumerate(NAMES)]
    )

    found = read_training_documents(Sources((gold, copies), (), (notes,), dev_share=0.1))

    train, dev = ({name.removeprefix("copy of ").removeprefix("mined ") for name in part}
                  for part in ids(found))  # fmt: skip
    assert train
    assert dev
    assert train.isdisjoint(dev)
    assert all(document.labels is not UNLABELLED for document in found.dev)
    assert found.ids == sorted(ids(found)[0] + ids(found)[1])
    assert found.forbidden == frozenset()


def test_an_id_in_two_corpora_is_kept_in_both_or_in_none(tmp_path: Path) -> None:
    corpora = tuple(
        write_gold(
            tmp_path / f"{part}.jsonl", [(n, text(99 * part + i)) for i, n in enumerate(NAMES)]
        )
        for part in (0, 1)
    )

    found = read_training_documents(Sources(corpora, dev_share=0.2))

    train, dev = ids(found)
    assert sorted(train + dev) == sorted(NAMES * 2)
    assert set(train).isdisjoint(dev)
    assert found.ids == sorted(NAMES)


def test_a_note_without_gold_gives_way_to_gold_of_its_id(tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "a.jsonl", [(name, text(n)) for n, name in enumerate(NAMES)])
    notes = write_notes(
        tmp_path / "n.parquet", [("free", text(99)), *((name, text(-1)) for name in NAMES)]
    )

    found = read_training_documents(Sources((gold,), (), (notes,), dev_share=0.2))

    unlabelled = [d.gold.note.note_id for d in found.train if d.labels is UNLABELLED]
    assert unlabelled == ["free"]
    assert len(found.train) + len(found.dev) == 41


def test_when_nothing_is_left_it_is_said(tmp_path: Path) -> None:
    gold = write_gold(tmp_path / "a.jsonl", [("a", text(1))])

    with pytest.raises(InputError, match="no document is left to train on"):
        read_training_documents(Sources((gold,), tests=(gold,)))


@pytest.mark.parametrize(
    "changes",
    [{"weights": (1.0, 2.0)}, {"dev_share": 1.0}, {"dev_share": -0.1}, {"dev_share": float("nan")}],
)
def test_sources_check_themselves(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"give one each|0 to below 1"):
        Sources((Path("a"),), **changes)  # type: ignore[arg-type]


def test_notes_without_id_or_text_are_passed_over(tmp_path: Path) -> None:
    path = write_notes(
        tmp_path / "n.parquet", [(7, "Slept well."), (8, None), (9, " \n"), (None, "Ate.")]
    )

    assert [(note.note_id, note.text) for note in read_unlabelled(path)] == [("7", "Slept well.")]


def test_notes_need_an_id_and_a_text(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["a"], "text": ["Slept well."]}), tmp_path / "other.parquet")
    (tmp_path / "text.parquet").write_text("Slept well.")

    for name in ("other.parquet", "text.parquet", "missing.parquet"):
        with pytest.raises(InputError, match="with the columns note_id and text") as caught:
            read_unlabelled(tmp_path / name)
        assert "Slept" not in str(caught.value)


def test_a_fold_is_held_out_with_what_is_listed_as_near_to_it(tmp_path: Path) -> None:
    near = {"0": ["b", "x"], "1": ["c"]}
    folds = write_folds(tmp_path / "folds.json", {"a": 0, "b": 1, "c": 2, "d": 0}, near)

    assert read_held_out(folds, 0) == {"a", "b", "d", "x"}
    assert read_held_out(folds, 2) == {"c"}


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"folds": {"a": 0}}', '{"folds": [], "near_duplicates_of_fold": {}}',
     '{"folds": {"a": 1}, "near_duplicates_of_fold": {"0": ["b"]}}',
     '{"folds": {"a": 0}, "near_duplicates_of_fold": []}'],
)  # fmt: skip
def test_a_file_without_the_fold_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "folds.json").write_text(content)

    with pytest.raises(InputError, match="has no fold 0"):
        read_held_out(tmp_path / "folds.json", 0)


def test_missing_folds_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no fold 2"):
        read_held_out(tmp_path / "none.json", 2)
