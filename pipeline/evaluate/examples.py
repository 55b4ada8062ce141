"""Examples of mentions that went wrong, in a few of the words around them.

They hold text of the gold: they are for the eyes of whoever gave the gold, on a terminal, and stand
in no table, file or log.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.evaluate.breakdown import Judgement, Verdict
from pipeline.evaluate.gold import GoldDocument
from pipeline.marking import printable
from pipeline.note import Span

_REACH = 80
_BEFORE = re.compile(r"(?:\S+\s+){0,3}\S*\Z")
_AFTER = re.compile(r"\S*(?:\s+\S+){0,3}")


@dataclass(frozen=True, slots=True)
class Example:
    """One mention that went wrong.

    Attributes:
        verdict: How.
        gold: The gold label; None if it was invented.
        predicted: The predicted label; None if it was missed.
        excerpt: One line of text with ``{`` and ``}`` around the gold mention and ``<`` and ``>``
            around the predicted one; kept out of ``repr``.
    """

    verdict: Verdict
    gold: str | None
    predicted: str | None
    excerpt: str = field(repr=False)


def choose_examples(
    documents: Sequence[GoldDocument], judgements: Sequence[Sequence[Judgement]], most: int
) -> tuple[Example, ...]:
    """Choose examples of each way to go wrong, evenly spread over the documents, always the same.

    Args:
        documents: The gold.
        judgements: What became of the mentions of each document.
        most: How many examples of each verdict.
    """
    examples: list[Example] = []
    for verdict in Verdict:
        if verdict is Verdict.RIGHT:
            continue
        wrong = [
            (document.note.text, judged)
            for document, of_document in zip(documents, judgements, strict=True)
            for judged in of_document
            if judged.verdict is verdict
        ]
        n = min(most, len(wrong))
        chosen = (wrong[place * len(wrong) // n] for place in range(n))
        examples += [_example(text, judged) for text, judged in chosen]
    return tuple(examples)


def _example(text: str, judged: Judgement) -> Example:
    gold, predicted = judged.gold, judged.predicted
    return Example(
        verdict=judged.verdict,
        gold=None if gold is None else gold.label,
        predicted=None if predicted is None else predicted.label,
        excerpt=excerpt(text, gold, predicted),
    )


def excerpt(text: str, gold: Span | None, predicted: Span | None) -> str:
    """Cut out mentions with up to three words on each side, as one line fit for a terminal.

    Args:
        text: The document's text.
        gold: Is put between ``{`` and ``}``.
        predicted: Is put between ``<`` and ``>``; it overlaps ``gold`` if both are given.
    """
    spans = [span for span in (gold, predicted) if span is not None]
    first, last = min(span.start for span in spans), max(span.end for span in spans)
    before = _BEFORE.search(text, max(0, first - _REACH), first)
    after = _AFTER.match(text, last, last + _REACH)
    start = before.start() if before else first
    end = after.end() if after else last
    pieces, place = [], start
    for offset, mark in _marks(gold, predicted):
        pieces += [text[place:offset], mark]
        place = offset
    line = " ".join(printable("".join([*pieces, text[place:end]])).split())
    return f"{'… ' * (start > 0)}{line}{' …' * (end < len(text))}"


def _marks(gold: Span | None, predicted: Span | None) -> list[tuple[int, str]]:
    """Place the marks so that they nest where they can: the shorter span's within the longer's."""
    outer_first = [(gold, "{", "}"), (predicted, "<", ">")]
    marks = [
        mark
        for depth, (span, opening, closing) in enumerate(outer_first)
        if span
        for mark in (
            (span.end, 0, -span.start, -depth, closing),
            (span.start, 1, -span.end, depth, opening),
        )
    ]
    return [(offset, mark) for offset, *_, mark in sorted(marks)]
