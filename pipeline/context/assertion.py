"""What a note says of its mentions: a network over rules, sections and the shared encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch

from pipeline.context.assertion_rules import PRECISION, Verdict
from pipeline.context.sections import section_of
from pipeline.encoder._assertion import AssertionNetwork, MarkedWindow, load_network
from pipeline.errors import SetupError
from pipeline.extract.bert import EncodedNote, NoteWindow, ReadNote
from pipeline.note import ASSERTIONS, SECTION_KINDS, Assertion, Mention, Section

LABELS: Final = ("DISEASE", "SYMPTOM", "TREATMENT")
"""Whose mentions the network tells apart."""

MARKS: Final = (LABELS, SECTION_KINDS, ASSERTIONS, tuple(PRECISION))
"""What a network tells apart: labels, sections, statuses and rules, in the order of their marks."""

_LABEL_MARKS: Final = {label: place for place, label in enumerate(LABELS, start=1)}
_STATUS_MARKS: Final = {status: place for place, status in enumerate(ASSERTIONS, start=1)}
_RULE_MARKS: Final = {rule: place for place, rule in enumerate(PRECISION, start=1)}
_KINDS: Final = {kind: place for place, kind in enumerate(SECTION_KINDS)}


@dataclass(frozen=True, slots=True)
class MarkedNote:
    """The windows of a note that hold mentions, marked for the network.

    Attributes:
        windows: In the note's order.
        order: For each mention that the windows hold, in their order, its place in the list of
            mentions. A mention without any word that the encoder reads is in none.
    """

    windows: tuple[MarkedWindow, ...]
    order: tuple[int, ...]


def mark_note(
    read: ReadNote,
    mentions: Sequence[Mention],
    sections: Sequence[Section],
    verdicts: Sequence[Verdict],
) -> MarkedNote:
    """Mark where mentions, sections and the cues that reach mentions stand in a note's windows.

    Args:
        read: The note as the encoder reads it.
        mentions: Its mentions, in any order.
        sections: Its sections, in order.
        verdicts: What the rules say of each mention.
    """
    held: dict[int, tuple[NoteWindow, list[tuple[int, int, int]]]] = {}
    marks = np.zeros(len(read.words), np.int64)
    cues = np.zeros(len(read.words), np.int64)
    for index, (mention, verdict) in enumerate(zip(mentions, verdicts, strict=True)):
        marks[slice(*read.find(mention.start, mention.end))] = _LABEL_MARKS.get(mention.label, 0)
        if verdict.cue is not None:
            cues[slice(*read.find(*verdict.cue))] = _STATUS_MARKS[verdict.status]
        place = read.place(mention.start, mention.end)
        if place is not None:
            window, first, last = place
            held.setdefault(window.first, (window, []))[1].append((index, first, last))
    in_order = [held[first] for first in sorted(held)]
    windows = [_mark_window(read, *of, marks, cues, sections, verdicts) for of in in_order]
    order = [index for _, of_window in in_order for index, _, _ in of_window]
    return MarkedNote(tuple(windows), tuple(order))


def _mark_window(
    read: ReadNote,
    window: NoteWindow,
    held: Sequence[tuple[int, int, int]],
    marks: np.ndarray[tuple[int], np.dtype[np.int64]],
    cues: np.ndarray[tuple[int], np.dtype[np.int64]],
    sections: Sequence[Section],
    verdicts: Sequence[Verdict],
) -> MarkedWindow:
    sizes = np.diff([*window.firsts, len(window.pieces)])
    words = slice(window.first, window.last)
    kinds = [
        _KINDS[section_of(sections, start).kind] if sections else 0
        for start, _ in read.words[words]
    ]
    return MarkedWindow(
        pieces=window.pieces,
        marks=np.repeat(marks[words], sizes).tolist(),
        sections=np.repeat(kinds, sizes).tolist(),
        cues=np.repeat(cues[words], sizes).tolist(),
        mentions=[(first, last) for _, first, last in held],
        verdicts=[_RULE_MARKS[verdicts[index].rule] for index, _, _ in held],
    )


@dataclass(frozen=True, slots=True)
class Asserter:
    """Says of mentions what their note says of them.

    Attributes:
        network: Reads the encoder's states beside what the rules say; it decides.
    """

    network: AssertionNetwork

    @property
    def depth(self) -> int:
        """The layer of the shared encoder whose states are read."""
        return self.network.config.depth

    def assert_mentions(
        self,
        encoded: EncodedNote,
        mentions: Sequence[Mention],
        sections: Sequence[Section],
        verdicts: Sequence[Verdict],
    ) -> list[Assertion]:
        """Say of each mention what its note says of it.

        Args:
            encoded: The note, with the shared encoder's states at ``depth``.
            mentions: Its mentions, in any order.
            sections: Its sections, in order.
            verdicts: What the rules say of each mention.

        Returns:
            One assertion for each mention, in their order. The score is the calibrated
            probability of the status, to three digits. The cue is that of the rules if they agree.
            Of a mention without any word that the encoder reads, the rules decide.
        """
        marked = mark_note(encoded.read, mentions, sections, verdicts)
        asserted = [verdict.assertion for verdict in verdicts]
        if marked.order:
            with torch.inference_mode():
                logits = torch.cat(
                    [
                        self.network([window], [encoded.windows[window.pieces].states])
                        for window in marked.windows
                    ]
                )
            chances = logits.double().softmax(-1).cpu().numpy()
            for index, row in zip(marked.order, chances, strict=True):
                asserted[index] = _decide(row, verdicts[index])
        return asserted


def _decide(chances: np.ndarray[tuple[int], np.dtype[np.float64]], verdict: Verdict) -> Assertion:
    best = int(chances.argmax())
    status = ASSERTIONS[best]
    cue = verdict.cue if verdict.status == status else None
    return Assertion(status, round(float(chances[best]), 3), cue)


def load_asserter(folder: Path, encoder: str, device: torch.device) -> Asserter:
    """Load a network that ``chartsift train assertion`` wrote.

    Args:
        folder: The network's.
        encoder: SHA-256 of the encoder whose states it is to read.
        device: Where to compute.

    Raises:
        SetupError: The folder holds no network, or one made for another encoder or for other
            rules, sections or statuses.
    """
    network = load_network(folder, device)
    config = network.config
    if (config.labels, config.sections, config.statuses, config.rules) != MARKS:
        raise SetupError(
            f"the network of assertions in {folder} was made by another version of chartsift: train"
            " it again with `chartsift train assertion`"
        )
    if config.encoder != encoder:
        raise SetupError(
            f"the network of assertions in {folder} was made for another BERT than the one in"
            " extract.bert: train one for it with `chartsift train assertion`, or set"
            ' context.assertion = "rules"'
        )
    return Asserter(network)
