"""Invented notes with their mentions marked in the text."""

from __future__ import annotations

import re

from pipeline.note import Note, Span

_LABELS = {"d": "DISEASE", "s": "SYMPTOM", "t": "TREATMENT"}
_MARK = re.compile(r"\{(?:([dst]):)?([^{}]*)\}")


def marked(text: str) -> tuple[Note, list[Span]]:
    """Read ``"No {cough}, takes {t:aspirin}"``; a mention without ``d:``, ``s:`` or ``t:`` is s."""
    plain = ""
    mentions: list[Span] = []
    end = 0
    for match in _MARK.finditer(text):
        plain += text[end : match.start()]
        start = len(plain)
        plain += match[2]
        mentions.append(Span(start, len(plain), _LABELS[match[1] or "s"]))
        end = match.end()
    return Note("n1", plain + text[end:]), mentions
