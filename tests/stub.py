"""Models that cost nothing, for tests of everything around them.

They are importable, since worker processes load them by name. What a note says decides what they
do: ``ZQX...`` is a name, ``fever`` a symptom, ``RAISE`` raises with the note's text in the message,
``HANG`` sleeps, ``DIE`` ends the process, ``SLOW`` takes a moment.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Sequence

from pipeline.config import Config
from pipeline.deid.finding import NOTHING_ALLOWED
from pipeline.errors import SetupError
from pipeline.note import Mention, Note, PhiSpan
from pipeline.stages import Models

MARKER = "ZQXMARKER"
_NAME = re.compile(r"ZQX\w*", re.IGNORECASE)
_SYMPTOM = re.compile(r"fever|cough")


class StubRules:
    """Finds planted names."""

    name = "rules"

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        return [
            [PhiSpan(*m.span(), "PATIENT", 1.0, ("rules",)) for m in _NAME.finditer(note.text)]
            for note in notes
        ]


class StubNer:
    """Finds nothing, and fails as notes tell it to."""

    name = "ner"

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        for note in notes:
            if "RAISE" in note.text:
                raise ValueError(f"can't digest {note.text!r} of {note.note_id!r}")
            if "HANG" in note.text:
                time.sleep(3600)
            if "DIE" in note.text:
                os._exit(9)
            if "SLOW" in note.text:
                time.sleep(0.05)
        return [[] for _ in notes]


class StubCues:
    """Finds a name behind Mr., surely; elsewhere it doesn't know it."""

    name = "cues"

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        return [
            [
                PhiSpan(*m.span(1), "PATIENT", 1.0, ("rules", "ner"))
                for m in re.finditer(r"Mr\. (\w+)", note.text)
            ]
            for note in notes
        ]


class StubMentions:
    """Finds two symptoms."""

    name = "stub"

    def __init__(self, score: float = 0.75) -> None:
        self._score = score

    def annotate(self, notes: Sequence[Note]) -> list[list[Mention]]:
        return [
            [
                Mention(*m.span(), "SYMPTOM", self._score, ("stub",))
                for m in _SYMPTOM.finditer(note.text)
            ]
            for note in notes
        ]


def load_stubs(config: Config) -> Models:
    """Load models that find planted names and two symptoms."""
    return Models((StubRules(), StubNer()), NOTHING_ALLOWED, (StubMentions(),))


def load_cue_stubs(config: Config) -> Models:
    """Load models that know a name only behind Mr."""
    return Models((StubCues(), StubNer()), NOTHING_ALLOWED, (StubMentions(),))


def load_other_stubs(config: Config) -> Models:
    """Load models that give other scores."""
    return Models((StubRules(), StubNer()), NOTHING_ALLOWED, (StubMentions(0.5),))


def load_nothing(config: Config) -> Models:
    """Fail as a missing model does."""
    raise SetupError("no model here; install one")
