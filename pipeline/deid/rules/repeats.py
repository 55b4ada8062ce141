"""Names that a sure cue gave away once, found again wherever the note repeats them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.rules.rule import words
from pipeline.note import PhiSpan

_PART = re.compile(r"[^\W\d_][^\W\d_'’]*(?:['’-][^\W\d_][^\W\d_'’]*)*")
EPONYM_AFTER = re.compile(
    r"(?:['’]s)?[ -]"
    + words(
        "disease syndrome signs? tests? catheters? tubes? palsy scores? scales? criteria fractures?"
        " maneuver lymphoma esophagus drains? nodes? procedure classification ulcers? hernias?"
        " forceps retractors? stain index lines? valve dressing wrap boot stent screw clamp needle"
        " cath bag balloon suture nodules? cyst ligament fascia canal contracture chorea dementia"
        " tremor thyroiditis reflex position stage grade angle view method operation repair"
        " approach phenomenon law triad angina aphasia hug(?:ger)? solution paste tape brace collar"
    )
    + r"(?!\w)",
    re.IGNORECASE,
)


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
        for token in tokens:
            if len(token) > 2:
                parts.setdefault(token.lower(), span.label)
        if span.label == "DOCTOR" and 2 <= len(tokens) <= 3 and "," not in value:
            letters = "".join(t[0] for t in tokens).upper()
            if letters.lower() not in lexicon.abbreviations:
                initials.add(letters)
    spans: list[PhiSpan] = []
    if parts:
        pattern = "|".join(re.escape(p) for p in sorted(parts, key=len, reverse=True))
        for match in re.finditer(
            rf"(?<![\w@./])(?:{pattern})(?![^\W_]|['’-][^\W\ds])", text, re.IGNORECASE
        ):
            if _is_name_again(text, match, lexicon):
                spans.append(
                    PhiSpan(match.start(), match.end(), parts[match[0].lower()], 0.75, (annotator,))
                )
    if initials:
        pattern = "|".join(sorted(initials))
        for match in re.finditer(
            rf"(?:^[ \t]*|[/-] ?|  )(?P<who>{pattern}|(?i:{pattern})(?=\s*$))(?![\w.-])(?=[ \t]*$|/"
            rf"|  )",
            text,
            re.MULTILINE,
        ):
            spans.append(PhiSpan(*match.span("who"), "DOCTOR", 0.75, (annotator,)))
    return spans


def _is_name_again(text: str, match: re.Match[str], lexicon: Lexicon) -> bool:
    word, plain = match[0], match[0].lower()
    if EPONYM_AFTER.match(text, match.end()):
        return False
    if word.islower():
        return plain not in lexicon.common and plain not in lexicon.eponyms and len(word) > 3
    if plain in lexicon.common:
        if word.isupper():
            return False
        before = text[max(0, match.start() - 3) : match.start()]
        return bool(re.search(r"[^\W\d_],? $|[(/&] ?$", before)) and not re.search(
            r"[.!?:] $", before
        )
    return not (
        plain in lexicon.eponyms
        and re.match(r"['’]s\b", text[match.end() : match.end() + 3]) is None
        and re.search(r"[-–] ?$", text[max(0, match.start() - 2) : match.start()]) is not None
    )
