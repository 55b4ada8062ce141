"""Gold in brat standoff: a folder of ``.txt`` files, each with an ``.ann`` beside it."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.plain import check_mentions, read_plain
from pipeline.note import Note, Span


def read_brat(folder: Path, max_gap: int) -> list[GoldDocument]:
    """Read the text-bound annotations ("T" lines); a document's id is its file's stem.

    A discontinuous annotation ("10 14;20 25") becomes one span from the first to the last of its
    fragments wherever no more than ``max_gap`` code points lie between one and the next, and else
    several spans. (brat splits at each line break, so 1 is the least that makes sense; models
    predict contiguous spans, so a mention takes in a short insertion.)

    Args:
        folder: The folder; files other than ``.txt`` and ``.ann`` are ignored.
        max_gap: Code points.

    Raises:
        InputError: A text has no ``.ann`` or the other way round, or an annotation is malformed
            or beyond the text.
    """
    texts = {path.stem for path in folder.glob("*.txt")}
    annotated = {path.stem for path in folder.glob("*.ann")}
    if lone := len(texts ^ annotated):
        raise InputError(
            f"{lone} files in {folder} lack their partner; put a .txt and an .ann for each document"
        )
    return [_read_document(folder, stem, max_gap) for stem in sorted(texts)]


def _read_document(folder: Path, stem: str, max_gap: int) -> GoldDocument:
    text = read_plain(folder / f"{stem}.txt")
    path = folder / f"{stem}.ann"
    spans: set[Span] = set()
    agreements: list[bool] = []
    for number, line in enumerate(read_plain(path).split("\n"), start=1):
        if not line.startswith("T"):
            continue
        label, fragments, mention = _annotation(line.rstrip("\r"), f"{path}, line {number}")
        if fragments[-1][1] > len(text):
            raise InputError(
                f"{path}, line {number} ends at {fragments[-1][1]}, beyond its text of "
                f"{len(text)} code points; put the .txt that was annotated beside it"
            )
        spans.update(Span(start, end, label) for start, end in _joined(fragments, max_gap))
        own = " ".join(text[start:end] for start, end in fragments)
        agreements.append(own.split() == mention.split())
    check_mentions(agreements, str(path))
    return GoldDocument(Note(note_id=stem, text=text), tuple(sorted(spans)))


def _annotation(line: str, where: str) -> tuple[str, list[tuple[int, int]], str]:
    """Split ``T1<tab>Label 0 5;10 12<tab>mention``; fragments in text order."""
    try:
        _, middle, mention = line.split("\t", 2)
        label, offsets = middle.split(" ", 1)
        fragments = sorted(_fragment(fragment) for fragment in offsets.split(";"))
    except ValueError:  # its message quotes the line
        fragments = []
    if not fragments or not label:
        raise InputError(
            f"{where} isn't a text-bound annotation; write T<n>, a tab, 'Label start end', a tab "
            "and the mention, with 0 <= start < end"
        )
    return label, fragments, mention


def _fragment(cell: str) -> tuple[int, int]:
    start, end = (int(number) for number in cell.split())
    if not 0 <= start < end:
        raise ValueError
    return start, end


def _joined(fragments: list[tuple[int, int]], max_gap: int) -> list[tuple[int, int]]:
    joined = [fragments[0]]
    for start, end in fragments[1:]:
        if start - joined[-1][1] <= max_gap:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
