"""Windows of words that fit a model: nothing is truncated or lost."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

LONGEST_WORD = 32
"""Letters and digits after which a run of them is cut, so that one word never fills a window."""


def cut_windows(
    words: Sequence[tuple[int, int]],
    sizes: Sequence[int],
    sentences: Sequence[tuple[int, int]],
    limit: int,
) -> list[tuple[int, int]]:
    """Pack consecutive sentences into windows, greedily.

    A sentence larger than a window is cut between words; what is left of it shares a window with
    the sentences after it. A word larger than a window has one of its own.

    Args:
        words: ``(start, end)`` of each word in code points, in order.
        sizes: How much of a window each word takes, e.g. its number of word pieces.
        sentences: ``(start, end)`` in code points, in order, covering all words.
        limit: A window's size, at least 1.

    Returns:
        ``(first, last)`` half-open ranges of word indices that follow one another without a gap.
    """
    if limit < 1:
        raise ValueError(f"a window's size is at least 1, got {limit}")
    starts = [start for start, _ in words]
    windows: list[tuple[int, int]] = []
    begin = filled = 0
    first = 0
    for _, end in sentences:
        last = bisect_left(starts, end, first)
        size = sum(sizes[first:last])
        if filled and filled + size > limit:
            windows.append((begin, first))
            begin, filled = first, 0
        if size <= limit:
            filled += size
        else:
            for index in range(first, last):
                if filled and filled + sizes[index] > limit:
                    windows.append((begin, index))
                    begin, filled = index, 0
                filled += sizes[index]
        first = last
    if begin < len(words):
        windows.append((begin, len(words)))
    return windows
