"""Words of a vocabulary that a misspelt word may stand for.

Words that share letter triples with it are compared letter by letter. Damerau (1964), "A technique
for computer detection and correction of spelling errors": a letter too many, too few, a wrong one,
or two swapped. Slips that sound alike (a vowel for a vowel, a single for a double letter, ph for f)
count less.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Final

import numpy as np
from numpy.typing import NDArray

SHORTEST: Final = 4
"""Letters that a word must have to be taken for misspelt."""

LEAST: Final = 0.72
"""The least likeness that counts."""

_BY_SOUND: Final = 0.05
_SOUNDS: Final = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        ("^x", "s"), ("ph", "f"), ("ck?s|x|kz", "ks"), ("c(?=[eiy])", "s"), ("[cq]", "k"),
        ("z", "s"), ("y", "i"), ("th", "t"), (r"(.)\1", r"\1"),
    )
)  # fmt: skip
_VOWEL: Final = re.compile("[aeiouhw]")
_WIDTH: Final = 40
_COMPARED: Final = 16
_KEPT: Final = 50_000
_SHARED: Final = 0.25
"""The least Dice coefficient of two words' letter triples with which they are compared."""

_OPPOSITES: Final = ("hypo", "hyper")
_VOWELS: Final = frozenset("aeiouy")
_ALIKE: Final = frozenset(
    frozenset(pair) for pair in ("ck", "cs", "sz", "kq", "gj", "vw", "mn", "dt", "bp", "fv", "xz")
)


@dataclass(frozen=True, slots=True)
class WordIndex:
    """Words by their letter triples.

    Attributes:
        words: The words, in letters a to z and digits.
        triples: The triples of all words, rising.
        owners: The word of each of ``triples``.
        sizes: The number of triples of each word.
        places: Each word's place.
        sounds: Consonants as they sound to the words that have them.
        correct: Words that are spelt right, so that they stand for no other.
        found: What was found for words that were asked for.
    """

    words: Sequence[str] = field(repr=False)
    triples: NDArray[np.int64] = field(repr=False)
    owners: NDArray[np.int64] = field(repr=False)
    sizes: NDArray[np.int64] = field(repr=False)
    places: Mapping[str, int] = field(repr=False)
    sounds: Mapping[str, Sequence[int]] = field(repr=False)
    correct: Container[str] = field(default=frozenset(), repr=False)
    found: dict[str, list[tuple[int, float]]] = field(default_factory=dict, repr=False)

    def find(self, word: str, most: int = 4) -> list[tuple[int, float]]:
        """Find the words most like another.

        Args:
            word: In lower case.
            most: Return no more.

        Returns:
            Places in ``words`` and likeness from ``LEAST`` to 1, the most alike first.
        """
        found = self.found.get(word)
        if found is None:
            if len(self.found) >= _KEPT:
                self.found.clear()
            misspelt = SHORTEST <= len(word) <= _WIDTH - 2 and word not in self.correct
            places = self._likely(word) if misspelt else set()
            pairs = ((place, _alike(word, self.words[place])) for place in places)
            alike = [(place, score) for place, score in pairs if score >= LEAST]
            found = self.found[word] = sorted(alike, key=lambda pair: (-pair[1], pair[0]))
        return found[:most]

    def _likely(self, word: str) -> set[int]:
        """Return words that share letter triples with another, sound like it or are a slip away."""
        likely = {self.places[other] for other in one_slip(word) if other in self.places}
        likely.update(
            place
            for place in self.sounds.get(_consonants(sound(word)), ())
            if abs(len(self.words[place]) - len(word)) < SHORTEST
        )
        own = np.unique(_triples([word])[0])
        first = np.searchsorted(self.triples, own, side="left")
        last = np.searchsorted(self.triples, own, side="right")
        owners = np.concatenate([self.owners[a:b] for a, b in zip(first, last, strict=True)])
        if len(owners):
            shared = np.bincount(owners, minlength=len(self.words))
            dice = 2 * shared / (len(own) + self.sizes)
            best = np.argpartition(-dice, min(_COMPARED, len(dice) - 1))[:_COMPARED]
            likely.update(int(place) for place in best if dice[place] > _SHARED)
        return likely


