"""Training examples for the token classifier: gold documents as windows of labelled pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from pipeline.context.sentences import find_sentences
from pipeline.encoder.windows import cut_windows
from pipeline.evaluate.corpora import CLINICAL_NOTES, CorpusLabels
from pipeline.evaluate.gold import GoldDocument
from pipeline.extract.gazetteer import NO_NAMES, Gazetteer, types_of
from pipeline.extract.words import find_words
from pipeline.note import Span
from pipeline.train.disguise import disguise
from pipeline.train.rewriting import Rewriting

NO_WORD = 0
"""The target of a piece at which no word begins: the loss leaves it out."""

ItemT = TypeVar("ItemT")
Encode = Callable[[Sequence[str]], dict[str, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A gold document, how much its words count in the loss, and what its corpus annotates."""

    gold: GoldDocument
    weight: float = 1.0
    labels: CorpusLabels = CLINICAL_NOTES


@dataclass(frozen=True, slots=True)
class Example:
    """A window of pieces, without its opening and closing piece.

    Attributes:
        pieces: Ids.
        targets: For each word's first piece the classes that the gold leaves possible: bit 0 is
            the first class, and so on; ``NO_WORD`` for its other pieces.
        weight: How much the window counts in the loss.
        types: The token type of each piece; empty if all are 0.
    """

    pieces: tuple[int, ...]
    targets: tuple[int, ...]
    weight: float = 1.0
    types: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.pieces)


@dataclass(frozen=True, slots=True)
class Targets:
    """What a corpus's gold says about a word's class; sets of classes are written as bits.

    A corpus that doesn't tell symptoms from diseases leaves both possible inside its mentions; one
    that doesn't mark treatments leaves them possible wherever it marks nothing.

    Attributes:
        classes: The model's: ``O``, ``B-DISEASE``, ``I-DISEASE`` and so on.
        labels: What the corpus annotates.
        unknown: Any class.
        outside: What a word in no annotated mention may be.
    """

    classes: tuple[str, ...]
    labels: CorpusLabels
    unknown: int = field(init=False)
    outside: int = field(init=False)

    def __post_init__(self) -> None:
        held = {label for label in self.labels.annotated for label in self._told_by(label)}
        outside = [c for c in self.classes if c == "O" or c[2:] not in held]
        object.__setattr__(self, "unknown", (1 << len(self.classes)) - 1)
        object.__setattr__(self, "outside", self._bits(outside))

    def first(self, label: str) -> int:
        """Return what the first word of a mention with an annotated label may be."""
        return self._bits([f"B-{told}" for told in self._told_by(label)])

    def later(self, label: str) -> int:
        """Return what a later word of such a mention may be."""
        return self._bits([f"I-{told}" for told in self._told_by(label)])

    def _told_by(self, label: str) -> set[str]:
        return {label} | {ours for ours, theirs in self.labels.merges.items() if theirs == label}

    def _bits(self, names: Sequence[str]) -> int:
        return sum(1 << self.classes.index(name) for name in names)


