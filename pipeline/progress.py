"""What a run tells while it is at work: a bar on a terminal, lines in a log."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task
from rich.text import Text

_LINE_S = 10.0


class RichProgress:
    """Progress as a bar with notes done, notes a second and time left; used with ``with``.

    Args:
        console: The terminal; messages appear above the bar.
        get_time: The clock, in seconds.
    """

    def __init__(self, console: Console, get_time: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._lock = threading.Lock()
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
        if any(task.total is None for task in self._bar.tasks):
            self._bar.update(self._task, visible=False)  # no bar is left that never moved
        self._bar.stop()

    def say(self, message: str) -> None:
        """Tell one line."""
        self._console.print(Text(message, "dim"))

    def begin(self, notes: int) -> None:
        """Tell how many notes there are to do."""
        with self._lock:
            self._bar.reset(self._task, total=notes)

    def advance(self, notes: int) -> None:
        """Tell that some more notes are done."""
        with self._lock:
            _advance(self._bar, notes)


class PlainProgress:
    """Progress as plain lines, one every ten seconds at most, for logs; used with ``with``.

    Args:
        console: Where lines go.
        get_time: The clock, in seconds.
    """

    def __init__(self, console: Console, get_time: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._get_time = get_time
        self._lock = threading.Lock()
        self._pace = Progress(console=console, get_time=get_time, disable=True)
        self._begun = self._told = get_time()

    def __enter__(self) -> PlainProgress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            taken = format_duration(self._get_time() - self._begun)
            for task in self._pace.tasks:
                self._print(f"{_amount(task)} in {taken}")

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
            self._begun = self._told = self._get_time()
            self._print(f"{notes:,} notes to do")

    def advance(self, notes: int) -> None:
        """Tell that some more notes are done."""
        with self._lock:
            _advance(self._pace, notes)
            now = self._get_time()
            if now - self._told < _LINE_S:
                return
            self._told = now
            for task in self._pace.tasks:
                parts = [_amount(task)]
                if task.speed:
                    parts.append(f"{format_rate(task.speed)} notes/s")
                if task.time_remaining:
                    parts.append(f"{format_duration(task.time_remaining)} left")
                self._print(", ".join(parts))

    def _print(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)


class _Amount(ProgressColumn):
    """Notes done of all, and how many a second; before the number is known, the time."""

    def render(self, task: Task) -> Text:
        if task.total is None:
            return Text(format_duration(task.elapsed or 0.0), "dim")
        text = Text(f"{task.completed:,.0f}/{task.total:,.0f} notes")
        speed = task.finished_speed or task.speed
        if speed:
            text.append(f"  {format_rate(speed)} notes/s", "cyan")
        return text


class _Remaining(ProgressColumn):
    """Time left; when all is done, the time it took."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        if task.finished_time is not None:
            return Text(f"in {format_duration(task.finished_time)}", "dim")
        if task.time_remaining is None:
            return Text()
        return Text(f"{format_duration(task.time_remaining)} left", "dim")


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


def _amount(task: Task) -> str:
    return f"{task.completed:,.0f} of {task.total or 0:,.0f} notes"


def _advance(progress: Progress, notes: int) -> None:
    """Advance the task, never past its end: a unit that is tried again tells its notes twice."""
    for task in progress.tasks:
        room = notes if task.total is None else max(0, round(task.total - task.completed))
        progress.advance(task.id, min(notes, room))
