"""Words that say whether a mention is absent, possible, past, yet to come or somebody else's.

The table of cues is data (``data/words/cues.tsv``). Its statuses, directions, pseudo-cues and
terminations follow NegEx (Chapman et al., 2001, "A Simple Algorithm for Identifying Negated
Findings and Diseases in Discharge Summaries") and ConText (Harkema et al., 2009, "ConText: An
Algorithm for Determining Negation, Experiencer, and Temporal Status from Clinical Reports").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.context.lexemes import normalise
from pipeline.errors import SetupError
from pipeline.resources import data_path

CUE_STATUSES: Final = (
    "absent", "possible", "historical", "hypothetical", "family", "allergen", "present",
)  # fmt: skip
"""What a cue may assert; an allergen is a treatment that is absent."""

PSEUDO: Final = "pseudo"
"""The status of words that look like a cue and assert nothing."""

TERMINATE: Final = "terminate"
"""The status of words that end other cues' scope."""

DIRECTIONS: Final = ("forward", "backward", "both")

UNLIMITED: Final = 1_000_000
"""Words; no sentence has as many."""

CLAUSE: Final = "clause"
"""The status of words that begin a clause: they end cues that have reached a mention."""

_COLUMNS: Final = "phrase\tstatus\tdirection\twords\tonly"


@dataclass(frozen=True, slots=True)
class Cue:
    """One row of the table.

    Attributes:
        status: One of ``CUE_STATUSES``, or ``PSEUDO`` or ``TERMINATE``.
        direction: One of ``DIRECTIONS``; empty for pseudo-cues and terminations.
        words: How many words it reaches.
        only: The labels that it holds for, or the statuses whose scope a termination ends; all if
            empty.
    """

    status: str
    direction: str = ""
    words: int = UNLIMITED
    only: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        asserts = self.status in CUE_STATUSES
        if not asserts and self.status not in (PSEUDO, TERMINATE, CLAUSE):
            raise ValueError("the status is unknown")
        if asserts != (self.direction in DIRECTIONS) or (not asserts and self.direction):
            raise ValueError("a cue has a direction, and a pseudo-cue or a termination none")
        if self.words < 1:
            raise ValueError("a cue reaches at least one word")

    def holds_for(self, label: str) -> bool:
        """Say whether it holds for mentions of a label."""
        return not self.only or label in self.only

    def ends(self, status: str, served: bool) -> bool:
        """Say whether it ends the scope of a cue.

        Args:
            status: What that cue asserts.
            served: Whether it has reached a mention.
        """
        ending = self.status == TERMINATE or (served and self.status == CLAUSE)
        return ending and (not self.only or status in self.only)


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A phrase of the table at its place.

    Attributes:
        first: Its first word.
        last: One past its last word.
        cues: What the table says of it.
    """

    first: int
    last: int
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class CueTable:
    """The cues by phrase.

    Attributes:
        cues: Words of a phrase, normalised, to what it says.
    """

    cues: Mapping[tuple[str, ...], tuple[Cue, ...]] = field(repr=False)
    _lengths: Mapping[str, tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lengths: dict[str, set[int]] = {}
        for phrase in self.cues:
            lengths.setdefault(phrase[0], set()).add(len(phrase))
        ordered = {word: tuple(sorted(of, reverse=True)) for word, of in lengths.items()}
        object.__setattr__(self, "_lengths", ordered)

    def find(self, words: Sequence[str]) -> list[CueMatch]:
        """Find the longest phrases, from left to right, in time linear in the words.

        Args:
            words: Normalised words (:func:`pipeline.context.lexemes.normalise`).

        Returns:
            Phrases that don't overlap, in order.
        """
        found: list[CueMatch] = []
        lengths, cues = self._lengths, self.cues
        place, total = 0, len(words)
        while place < total:
            step = 1
            for length in lengths.get(words[place], ()):
                if place + length <= total:
                    rows = cues.get(tuple(words[place : place + length]))
                    if rows is not None:
                        # A comma before a new clause: what begins the clause may be a cue itself.
                        step = 1 if words[place] == "," and rows[0].status == CLAUSE else length
                        found.append(CueMatch(place, place + step, rows))
                        break
            place += step
        return found


def load_cues() -> CueTable:
    """Read the table that chartsift ships.

    Raises:
        SetupError: It is absent or damaged.
    """
    return read_cues(data_path("words", "cues.tsv"))


def read_cues(path: Path) -> CueTable:
    """Read a table of cues: tab-separated, with a line of column names, ``#`` for comments.

    Raises:
        SetupError: It can't be read, or a row is malformed.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line and not line.startswith("#")]
    if not numbered or numbered[0][1] != _COLUMNS:
        raise SetupError(f"{path} is absent or damaged: install chartsift again")
    rows: dict[tuple[str, ...], list[Cue]] = {}
    for number, line in numbered[1:]:
        cells = line.split("\t")
        try:
            phrase, cue = _row(*cells)
        except (TypeError, ValueError) as error:
            raise SetupError(f"{path}, line {number} is no cue: {error}") from None
        rows.setdefault(phrase, []).append(cue)
    return CueTable({phrase: tuple(cues) for phrase, cues in rows.items()})


def _row(
    phrase: str, status: str, direction: str, words: str, only: str
) -> tuple[tuple[str, ...], Cue]:
    key = tuple(phrase.split(" "))
    if any(normalise(word) != word for word in key):
        raise ValueError("its words aren't in the form in which they are looked up")
    cue = Cue(
        status,
        "" if direction == "-" else direction,
        UNLIMITED if words == "-" else int(words),
        frozenset() if only == "-" else frozenset(only.split("|")),
    )
    return key, cue
