"""Which notes are read: half at random, half where most could be wrong."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import nsmallest

from pipeline.errors import InputError
from pipeline.review.notes import ReviewedNote, UnitNotes

_SMOOTHING_WORDS = 50
"""Added to a note's words, so that a note of three words doesn't lead every list."""


class Reason(StrEnum):
    """Why a note was drawn."""

    RANDOM = "drawn at random"
    DISAGREEMENT = "many spans with one finder only"
    SPARSE = "few spans for its length"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A note of the sample and why it is there."""

    note: ReviewedNote
    reason: Reason


@dataclass(slots=True)
class Counts:
    """What some notes hold.

    Attributes:
        notes: Notes.
        labels: Label → spans.
        finders: Finder → spans that it found, alone or with others.
        alone: Finder → spans that it alone found.
    """

    notes: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    finders: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)

    def add(self, note: ReviewedNote) -> None:
        """Count a note in."""
        self.notes += 1
        for found in note.spans:
            self.labels[found.span.label] += 1
            self.finders.update(set(found.span.annotators))
            if found.has_one_finder:
                self.alone[found.span.annotators[0]] += 1


@dataclass(frozen=True, slots=True)
class Sample:
    """The notes to read.

    Attributes:
        drawn: Those drawn at random first, then those most at risk.
        seed: What the random half was drawn with.
        labels: Only notes with a span of one of these labels could be drawn; empty: all could.
        eligible: How many notes could be drawn.
        everything: What all notes of the PHI root hold.
        unfinished: Notes that the last run read but did not finish; they could not be drawn.
    """

    drawn: tuple[Drawn, ...]
    seed: int
    labels: tuple[str, ...]
    eligible: int
    everything: Counts
    unfinished: int

    @property
    def counts(self) -> Counts:
        """What the sample holds."""
        counts = Counts()
        for drawn in self.drawn:
            counts.add(drawn.note)
        return counts

    @property
    def n_random(self) -> int:
        """How many notes were drawn at random."""
        return sum(drawn.reason is Reason.RANDOM for drawn in self.drawn)


def draw(units: Iterable[UnitNotes], size: int, seed: int, labels: Collection[str] = ()) -> Sample:
    """Draw a sample, in memory that grows with it and not with the notes.

    The random half is the notes with the smallest digests of seed and id, so that it does not
    depend on the order of the notes nor on any secret. The other half is taken, in turn, from two
    rankings: most spans with one finder only for each word, and fewest spans for each word.

    Args:
        units: All notes.
        size: How many to draw; all, if there are fewer.
        seed: Decides the random half.
        labels: Draw only notes with a span of one of these labels; empty: any note.

    Raises:
        InputError: There is no such note.
    """
    wanted = frozenset(labels)
    everything = Counts()
    eligible = unfinished = 0
    best: dict[Reason, list[ReviewedNote]] = {reason: [] for reason in Reason}
    for unit in units:
        unfinished += unit.unfinished
        for note in unit.notes:
            everything.add(note)
        able = [n for n in unit.notes if not wanted or wanted & {f.span.label for f in n.spans}]
        eligible += len(able)
        for reason, rank in _rankings(seed).items():
            best[reason] = nsmallest(size, [*best[reason], *able], key=rank)
    if not eligible:
        raise InputError(_why_none(everything, unfinished, wanted))
    drawn = tuple(_take(best, size))
    return Sample(drawn, seed, tuple(sorted(wanted)), eligible, everything, unfinished)


def _rankings(seed: int) -> dict[Reason, Callable[[ReviewedNote], tuple[float, bytes]]]:
    def digest(note: ReviewedNote) -> bytes:
        data = f"{seed}:{note.note_id}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(data, digest_size=16).digest()

    def disagreement(note: ReviewedNote) -> float:
        alone = sum(found.has_one_finder for found in note.spans)
        return -alone / (note.words + _SMOOTHING_WORDS)

    def sparseness(note: ReviewedNote) -> float:
        return (len(note.spans) + 1) / (note.words + _SMOOTHING_WORDS)

    return {
        Reason.RANDOM: lambda note: (0.0, digest(note)),
        Reason.DISAGREEMENT: lambda note: (disagreement(note), digest(note)),
        Reason.SPARSE: lambda note: (sparseness(note), digest(note)),
    }


def _take(best: dict[Reason, list[ReviewedNote]], size: int) -> Iterator[Drawn]:
    """Take the random half, then the heads of the two rankings of risk in turn."""
    taken: set[str] = set()
    queues = {reason: iter(notes) for reason, notes in best.items()}
    risks: Sequence[Reason] = (Reason.DISAGREEMENT, Reason.SPARSE)
    for place in range(size):
        n_random = (size + 1) // 2
        reason = Reason.RANDOM if place < n_random else risks[(place - n_random) % len(risks)]
        note = next((n for n in queues[reason] if n.note_id not in taken), None)
        if note is not None:
            taken.add(note.note_id)
            yield Drawn(note, reason)


def _why_none(everything: Counts, unfinished: int, wanted: frozenset[str]) -> str:
    if everything.notes:
        present = ", ".join(sorted(everything.labels)) or "none"
        return (
            f"no note has a span labelled {' or '.join(sorted(wanted))}; labels that notes have: "
            f"{present}"
        )
    if unfinished:
        return (
            f"the last run finished none of its {unfinished} notes; give the same "
            "`chartsift run` again, until it completes"
        )
    return "the last run's input held no note with text; there is nothing to review"
