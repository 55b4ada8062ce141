"""What runs of the benchmark of mentions have measured, all together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.errors import InputError
from tests.benchmarks.mention_sets import SETS, TestSet

Results = dict[str, Any]
"""What stands in the file: ``documents`` (the most of each set, or None), ``ours``, ``ladder``,
``sets`` and ``systems``."""


def update(
    results: Results | None,
    sets: Mapping[str, TestSet],
    entries: Mapping[str, Any],
    limit: int | None,
    ours: str | None,
    ladder: Sequence[tuple[str, str]],
) -> Results:
    """Add what a run measured to the results of runs before it.

    Args:
        results: Of the runs before; None for the first.
        sets: The sets of this run.
        entries: Its systems, as :func:`tests.benchmarks.mentions.measure` returns them.
        limit: The most documents of each set; None for all.
        ours: The system that the README shows in bold; None for the one before, or the first.
        ladder: Systems and what each improves upon the one before; none for those before.

    Raises:
        InputError: The runs before measured on other documents.
    """
    old: Results = results or {"documents": limit, "sets": {}, "systems": {}}
    facts = {
        name: {"title": of.title, "documents": len(of.notes), "words": of.words}
        for name, of in sets.items()
    }
    if old["documents"] != limit or any(old["sets"].get(n, f) != f for n, f in facts.items()):
        raise InputError("the results there are of other documents; give another file with --out")
    systems = dict(old["systems"])
    for name, entry in entries.items():
        before = systems.get(name, {})
        if before.get("models") == entry["models"]:
            entry = before | entry | {"sets": before["sets"] | entry["sets"]}
        systems[name] = entry
    every = old["sets"] | facts
    return {
        "documents": limit,
        "ours": ours or old.get("ours") or next(iter(systems)),
        "ladder": [list(step) for step in ladder] or old.get("ladder", []),
        "sets": {name: every[name] for name in SETS if name in every},
        "systems": {name: _with_gain(entry, systems) for name, entry in systems.items()},
    }


def _with_gain(entry: dict[str, Any], systems: Mapping[str, Any]) -> dict[str, Any]:
    """Tell what a merged system adds to its token classifiers, in points of strict F1."""
    over = entry.get("over")
    base = systems.get(over["system"]) if over else None
    if over is None or base is None or any(m not in entry["models"] for m in base["models"]):
        return {key: value for key, value in entry.items() if key != "over"}
    gains = {}
    for name, scores in entry["sets"].items():
        f1, other = scores["strict"]["value"], _strict(base, name)
        if f1 is not None and other is not None:
            points, cost = 100 * (f1 - other), over["ms_per_1000_words"]
            per_ms = round(points / cost, 3) if cost > 0 else None
            gains[name] = {"points": round(points, 2), "points_per_ms": per_ms}
    return entry | {"over": over | {"sets": gains}}


def _strict(entry: Mapping[str, Any], name: str) -> float | None:
    value: float | None = entry["sets"].get(name, {}).get("strict", {}).get("value")
    return value
