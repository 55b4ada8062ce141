"""Texts as far as somebody knows their mentions, and the passages that a recogniser learns from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from pipeline.context.sentences import LINE_BREAKS, find_sentences
from pipeline.encoder.windows import cut_windows
from pipeline.evaluate.corpora import CLINICAL_NOTES, CorpusLabels
from pipeline.extract.boundaries import TAG
from pipeline.extract.words import find_words
from pipeline.note import Mention, Span
from pipeline.train.examples import LabelledDocument, Variation, flatten

LABELS: Final = tuple(sorted(CLINICAL_NOTES.annotated))
"""DISEASE, SYMPTOM and TREATMENT."""

UNKNOWN: Final = "UNKNOWN"
"""The label of a range of which nobody knows whether it is a mention, or of what label."""

_RECASED: Final = 0.1
"""The share of passages written all in upper or all in lower case."""

_TAGS: Final = re.compile(f"({TAG})")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with its mentions; what isn't marked is no mention.

    Attributes:
        text: The text.
        spans: Mentions, and ranges with the label ``UNKNOWN``; in order and apart.
        weight: How often it is learned, compared with others.
    """

    text: str
    spans: tuple[Span, ...]
    weight: float = 1.0

    @property
    def mentions(self) -> tuple[Span, ...]:
        """What is to be recognised."""
        return tuple(span for span in self.spans if span.label != UNKNOWN)

    @property
    def unknown(self) -> tuple[tuple[int, int], ...]:
        """Ranges where whatever is found is neither right nor wrong."""
        return tuple((span.start, span.end) for span in self.spans if span.label == UNKNOWN)


def mark(
    document: LabelledDocument,
    taught: Sequence[Mention] | None = None,
    *,
    min_score: float = 0.5,
    weight: float = 1.0,
) -> MarkedText | None:
    """Say where a document's mentions are, as far as its corpus and a teacher tell.

    The corpus is the authority on the labels that it annotates. The teacher tells what of a label
    it is that the corpus doesn't tell apart (symptom or disease), and where mentions are that the
    corpus doesn't annotate. What only one of two vouches for, who should agree, is unknown.

    Args:
        document: A gold document, or a note without gold.
        taught: What a teacher finds in it; None without a teacher. Then a label that the corpus
            doesn't tell apart is unknown, and so is all else unless the corpus annotates all.
        min_score: The least score of a teacher's mention to be learned; below it is unknown.
        weight: How much a document without gold counts beside one with gold.

    Returns:
        The text; None if all of it is unknown.
    """
    labels, text = document.labels, document.gold.note.text
    gold = flatten([span for span in document.gold.spans if span.label in labels.annotated])
    if tells_all(labels):
        return MarkedText(text, tuple(gold), document.weight)
    ambiguous = set(labels.merges.values())
    if taught is None:
        spans = [s if s.label not in ambiguous else _unknown(s) for s in gold]
        if any(labels.merges.get(label, label) not in labels.annotated for label in LABELS):
            spans = _fill([span for span in spans if span.label != UNKNOWN], len(text))
    else:
        spans = [_told_apart(s, taught, labels) if s.label in ambiguous else s for s in gold]
        for mention in taught:
            if not any(mention.overlaps(span) for span in gold):
                denied = labels.merges.get(mention.label, mention.label) in labels.annotated
                unsure = denied or mention.score < min_score
                spans.append(_unknown(mention) if unsure else _plain(mention, mention.label))
    if spans and all(s.label == UNKNOWN for s in spans) and _covers(spans, text):
        return None
    share = document.weight if labels.annotated else document.weight * weight
    return MarkedText(text, tuple(sorted(spans)), share)


def tells_all(labels: CorpusLabels) -> bool:
    """Say whether a corpus annotates all of our labels, each apart from the others."""
    return labels.annotated.issuperset(LABELS) and not labels.merges


def _told_apart(span: Span, taught: Sequence[Mention], labels: CorpusLabels) -> Span:
    """Give a span the label of the teacher's mention that shares most of it, if one may be it."""
    rivals = [
        (min(m.end, span.end) - max(m.start, span.start), m.score, m.label)
        for m in taught
        if m.overlaps(span) and labels.merges.get(m.label, m.label) == span.label
    ]
    return _plain(span, max(rivals)[2] if rivals else span.label)


def _plain(span: Span, label: str) -> Span:
    return Span(span.start, span.end, label)


def _unknown(span: Span) -> Span:
    return _plain(span, UNKNOWN)


def _fill(spans: Sequence[Span], length: int) -> list[Span]:
    """Add unknown ranges between spans."""
    borders = [0, *(border for span in spans for border in (span.start, span.end)), length]
    gaps = zip(borders[::2], borders[1::2], strict=True)
    return sorted([*spans, *(Span(a, b, UNKNOWN) for a, b in gaps if a < b)])


def _covers(spans: Sequence[Span], text: str) -> bool:
    return sum(span.end - span.start for span in spans) == len(text)


def draw_passages(
    texts: Sequence[MarkedText], variation: Variation, rng: Random
) -> Iterator[MarkedText]:
    """Draw passages without end, each text's as often as its weight says, always changed anew.

    Args:
        texts: At least one with a word.
        variation: How texts change, and how many words a passage has.
        rng: Where the choices come from.
    """
    while True:
        passages: list[MarkedText] = []
        for text in texts:
            copies = int(text.weight) + (rng.random() < text.weight % 1)
            for _ in range(copies):
                changed, spans = variation.apply(text.text, list(text.spans), rng)
                limit = rng.choice(variation.windows)
                passages += cut_passages(MarkedText(changed, tuple(spans)), limit)
        rng.shuffle(passages)
        for passage in passages:
            yield _recased(passage, rng) if rng.random() < _RECASED else passage


def cut_passages(marked: MarkedText, limit: int) -> Iterator[MarkedText]:
    """Cut a text into passages of whole sentences.

    A mention that crosses a line or a passage's end is unknown: none does so when the recogniser
    is used.

    Args:
        marked: A text.
        limit: The most words in a passage.
    """
    words = find_words(marked.text)
    sentences = find_sentences(marked.text)
    windows = cut_windows(words, [1] * len(words), sentences, limit)
    starts = [words[first][0] for first, _ in windows]
    ends = [*starts[1:], len(marked.text)]
    for start, end in zip(starts, ends, strict=True):
        spans = []
        for span in marked.spans:
            if span.start < end and span.end > start:
                a, b = max(span.start, start), min(span.end, end)
                cut = (a, b) != (span.start, span.end)
                crosses = not LINE_BREAKS.isdisjoint(marked.text[a:b])
                label = UNKNOWN if cut or crosses else span.label
                spans.append(Span(a - start, b - start, label))
        yield MarkedText(marked.text[start:end], tuple(spans), marked.weight)


def _recased(passage: MarkedText, rng: Random) -> MarkedText:
    """Write a passage all in upper or all in lower case, but for tags, if its length allows it."""
    text = passage.text.upper() if rng.random() < 0.5 else _lower(passage.text)
    fits = len(text) == len(passage.text)
    return MarkedText(text, passage.spans, passage.weight) if fits else passage


def _lower(text: str) -> str:
    return "".join(
        part if number % 2 else part.lower() for number, part in enumerate(_TAGS.split(text))
    )
