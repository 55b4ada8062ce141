"""A mention and its note, looked up in OUT."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.errors import InputError
from pipeline.note import Mention, Note
from pipeline.released import Released
from pipeline.schema import MENTION, NOTE

_MENTION_ID = re.compile(r"(.+)-(\d+)-(\d+)", re.DOTALL)
_WHERE_IDS_ARE = (
    "the column mention_id of OUT/mention has them all, and `chartsift show OUT` lists some "
    "mentions with note_id, start and end"
)


def read_mention(out: Path, mention_id: str) -> tuple[Note, Mention]:
    """Read a mention and its note from OUT.

    Raises:
        InputError: There are no tables, or no such mention.
    """
    parts = _MENTION_ID.fullmatch(mention_id)
    if parts is None:
        raise InputError(
            "the id of a mention is its note's id, start and end, such as 2c4e6a-17-29: "
            f"{_WHERE_IDS_ARE}"
        )
    beginning, start, end = parts[1], int(parts[2]), int(parts[3])
    released = Released(out)
    found = released.find_note(beginning)
    for row in released.rows(MENTION, found):
        if (row["start"], row["end"]) == (start, end):
            text = next(released.rows(NOTE, found))["text"]
            mention = Mention(start, end, row["label"], row["score"], tuple(row["annotators"]))
            return Note(found.note_id, text), mention
    raise InputError(f"the note has no mention from {start} to {end}: {_WHERE_IDS_ARE}")
