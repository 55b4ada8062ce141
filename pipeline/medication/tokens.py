"""The numbers, words and signs of the text around a drug."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.medication.tables import load_tables

NUMBER: Final = "number"
WORD: Final = "word"
SIGN: Final = "sign"
BREAK: Final = "break"
TAG: Final = "tag"

Place = tuple[int, int]
"""``[start, end)`` in code points of released text."""

_TOKEN = re.compile(
    r"""
    (?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,]\d)|\d+(?:\.\d+)?|(?<![\w.])\.\d+|[½¼¾⅓⅔])
    |(?P<word>(?<![A-Za-z])[A-Za-z](?:\.[A-Za-z])+(?![A-Za-z])\.?|[^\W\d_]+)
    |(?P<break>[^\S\r\n]*[\r\n]\s*)
    |(?P<tag>\[[A-Z][A-Z0-9_-]+\])
    |(?P<sign>\S)
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of text.

    Attributes:
        start: First code point.
        end: One past the last code point; the full stop of ``p.o.`` is within.
        kind: ``NUMBER``, ``WORD``, ``SIGN``, ``BREAK`` (a line's end) or ``TAG``.
        form: A word in lower case without its full stops; else as written.
    """

    start: int
    end: int
    kind: str
    form: str


def find_tokens(text: str, start: int, end: int) -> list[Token]:
    """Cut ``text[start:end]`` into tokens; abbreviations written together are cut apart.

    Args:
        text: Released text.
        start: First code point to read.
        end: One past the last.
    """
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        kind = match.lastgroup or SIGN
        begin, stop = match.span()
        form = match.group()
        if kind != WORD:
            tokens.append(Token(begin, stop, kind, form))
            continue
        plain = form.lower().replace(".", "")
        cut = _cut(plain, dotted="." in form) if 2 < len(plain) <= 10 else 0
        if not cut:
            tokens.append(Token(begin, stop, WORD, plain))
            continue
        middle = begin + (cut if "." not in form else 2 * cut)
        tokens.append(Token(begin, middle, WORD, plain[:cut]))
        tokens.append(Token(middle, stop, WORD, plain[cut:]))
    return tokens


@lru_cache(maxsize=50_000)
def _cut(word: str, *, dotted: bool) -> int:
    """Say after how many letters an abbreviation ends that another follows without a space.

    With full stops also the q of p.o.q.6h. and the h of 6h.p.r.n. are cut off.
    """
    short = load_tables().short_words
    if word in load_tables().frequencies.meanings:
        return 0
    if dotted and word[-1] == "q" and word[:-1] in short:
        return len(word) - 1
    if dotted and word[0] == "h" and word[1:] in short:
        return 1
    cuts = range(2, len(word) - 1)
    return next((cut for cut in cuts if word[:cut] in short and word[cut:] in short), 0)


def is_sign(tokens: Sequence[Token], index: int, signs: str) -> bool:
    """Say whether a token is one of some signs."""
    return index < len(tokens) and tokens[index].kind == SIGN and tokens[index].form in signs


def is_word(tokens: Sequence[Token], index: int, words: frozenset[str]) -> bool:
    """Say whether a token is one of some words."""
    return index < len(tokens) and tokens[index].kind == WORD and tokens[index].form in words


def is_dotted(text: str, token: Token) -> bool:
    """Say whether a word ends with a full stop that is a part of it, as in ``b.i.d.``."""
    return token.kind == WORD and text[token.end - 1] == "."
