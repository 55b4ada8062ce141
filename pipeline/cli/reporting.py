"""How a command ends: text on standard output, errors as a line and an exit status."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from pipeline.errors import ChartsiftError, ExitCode

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings in TOML; see the README.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@contextmanager
def reporting() -> Iterator[None]:
    """Turn chartsift's errors into a line on standard error and an exit status.

    An error of any other kind may quote a note, so only its kind is told.
    """
    code = ExitCode.OK
    try:
        yield
    except typer.Exit:
        raise
    except ChartsiftError as error:
        message, code = str(error), error.exit_code
    except KeyboardInterrupt:
        message, code = "stopped; the same command resumes", ExitCode.INTERRUPTED
    except Exception as error:
        message = f"{type(error).__name__} at {_place(error)}; this is a defect"
        code = ExitCode.FAILED
    if code:
        typer.echo(f"chartsift: {message}", err=True)
        raise typer.Exit(code)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "an unknown place"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def print_rich(renderable: Any) -> None:
    """Print what rich renders on standard output."""
    Console(highlight=False).print(renderable)
