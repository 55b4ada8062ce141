"""Names that a sure cue gave away once, found again wherever the note repeats them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from pipeline.deid.rules.eponyms import EPONYM_AFTER
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.note import PhiSpan

_PART = re.compile(r"[^\W\d_][^\W\d_'’]*(?:['’-][^\W\d_][^\W\d_'’]*)*")


def find_repeats(
    text: str, found: Iterable[PhiSpan], lexicon: Lexicon, *, annotator: str = "rules"
) -> list[PhiSpan]:
    """Find other mentions of the names that surer spans hold.

    Each part of a PATIENT's or DOCTOR's name is looked for as a whole word: as written, in
    capitals, and in lower case where it is no common word. Parts that are common words count only
    with a capital within a sentence; eponyms ("Foley catheter") never. Initials of a DOCTOR's full
    name count where a signature stands: alone on a line, at its start or end, or next to a slash.

    Args:
        text: Raw text.
        found: Spans of the text; only PATIENT and DOCTOR of score 0.7 and more are learned from.
        lexicon: The word lists.
        annotator: Who found the repeats, for the spans.

    Returns:
        Spans of score 0.75; the spans given may be among them.
    """
    parts: dict[str, str] = {}
    initials: set[str] = set()
    for span in found:
        if span.label not in ("PATIENT", "DOCTOR") or span.score < 0.7:
            continue
        value = text[span.start : span.end]
        tokens = [t for t in _PART.findall(value) if t.lower() not in lexicon.credentials]
        if not _are_initials(value, lexicon):
            parts |= {t.lower(): parts.get(t.lower(), span.label) for t in tokens if len(t) > 2}
        if span.label == "DOCTOR" and 2 <= len(tokens) <= 3 and "," not in value:
            letters = "".join(t[0] for t in tokens).upper()
            if letters.lower() not in lexicon.abbreviations:
                initials.add(letters)
    spans = [*_find_parts(text, parts, lexicon), *_find_initials(text, initials)]
    return [PhiSpan(start, end, label, 0.75, (annotator,)) for start, end, label in spans]


def _are_initials(value: str, lexicon: Lexicon) -> bool:
    short = value.isupper() and value.isalpha() and len(value) < 5
    return short and not lexicon.is_name(value.lower())


def _find_parts(
    text: str, parts: Mapping[str, str], lexicon: Lexicon
) -> Iterator[tuple[int, int, str]]:
    if not parts:
        return
    for match in _PART.finditer(text):
        word = re.sub(r"['’][sS]$", "", match[0])
        label = parts.get(word.lower())
        start, end = match.start(), match.start() + len(word)
        if label is None or text[start - 1 : start] in ("@", ".", "/", "_"):
            continue
        if not text[end : end + 1].isdigit() and _is_name_again(text, start, end, lexicon):
            yield start, end, label


def _find_initials(text: str, initials: Collection[str]) -> Iterator[tuple[int, int, str]]:
    if not initials:
        return
    pattern = "|".join(sorted(initials))
    for match in re.finditer(
        rf"(?:^[ \t]*|[/-] ?|  )(?P<who>{pattern}|(?i:{pattern})(?=\s*$))(?![\w.-])"
        r"(?=[ \t]*$|/|  )",
        text,
        re.MULTILINE,
    ):
        yield (*match.span("who"), "DOCTOR")


def _is_name_again(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether a word that was a name elsewhere is one here: no eponym, no common word."""
    word, plain = text[start:end], text[start:end].lower()
    if EPONYM_AFTER.match(text, end):
        return False
    if word.islower():
        return plain not in lexicon.common and plain not in lexicon.eponyms and len(word) > 3
    if plain in lexicon.common:
        before = text[max(0, start - 3) : start]
        within = re.search(r"[^\W\d_],? $|[(/&] ?$", before) and not re.search(r"[.!?:] $", before)
        return bool(within) and not word.isupper()
    linked = re.search(r"[-–] ?$", text[max(0, start - 2) : start]) is not None
    return not (plain in lexicon.eponyms and linked)
