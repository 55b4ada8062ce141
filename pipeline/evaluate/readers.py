"""Read annotated corpora in the field's formats: JSON lines, brat folders and PubTator."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pipeline.errors import InputError
from pipeline.evaluate.brat import read_brat
from pipeline.evaluate.corpora import MentionCorpus, mention_corpus
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.jsonl import read_jsonl
from pipeline.evaluate.plain import read_plain
from pipeline.evaluate.pubtator import read_pubtator

Task = Literal["deid", "mentions"]


def read_gold(path: Path, task: Task) -> list[GoldDocument]:
    """Read an annotated corpus.

    The format is told by content: a folder is brat, a file that begins with a PubTator title
    line is PubTator, any other is JSON lines.

    Args:
        path: A file or a brat folder.
        task: ``"deid"`` keeps the labels of the corpus; ``"mentions"`` gives our three labels
            and drops all other types (see :mod:`pipeline.evaluate.corpora`).

    Returns:
        The documents, in the file's order (a brat folder's by name).

    Raises:
        InputError: The corpus can't be read; the message names the file and the line.
    """
    return list(read_mention_corpus(path).documents) if task == "mentions" else _read(path, task)


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
        documents = read_brat(path, max_gap=1 if task == "deid" else 20)
    elif not path.is_file():
        raise InputError(f"{path} is neither a file nor a folder; give the path of a gold corpus")
    elif re.match(r"\s*[^|\s{]+\|t\|", read_plain(path)[:200]):
        documents = read_pubtator(path)
    else:
        documents = read_jsonl(path)
    if not documents:
        raise InputError(f"{path} holds no document; give a gold corpus")
    return documents
