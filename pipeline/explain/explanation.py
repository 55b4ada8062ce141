"""What an explanation is: words with their weights, and what the model thought of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.context.sentences import find_sentences
from pipeline.note import Mention, Note


@dataclass(frozen=True, slots=True)
class Word:
    """A word that the model saw.

    Attributes:
        start: First code point in the note's text.
        end: One past its last.
        weight: What it adds to the log-probability of the mention's label, in nats.
        place: 0 within the mention, else the number of words from it, negative before it.
    """

    start: int
    end: int
    weight: float
    place: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model takes a word of the mention for.

    Attributes:
        start: First code point of the word in the note's text.
        end: One past its last.
        labels: Label → probability, not calibrated, that the word is in a mention of it; the
            rest is for none.
    """

    start: int
    end: int
    labels: Mapping[str, float]

    @property
    def outside(self) -> float:
        """How probable it is that the word is in no mention."""
        return max(0.0, 1.0 - sum(self.labels.values()))


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the text: a word, a part of one, or what stands between words.

    Attributes:
        text: The part.
        weight: The weight of its word; 0 between words.
        in_mention: Whether it belongs to the mention.
    """

    text: str = field(repr=False)
    weight: float
    in_mention: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which words drove a mention.

    Attributes:
        note: The released note.
        mention: The mention, as OUT has it.
        words: All words that the model saw together with the mention's, in text order.
        opinions: What the model takes each word of the mention for.
        gain: The log-probability of the label, summed over the mention's words, less the same
            with all words hidden.
        error: How far the weights' sum misses the gain.
        doubts: What a reader must know before believing it; mostly nothing.
    """

    note: Note
    mention: Mention
    words: tuple[Word, ...]
    opinions: tuple[Opinion, ...]
    gain: float
    error: float
    doubts: tuple[str, ...] = ()

    @property
    def labels(self) -> list[str]:
        """The model's labels, the mention's first."""
        names = list(self.opinions[0].labels)
        return sorted(names, key=lambda name: (name != self.mention.label, names.index(name)))

    def relative(self, weight: float) -> float:
        """Return a weight as a share of the largest one's size, −1 to 1."""
        strongest = max(abs(word.weight) for word in self.words)
        return weight / strongest if strongest else 0.0

    @property
    def own_share(self) -> float:
        """The share, 0 to 1, of all weights (without signs) that the mention's own words carry."""
        total = sum(abs(word.weight) for word in self.words)
        own = sum(abs(word.weight) for word in self.words if word.place == 0)
        return own / total if total else 0.0

    def heaviest(self, n: int) -> list[Word]:
        """Return the words with the largest weights, without their signs, largest first."""
        return sorted(self.words, key=lambda word: (-abs(word.weight), word.start))[:n]

    def window(self) -> tuple[int, int]:
        """Return ``(start, end)`` of what the model saw at once, and all of the mention."""
        first, last = self.words[0], self.words[-1]
        return min(first.start, self.mention.start), max(last.end, self.mention.end)

    def sentence(self) -> tuple[int, int]:
        """Return ``(start, end)`` of the mention's sentence, as far as the model saw it."""
        start, end = self.mention.start, self.mention.end
        for first, last in find_sentences(self.note.text):
            if first < self.mention.end and self.mention.start < last:
                start, end = min(start, first), max(end, last)
        seen, unseen = self.window()
        return max(start, seen), min(end, unseen)

    def stretches(self, start: int, end: int) -> Iterator[Stretch]:
        """Cut a range of the note's text into stretches.

        Args:
            start: First code point.
            end: One past the last.
        """
        weights = {
            point: word.weight for word in self.words for point in range(word.start, word.end)
        }
        ends = (self.mention.start, self.mention.end)
        points = {start, end, *ends, *(p for word in self.words for p in (word.start, word.end))}
        for first, last in pairwise(sorted(p for p in points if start <= p <= end)):
            inside = ends[0] <= first < ends[1]
            yield Stretch(self.note.text[first:last], weights.get(first, 0.0), inside)
