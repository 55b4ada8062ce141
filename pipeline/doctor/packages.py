"""Python and the packages: are they in the ranges that chartsift declares?

The ranges matter: several combinations that pip installs without a word fail at import, or worse,
run and do nothing.
"""

from __future__ import annotations

import importlib.metadata
import platform
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from pipeline.doctor.finding import Finding

_PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Declared:
    """What chartsift declares to need.

    Attributes:
        python: Accepted versions of Python, e.g. ``>=3.11,<3.13``.
        requirements: Packages and their accepted versions, e.g. ``numpy>=1.26,<2``.
    """

    python: str
    requirements: tuple[str, ...]


def read_declared(pyproject: Path = _PYPROJECT) -> Declared | None:
    """Look up what the installed chartsift declares, or the checkout it runs from.

    Args:
        pyproject: The checkout's ``pyproject.toml``.

    Returns:
        None if chartsift is neither installed nor in a checkout.
    """
    if pyproject.is_file():
        project = tomllib.loads(pyproject.read_text("utf-8"))["project"]
        return Declared(project["requires-python"], tuple(project["dependencies"]))
    try:
        metadata = importlib.metadata.metadata("chartsift")
    except importlib.metadata.PackageNotFoundError:
        return None
    requirements = metadata.get_all("Requires-Dist") or []
    return Declared(metadata["Requires-Python"] or "", tuple(requirements))


def find_version(package: str) -> str | None:
    """Look up the version of an installed package."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def examine_packages(
    declared: Declared | None,
    *,
    python: str = platform.python_version(),
    version: Callable[[str], str | None] = find_version,
) -> list[Finding]:
    """Compare what is installed with what is declared.

    Args:
        declared: What chartsift declares.
        python: The version of Python.
        version: Looks up an installed package's version.
    """
    if declared is None:
        remedy = "install chartsift with pip"
        return [Finding("packages", "warning", "their accepted versions are unknown", remedy)]
    findings = [_examine_python(python, declared.python)]
    fine: list[str] = []
    for line in declared.requirements:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        found = version(requirement.name)
        if found is not None and requirement.specifier.contains(found, prereleases=True):
            fine.append(f"{requirement.name} {found}")
            continue
        state = "is not installed" if found is None else f"{found} is installed"
        message = f"{state}; chartsift needs {requirement.specifier}"
        remedy = f"pip install '{requirement.name}{requirement.specifier}'"
        findings.append(Finding(requirement.name, "wrong", message, remedy))
    if fine:
        findings.append(Finding("packages", "ok", ", ".join(fine)))
    return findings


def _examine_python(found: str, accepted: str) -> Finding:
    if SpecifierSet(accepted).contains(found, prereleases=True):
        return Finding("Python", "ok", found)
    remedy = "make a virtual environment with a Python of that range"
    return Finding("Python", "wrong", f"{found} runs; chartsift needs {accepted}", remedy)
