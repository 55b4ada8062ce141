"""Kinds of documents: what may leave of a column that hospitals fill with free text."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from pipeline.deid.rules.lexicon import read_lines

_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"\d{1,10}")


def release_note_type(note_type: str | None, allowed: Collection[str] = ()) -> str | None:
    """Release a kind of document if it can't name anybody.

    Finders of PHI are made for sentences, so this is an allow-list: a kind is released if every
    word of it is one of those that kinds of documents are made of, if it is a code of up to ten
    digits, or if it is listed.

    Args:
        note_type: As the source has it.
        allowed: Kinds to release as they are, in any case.

    Returns:
        The kind as it is, or None if it is withheld or missing.
    """
    if note_type is None or note_type.lower() in {kind.lower() for kind in allowed}:
        return note_type
    words = _WORD.findall(note_type.lower())
    has_digits = any(character.isdigit() for character in note_type)
    if words and not has_digits and _vocabulary().issuperset(words):
        return note_type
    return note_type if _CODE.fullmatch(note_type) else None


@cache
def _vocabulary() -> frozenset[str]:
    return frozenset(read_lines("document_types"))
