"""Training examples for the token classifier: gold documents as windows of labelled pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from pipeline.context.sentences import find_sentences
from pipeline.encoder.windows import cut_windows
from pipeline.evaluate.gold import GoldDocument
from pipeline.extract.words import find_words
from pipeline.note import Span
from pipeline.train.augmentation import disguise

IGNORED = -100
"""The class of pieces that the loss leaves out, as in ``torch.nn.functional.cross_entropy``."""

Encode = Callable[[Sequence[str]], dict[str, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A gold document and how much its words count in the loss."""

    gold: GoldDocument
    weight: float


@dataclass(frozen=True, slots=True)
class Example:
    """A window of pieces, without its opening and closing piece.

    Attributes:
        pieces: Ids.
        classes: The class of each word's first piece; ``IGNORED`` for its other pieces.
        weight: How much the window counts in the loss.
        types: The token type of each piece; empty if all are 0.
    """

    pieces: tuple[int, ...]
    classes: tuple[int, ...]
    weight: float = 1.0
    types: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.pieces)


def flatten(spans: Sequence[Span]) -> list[Span]:
    """Keep the longest of overlapping spans; of equally long ones the first."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept)


def word_classes(
    text: str, words: Sequence[tuple[int, int]], spans: Sequence[Span], labels: Sequence[str]
) -> list[int]:
    """Give each word its BIO class.

    A word belongs to a span if they share a character. Words of a span that crosses a line are
    ``IGNORED``: no mention does so when the model is used.

    Args:
        text: The document.
        words: ``(start, end)`` of its words.
        spans: Its mentions, in order and apart.
        labels: The classes: ``O``, ``B-DISEASE``, ``I-DISEASE`` and so on.
    """
    index = {label: position for position, label in enumerate(labels)}
    classes = [index["O"]] * len(words)
    word = 0
    for span in spans:
        while word < len(words) and words[word][1] <= span.start:
            word += 1
        crosses = "\n" in text[span.start : span.end]
        prefix = "B-"
        while word < len(words) and words[word][0] < span.end:
            classes[word] = IGNORED if crosses else index[prefix + span.label]
            prefix = "I-"
            word += 1
    return classes


def make_examples(
    document: LabelledDocument,
    labels: Sequence[str],
    encode: Encode,
    limit: int,
    rng: Random | None,
) -> Iterator[Example]:
    """Cut a document into windows.

    Args:
        document: A gold document.
        labels: The model's classes.
        encode: Gives the piece ids of distinct words.
        limit: The most pieces in a window.
        rng: If given, the text is disguised as a de-identified one half of the time, windows are
            smaller at random, and the document is cut at another sentence each time.
    """
    text, spans = document.gold.note.text, flatten(document.gold.spans)
    if rng is not None:
        if rng.random() < 0.5:
            text, spans = disguise(text, spans, rng)
        limit = min(limit, rng.choice((64, 96, 128, 192, 254)))
    words = find_words(text)
    encoded = encode([text[start:end] for start, end in words])
    pieces = [encoded[text[start:end]] for start, end in words]
    classes = word_classes(text, words, spans, labels)
    sentences = find_sentences(text)
    if rng is None or len(sentences) < 2:
        parts = [sentences]
    else:
        cut = rng.randrange(min(6, len(sentences)))
        parts = [sentences[:cut], sentences[cut:]]
    first = 0
    for part in parts:
        if not part:
            continue
        last = first
        while last < len(words) and words[last][0] < part[-1][1]:
            last += 1
        sizes = [len(ids) for ids in pieces[first:last]]
        for begin, end in cut_windows(words[first:last], sizes, part, limit):
            yield _example(
                pieces[first + begin : first + end],
                classes[first + begin : first + end],
                document.weight,
            )
        first = last


def _example(pieces: Sequence[tuple[int, ...]], classes: Sequence[int], weight: float) -> Example:
    ids: list[int] = []
    targets: list[int] = []
    for word, target in zip(pieces, classes, strict=True):
        ids += word
        targets += [target] + [IGNORED] * (len(word) - 1) if word else []
    return Example(tuple(ids), tuple(targets), weight)


def make_batches(examples: Sequence[Example], size: int, rng: Random) -> list[list[Example]]:
    """Group examples of similar length, at most ``size`` pieces with padding, in random order."""
    ranked = sorted((e for e in examples if len(e)), key=lambda e: (len(e), rng.random()))
    batches: list[list[Example]] = [[]]
    for example in ranked:
        if batches[-1] and (len(batches[-1]) + 1) * (len(example) + 2) > size:
            batches.append([])
        batches[-1].append(example)
    rng.shuffle(batches)
    return [batch for batch in batches if batch]
