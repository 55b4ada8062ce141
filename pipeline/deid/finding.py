"""All finders of PHI, united."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from pipeline.deid.clinical_words import drop_clinical
from pipeline.deid.phrases import Phrases
from pipeline.deid.rules.questions import drop_in_question
from pipeline.deid.site import drop_allowed
from pipeline.note import Note, PhiAnnotator, PhiSpan
from pipeline.spans import uncovered, unite

NOTHING_ALLOWED = Phrases(())


def find_phi(
    notes: Sequence[Note],
    annotators: Sequence[PhiAnnotator],
    allowed: Phrases = NOTHING_ALLOWED,
) -> list[list[PhiSpan]]:
    """Find PHI in raw notes: whatever any annotator marks is marked.

    Three things are taken back: what the site allows, clinical vocabulary that learned
    recognisers alone marked, and, where no patient is given, places and months in a question that
    speaks of nobody.

    Args:
        notes: Raw notes.
        annotators: Rules, known identifiers, site lists, recognisers.
        allowed: The site's words and phrases that are no PHI.

    Returns:
        For each note, non-overlapping spans in text order, by offsets in its raw text.
    """
    found = [annotator.annotate(notes) for annotator in annotators]
    return [
        _join(note, [span for spans in of_note for span in spans], allowed)
        for note, of_note in zip(notes, zip(*found, strict=True), strict=True)
    ]


def add_phi(
    text: str, settled: Sequence[PhiSpan], more: Collection[PhiSpan], allowed: Phrases
) -> list[PhiSpan]:
    """Unite spans that :func:`find_phi` returned with what was found since."""
    return _unite(text, [*settled, *drop_allowed(text, more, allowed, settled)])


def _join(note: Note, spans: Sequence[PhiSpan], allowed: Phrases) -> list[PhiSpan]:
    # Taken back before uniting: a united span no longer tells what each finder marked.
    kept = drop_clinical(note.text, drop_allowed(note.text, spans, allowed))
    if note.patient_id is None:
        kept = drop_in_question(note.text, kept)
    return _unite(note.text, kept)


_RELEASED_IN_PART = ("AGE", "DATE", "ZIP")
"""Labels of which a policy lets something stand."""
_MONTHS = frozenset(("january", "march", "april", "may", "june", "august", "jan", "mar", "aug"))
"""Months that are names too."""
_MORE_OF_A_DATE = re.compile(r"(?:[|/.-][0-9]{1,4})+(?![0-9A-Za-z])")


def _unite(text: str, spans: Sequence[PhiSpan]) -> list[PhiSpan]:
    """Unite spans, without the blanks and punctuation that lie between spans of two labels.

    Where a date, an age or a ZIP code overlaps another identifier, the other has all the ground: a
    policy lets part of a date stand, and "April" may be a name.
    """
    others = [
        span
        for span in spans
        if span.label not in _RELEASED_IN_PART and not _is_month_of_date(text, span, spans)
    ]
    kept: list[PhiSpan] = list(others)
    for span in spans:
        if span.label in _RELEASED_IN_PART:
            whole = _whole_date(text, span)
            over = next((other.label for other in others if other.overlaps(whole)), span.label)
            kept += (
                replace(whole, start=start, end=end, label=over)
                for start, end in uncovered(whole.start, whole.end, others)
            )
    return [trimmed for span in unite(kept) if (trimmed := _without_blanks(text, span))]


def _is_month_of_date(text: str, span: PhiSpan, spans: Sequence[PhiSpan]) -> bool:
    """Say whether a name is the month within a date: the May of "6 May 2024"."""
    return text[span.start : span.end].lower() in _MONTHS and any(
        date.label == "DATE"
        and date.start <= span.start
        and span.end <= date.end
        and any(map(str.isdigit, text[date.start : date.end]))
        for date in spans
    )


def _without_blanks(text: str, span: PhiSpan) -> PhiSpan | None:
    """Drop white space at a span's ends; None if no letter or digit is in it."""
    surface = text[span.start : span.end]
    if not any(map(str.isalnum, surface)):
        return None
    start = span.end - len(surface.lstrip())
    return replace(span, start=start, end=span.start + len(surface.rstrip()))


def _whole_date(text: str, span: PhiSpan) -> PhiSpan:
    """Take in the rest of a date that a misread mark cut off: "3|14|2019"."""
    is_cut = span.label == "DATE" and text[span.end - 1].isdigit()
    rest = _MORE_OF_A_DATE.match(text, span.end) if is_cut else None
    return replace(span, end=rest.end()) if rest else span
