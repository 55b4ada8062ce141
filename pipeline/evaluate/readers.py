"""Read annotated corpora in the field's formats."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import replace
from pathlib import Path
from typing import Literal

from pipeline.errors import InputError
from pipeline.evaluate.brat import read_brat
from pipeline.evaluate.corpora import MentionCorpus, mention_corpus
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.i2b2 import read_i2b2
from pipeline.evaluate.jsonl import read_jsonl
from pipeline.evaluate.phi_labels import PRESIDIO_LABELS, our_label
from pipeline.evaluate.presidio import read_presidio
from pipeline.evaluate.pubtator import read_pubtator

Task = Literal["deid", "mentions"]

_HEAD_BYTES = 400


def read_gold(path: Path, task: Task) -> list[GoldDocument]:
    """Read an annotated corpus.

    The format is told by content. A folder with ``.xml`` files and no ``.ann`` is i2b2-2014,
    any other brat. A file that begins with a PubTator title line is PubTator, one that begins
    with ``<`` i2b2-2014's XML, with ``[`` or an object with ``full_text`` Presidio's JSON; any
    other is JSON lines.

    Args:
        path: A file or a folder.
        task: ``"deid"`` gives our labels for i2b2's and Presidio's types and keeps all others;
            ``"mentions"`` gives our three labels and drops all other types (see
            :mod:`pipeline.evaluate.corpora`).

    Returns:
        The documents, in the file's order (a brat folder's by name).

    Raises:
        InputError: The corpus can't be read; the message names the file and the line.
    """
    if task == "mentions":
        return list(read_mention_corpus(path).documents)
    return [_relabelled(document) for document in _read(path, task)]


def read_mention_corpus(path: Path) -> MentionCorpus:
    """Read an annotated corpus for mentions, and say which of our labels it annotates.

    Args:
        path: As in :func:`read_gold`.

    Raises:
        InputError: The corpus can't be read, or has no type that we know.
    """
    return mention_corpus(_read(path, "mentions"))


def _read(path: Path, task: Task) -> list[GoldDocument]:
    if path.is_dir():
        documents = _read_folder(path, task)
    elif not path.is_file():
        raise InputError(f"{path} is neither a file nor a folder; give the path of a gold corpus")
    else:
        documents = _read_file(path)
    if not documents:
        raise InputError(f"{path} holds no document; give a gold corpus")
    return documents


def _relabelled(document: GoldDocument) -> GoldDocument:
    """Give Presidio's types our labels in whatever format they came; others stay."""
    spans = {replace(s, label=our_label(s.label, PRESIDIO_LABELS)) for s in document.spans}
    return replace(document, spans=tuple(sorted(spans)))


def _read_folder(folder: Path, task: Task) -> list[GoldDocument]:
    if any(folder.glob("*.xml")) and not any(folder.glob("*.ann")):
        return read_i2b2(folder)
    return read_brat(folder, max_gap=1 if task == "deid" else 20)


def _read_file(path: Path) -> list[GoldDocument]:
    beginning = _beginning(path)
    if beginning.startswith("<"):
        return read_i2b2(path)
    if re.match(r"\[|\{[^\n]*\"full_text\"", beginning):
        return read_presidio(path)
    if re.match(r"[^|\s{]+\|t\|", beginning):
        return read_pubtator(path)
    return read_jsonl(path)


def _beginning(path: Path) -> str:
    """Return the first characters after a byte order mark and blanks, however encoded."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        reason = error.strerror or "it can't be opened"
        head = None
    if head is None:
        raise InputError(f"can't read {path}: {reason}")
    encoding = "utf-16" if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    return head.decode(encoding, "replace").lstrip()
