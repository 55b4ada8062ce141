"""What a run tells on the terminal: its progress and its closing summary."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from types import TracebackType

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from pipeline.job import Summary
from pipeline.schema import CODES, OUT_TABLES

STATUSES = ("ok", "empty", "duplicate", "quarantined")
_LINE_S = 10.0
_MOST_PROBLEMS = 5


class _Amount(ProgressColumn):
    """Notes done of all, and how many a second."""

    def render(self, task: Task) -> Text:
        """Render the column."""
        if task.total is None:
            return Text(format_duration(task.elapsed or 0.0), "dim")
        text = Text(f"{task.completed:,.0f}/{task.total:,.0f} notes", "bold")
        if task.speed:
            text.append(f"  {format_rate(task.speed)} notes/s", "cyan")
        return text


class _Remaining(ProgressColumn):
    """Time left."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        """Render the column."""
        if task.total is None or task.finished or task.time_remaining is None:
            return Text()
        return Text(f"{format_duration(task.time_remaining)} left", "dim")


class RichProgress:
    """Progress as a bar with notes done, notes a second and time left; use it with ``with``.

    Args:
        console: The terminal; messages appear above the bar.
        get_time: The clock, in seconds.
    """

    def __init__(self, console: Console, get_time: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        columns = (SpinnerColumn(finished_text="✓"), BarColumn(24), _Amount(), _Remaining())
        self._bar = Progress(*columns, console=console, get_time=get_time)
        self._task = self._bar.add_task("notes", total=None)

    def __enter__(self) -> RichProgress:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        task = self._bar.tasks[0]
        if task.total is None:  # nothing was begun: leave no bar that never moved
            self._bar.update(self._task, visible=False)
        self._bar.stop()

    def say(self, message: str) -> None:
        """Tell one line."""
        self._console.print(Text(message, "dim"))

    def begin(self, notes: int) -> None:
        """Tell how many notes there are to do."""
        self._bar.reset(self._task, total=notes)

    def advance(self, notes: int) -> None:
        """Tell that some more notes are done."""
        _advance(self._bar, notes)


class PlainProgress:
    """Progress as plain lines, one every ten seconds at most, for logs; use it with ``with``.

    Args:
        console: Where lines go.
        get_time: The clock, in seconds.
    """

    def __init__(self, console: Console, get_time: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._get_time = get_time
        self._lock = threading.Lock()
        self._pace = Progress(console=console, get_time=get_time, disable=True)
        self._told = self._started = get_time()
        self._last = ""

    def __enter__(self) -> PlainProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            for task in self._pace.tasks:
                seconds = format_duration(self._get_time() - self._started)
                self._print(f"{_amount(task)} in {seconds}")

    def say(self, message: str) -> None:
        """Tell one line."""
        with self._lock:
            self._print(message)

    def begin(self, notes: int) -> None:
        """Tell how many notes there are to do."""
        with self._lock:
            for task in self._pace.tasks:
                self._pace.remove_task(task.id)
            self._pace.add_task("notes", total=notes)
            self._told = self._started = self._get_time()
            self._print(f"{notes:,} notes to do")

    def advance(self, notes: int) -> None:
        """Tell that some more notes are done."""
        with self._lock:
            _advance(self._pace, notes)
            if self._get_time() - self._told < _LINE_S:
                return
            self._told = self._get_time()
            for task in self._pace.tasks:
                parts = [_amount(task)]
                if task.speed:
                    parts.append(f"{format_rate(task.speed)} notes/s")
                if task.time_remaining:
                    parts.append(f"{format_duration(task.time_remaining)} left")
                self._print(", ".join(parts))

    def _print(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True, highlight=False)


def choose_progress(console: Console) -> RichProgress | PlainProgress:
    """Choose a bar for a terminal that can draw one, else plain lines.

    Args:
        console: Where progress goes; standard error, so that output can be piped.
    """
    if console.is_terminal and not console.is_dumb_terminal:
        return RichProgress(console)
    return PlainProgress(console)


def format_duration(seconds: float) -> str:
    """Write a duration as people say it: ``8 s``, ``2 min 05 s``, ``3 h 07 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60:02} min"


def format_rate(rate: float) -> str:
    """Write a number per second with as many digits as it deserves."""
    return f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}"


