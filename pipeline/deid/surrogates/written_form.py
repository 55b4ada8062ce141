"""How a string is written: its case, length class, and the words and runs it consists of."""

from __future__ import annotations

import re
import unicodedata

from pipeline.deid.person_name import fold

_MARKED = r"[^\W_][\u0300-\u036f]*"
_APOSTROPHES = "'’‘`\u00b4"
WORD = re.compile(rf"(?:{_MARKED})+(?:[{_APOSTROPHES}](?:{_MARKED})+)*")
_READ = str.maketrans("01358", "olesb")


def word_list(text: str) -> tuple[str, ...]:
    """Return the words of a text that lists them."""
    return tuple(text.split())


def word_set(text: str) -> frozenset[str]:
    """Return the set of the words of a text that lists them."""
    return frozenset(text.split())


def fold_word(word: str) -> str:
    """Fold a word as :func:`fold` does, quickly if it has nothing to fold but its case."""
    return word.lower() if word.isascii() and word.isalnum() else fold(word)


def find_words(text: str) -> list[tuple[int, int]]:
    """Return start and end of each word, a possessive ``'s`` left out."""
    spans: list[tuple[int, int]] = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if end - start > 3 and text[end - 1] in "sS" and text[end - 2] in _APOSTROPHES:
            end -= 2
        spans.append((start, end))
    return spans


def word_key(word: str) -> str:
    """Fold a word, and read the digits that a scanner put into it as the letters they were."""
    key = fold_word(word)
    if key.isalpha() or key.isdecimal():
        return key
    digits = sum(char.isdecimal() for char in key)
    return key.translate(_READ) if 2 * digits <= len(key) else key


def write_like(text: str, like: str) -> str:
    """Write a text in the case of another: all capitals, all small, or as it is."""
    letters = [char for char in like if char.isalpha()]
    if len(letters) > 1 and like.isupper():
        return text.upper()
    return text.lower() if like.islower() else text


def length_class(word: str) -> int:
    """Return 0 for up to four letters, 1 for five to seven, 2 for more."""
    return 0 if len(word) <= 4 else 1 if len(word) <= 7 else 2


def redraw_shape(text: str, digest: bytes, *, leading_zeros: bool = True) -> str:
    """Put another digit in the place of each digit and another letter in that of each letter.

    Args:
        text: Any text; what is neither letter nor digit stays.
        digest: Decides what is drawn. The last letter or digit takes its first byte, so that a
            number with leading zeros and one without them become alike.
        leading_zeros: Whether a run of digits may begin with zero.
    """
    made = list(text)
    place = 0
    for index in range(len(text) - 1, -1, -1):
        char = text[index]
        if not char.isalnum():
            continue
        step = digest[place % len(digest)] + place // len(digest)
        place += 1
        if char.isalpha():
            made[index] = _other_letter(char, step)
        elif leading_zeros or (index and text[index - 1].isdecimal()):
            made[index] = _other_digit(char, step)
        else:
            digits = [d for d in "123456789" if d != char]
            made[index] = digits[step % len(digits)]
    return "".join(made)


def _other_digit(char: str, step: int) -> str:
    return str((unicodedata.digit(char, 0) + 1 + step % 9) % 10)


def _other_letter(char: str, step: int) -> str:
    base = ord("A") if char.isupper() else ord("a")
    old = ord(char) - base
    if not 0 <= old < 26:
        return chr(base + step % 26)
    return chr(base + (old + 1 + step % 25) % 26)
