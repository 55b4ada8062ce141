"""Tests of the extraction stage: one pass of the encoder for mentions and what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from pipeline import stages
from pipeline.config import Config, Context
from pipeline.deid.finding import NOTHING_ALLOWED
from pipeline.deid.replacement import OffsetMap
from pipeline.interpretation import Interpretation, load_interpreter
from pipeline.note import Mention, Note
from pipeline.stages import Models, Processed, extract


class Bert:
    """Marks the first five characters of a note, and counts its passes."""

    def __init__(self, name: str = "bert") -> None:
        self.name = name
        self.passes: list[list[str]] = []

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        return self.decode(self.encode(notes, 0))

    def encode(self, notes: Sequence[Note], depth: int) -> list[Any]:
        self.passes.append([note.note_id for note in notes])
        return [(note.note_id, depth) for note in notes]

    def decode(self, notes: Sequence[Any]) -> list[list[Mention]]:
        return [[Mention(0, 5, "SYMPTOM", 0.5, (self.name,))] for _ in notes]


class Reader:
    """An interpreter that says what it was given."""

    def __init__(self, depth: int | None) -> None:
        self.depth = depth
        self.given: list[Any] = []

    def interpret(self, notes: Any, mentions: Any, encoded: Any = None) -> list[Interpretation]:
        self.given.append(encoded)
        return [Interpretation(tuple(of_note)) for of_note in mentions]


def processed(name: str, text: str = "fever") -> Processed:
    note = Note(name, text)
    return Processed(note, note, (), (), OffsetMap(()))


def models(bert: Any, interpreter: Any, **others: Any) -> Models:
    return Models((), NOTHING_ALLOWED, bert=bert, interpreter=interpreter, **others)


def test_states_are_made_in_the_pass_that_finds_mentions() -> None:
    bert, reader = Bert(), Reader(3)

    (one,) = extract([processed("a")], models(bert, reader))

    assert [m.score for m in one.mentions] == [0.5]
    assert bert.passes == [["a"]]
    assert reader.given == [[("a", 3)]]


def test_without_a_reader_of_states_none_are_kept() -> None:
    bert, reader = Bert(), Reader(None)

    (one,) = extract([processed("a")], models(bert, reader))

    assert len(one.mentions) == 1
    assert reader.given == [None]


def test_other_annotators_and_thresholds_count_beside() -> None:
    sure = models(Bert(), Reader(3), mention=(Bert("other"),), thresholds={"SYMPTOM": 0.7})
    unsure = models(Bert(), Reader(3), thresholds={"SYMPTOM": 0.7})

    assert [m.score for m in extract([processed("a")], sure)[0].mentions] == [0.75]
    assert extract([processed("a")], unsure)[0].mentions == ()


def test_long_batches_are_encoded_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "EXTRACTED_CHARACTERS", 12)
    bert = Bert()

    done = extract(
        [processed("a"), processed("b"), processed("c", "fever " * 9), processed("d")],
        models(bert, Reader(3)),
    )

    assert [one.raw.note_id for one in done] == ["a", "b", "c", "d"]
    assert bert.passes == [["a", "b"], ["c"], ["d"]]


def test_an_interpreter_that_reads_no_states_refuses_them() -> None:
    rules = load_interpreter(Config(context=Context(assertion="rules")))

    with pytest.raises(ValueError, match="only it"):
        rules.interpret([Note("a", "fever")], [[]], [])
