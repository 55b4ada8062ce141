"""One rule: a pattern whose named groups are the spans it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.note import PhiSpan

ANNOTATOR = "rules"

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
        cues: Lower-case literals; a text that holds none of them is not searched. Empty means
            that every text is searched.
        check: Accepts or refuses a match, seeing the whole text by ``match.string``.
    """

    source: str
    pattern: str
    score: float = 0.9
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
        if cues and not any(cue in lowered for cue in cues):
            return
        check, score = self.rule.check, self.rule.score
        for match in self._regex.finditer(text):
            if check is not None and not check(match):
                continue
            for index, label in self._labels:
                start, end = match.span(index)
                if start < end:
                    yield PhiSpan(start, end, label, score, (ANNOTATOR,))


def text_before(match: re.Match[str], group: str, width: int = 28) -> str:
    """Return up to ``width`` characters that stand before a group, on the same line."""
    start = match.start(group)
    return match.string[max(0, start - width) : start].rpartition("\n")[2]


def text_after(match: re.Match[str], group: str, width: int = 28) -> str:
    """Return up to ``width`` characters that stand after a group, on the same line."""
    end = match.end(group)
    return match.string[end : end + width].partition("\n")[0]


def words(listed: str) -> str:
    """Make an alternation of the words in a space-separated list; ``_`` stands for a blank."""
    return "(?:" + "|".join(w.replace("_", " ") for w in listed.split()) + ")"
