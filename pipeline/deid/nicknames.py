"""Short and familiar forms of common first names, both ways."""

from __future__ import annotations

from functools import cache

from pipeline.deid.rules.lexicon import read_lines


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
