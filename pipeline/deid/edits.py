"""Words that one edit parts: the wrong spellings of a name."""

from __future__ import annotations


def deletions(word: str) -> set[str]:
    """Return the word and all forms with one letter less (the index of SymSpell)."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def is_within_one_edit(first: str, second: str) -> bool:
    """Say whether two words are equal, or one insertion, deletion, substitution or swap apart."""
    if abs(len(first) - len(second)) > 1 or first == second:
        return first == second
    same = 0
    while same < min(len(first), len(second)) and first[same] == second[same]:
        same += 1
    a, b = first[same:], second[same:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
