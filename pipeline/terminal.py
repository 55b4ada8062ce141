"""What a run tells: its progress, and in the end what it did, for the eye and as JSON."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.progress import PlainProgress, RichProgress, format_duration, format_rate
from pipeline.run import Summary
from pipeline.schema import CODES, OUT_TABLES

_STATUSES = {
    "ok": ("bold green", ""),
    "empty": ("bold", "no text, so nothing to release"),
    "duplicate": ("bold", "another row of the same note was taken"),
    "quarantined": ("bold yellow", "not released; file and row are in PHI/quarantine"),
}
"""Status → style and meaning; the meaning of ok depends on the run."""

_MOST_PROBLEMS = 5


def open_progress(console: Console | None = None) -> RichProgress | PlainProgress:
    """Choose a bar for a terminal that can draw one, else plain lines; use it with ``with``.

    Args:
        console: Where progress goes; None is standard error, so that output can be piped.
    """
    console = console or Console(stderr=True, highlight=False)
    if console.is_terminal and not console.is_dumb_terminal:
        return RichProgress(console)
    return PlainProgress(console)


def render_summary(summary: Summary, out: Path) -> RenderableType:
    """Render what a run did, for a terminal of 80 columns or more.

    Args:
        summary: What the run says of itself.
        out: OUT as the user wrote it.
    """
    mark, style = ("✓", "green") if summary.status == "complete" else ("!", "yellow")
    title = Text.assemble(
        (f"{mark} run {summary.run_id} {summary.status}", f"bold {style}"),
        (f" in {format_duration(summary.seconds)}", "dim"),
    )
    parts: list[RenderableType] = [title, _rows(summary), _facts(summary, out)]
    if summary.problems:
        parts += [Text(), _problems(summary)]
    return Group(*parts)


def summary_json(summary: Summary) -> str:
    """Write the whole summary as JSON; there is no path in it."""
    return json.dumps(asdict(summary), indent=2)


def _rows(summary: Summary) -> Table:
    """Tabulate what became of the rows read: the statuses add up to them."""
    counts = summary.counts
    read = counts.get("rows_read", 0)
    table = Table(box=box.SIMPLE, show_header=False, show_footer=True, padding=(0, 1))
    table.add_column(footer=Text("rows read", "bold"))
    table.add_column(justify="right", footer=Text(f"{read:,}", "bold"))
    table.add_column(style="dim")
    for status, (style, meaning) in _STATUSES.items():
        number = counts.get(status, 0)
        if status == "ok":
            redone = counts.get("redone", 0)
            meaning = f"{redone:,} done by this run, {number - redone:,} carried over"
        table.add_row(
            Text(status, style if number else ""), f"{number:,}", meaning if number else ""
        )
        for code, rows in sorted(summary.codes.items()):
            of_status, why = CODES[code]
            if of_status == status:
                table.add_row(Text(f"  {code}", "dim"), Text(f"{rows:,}", "dim"), why)
    failed = read - sum(counts.get(status, 0) for status in _STATUSES)
    if failed:
        table.add_row(Text("not done", "bold red"), f"{failed:,}", "their work units failed")
    return table


def _facts(summary: Summary, out: Path) -> Table:
    counts = summary.counts
    redone, words = counts.get("redone", 0), counts.get("words", 0)
    grid = Table.grid(padding=(0, 2), pad_edge=True)
    grid.add_column(style="bold")
    grid.add_column(overflow="fold")
    if redone and summary.seconds > 0:
        notes_rate = format_rate(redone / summary.seconds)
        words_rate = format_rate(words / summary.seconds)
        grid.add_row("speed", f"{notes_rate} notes/s, {words_rate} words/s, start-up included")
    grid.add_row("PHI", f"{counts.get('phi', 0):,} spans found in the notes of OUT")
    grid.add_row("mentions", f"{counts.get('mentions', 0):,} found in them")
    tables = ", ".join(table.name for table in OUT_TABLES)
    grid.add_row("tables", Text(f"{tables} in {out}"))
    grid.add_row("look", Text(f"chartsift show {shlex.quote(str(out))}", "cyan"))
    return grid


def _problems(summary: Summary) -> Table:
    problems = summary.problems
    grid = Table.grid(padding=(0, 1))
    grid.add_column()
    grid.add_column()
    units = "1 work unit" if len(problems) == 1 else f"{len(problems)} work units"
    grid.add_row(Text("✗", "bold red"), Text(f"{units} failed", "bold red"))
    for problem in problems[:_MOST_PROBLEMS]:
        grid.add_row("", Text(problem))
    if len(problems) > _MOST_PROBLEMS:
        grid.add_row("", Text(f"and {len(problems) - _MOST_PROBLEMS} more", "dim"))
    remedy = "run the same command again: finished work is carried over, the rest is done"
    grid.add_row(Text("→", "bold"), Text(remedy, "bold"))
    return grid
