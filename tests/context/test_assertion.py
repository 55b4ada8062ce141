"""Tests of marking notes for the network of assertions, and of what it decides."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pipeline.context.assertion import MARKS, Asserter, mark_note
from pipeline.context.assertion_rules import AssertionRules, load_assertion_rules
from pipeline.context.sections import find_sections
from pipeline.encoder.classification import EncodedWindow
from pipeline.extract.bert import EncodedNote, ReadNote
from pipeline.extract.words import find_words
from pipeline.note import ASSERTIONS, Mention, Note

TEXT = "Denies fever. Mother had gout. Rash since May, and itching. Ends well."
PLACES = ("gout", "fever", "itching", "Rash")


class Network:
    """Says that every mention is historical."""

    def __call__(self, windows: list[object], states: list[torch.Tensor]) -> torch.Tensor:
        (window,) = windows
        logits = torch.zeros(len(window.mentions), len(ASSERTIONS))  # type: ignore[attr-defined]
        logits[:, ASSERTIONS.index("historical")] = 3.0
        return logits


@pytest.fixture(scope="module")
def rules() -> AssertionRules:
    return load_assertion_rules()


def read_note(text: str, limit: int = 8) -> ReadNote:
    """Read a text whose words are two pieces each, but for digits, which have none."""
    words = find_words(text)
    pieces = {
        text[a:b]: () if text[a:b].isdigit() else (place, place)
        for place, (a, b) in enumerate(words)
    }
    return ReadNote.of(text, words, pieces, limit)


def mention(text: str, surface: str) -> Mention:
    start = text.index(surface)
    return Mention(start, start + len(surface), "SYMPTOM")


def encoded(read: ReadNote) -> EncodedNote:
    return EncodedNote(
        read,
        {
            w.pieces: EncodedWindow(np.zeros((0, 0), np.float32), torch.zeros(len(w.pieces), 2))
            for w in read.windows
        },
    )


def test_every_mention_is_marked_once_in_its_window(rules: AssertionRules) -> None:
    mentions = [mention(TEXT, surface) for surface in PLACES]
    verdicts = rules.find_verdicts(Note("1", TEXT), mentions, find_sections(TEXT))
    read = read_note(TEXT)

    marked = mark_note(read, mentions, find_sections(TEXT), verdicts)

    assert len(marked.windows) > 1
    assert [PLACES[place] for place in marked.order] == ["fever", "gout", "Rash", "itching"]
    for window in marked.windows:
        assert len(window.marks) == len(window.sections) == len(window.cues) == len(window.pieces)
        for first, last in window.mentions:
            assert (last - first, set(window.marks[first:last])) == (2, {2})
    denies = marked.windows[0]
    assert denies.cues[:2] == [1 + ASSERTIONS.index("absent")] * 2
    assert MARKS[3][denies.verdicts[0] - 1] == "absent_before"


def test_a_mention_over_two_windows_is_read_where_most_of_it_stands(rules: AssertionRules) -> None:
    text = "one two three four five six seven eight nine ten"
    read = read_note(text)
    over = Mention(text.index("four"), text.index("eight") + 5, "SYMPTOM")
    verdicts = rules.find_verdicts(Note("1", text), [over], [])

    (window,) = mark_note(read, [over], [], verdicts).windows

    ((first, last),) = window.mentions
    assert 0 <= first < last <= len(window.pieces)
    assert sum(mark == 2 for mark in window.marks) == last - first


def test_rules_decide_where_the_encoder_reads_no_word(rules: AssertionRules) -> None:
    text = "No 5 but fever."
    mentions = [mention(text, "5"), mention(text, "fever")]
    verdicts = rules.find_verdicts(Note("1", text), mentions, [])
    asserter = Asserter(Network())  # type: ignore[arg-type]

    said = asserter.assert_mentions(encoded(read_note(text)), mentions, [], verdicts)

    assert said[0] == verdicts[0].assertion
    assert (said[1].status, said[1].score) == ("historical", 0.801)  # e^3 / (e^3 + 5)


def test_the_cue_of_rules_that_disagree_is_not_told(rules: AssertionRules) -> None:
    mentions = [mention(TEXT, surface) for surface in PLACES]
    verdicts = rules.find_verdicts(Note("1", TEXT), mentions, [])
    asserter = Asserter(Network())  # type: ignore[arg-type]

    said = asserter.assert_mentions(encoded(read_note(TEXT)), mentions, [], verdicts)

    assert verdicts[1].cue is not None
    assert [assertion.cue for assertion in said] == [None] * 4
