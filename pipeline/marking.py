"""Released text made fit for a terminal, with its mentions marked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from rich.text import Text

from pipeline.extract.boundaries import TAG
from pipeline.note import Mention

LABEL_STYLES = {"SYMPTOM": "yellow", "DISEASE": "magenta", "TREATMENT": "cyan"}
"""Label → colour; three that people who see no red or no green tell apart."""

_TAG = re.compile(TAG)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Replace what a terminal would obey instead of show: control and direction characters.

    Line ends and tabs stay, a carriage return before a line end goes.
    """
    return _UNPRINTABLE.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))


def mark_mentions(text: str, mentions: Sequence[Mention]) -> Text:
    """Mark mentions so that they are read with and without colour: ``cough⟨SYMPTOM:.97⟩``.

    Args:
        text: Released text.
        mentions: Mentions in it, in any order; they may overlap.

    Returns:
        The text, in which replaced identifiers are dim; nothing in it is taken for markup.
    """
    tags = [match.span() for match in _TAG.finditer(text)]
    starting: defaultdict[int, list[Mention]] = defaultdict(list)
    ending: defaultdict[int, list[Mention]] = defaultdict(list)
    for mention in sorted(mentions):
        starting[mention.start].append(mention)
        ending[mention.end].append(mention)
    cuts = {0, len(text), *starting, *ending, *(point for tag in tags for point in tag)}
    is_tag = {start for start, _ in tags}
    around: list[Mention] = []
    marked = Text()
    for start, end in pairwise(sorted(cuts)):
        around += starting[start]
        style = f"bold {_style(around[-1].label)}" if around else "dim" * (start in is_tag)
        marked.append(printable(text[start:end]), style)
        for mention in ending[end]:
            around.remove(mention)
            marked.append(f"⟨{mention.label}:{_score(mention.score)}⟩", _style(mention.label))
    return marked


def _style(label: str) -> str:
    return LABEL_STYLES.get(label, "green")


def _score(score: float) -> str:
    return f"{score:.2f}".removeprefix("0")
