"""What lies in OUT, for the eye: counts, frequent mentions, a few rows, one note marked.

Only OUT is read.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from rich import box
from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table as Grid
from rich.text import Text

from pipeline.manifest import Manifest
from pipeline.marking import LABEL_STYLES, mark_mentions, printable
from pipeline.note import Mention
from pipeline.released import Released
from pipeline.schema import MEDICATION, MENTION, NOTE, NOTE_STATUS

_SHORT_ID = 10
_MOST_FREQUENT = 10
_OF_ONE_NOTE = 3


def show_counts(out: Path) -> RenderableType:
    """Render how many rows the tables of OUT have, and the most frequent mentions.

    Args:
        out: The OUT folder.

    Raises:
        InputError: There are no tables in the folder, or they can't be read.
    """
    released = Released(out)
    labels = released.count_by(MENTION, "label")
    statuses = released.count_by(NOTE_STATUS, "status")
    notes = released.count(NOTE)
    table = Grid(box=box.SIMPLE_HEAD)
    table.add_column("table", style="bold")
    table.add_column("rows", justify="right")
    table.add_column("of these")
    table.add_row(NOTE.name, f"{notes:,}", "")
    table.add_row(MENTION.name, f"{labels.total():,}", _parts(labels, LABEL_STYLES))
    table.add_row("", "", _parts(released.count_by(MENTION, "assertion"), {}))
    table.add_row(MEDICATION.name, f"{released.count(MEDICATION):,}", "")
    table.add_row(NOTE_STATUS.name, f"{statuses.total():,}", _parts(statuses, {}))
    parts: list[RenderableType] = [_run(released.last_manifest()), table]
    if labels:
        parts.append(_frequent(released))
    for batch in released.batches(NOTE, ["note_id"]):
        note_id = printable(batch["note_id"][0].as_py())
        parts.append(Text.assemble("  a note in full: ", (f"--note {note_id[:_SHORT_ID]}", "cyan")))
        break
    return Group(*parts)


def _run(manifest: Manifest | None) -> Text:
    if manifest is None:
        return Text("  no run has finished here yet", "yellow")
    style = "green" if manifest.status == "complete" else "yellow"
    finished = manifest.finished.replace("T", " ").removesuffix("+00:00")
    return Text.assemble(
        (f"  run {manifest.run_id} {manifest.status}", f"bold {style}"),
        (f"\n  finished {finished} UTC, made with key {manifest.key_id}", "dim"),
    )


def _parts(counts: Counter[str], styles: dict[str, str]) -> Text:
    """Write counts in one line, the largest first."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    parts = [Text(f"{name} {number:,}", styles.get(name, "")) for name, number in ranked]
    return Text("  ").join(parts)


def _frequent(released: Released) -> Grid:
    """Lay the most frequent mentions of the labels side by side."""
    frequent = released.frequent_mentions(_MOST_FREQUENT)
    ordered = sorted(frequent, key=lambda label: ([*LABEL_STYLES, label].index(label), label))
    table = Grid(box=box.SIMPLE_HEAD, padding=(0, 1))
    for label in ordered:
        header = Text(f"frequent {label}", LABEL_STYLES.get(label, ""))
        table.add_column(header, no_wrap=True, overflow="ellipsis", max_width=24)
        table.add_column(justify="right", style="dim")
    for place in range(_MOST_FREQUENT):
        cells: list[Text | str] = []
        for label in ordered:
            text, number = next(iter(frequent[label][place : place + 1]), ("", 0))
            cells += [Text(_line(text)), f"{number:,}" if number else ""]
        if any(cells):
            table.add_row(*cells)
    return table


def first_notes(out: Path, n: int) -> RenderableType:
    """Render a few rows of ``mention``, at most three of one note.

    Args:
        out: The OUT folder.
        n: How many rows.

    Raises:
        InputError: There are no tables in the folder, or they can't be read.
    """
    table = Grid(box=box.SIMPLE_HEAD)
    table.add_column("note_id", style="dim", no_wrap=True)
    for name in ("start", "end"):
        table.add_column(name, justify="right")
    table.add_column("label", no_wrap=True)
    table.add_column("text", no_wrap=True, overflow="ellipsis", max_width=30)
    table.add_column("assertion", no_wrap=True)
    table.add_column("concept", no_wrap=True, overflow="ellipsis", max_width=30)
    shown: Counter[str] = Counter()
    columns = ["note_id", "start", "end", "label", "text", "assertion", "concept_name"]
    for batch in Released(out).batches(MENTION, columns):
        for row in batch.to_pylist():
            if shown.total() == n:
                return table
            if shown[row["note_id"]] < _OF_ONE_NOTE:
                shown[row["note_id"]] += 1
                table.add_row(
                    Text(f"{printable(row['note_id'])[:_SHORT_ID]}…"),
                    str(row["start"]),
                    str(row["end"]),
                    Text(row["label"], LABEL_STYLES.get(row["label"], "")),
                    Text(_line(row["text"])),
                    row["assertion"] or "",
                    Text(_line(row["concept_name"] or "")),
                )
    return table


def show_note(out: Path, note_id: str) -> RenderableType:
    """Render a released note with its mentions marked and its replaced identifiers dim.

    Args:
        out: The OUT folder.
        note_id: The note's id in OUT, or the beginning of it if no other id begins so.

    Raises:
        InputError: There is no such note, or more than one, or no tables.
    """
    released = Released(out)
    found = released.find_note(note_id)
    row = next(released.rows(NOTE, found))
    mentions = [
        Mention(m["start"], m["end"], m["label"], m["score"], tuple(m["annotators"]))
        for m in released.rows(MENTION, found)
    ]
    statuses = [s for s in released.rows(NOTE_STATUS, found) if s["status"] == "ok"]
    labels = Counter(mention.label for mention in mentions)
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column(overflow="fold")
    for name in ("note_id", "patient_id", "encounter_id", "note_type"):
        grid.add_row(name, Text(_line(row[name] or "—")))
    grid.add_row("year", "—" if row["note_time"] is None else str(row["note_time"].year))
    for status in statuses:
        grid.add_row("PHI", Text(f"{status['n_phi']:,} spans found", ""))
    grid.add_row("mentions", _parts(labels, LABEL_STYLES) if labels else "none")
    rule = Rule(style="dim")
    return Group(grid, rule, mark_mentions(row["text"], mentions), rule)


def _line(text: str) -> str:
    return " ".join(printable(text).split())