def index_words(words: Sequence[str], correct: Container[str] = frozenset()) -> WordIndex:
    """Index words of at least ``SHORTEST`` letters without digits; others are never found.

    Args:
        words: Words that others may stand for.
        correct: Words that stand for no other.
    """
    codes, owners = _triples([word if word.isalpha() else "" for word in words])
    order = np.lexsort((owners, codes))
    codes, owners = codes[order], owners[order]
    if len(codes):
        fresh = np.concatenate(([True], (codes[1:] != codes[:-1]) | (owners[1:] != owners[:-1])))
        codes, owners = codes[fresh], owners[fresh]
    places = {w: place for place, w in enumerate(words) if len(w) >= SHORTEST and w.isalpha()}
    sounds: defaultdict[str, list[int]] = defaultdict(list)
    for word, place in places.items():
        sounds[_consonants(sound(word))].append(place)
    sizes = np.bincount(owners, minlength=len(words))
    return WordIndex(words, codes, owners, sizes, places, sounds, correct)


def sound(word: str) -> str:
    """Write a word as it sounds: ph as f, soft c as s, no double letters."""
    for pattern, letters in _SOUNDS:
        word = pattern.sub(letters, word)
    return word


def _consonants(word: str) -> str:
    return _VOWEL.sub("", word)


def _alike(word: str, other: str) -> float:
    """Return how alike two words are in letters or, a little less, in sound."""
    if _side(word) != _side(other):
        return 0.0
    alike = likeness(word, other)
    heard = sound(word), sound(other)
    if alike >= 1 - _BY_SOUND or heard == (word, other):
        return alike
    return max(alike, likeness(*heard) - _BY_SOUND)


def one_slip(word: str) -> Iterator[str]:
    """Yield all words that are one slip away: a letter less, more, another, or two swapped."""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in ascii_lowercase:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def _triples(words: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the letter triples of words that are long enough, and the words' places."""
    long = [f"{{{w}}}" if SHORTEST <= len(w) <= _WIDTH - 2 else "" for w in words]
    letters = np.array(long, f"S{_WIDTH}").view(np.uint8).reshape(len(words), _WIDTH)
    wide = letters.astype(np.int64)
    codes = (wide[:, :-2] << 16) | (wide[:, 1:-1] << 8) | wide[:, 2:]
    rows, columns = np.nonzero(letters[:, 2:])
    return codes[rows, columns], rows.astype(np.int64)


def likeness(one: str, other: str) -> float:
    """Say how alike two words are: 1 less the weight of the slips between them for each letter."""
    longest = max(len(one), len(other))
    room = (1 - LEAST) * longest
    if abs(len(one) - len(other)) > room + 1:
        return 0.0
    cost = _distance(one, other, room)
    if one[0] != other[0]:
        cost += 0.3
    return max(0.0, 1 - cost / longest)


def _side(word: str) -> str:
    """Return the prefix that turns a word into its opposite: hypoglycemia, hyperglycemia."""
    return next((prefix for prefix in _OPPOSITES if word.startswith(prefix)), "")


def _distance(one: str, other: str, room: float) -> float:
    """Return the weight of the slips, or some weight beyond ``room`` if there are more."""
    before: list[float] = []
    row = [float(place) for place in range(len(other) + 1)]
    for i, letter in enumerate(one):
        older, before, row = before, row, [row[0] + 1]
        double = i > 0 and one[i - 1] == letter
        for j, rival in enumerate(other):
            if letter == rival:
                row.append(before[j])
                continue
            drop = before[j + 1] + (0.4 if double else 0.8)
            add = row[j] + (0.4 if j and other[j - 1] == rival else 0.8)
            change = before[j] + _change(letter, rival)
            best = min(drop, add, change)
            if i and j and letter == other[j - 1] and one[i - 1] == rival:
                best = min(best, older[j - 1] + 0.6)
            row.append(best)
        if min(row) > room:
            return room + 1
    return row[-1]


def _change(letter: str, rival: str) -> float:
    if letter in _VOWELS and rival in _VOWELS:
        return 0.5
    return 0.6 if frozenset((letter, rival)) in _ALIKE else 1.0