def render_summary(summary: Summary, out: Path) -> RenderableType:
    """Render what a run did, for a terminal of 80 columns or more.

    Args:
        summary: What the run says of itself.
        out: OUT as the user wrote it.
    """
    complete = summary.status == "complete"
    title = Text.assemble(
        ("✓ " if complete else "! ", "bold green" if complete else "bold yellow"),
        ("run ", "bold"),
        (summary.run_id, "bold"),
        (f" {summary.status}", "green" if complete else "yellow"),
        (f" in {format_duration(summary.seconds)}", "dim"),
    )
    parts: list[RenderableType] = [title, Text(), _rows(summary), Text(), _facts(summary, out)]
    if summary.problems:
        parts += [Text(), _problems(summary)]
    return Group(*parts)


def summary_json(summary: Summary) -> str:
    """Write the whole summary as JSON, for ``--json``; there is no path in it."""
    return json.dumps(asdict(summary), indent=2)


def _rows(summary: Summary) -> Table:
    """Tabulate what became of the rows read; the statuses add up to them."""
    counts = summary.counts
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_footer=True)
    read = counts.get("rows_read", 0)
    table.add_column("rows", footer=Text("read", "bold"))
    table.add_column(justify="right", footer=Text(f"{read:,}", "bold"))
    table.add_column("what they are")
    ok, redone = counts.get("ok", 0), counts.get("redone", 0)
    released = f"{redone:,} done by this run, {ok - redone:,} carried over"
    meanings = {"ok": f"de-identified notes in OUT: {released}"}
    for status in STATUSES:
        number = counts.get(status, 0)
        style = _STYLES[status] if number else "dim"
        table.add_row(Text(status, style), f"{number:,}", Text(meanings.get(status, ""), "dim"))
        for code, n in sorted(summary.codes.items()):
            of_status, meaning = CODES[code]
            if of_status == status:
                table.add_row(Text(f"  {code}", "dim"), Text(f"{n:,}", "dim"), meaning)
    left = read - sum(counts.get(status, 0) for status in STATUSES)
    if left:
        table.add_row(Text("not done", "bold red"), f"{left:,}", "their work units failed")
    return table


_STYLES = {"ok": "bold green", "empty": "bold", "duplicate": "bold", "quarantined": "bold yellow"}


def _facts(summary: Summary, out: Path) -> Table:
    counts = summary.counts
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column()
    seconds = max(summary.seconds, 1e-9)
    redone, words = counts.get("redone", 0), counts.get("words", 0)
    if redone:
        rates = f"{format_rate(redone / seconds)} notes/s, {format_rate(words / seconds)} words/s"
        grid.add_row("speed", f"{rates}, start-up included")
    grid.add_row("PHI", f"{counts.get('phi', 0):,} spans replaced in the notes of OUT")
    grid.add_row("mentions", f"{counts.get('mentions', 0):,} found in them")
    tables = ", ".join(table.name for table in OUT_TABLES)
    grid.add_row("tables", Text.assemble(str(out), (f"  ({tables})", "dim")))
    if any(CODES[code][0] != "ok" for code in summary.codes):
        grid.add_row("refused", "the table quarantine in the PHI root names file and row of each")
    grid.add_row("look", Text(f"chartsift show {shlex.quote(str(out))}", "cyan"))
    return grid


def _problems(summary: Summary) -> Group:
    problems = list(dict.fromkeys(summary.problems))
    lines = [Text(f"{len(summary.problems)} work units failed", "bold red")]
    if len(summary.problems) == 1:
        lines = [Text("1 work unit failed", "bold red")]
    lines += [Text(f"✗ {problem}") for problem in problems[:_MOST_PROBLEMS]]
    if len(problems) > _MOST_PROBLEMS:
        lines.append(Text(f"  and {len(problems) - _MOST_PROBLEMS} more", "dim"))
    lines.append(
        Text(
            "→ run the same command again: what is done is carried over and only what failed is "
            "redone",
            "bold",
        )
    )
    return Group(*lines)


def _amount(task: Task) -> str:
    return f"{task.completed:,.0f} of {task.total or 0:,.0f} notes ({task.percentage:.0f} %)"


def _advance(progress: Progress, notes: int) -> None:
    """Advance the only task, never past its end: a unit that is tried again tells its notes twice."""
    for task in progress.tasks:
        room = notes if task.total is None else max(0, int(task.total - task.completed))
        progress.advance(task.id, min(notes, room))
