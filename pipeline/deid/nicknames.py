"""Short and familiar forms of common first names, both ways."""

from __future__ import annotations

from functools import cache

from pipeline.deid.rules.lexicon import Lexicon, read_lines


@cache
def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in read_lines("nicknames"):
        full, *short = line.split()
        for nickname in short:
            table.setdefault(full, set()).add(nickname)
            table.setdefault(nickname, set()).add(full)
    return {name: frozenset(others) for name, others in table.items()}


def find_nicknames(name: str) -> frozenset[str]:
    """Return the familiar forms of a first name, or the names that a familiar form stands for.

    Args:
        name: A first name in lower case.
    """
    return _table().get(name, frozenset())


def find_diminutives(name: str, lexicon: Lexicon) -> frozenset[str]:
    """Return names that are made of a name's beginning: Beau of Beauregard, Tommy of Tomasz.

    Args:
        name: A name in lower case.
        lexicon: Tells first names from words.
    """
    made = {
        name[:size] + doubled + ending
        for size in range(3, len(name) - 1)
        for doubled in ("", name[size - 1])
        for ending in ("", "y", "ie", "i", "ey", "a")
        if ending or not doubled
    }
    words = (lexicon.common, lexicon.clinical, lexicon.eponyms, lexicon.cities)
    return frozenset(
        form
        for form in made
        if len(form) > 3
        and form in lexicon.first_names
        and not any(form in listed for listed in words)
    )
