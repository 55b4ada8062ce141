"""How far cues reach in a sentence, in time linear in its words.

Two sweeps, one in each direction, hold the nearest open cue of each kind. As in ConText a cue's
scope goes on until a termination, the end of the sentence or section, or its own limit, which
counts anew from each mention of a list. Besides, a cue that has reached a mention ends where a
clause begins or another cue sets in ("no fever, history of asthma"), and going backward a comma
ends it outside of lists ("in pain, pneumonia ruled out").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.context.cues import TERMINATE, Cue, CueMatch
from pipeline.context.lines import BREAK, Line

OpenCue = tuple[Cue, tuple[int, int]]
"""A cue whose scope goes on, and ``[start, end)`` of its words in the text."""

_RIVALS: Final = frozenset(("absent", "possible", "historical", "allergen"))
"""Statuses whose cues end once another one sets in."""

_ADJECTIVE: Final = 4
"""A cue that reaches no further than that many words ("previous") ends no other's scope."""

_CLAUSE_MENTIONS: Final = 4
"""So many mentions before a cue are looked at, to tell in which direction it looks."""

_JOINERS: Final = frozenset(("and", "or", "nor", "&", "/"))


@dataclass(frozen=True, slots=True)
class Reach:
    """A cue that reaches a mention.

    Attributes:
        status: What it asserts.
        distance: Words between the two, counted from 1; negative if the cue follows.
        cue: ``[start, end)`` of the cue in the text.
    """

    status: str
    distance: int
    cue: tuple[int, int]


@dataclass(slots=True)
class Scopes:
    """What reaches the mentions of a line.

    Attributes:
        reaches: Place of a mention in the line to the cues that reach it.
        open: Forward cues whose scope goes on at the line's end.
    """

    reaches: dict[int, list[Reach]] = field(default_factory=dict)
    open: list[OpenCue] = field(default_factory=list)


def find_scopes(line: Line, matches: Sequence[CueMatch], carried: Iterable[OpenCue] = ()) -> Scopes:
    """Find the cues that reach the mentions of a line.

    Args:
        line: The line.
        matches: Its cues, as :meth:`pipeline.context.cues.CueTable.find` finds them.
        carried: Forward cues of the heading that the line is an item of.
    """
    scopes = Scopes()
    backward = _sweep_forward(line, matches, carried, scopes)
    _sweep_backward(line, matches, backward, scopes)
    return scopes


@dataclass(slots=True)
class _Open:
    """A cue whose scope goes on; positions count words from the sweep's beginning."""

    cue: Cue
    span: tuple[int, int]
    since: int
    last: int
    served: bool = False
    joined: bool = False


_Active = dict[tuple[str, frozenset[str]], _Open]


def _sweep_forward(
    line: Line, matches: Sequence[CueMatch], carried: Iterable[OpenCue], scopes: Scopes
) -> list[list[Cue]]:
    """Apply forward cues; return for each match the cues that are left to look backward."""
    active: _Active = {(cue.status, cue.only): _Open(cue, span, 0, 0) for cue, span in carried}
    mentions: list[tuple[int, str]] = []
    backward: list[list[Cue]] = []
    place = position = 0
    while place < len(line.words):
        if len(backward) < len(matches) and matches[len(backward)].first == place:
            match = matches[len(backward)]
            position += match.last - match.first
            place = match.last
            _close(active, match.cues)
            if any(cue.status == TERMINATE for cue in match.cues):
                mentions = []
            backward.append([])
            for cue in match.cues:
                if _looks_backward(cue, mentions, position):
                    backward[-1].append(cue)
                elif cue.direction:
                    span = _span(line, match)
                    active[cue.status, cue.only] = _Open(cue, span, position, position)
            continue
        if line.words[place] == BREAK:
            active, mentions = {}, []
        elif labels := line.labels[place]:
            position += 1
            _reach(active, labels, place, position, 1, scopes)
            mentions = [*mentions[1 - _CLAUSE_MENTIONS :], *((position, name) for name in labels)]
        else:
            position += _is_word(line.words[place])
        place += 1
    scopes.open = [(opened.cue, opened.span) for opened in active.values()]
    return backward


def _sweep_backward(
    line: Line, matches: Sequence[CueMatch], backward: Sequence[Sequence[Cue]], scopes: Scopes
) -> None:
    active: _Active = {}
    place, position, following = len(line.words) - 1, 0, len(matches) - 1
    while place >= 0:
        if following >= 0 and matches[following].last == place + 1:
            match = matches[following]
            position += match.last - match.first
            place = match.first - 1
            _close(active, match.cues)
            for cue in backward[following]:
                span = _span(line, match)
                active[cue.status, cue.only] = _Open(cue, span, position, position)
            following -= 1
            continue
        word = line.words[place]
        if word == BREAK:
            active = {}
        elif labels := line.labels[place]:
            position += 1
            _reach(active, labels, place, position, -1, scopes)
        elif word == ",":
            active = {kind: o for kind, o in active.items() if _crosses_comma(o, position)}
        else:
            position += _is_word(word)
            if word in _JOINERS:
                for opened in active.values():
                    opened.joined = True
        place -= 1


def _span(line: Line, match: CueMatch) -> tuple[int, int]:
    return line.spans[match.first][0], line.spans[match.last - 1][1]


def _is_word(word: str) -> bool:
    return word[0].isalnum() or (word[0] == "<" and len(word) > 1)


def _crosses_comma(opened: _Open, position: int) -> bool:
    """Say whether a cue looks backward over a comma: in a list, or right after it."""
    return opened.joined or (not opened.served and position - opened.since <= 1)


def _looks_backward(cue: Cue, mentions: Sequence[tuple[int, str]], position: int) -> bool:
    """Say whether a cue looks backward: if it may hold for a mention before it in its clause."""
    return cue.direction == "backward" or (
        cue.direction == "both"
        and any(position - at <= cue.words + 1 and cue.holds_for(name) for at, name in mentions)
    )


def _close(active: _Active, cues: Sequence[Cue]) -> None:
    """Drop the open cues that a phrase ends."""
    for kind, opened in list(active.items()):
        status = opened.cue.status
        if any(cue.ends(status, opened.served) for cue in cues) or (
            opened.served
            and status in _RIVALS
            and any(_sets_in(cue) and cue.status != status for cue in cues)
        ):
            del active[kind]


def _sets_in(cue: Cue) -> bool:
    """Say whether a cue ends the scope of others before it."""
    return (
        bool(cue.direction) and cue.words > _ADJECTIVE and cue.status not in ("family", "present")
    )


def _reach(
    active: _Active, labels: Sequence[str], place: int, position: int, sign: int, scopes: Scopes
) -> None:
    for opened in active.values():
        near = position - opened.last <= opened.cue.words
        if near and any(opened.cue.holds_for(label) for label in labels):
            opened.served, opened.last = True, position
            reach = Reach(opened.cue.status, sign * (position - opened.since), opened.span)
            scopes.reaches.setdefault(place, []).append(reach)
