"""What leads to a drug's name: 25 mg of metoprolol, IV Rocephin, nightly Ambien."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.medication.amounts import BARE, NO_DOSE
from pipeline.medication.parts import DURATION, FREQUENCY, PRN, Part
from pipeline.medication.surroundings import is_common, is_plain
from pipeline.medication.tables import load_tables
from pipeline.medication.tokens import BREAK, WORD, Token, is_sign

LINKERS = frozenset(
    ("a", "acting", "additional", "adult", "an", "baby", "bolus", "boluses", "broad", "chronic",
     "coated", "course", "courses", "cycle", "cycles", "dose", "doses", "dosing", "drip",
     "empiric", "enteric", "extra", "generic", "her", "high", "his", "home", "infusion",
     "injection", "injections", "liquid", "loading", "long", "low", "maintenance", "more", "of",
     "pulse", "push", "pushes", "regimen", "regular", "scheduled", "short", "single", "spectrum",
     "standing", "strength", "stress", "supplemental", "test", "the", "therapy", "total",
     "treatment", "treatments", "trial", "with", "worth")
)  # fmt: skip
"""What may stand between a drug and what is said before it: a 40 mg dose of, a course of."""

_JOINERS = frozenset(("and", "by", "or", "plus", "then", "with"))
_NAME_WORDS = 4


def lead_start(tokens: Sequence[Token], parts: Sequence[Part], *, behind_drug: bool) -> int:
    """Return the place in ``parts`` of the first part that belongs to the drug behind them.

    Parts right behind another drug's name are that drug's, unless ``of`` follows them.

    Args:
        tokens: The tokens before the drug.
        parts: Their parts.
        behind_drug: Another drug's mention ends where the tokens begin.
    """
    place, edge, linked = len(parts), len(tokens), False
    while place:
        part = parts[place - 1]
        gap = tokens[part.after : edge]
        if part.kind == NO_DOSE or not _links(part, gap, is_last=edge == len(tokens)):
            break
        linked = linked or any(token.form == "of" for token in gap)
        place, edge = place - 1, part.first
    if linked:
        return place
    if edge == 0:
        return len(parts) if behind_drug else place
    before = tokens[edge - 1]
    if before.kind == WORD and not (is_plain(before.form) or is_common(before.form)):
        return len(parts)
    return place


def _links(part: Part, gap: Sequence[Token], *, is_last: bool) -> bool:
    """Say whether what stands between a part and the drug, or the next part, joins them."""
    if any(token.kind == BREAK for token in gap):
        return gap[0].form == "of"
    if part.kind == BARE and any(token.kind != WORD or token.form == "of" for token in gap):
        return False
    words = {token.form for token in gap}
    names = is_last and len(gap) <= _NAME_WORDS and bool(gap) and gap[0].form == "of"
    if names and words & _JOINERS:
        return False
    if part.kind in (FREQUENCY, PRN, DURATION) and "with" in words:
        return False
    return all(_is_linker(gap, place, any_word=names) for place in range(len(gap)))


def _is_linker(gap: Sequence[Token], place: int, *, any_word: bool) -> bool:
    token = gap[place]
    if token.kind != WORD:
        return is_sign(gap, place, "-()%")
    return any_word or token.form in LINKERS or token.form in load_tables().units
