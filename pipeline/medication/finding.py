"""What notes say of their drugs' use, beside each mention of a treatment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from pipeline.medication.amounts import BARE, COUNT, MEASURE, NO_DOSE
from pipeline.medication.durations import NOUNS
from pipeline.medication.fitting import fitting, is_own, is_stray
from pipeline.medication.leads import LINKERS, lead_start
from pipeline.medication.numerals import COMBINATION, NUMBER_WORDS
from pipeline.medication.parts import DURATION, FREQUENCY, PRN, ROUTE, Part, find_parts
from pipeline.medication.regions import GAP, region_end
from pipeline.medication.sig import Sig
from pipeline.medication.surroundings import Surroundings
from pipeline.medication.tables import load_tables
from pipeline.medication.tokens import WORD, Place, Token, find_tokens
from pipeline.note import Mention, Note

TREATMENT: Final = "TREATMENT"
_BEFORE = 90
_AFTER = 320
_SOON = 100
_SHORTEST = 2
"""In characters."""

_AHEAD = 10
"""The end of a region is certain if as many tokens were read behind it."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_TAKEN = frozenset(("gave", "given", "give", "take", "takes", "taking", "took", "taken", "tried"))
_DOSES: Final = (MEASURE, COMBINATION, COUNT, BARE)


def find_sigs(
    notes: Sequence[Note], mentions: Sequence[Sequence[Mention]]
) -> list[list[tuple[int, Sig]]]:
    """Find dose, unit, route, frequency, duration and PRN beside mentions of treatments.

    What stands beside a drug is what lies between it and the next drug or the sentence's end, and
    what leads to its name (25 mg of metoprolol). The first of each field counts, but a strength
    with a measure counts before a number of tablets. No field belongs to two mentions.

    Args:
        notes: Released notes.
        mentions: For each note its mentions, of any label, in text order.

    Returns:
        For each note, in order, the index in its mentions and the sig of each ``TREATMENT`` of
        which the note says at least one field. Spans are in released text.

    Raises:
        ValueError: There are not as many lists of mentions as notes.
    """
    return [_sigs_of(note.text, own) for note, own in zip(notes, mentions, strict=True)]


def _sigs_of(text: str, mentions: Sequence[Mention]) -> list[tuple[int, Sig]]:
    drugs = sorted(
        (mention.start, mention.end, index)
        for index, mention in enumerate(mentions)
        if mention.label == TREATMENT
    )
    found: list[tuple[int, Sig]] = []
    reach = 0
    leads = _leads(text, 0, drugs[0][0], behind_drug=False) if drugs else []
    for place, (begin, end, index) in enumerate(drugs):
        reach = max(reach, end)
        own, limit = leads, len(text)
        if place + 1 < len(drugs):
            limit = drugs[place + 1][0]
            leads = _leads(text, reach, limit, behind_drug=True)
            limit = leads[0].start if leads else limit
        parts = [*own, *_followers(text, reach, limit)]
        sig = _sig(fitting(text[begin:end], parts))
        if sig:
            found.append((index, sig))
    return sorted(found, key=lambda pair: pair[0])


def _leads(text: str, floor: int, drug: int, *, behind_drug: bool) -> list[Part]:
    """Find the parts that lead to a drug's name, in ``text[floor:drug]`` at most."""
    start = max(floor, text.rfind("\n\n", floor, drug) + 1, drug - _BEFORE)
    if not _may_lead(text, start, drug):
        return []
    cut = start > floor
    while cut and start < drug and not text[start].isspace():
        start += 1
    tokens = find_tokens(text, start, drug)
    parts = find_parts(text, tokens)
    parts = parts[lead_start(tokens, parts, behind_drug=behind_drug and not cut) :]
    timed = any(part.kind in (ROUTE, FREQUENCY, PRN) for part in parts)
    return [part for part in parts if part.kind != BARE or _is_count(tokens, part, timed=timed)]


def _may_lead(text: str, start: int, drug: int) -> bool:
    """Say whether the word right before a drug, or an ``of`` farther left, may end a sig."""
    before = text[start:drug]
    words = before.rsplit(None, 1)
    if not words:
        return False
    last = words[-1].lower().replace(".", "").rstrip("-)")
    last = last[max(last.rfind("-"), last.rfind("("), last.rfind("/")) + 1 :]
    return not last or not last.isalpha() or last in _closers() or " of " in before


@cache
def _closers() -> frozenset[str]:
    """Return the words that may stand right before the drug that a sig leads to."""
    tables = load_tables()
    return frozenset().union(
        tables.routes.closers, tables.frequencies.closers, tables.units, NUMBER_WORDS, NOUNS,
        LINKERS, ("weekly", "daily", "hourly", "monthly", "2", "m"),
    )  # fmt: skip


def _is_count(tokens: Sequence[Token], part: Part, *, timed: bool) -> bool:
    """Say whether a number before a drug's name counts it: two Tums daily; not a list's item."""
    if part.first == 0:
        return False
    before = tokens[part.first - 1]
    return before.kind == WORD and (timed or before.form in _TAKEN)


def _followers(text: str, start: int, limit: int) -> list[Part]:
    """Find the parts that stand behind a drug that ends at ``start``, up to ``limit``.

    Most regions end soon, so that a longer stretch is read only where a short one doesn't do.
    """
    blank = _BLANK_LINE.search(text, start, min(limit, start + _AFTER))
    limit = limit if blank is None else blank.start()
    for width in (_SOON, _AFTER):
        stop = min(limit, start + width)
        while start < stop < limit and not text[stop - 1].isspace():
            stop -= 1
        if stop - start < _SHORTEST:
            return []
        tokens = find_tokens(text, start, stop)
        parts = find_parts(text, tokens)
        if not parts and (stop == limit or len(tokens) > GAP):
            return []
        end = region_end(Surroundings(text, tokens, parts))
        if stop == limit or end + _AHEAD < len(tokens):
            break
    parts = [part for part in parts if part.after <= end and part.kind != NO_DOSE]
    parts = [part for place, part in enumerate(parts) if is_own(tokens, parts, place)]
    return [] if len(parts) == 1 and is_stray(text, tokens, parts[0]) else parts


def _sig(parts: Sequence[Part]) -> Sig:
    """Choose the first of each field."""
    first: dict[str, Part] = {}
    for part in parts:
        first.setdefault(part.kind, part)
    dose = next((first[kind] for kind in _DOSES if kind in first), None)
    route, frequency, duration, prn = (
        first.get(kind) for kind in (ROUTE, FREQUENCY, DURATION, PRN)
    )
    return Sig(
        dose=None if dose is None else dose.value,
        unit=None if dose is None else dose.unit,
        route=_value(route),
        frequency=_value(frequency),
        duration=_value(duration),
        prn=prn is not None,
        dose_span=_span(dose),
        unit_span=None if dose is None else dose.unit_span,
        route_span=_span(route),
        frequency_span=_span(frequency),
        duration_span=_span(duration),
        prn_span=_span(prn),
    )


def _value(part: Part | None) -> str | None:
    return None if part is None else part.value


def _span(part: Part | None) -> Place | None:
    return None if part is None else (part.start, part.end)
