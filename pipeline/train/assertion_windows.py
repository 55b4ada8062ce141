"""Gold for assertion as windows that the network reads, with what their mentions should become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from pipeline.context.assertion import MARKS, MarkedNote, mark_note
from pipeline.context.assertion_rules import load_assertion_rules
from pipeline.context.sections import find_sections
from pipeline.encoder._assertion import AssertionConfig, MarkedWindow
from pipeline.evaluate.assertion_gold import AssertionDocument
from pipeline.extract.bert import BertAnnotator
from pipeline.note import ASSERTIONS

DEPTH: Final = 2
"""The encoder's layer that the network of assertions and the senses of abbreviations read."""


@dataclass(frozen=True, slots=True)
class AssertedWindow:
    """A window and the places in ``ASSERTIONS`` of what its mentions' gold says."""

    window: MarkedWindow
    targets: tuple[int, ...]


def mark_documents(
    documents: Sequence[AssertionDocument], bert: BertAnnotator
) -> list[list[AssertedWindow]]:
    """Mark the windows of gold documents.

    Args:
        documents: Gold documents.
        bert: Reads them; its encoder is not used.

    Returns:
        For each document its windows that hold mentions.
    """
    rules = load_assertion_rules()
    marked: list[list[AssertedWindow]] = []
    for document in documents:
        (read,) = bert.read([document.note])
        sections = find_sections(document.note.text)
        verdicts = rules.find_verdicts(document.note, document.mentions, sections)
        marked.append(
            _with_targets(mark_note(read, document.mentions, sections, verdicts), document)
        )
    return marked


def _with_targets(note: MarkedNote, document: AssertionDocument) -> list[AssertedWindow]:
    order = iter(note.order)
    statuses = document.statuses
    return [
        AssertedWindow(
            window, tuple(ASSERTIONS.index(statuses[next(order)]) for _ in window.mentions)
        )
        for window in note.windows
    ]


def make_config(
    bert: BertAnnotator, encoder: str, depth: int, copies: int, size: int, layers: int
) -> AssertionConfig:
    """Describe a network for our labels, sections, statuses and rules.

    Args:
        bert: Whose encoder it will read.
        encoder: SHA-256 of that.
        depth: The encoder's layer that is read.
        copies: How many of the layers above it the network has copies of.
        size: Of the network's states.
        layers: Of the network.
    """
    told = bert.classifier.model.config
    labels, sections, statuses, rules = MARKS
    return AssertionConfig(
        encoder=encoder,
        depth=depth,
        width=int(told.hidden_size),
        copies=copies,
        heads=int(told.num_attention_heads),
        size=size,
        layers=layers,
        labels=labels,
        sections=sections,
        statuses=statuses,
        rules=rules,
    )


def unmark(window: MarkedWindow, share: float, rng: Random) -> MarkedWindow:
    """Take the rules' marks from some windows, so that a network also reads by itself."""
    if rng.random() >= share:
        return window
    return replace(window, cues=[0] * len(window.cues), verdicts=[0] * len(window.verdicts))
