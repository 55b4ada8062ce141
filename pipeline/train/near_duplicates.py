"""Documents that are nearly the same as others: copied-forward notes, templates, reprints.

Broder, 1997, "On the resemblance and containment of documents": two texts are compared by the
sequences of words ("shingles") that they share.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

SHINGLE = 8
"""Words in a shingle."""

CONTAINED = 0.1
"""The share of the shorter text's shingles that makes two texts near-duplicates."""

_WORD = re.compile(r"\w+")


def find_near_duplicates(texts: Iterable[str], others: Iterable[str]) -> frozenset[int]:
    """Find the texts that share at least ``CONTAINED`` of their shingles with one of the others.

    The share is of the shingles of the shorter of the two. Case and punctuation don't count.

    Args:
        texts: The texts in question.
        others: The texts to compare them with.

    Returns:
        The places of those texts in their order.
    """
    holders: dict[int, list[int]] = defaultdict(list)
    sizes: list[int] = []
    for number, text in enumerate(others):
        shingles = _shingles(text)
        sizes.append(len(shingles))
        for shingle in shingles:
            holders[shingle].append(number)
    found = set()
    for place, text in enumerate(texts):
        shingles = _shingles(text)
        shared = Counter(number for s in shingles for number in holders.get(s, ()))
        if any(
            count >= CONTAINED * min(len(shingles), sizes[number])
            for number, count in shared.items()
        ):
            found.add(place)
    return frozenset(found)


def _shingles(text: str) -> set[int]:
    words = _WORD.findall(text.lower())
    last = max(1, len(words) - SHINGLE + 1)
    return {hash(tuple(words[i : i + SHINGLE])) for i in range(last)} if words else set()
