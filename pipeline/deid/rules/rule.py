"""One rule: a pattern whose named groups are the spans it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pipeline.note import PhiSpan

ANNOTATOR = "rules"

_WORD = re.compile(r"[a-z]+|[0-9]+")

Check = Callable[[re.Match[str]], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern for one way of writing an identifier.

    Attributes:
        source: What people write, in a few words.
        pattern: Regular expression in Python's syntax whose repeats are bounded or can't overlap.
            Each upper-case named group is a span; its name is the label, with ``_`` for ``-`` and
            a number where a label comes twice (``DATE_2``). Lower-case groups serve the check.
        score: How sure a match is, 0 to 1.
        leads: What a match begins with: the first three letters of a word (or a shorter whole
            word) in lower case, ``0`` for digits. Given, the pattern is tried only there.
        cues: Lower-case literals; a text that holds none of them is not searched. Empty means
            that every text is searched.
        check: Accepts or refuses a match, seeing the whole text by ``match.string``.
    """

    source: str
    pattern: str
    score: float = 0.9
    leads: str = ""
    cues: tuple[str, ...] = ()
    check: Check | None = None


class CompiledRule:
    """A rule made ready to search."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._regex = re.compile(rule.pattern)
        self._labels = tuple(
            (index, re.sub(r"_\d$", "", name).replace("_", "-"))
            for name, index in self._regex.groupindex.items()
            if name.isupper()
        )
        if not self._labels:
            raise ValueError(f"the rule {rule.source!r} names no group")

    def find(self, text: str, lowered: str) -> Iterator[PhiSpan]:
        """Yield the spans in a text.

        Args:
            text: Raw text.
            lowered: The same in lower case, for the cues.
        """
        cues = self.rule.cues
        if not cues or any(cue in lowered for cue in cues):
            for match in self._regex.finditer(text):
                yield from self._spans(match)

    def find_at(self, text: str, position: int) -> Iterator[PhiSpan]:
        """Yield the spans of a match that begins at ``position``."""
        match = self._regex.match(text, position)
        if match is not None:
            yield from self._spans(match)

    def _spans(self, match: re.Match[str]) -> Iterator[PhiSpan]:
        if self.rule.check is not None and not self.rule.check(match):
            return
        for index, label in self._labels:
            start, end = match.span(index)
            if start < end:
                yield PhiSpan(start, end, label, self.rule.score, (ANNOTATOR,))


class RuleSet:
    """Many rules, searched together: those with leads at the words they begin with."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._searched: list[CompiledRule] = []
        self._led: dict[str, list[CompiledRule]] = {}
        for rule in rules:
            compiled = CompiledRule(rule)
            if not rule.leads:
                self._searched.append(compiled)
            for lead in rule.leads.split():
                self._led.setdefault(lead, []).append(compiled)

    def find(self, text: str) -> list[PhiSpan]:
        """Find the spans of all rules in a raw text; they may overlap."""
        lowered = text.lower()
        if len(lowered) != len(text):
            lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
        spans = [span for rule in self._searched for span in rule.find(text, lowered)]
        led = self._led
        for match in _WORD.finditer(lowered):
            word = match[0][:3]
            for rule in led.get("0" if word[0].isdigit() else word, ()):
                spans.extend(rule.find_at(text, match.start()))
        return spans


def text_before(match: re.Match[str], group: str, width: int = 28) -> str:
    """Return up to ``width`` characters that stand before a group, on the same line."""
    start = match.start(group)
    return match.string[max(0, start - width) : start].rpartition("\n")[2]


def text_after(match: re.Match[str], group: str, width: int = 28) -> str:
    """Return up to ``width`` characters that stand after a group, on the same line."""
    end = match.end(group)
    return match.string[end : end + width].partition("\n")[0]


def words(listed: str) -> str:
    """Make an alternation of the patterns in a space-separated list; ``_`` stands for a blank.

    Alternatives that begin alike are factored, so that the search is not slowed by their number.
    """
    return _factored([word.replace("_", " ") for word in listed.split()])


def leads_of(listed: str) -> str:
    """Return the leads (see ``Rule.leads``) of the patterns that ``words`` would join."""
    found: dict[str, None] = {}
    for word in listed.split():
        letters = re.match(r"(?:[a-z](?![?*+{]))*", word.lower())
        found[letters[0][:3] if letters else ""] = None
    return " ".join(lead for lead in found if lead)


def _factored(alternatives: list[str]) -> str:
    groups: dict[str, list[str]] = {}
    for alternative in dict.fromkeys(alternatives):
        first, second = alternative[:1], alternative[1:2]
        plain = (
            first.isalnum() and second not in ("?", "*", "+", "{", "") and "|" not in alternative
        )
        groups.setdefault(first if plain else f"={alternative}", []).append(alternative)
    parts: list[str] = []
    for key, members in groups.items():
        if len(members) == 1:
            parts.append(members[0])
        else:
            parts.append(key + _factored([member[1:] for member in members]))
    return f"(?:{'|'.join(parts)})"