def flatten(spans: Sequence[Span]) -> list[Span]:
    """Keep the longest of overlapping spans; of equally long ones the first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept)


def word_targets(
    text: str, words: Sequence[tuple[int, int]], spans: Sequence[Span], targets: Targets
) -> list[int]:
    """Give each word the classes that the gold leaves possible.

    A word belongs to a span if they share a character. Words of a span that crosses a line may be
    anything: no mention does so when the model is used.

    Args:
        text: The document.
        words: ``(start, end)`` of its words.
        spans: Its mentions of the labels that the corpus annotates, in order and apart.
        targets: What the corpus says.
    """
    of_words = [targets.outside] * len(words)
    word = 0
    for span in spans:
        while word < len(words) and words[word][1] <= span.start:
            word += 1
        crosses = "\n" in text[span.start : span.end]
        target = targets.first(span.label)
        while word < len(words) and words[word][0] < span.end:
            of_words[word] = targets.unknown if crosses else target
            target = targets.later(span.label)
            word += 1
    return of_words


@dataclass(frozen=True, slots=True)
class Variation:
    """How documents are changed each time they are seen.

    Attributes:
        disguised: How often what looks like PHI becomes tags and surrogates.
        rewritten: How often mentions, headings and spelling change.
        rewriting: The other ways to write them; None leaves them.
        windows: Sizes of windows to draw from; the document is cut at another sentence, too.
        forgotten: How often the model isn't told of any name, and of each name: real texts hold
            names that no terminology has.
    """

    disguised: float = 0.5
    rewritten: float = 0.5
    rewriting: Rewriting | None = None
    windows: tuple[int, ...] = (96, 160, 254, 382, 510)
    forgotten: float = 0.1

    def apply(self, text: str, spans: list[Span], rng: Random) -> tuple[str, list[Span]]:
        """Return a changed text and the same mentions at their new offsets."""
        if self.rewriting is not None and rng.random() < self.rewritten:
            text, spans = self.rewriting.rewrite(text, spans, rng)
        if rng.random() < self.disguised:
            text, spans = disguise(text, spans, rng)
        return text, spans

    def remember(
        self, names: Sequence[tuple[int, int, int]], rng: Random
    ) -> list[tuple[int, int, int]]:
        """Leave out all names at times, and some at others."""
        if rng.random() < self.forgotten:
            return []
        return [name for name in names if rng.random() >= self.forgotten]


def make_examples(
    document: LabelledDocument,
    classes: tuple[str, ...],
    encode: Encode,
    limit: int,
    variation: Variation | None,
    rng: Random,
    gazetteer: Gazetteer = NO_NAMES,
) -> Iterator[Example]:
    """Cut a document into windows.

    Args:
        document: A gold document.
        classes: The model's classes.
        encode: Gives the piece ids of distinct words.
        limit: The most pieces in a window.
        variation: How the document is changed first; None leaves it.
        rng: Where the choices come from.
        gazetteer: Names that the model is told of.
    """
    annotated = document.labels.annotated
    text = document.gold.note.text
    spans = flatten([span for span in document.gold.spans if span.label in annotated])
    if variation is not None:
        text, spans = variation.apply(text, spans, rng)
        limit = min(limit, rng.choice(variation.windows))
    words = find_words(text)
    encoded = encode([text[start:end] for start, end in words])
    pieces = [encoded[text[start:end]] for start, end in words]
    names = gazetteer.find(text, words)
    if names and variation is not None:
        names = variation.remember(names, rng)
    types = types_of(names, len(words))
    targets = word_targets(text, words, spans, Targets(classes, document.labels))
    sentences = find_sentences(text)
    cut = rng.randrange(min(6, len(sentences))) if variation is not None and sentences else 0
    first = 0
    for part in (sentences[:cut], sentences[cut:]):
        if not part:
            continue
        last = first
        while last < len(words) and words[last][0] < part[-1][1]:
            last += 1
        sizes = [len(ids) for ids in pieces[first:last]]
        for begin, end in cut_windows(words[first:last], sizes, part, limit):
            yield _example(
                pieces[first + begin : first + end],
                targets[first + begin : first + end],
                types[first + begin : first + end] if names else (),
                document.weight,
            )
        first = last


def _example(
    pieces: Sequence[tuple[int, ...]],
    targets: Sequence[int],
    types: Sequence[int],
    weight: float,
) -> Example:
    ids: list[int] = []
    of_pieces: list[int] = []
    for word, target in zip(pieces, targets, strict=True):
        ids += word
        of_pieces += [target] + [NO_WORD] * (len(word) - 1) if word else []
    of_words = zip(pieces, types, strict=True) if types else ()
    repeated = tuple(kind for word, kind in of_words for _ in word)
    return Example(tuple(ids), tuple(of_pieces), weight, repeated)


def make_batches(examples: Sequence[Example], size: int, rng: Random) -> list[list[Example]]:
    """Group examples, at most ``size`` pieces in all, as :func:`batch_by_length` does."""
    return batch_by_length([e for e in examples if len(e)], lambda e: len(e) + 2, size, rng)


def batch_by_length(
    items: Iterable[ItemT], length: Callable[[ItemT], int], size: int, rng: Random
) -> list[list[ItemT]]:
    """Group items of similar length, at most ``size`` with padding, in random order.

    Args:
        items: What to group; one longer than ``size`` is a batch of its own.
        length: Of an item.
        size: The most that a batch of items, all as long as its longest, may hold.
        rng: Decides the order, and among equally long items.
    """
    ranked = sorted(items, key=lambda item: (length(item), rng.random()))
    batches: list[list[ItemT]] = [[]]
    for item in ranked:
        if batches[-1] and (len(batches[-1]) + 1) * length(item) > size:
            batches.append([])
        batches[-1].append(item)
    rng.shuffle(batches)
    return [batch for batch in batches if batch]
