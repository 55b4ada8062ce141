"""Gold in the XML of the i2b2/UTHealth 2014 de-identification task.

Stubbs and Uzuner, Annotating longitudinal clinical narratives for de-identification (2015). The
XML is read with no document type at all, so that no entity can be declared, expanded or fetched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from pipeline.errors import InputError
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.phi_labels import I2B2_LABELS, our_label
from pipeline.evaluate.plain import check_mentions
from pipeline.note import Note, Span

_PATIENT = re.compile(r"(\d+)-\d+")
_OFFSET = re.compile(r"\d{1,12}")


def read_i2b2(path: Path) -> list[GoldDocument]:
    """Read a file, or all ``.xml`` files of a folder by name.

    A document's id is its file's stem; of a stem such as ``301-02`` the first number is the
    patient, as in the published corpus. The fine label (``TYPE``) is kept in our spelling.

    Args:
        path: A file or a folder.

    Raises:
        InputError: A file can't be read, isn't such XML, declares a document type, or has an
            element whose offsets aren't in its text. The message names the file and the element's
            place, never text.
    """
    files = sorted(path.glob("*.xml")) if path.is_dir() else [path]
    return [_read_file(file) for file in files]


def _read_file(path: Path) -> GoldDocument:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it can't be opened"
        content = None
    if content is None:
        raise InputError(f"can't read {path}: {reason}")
    parsed = _Document(path)
    parsed.parse(content)
    text = "".join(parsed.text)
    spans = {tag.span(len(text)): tag.own for tag in parsed.tags}
    own_texts = [(span, own) for span, own in spans.items() if own is not None]
    agreements = [own.split() == text[s.start : s.end].split() for s, own in own_texts]
    check_mentions(agreements, str(path))
    patient = _PATIENT.fullmatch(path.stem)
    note = Note(path.stem, text, patient_id=patient[1] if patient else None)
    return GoldDocument(note, tuple(sorted(spans)))


@dataclass(frozen=True, slots=True)
class _Tag:
    """One element below ``TAGS``."""

    where: str
    start: str
    end: str
    label: str
    own: str | None = field(repr=False)

    def span(self, length: int) -> Span:
        is_whole = _OFFSET.fullmatch(self.start) and _OFFSET.fullmatch(self.end)
        if not is_whole or not int(self.start) < int(self.end) <= length:
            raise InputError(
                f"{self.where} needs 0 <= start < end <= {length}, the code points of its TEXT; "
                "correct its offsets"
            )
        return Span(int(self.start), int(self.end), self.label)


@dataclass(slots=True)
class _Document:
    """A file while it is parsed.

    Attributes:
        path: The file.
        text: The pieces of ``TEXT``.
        tags: The elements below ``TAGS``.
        open: Names of the open elements.
        has_text: Whether ``TEXT`` was met.
    """

    path: Path
    text: list[str] = field(default_factory=list, repr=False)
    tags: list[_Tag] = field(default_factory=list, repr=False)
    open: list[str] = field(default_factory=list)
    has_text: bool = False

    def parse(self, content: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        problem = ""
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            problem = f"line {error.lineno} isn't well-formed XML ({expat.ErrorString(error.code)})"
        except (LookupError, ValueError):  # an encoding that Python doesn't know
            problem = "its encoding is unknown"
        if problem:
            raise InputError(f"{self.path}: {problem}; give i2b2-2014 files")
        if not self.has_text:
            raise InputError(
                f"{self.path} has no element TEXT in its root; give i2b2-2014 files, or JSON lines"
            )

    def _refuse(self, *_: object) -> None:
        raise InputError(
            f"{self.path} declares a document type, which may hide entities; remove the DOCTYPE"
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.open.append(name)
        if len(self.open) == 2 and name == "TEXT":
            self.has_text = True
        if len(self.open) == 3 and self.open[1] == "TAGS":
            self.tags.append(self._tag(name, attributes))

    def _tag(self, name: str, attributes: dict[str, str]) -> _Tag:
        where = f"{self.path}, element {len(self.tags) + 1} of TAGS"
        missing = [key for key in ("start", "end", "TYPE") if not attributes.get(key)]
        if missing:
            raise InputError(f"{where} has no {' and no '.join(missing)}; add it")
        label = our_label(attributes["TYPE"], I2B2_LABELS)
        return _Tag(where, attributes["start"], attributes["end"], label, attributes.get("text"))

    def _end(self, _: str) -> None:
        self.open.pop()

    def _characters(self, data: str) -> None:
        if len(self.open) == 2 and self.open[1] == "TEXT":
            self.text.append(data)
