"""Gold that tells what a note says of its mentions.

Two formats: our own JSON lines (``entities`` with ``assertion``), and the sentences of NegEx and
ConText (Chapman et al., 2001; Harkema et al., 2009), each with a concept in capitals.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluate.jsonl import read_object
from pipeline.evaluate.plain import read_plain
from pipeline.note import ASSERTIONS, Assertion, Mention, Note

FINDING = "DISEASE"
"""The label of NegEx's concepts: findings, diseases and symptoms alike."""

_OTHERS = ("Other", "Family member")


@dataclass(frozen=True, slots=True)
class AssertionDocument:
    """One document with what it says of its mentions.

    Attributes:
        note: The document.
        mentions: In text order, each with its assertion.

    Raises:
        ValueError: A mention ends beyond the text, or has no assertion.
    """

    note: Note
    mentions: tuple[Mention, ...]

    def __post_init__(self) -> None:
        length = len(self.note.text)
        if any(mention.end > length for mention in self.mentions):
            raise ValueError(f"a gold mention ends beyond the text of {length} code points")
        if any(mention.assertion is None for mention in self.mentions):
            raise ValueError("a gold mention has no assertion")

    @property
    def statuses(self) -> list[str]:
        """The status of each mention, in order."""
        return [m.assertion.status for m in self.mentions if m.assertion is not None]


@dataclass(frozen=True, slots=True)
class AssertionCorpus:
    """Documents, and which statuses their annotators told apart.

    Attributes:
        documents: The documents.
        annotated: The statuses that may be scored.
    """

    documents: tuple[AssertionDocument, ...]
    annotated: tuple[str, ...]


def read_assertions(path: Path) -> AssertionCorpus:
    """Read gold for assertion; the format is told by the first line's keys.

    - ``text`` and ``entities`` (``start``, ``end`` in code points, ``label``, ``assertion``), and
      ``note_id`` (else the line's number): all statuses are annotated.
    - ``sentence``, ``concept`` and ``negation`` (``Affirmed`` or ``Negated``): ``absent`` is
      annotated; with ``temporality`` and ``experiencer`` also ``historical`` and ``family``. The
      concept stands in the sentence in capitals; it gets its own case back.

    Raises:
        InputError: The file can't be read or a line isn't such a document.
    """
    documents: list[AssertionDocument] = []
    annotated: tuple[str, ...] = ASSERTIONS
    for number, line in enumerate(read_plain(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        row = read_object(line, where)
        if "sentence" in row:
            whole = "temporality" in row
            annotated = ("absent", "historical", "family") if whole else ("absent",)
            documents.append(_sentence(row, number, where))
        else:
            documents.append(_note(row, number, where))
    if not documents:
        raise InputError(f"{path} holds no document; give gold with assertions")
    return AssertionCorpus(tuple(documents), annotated)


def _note(row: Mapping[str, object], number: int, where: str) -> AssertionDocument:
    text, cells = row.get("text"), row.get("entities")
    if not isinstance(text, str) or not isinstance(cells, list):
        raise InputError(f"{where} needs 'text', a string, and 'entities', a list; add them")
    mentions = sorted(_mention(cell, len(text), where) for cell in cells)
    note_id = row.get("note_id")
    return AssertionDocument(
        Note(str(number if note_id is None else note_id), text), tuple(mentions)
    )


def _mention(cell: object, length: int, where: str) -> Mention:
    keys = ("start", "end", "label", "assertion")
    start, end, label, status = (
        (cell.get(key) for key in keys) if isinstance(cell, dict) else (None,) * 4
    )
    if type(start) is not int or type(end) is not int or not isinstance(label, str) or not label:
        raise InputError(f"{where} has a mention without a whole start and end and a label")
    if not 0 <= start < end <= length:
        raise InputError(
            f"{where} has a mention [{start}, {end}) in a text of {length} code points; "
            "give offsets with 0 <= start < end <= length, counted in code points"
        )
    if status not in ASSERTIONS:
        raise InputError(
            f"{where} has a mention without an assertion; give one of {', '.join(ASSERTIONS)}"
        )
    return Mention(start, end, label, assertion=Assertion(str(status)))


def _sentence(row: Mapping[str, object], number: int, where: str) -> AssertionDocument:
    sentence, concept = row.get("sentence"), row.get("concept")
    if not isinstance(sentence, str) or not isinstance(concept, str) or not concept.split():
        raise InputError(f"{where} needs 'sentence' and 'concept', two strings; add them")
    if row.get("negation") not in ("Affirmed", "Negated"):
        raise InputError(f"{where} has no 'negation'; give Affirmed or Negated")
    place = _find_concept(_unquoted(sentence), _unquoted(concept))
    if place is None:
        raise InputError(f"{where}: the concept doesn't stand in its sentence; give it as it does")
    text, start, end = place
    mention = Mention(start, end, FINDING, assertion=Assertion(_status(row)))
    return AssertionDocument(Note(str(row.get("report", number)), text), (mention,))


def _status(row: Mapping[str, object]) -> str:
    if row.get("experiencer") in _OTHERS:
        return "family"
    if row["negation"] == "Negated":
        return "absent"
    return "historical" if row.get("temporality") == "Historical" else "present"


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    quoted = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    return cell[1:-1].strip() if quoted else cell


def _find_concept(sentence: str, concept: str) -> tuple[str, int, int] | None:
    """Find a concept in its sentence and give it its own case back.

    White space may differ. If it stands there twice, the first may be a heading. Of a concept that
    goes on beyond the sentence the part in it counts.

    Returns:
        The sentence, and where in it the concept stands; None if it doesn't.
    """
    words = concept.split()
    capitals = list(_pattern([word.upper() for word in words]).finditer(sentence))
    match = capitals[-1] if capitals else _pattern(words, re.IGNORECASE).search(sentence)
    while match is None and len(words) > 1:
        words = words[:-1]
        match = re.search(_pattern(words).pattern + r"\s*$", sentence, re.IGNORECASE)
    if match is None:
        return None
    own, start = " ".join(words), match.start()
    text = sentence[:start] + own + sentence[start + len(match[0].rstrip()) :]
    return text, start, start + len(own)


def _pattern(words: list[str], flags: int = 0) -> re.Pattern[str]:
    return re.compile(r"\s+".join(re.escape(word) for word in words), flags)
