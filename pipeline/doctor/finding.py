"""What an examination finds, and how it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.errors import ChartsiftError, ExitCode

Status = Literal["ok", "warning", "wrong"]

_MARKS: dict[Status, tuple[str, str]] = {
    "ok": ("✓", "green"),
    "warning": ("!", "bold yellow"),
    "wrong": ("✗", "bold red"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined.

    Attributes:
        subject: What was examined, in a word or three.
        status: ``ok``; ``warning`` if runs work but something wants attention; ``wrong`` if they
            don't work, or not safely.
        message: What was found.
        remedy: What to do about it; empty if all is well or the message says it.
    """

    subject: str
    status: Status
    message: str
    remedy: str = ""

    def __post_init__(self) -> None:
        if self.status not in get_args(Status):
            raise ValueError(f"a finding is ok, warning or wrong, not {self.status!r}")

    @classmethod
    def of_error(cls, subject: str, error: ChartsiftError) -> Finding:
        """Make a wrong finding of an error, whose remedy stands behind a semicolon."""
        message, _, remedy = str(error).partition("; ")
        return cls(subject, "wrong", message, remedy)


def exit_code(findings: Sequence[Finding]) -> ExitCode:
    """Return ``SETUP`` if anything is wrong; warnings are not."""
    wrong = any(finding.status == "wrong" for finding in findings)
    return ExitCode.SETUP if wrong else ExitCode.OK


def render_findings(findings: Sequence[Finding]) -> RenderableType:
    """Render findings in their order, with their remedies and a closing line."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=1)
    grid.add_column(style="bold", max_width=18)
    grid.add_column()
    for finding in findings:
        mark, style = _MARKS[finding.status]
        message = Text(finding.message)
        if finding.remedy:
            message.append(f"\n→ {finding.remedy}", "cyan")
        grid.add_row(Text(mark, style), Text(finding.subject), message)
    return Group(grid, Text(), _closing(findings))


def _closing(findings: Sequence[Finding]) -> Text:
    counts = Counter(finding.status for finding in findings)
    warnings = "1 warning" if counts["warning"] == 1 else f"{counts['warning']} warnings"
    if counts["wrong"]:
        return Text(f"{counts['wrong']} wrong, {warnings}", "bold red")
    if counts["warning"]:
        return Text(f"nothing wrong, {warnings}", "bold yellow")
    return Text("all is well", "bold green")
