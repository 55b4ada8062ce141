"""LOINC codes of kinds of sections."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.note import SECTION_KINDS
from pipeline.resources import data_path


@dataclass(frozen=True, slots=True)
class SectionCode:
    """What LOINC calls a kind of section.

    Attributes:
        code: Such as ``10164-2``.
        name: LOINC's long name.
    """

    code: str
    name: str


def load_section_codes() -> dict[str, SectionCode]:
    """Read the shipped codes (``data/words/section_codes.tsv``), by kind of section.

    A kind that no single code covers has none.
    """
    return read_section_codes(data_path("words", "section_codes.tsv"))


def read_section_codes(path: Path) -> dict[str, SectionCode]:
    """Read codes of kinds of sections.

    Args:
        path: Tab-separated: kind, code, name; lines with ``#`` are comments.

    Raises:
        InputError: The file can't be read, or a row has an unknown kind or no code or name.
    """
    codes: dict[str, SectionCode] = {}
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        lines = None
    if lines is None:
        raise InputError(f"can't read the codes in {path}: give a readable UTF-8 file")
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        kind, code, name = (*line.split("\t"), "", "")[:3]
        if kind not in SECTION_KINDS or not code or not name:
            raise InputError(
                f"{path}, line {number} isn't a known kind of section, a code and a name: "
                f"the kinds are {', '.join(SECTION_KINDS)}"
            )
        codes[kind] = SectionCode(code, name)
    return codes
