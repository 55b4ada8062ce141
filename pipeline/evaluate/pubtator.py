"""Gold in PubTator format: titles, abstracts and tab-separated annotations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.plain import check_mentions, read_plain
from pipeline.note import Note, Span

_PASSAGE = re.compile(r"([^|\t]+)\|([ta])\|(.*)", re.DOTALL)


@dataclass(slots=True)
class _Block:
    """A document while its lines are read."""

    line: int
    title: str = field(repr=False)
    abstract: str = field(default="", repr=False)
    spans: list[tuple[Span, str]] = field(default_factory=list, repr=False)


def read_pubtator(path: Path) -> list[GoldDocument]:
    """Read documents; the id is the PMID, the text is the title, one blank and the abstract.

    Relations are ignored. A document that is repeated word for word counts once.

    Raises:
        InputError: A line is malformed, a span lies beyond its text, or two texts have one id.
    """
    blocks: list[tuple[str, _Block]] = []
    for number, line in enumerate(read_plain(path).split("\n"), start=1):
        line = line.rstrip("\r")
        if line.strip():
            _read_line(line, number, blocks, path)
    documents: dict[str, GoldDocument] = {}
    for pmid, block in blocks:
        document = _document(pmid, block, path)
        if documents.setdefault(pmid, document).note.text != document.note.text:
            raise InputError(
                f"{path}, line {block.line}: another text has the same id; number them apart"
            )
    return list(documents.values())


def _read_line(line: str, number: int, blocks: list[tuple[str, _Block]], path: Path) -> None:
    """Add what one line says to the last block, or begin a new one."""
    where = f"{path}, line {number}"
    if passage := _PASSAGE.fullmatch(line):
        pmid, kind, text = passage.groups()
        if kind == "t":
            blocks.append((pmid, _Block(number, text)))
            return
        if blocks and blocks[-1][0] == pmid:
            blocks[-1][1].abstract = text
            return
        raise InputError(f"{where} is an abstract without its title; put 'id|t|title' before it")
    cells = line.split("\t")
    if len(cells) < 4 or not blocks or cells[0] != blocks[-1][0]:
        raise InputError(
            f"{where} belongs to no document; write 'id|t|title', 'id|a|abstract', then "
            "id, start, end, mention and type between tabs"
        )
    if not cells[1].isdecimal():
        return  # a relation: id, kind, first, second
    if len(cells) < 5 or not cells[2].isdecimal() or not int(cells[1]) < int(cells[2]):
        raise InputError(f"{where} needs id, start < end, mention and type between tabs")
    if not cells[4]:
        raise InputError(f"{where} has no type; write it in the fifth column")
    blocks[-1][1].spans.append((Span(int(cells[1]), int(cells[2]), cells[4]), cells[3]))


def _document(pmid: str, block: _Block, path: Path) -> GoldDocument:
    text = f"{block.title} {block.abstract}"
    where = f"{path}, the document of line {block.line}"
    if any(span.end > len(text) for span, _ in block.spans):
        raise InputError(
            f"{where} has a span beyond its text of {len(text)} code points; count offsets over "
            "the title, one blank and the abstract"
        )
    check_mentions(
        [text[span.start : span.end].split() == own.split() for span, own in block.spans], where
    )
    return GoldDocument(Note(pmid, text), tuple(sorted({span for span, _ in block.spans})))
