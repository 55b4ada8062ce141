"""The README's generated sections and its blocks of code; ``python -m tests.readme`` renews it."""

from __future__ import annotations

import ast
import inspect
import json
import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

import pipeline.errors
from pipeline.config import Config
from pipeline.deid.policy import policy_table
from pipeline.errors import ExitCode
from pipeline.patient import PatientRecord
from pipeline.resources import data_path
from pipeline.schema import CODES, LAYOUTS, OUT_TABLES, PHI_TABLES, Table
from tests.benchmarks import mention_tables
from tests.conftest import REPOSITORY

README = REPOSITORY / "README.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def grid(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Lay rows out as a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tables(of: tuple[Table, ...]) -> str:
    """Describe tables and their columns."""
    return "\n\n".join(f"`{t.name}`: {t.description}.\n\n{t.markdown()}" for t in of)


def layouts() -> str:
    """Describe the input layouts: our column, and what a source may call it."""
    columns = ("note_id", "text", "patient_id", "encounter_id", "note_type", "note_time")
    rows = [
        (
            layout.name,
            *(" or ".join(f"`{name}`" for name in layout.columns.get(c, ())) for c in columns),
        )
        for layout in LAYOUTS
    ]
    return grid(("layout", *columns), rows)


def patients() -> str:
    """Describe the columns of PATIENTS by the docstring of the record."""
    found = re.findall(r"^ +(\w+): (.+?\.)$", PatientRecord.__doc__ or "", re.MULTILINE)
    return grid(("column", "what"), [(f"`{name}`", what.rstrip(".")) for name, what in found])


def exit_codes() -> str:
    """Describe the exit codes by the strings that follow them in the source."""
    tree = ast.parse(inspect.getsource(pipeline.errors))
    body = next(n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "ExitCode")
    meanings = {
        node.targets[0].id: ast.literal_eval(after.value)
        for node, after in pairwise(body)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(after, ast.Expr)
    }
    meanings.setdefault("OK", "All went well.")
    return grid(("status", "meaning"), [(str(int(c)), meanings[c.name]) for c in ExitCode])


def codes() -> str:
    """Describe why rows are not ok."""
    return grid(
        ("code", "status", "meaning"),
        [(f"`{code}`", status, meaning) for code, (status, meaning) in CODES.items()],
    )


def settings() -> str:
    """Describe every setting with its default."""
    return grid(("setting", "default", "what"), list(_settings(Config, "")))


def _settings(model: type[BaseModel], prefix: str) -> Iterable[tuple[str, str, str]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            yield from _settings(kind, f"{prefix}{name}.")
            continue
        yield f"`{prefix}{name}`", _default(field), field.description or ""
        inner = get_args(kind)[0] if get_origin(kind) is tuple else None
        if inspect.isclass(inner) and issubclass(inner, BaseModel):
            yield from _settings(inner, f"{prefix}{name}[].")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    match field.default:
        case None | () | {} if not field.default:
            return "none"
        case Path() as path:
            return f"the shipped `{path.relative_to(data_path())}`"
        case value:
            return f"`{value}`"


def mention_scores() -> str:
    """Lay out how well systems find mentions, and how fast."""
    return mention_tables.render(json.loads(mention_tables.RESULTS.read_text("utf-8")))


SECTIONS: dict[str, Callable[[], str]] = {
    "layouts": layouts,
    "patients": patients,
    "out tables": lambda: tables(OUT_TABLES),
    "phi tables": lambda: tables(PHI_TABLES),
    "codes": codes,
    "exit codes": exit_codes,
    "settings": settings,
    "policies": policy_table,
}
if mention_tables.RESULTS.is_file():
    SECTIONS["mention scores"] = mention_scores


def fill(text: str) -> str:
    """Put every generated section between its markers.

    Raises:
        ValueError: The text lacks a section's markers.
    """
    for name, render in SECTIONS.items():
        begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
        before, found, rest = text.partition(begin)
        _, ended, after = rest.partition(end)
        if not found or not ended:
            raise ValueError(f"the README has no section {name!r}")
        text = f"{before}{begin}\n{render()}\n\n{end}{after}"
    return text


def blocks(text: str) -> list[tuple[str, str]]:
    """Find the blocks of code, in order: language and content."""
    return _BLOCK.findall(text)


def commands(block: str) -> list[tuple[str, str]]:
    """Divide a console block into commands and the output that the README shows for each."""
    found: list[tuple[str, str]] = []
    for line in block.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line.removeprefix("$ ").strip(), ""))
        else:
            command, output = found.pop()
            found.append((command, output + line))
    return found


if __name__ == "__main__":
    README.write_text(fill(README.read_text("utf-8")), "utf-8")
