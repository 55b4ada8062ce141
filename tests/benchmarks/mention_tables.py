"""The README's tables of extraction, from the results of :mod:`tests.benchmarks.mentions`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("mentions.json")
"""What the README's tables are made from."""

SEEN = "†"
UNLISTED = "‡"
_NOTHING = "-"
_PER_LABEL = "clinical_notes"


def render(results: Mapping[str, Any]) -> str:
    """Lay out all tables: sets and systems, what each step brought, what merging brought.

    Raises:
        ValueError: The results lack the system in bold, or one of the ladder.
    """
    for name in (results["ours"], *(name for name, _ in results["ladder"])):
        if name not in results["systems"]:
            raise ValueError(f"{name!r} is in bold or on the ladder, but was not measured")
    parts = [
        "Strict / relaxed F1 over the labels that a set annotates, with the 95 % interval of the"
        " strict one of ours.",
        _grid(*_scores(results)),
        *_footnotes(results),
    ]
    if results["ladder"]:
        parts += ["What each step brought, strict F1:", _grid(*_steps(results))]
    merged = {name: entry for name, entry in results["systems"].items() if "over" in entry}
    if merged:
        parts += [
            "What merging brings: points of strict F1 (and points for each millisecond that it"
            " adds to 1,000 words).",
            _grid(*_gains(results, merged)),
        ]
    return "\n\n".join(parts)


def _scores(results: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    ours = results["ours"]
    names = _shown(results)
    systems = [results["systems"][name] for name in names]
    head = ["set", "documents", *(_bold(n, n == ours) for n in names), f"95 % of {ours}"]
    rows = []
    for set_name, of_set in results["sets"].items():
        cells = [entry["sets"].get(set_name) for entry in systems]
        own = results["systems"][ours]["sets"].get(set_name)
        scores = [_score(cell, entry) for cell, entry in zip(cells, systems, strict=True)]
        row = [of_set["title"], str(of_set["documents"]), *scores]
        rows.append([*_emphasised(row, names, ours), _interval(own)])
        if set_name != _PER_LABEL:
            continue
        for label in sorted({name for cell in cells if cell for name in cell["labels"]}):
            of_label = [cell["labels"].get(label) if cell else None for cell in cells]
            row = [f"… {label}", "", *(_score(cell) for cell in of_label)]
            own_label = own["labels"].get(label) if own else None
            rows.append([*_emphasised(row, names, ours), _interval(own_label)])
        eces = ["" if cell is None else _number(cell["ece"]) for cell in cells]
        row = ["… calibration error (ECE)", "", *eces]
        rows.append([*_emphasised(row, names, ours), ""])
    sizes = [f"{sum(m['megabytes'] for f in e['models'] for m in f):.0f}" for e in systems]
    speeds = [
        f"{entry['speed']['words_per_second']:,}" if "speed" in entry else _NOTHING
        for entry in systems
    ]
    for row in (["MB on disk", "", *sizes], ["words for each second of a core", "", *speeds]):
        rows.append([*_emphasised(row, names, ours), ""])
    return head, rows


def _steps(results: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    sets, ladder = results["sets"], results["ladder"]
    rows = []
    for before, (name, description) in pairwise([None, *ladder]):
        own = results["systems"][name]["sets"]
        other = results["systems"][before[0]]["sets"] if before else {}
        cells = [_step(own.get(of_set), other.get(of_set)) for of_set in sets]
        rows.append([description, *cells])
    return ["step", *(of_set["title"] for of_set in sets.values())], rows


def _step(cell: Mapping[str, Any] | None, before: Mapping[str, Any] | None) -> str:
    value, other = (c["strict"]["value"] if c else None for c in (cell, before))
    if value is None or other is None:
        return _number(value)
    return f"{_number(value)} ({value - other:+.3f})"


def _gains(
    results: Mapping[str, Any], merged: Mapping[str, Any]
) -> tuple[list[str], list[list[str]]]:
    sets = results["sets"]
    rows = []
    for name, entry in merged.items():
        over = entry["over"]
        cells = [_gain(over["sets"].get(of_set)) for of_set in sets]
        rows.append([name, over["system"], f"{over['ms_per_1000_words']:.1f}", *cells])
    head = ["merged", "over", "ms added to 1,000 words"]
    return [*head, *(of_set["title"] for of_set in sets.values())], rows


def _gain(gain: Mapping[str, Any] | None) -> str:
    if gain is None:
        return _NOTHING
    per_ms = gain["points_per_ms"]
    return f"{gain['points']:+.2f} ({_NOTHING if per_ms is None else f'{per_ms:+.3f}'})"


def _shown(results: Mapping[str, Any]) -> list[str]:
    """Name the systems of the first table: all but the steps between the ladder's ends."""
    between = {name for name, _ in results["ladder"][1:-1]} - {results["ours"]}
    return [name for name in results["systems"] if name not in between]


def _score(cell: Mapping[str, Any] | None, entry: Mapping[str, Any] | None = None) -> str:
    """Show one cell; marked if the system, where given, has seen a document of the set."""
    if cell is None:
        return _NOTHING
    values = " / ".join(_number(cell[way]["value"]) for way in ("strict", "relaxed"))
    if entry is None:
        return values
    return values + _marks(cell, entry)


def _marks(cell: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    return SEEN * bool(cell["seen_documents"]) + UNLISTED * (not entry["listed"])


def _footnotes(results: Mapping[str, Any]) -> Iterable[str]:
    systems = [results["systems"][name] for name in _shown(results)]
    marks = "".join(_marks(cell, entry) for entry in systems for cell in entry["sets"].values())
    if SEEN in marks:
        yield f"{SEEN} The system was trained on documents of this set: no promise for others."
    if UNLISTED in marks:
        yield f"{UNLISTED} A model of the system doesn't say which documents it was trained on."


def _interval(cell: Mapping[str, Any] | None) -> str:
    low, high = (cell["strict"][end] for end in ("low", "high")) if cell else (None, None)
    return _NOTHING if low is None or high is None else f"{low:.3f}-{high:.3f}"


def _number(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.3f}"


def _emphasised(row: Sequence[str], names: Sequence[str], ours: str) -> list[str]:
    """Put the cell of ours in bold; the systems' cells begin at the third."""
    return [*row[:2], *(_bold(c, n == ours) for c, n in zip(row[2:], names, strict=True))]


def _bold(text: str, bold: bool) -> str:
    return f"**{text}**" if bold and text else text


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
