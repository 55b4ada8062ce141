"""Which mentions stand in a note as what the patient is allergic to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.context.assertion_rules import TREATMENT, Verdict
from pipeline.note import Span

_RULES: Final = frozenset(("allergies_section", "allergen_before", "allergen_after"))


def find_allergens(mentions: Sequence[Span], verdicts: Sequence[Verdict]) -> list[bool]:
    """Say of each mention whether it stands as an allergen.

    A treatment does if a list of allergies or a cue such as "allergic to" decided that it is
    absent; the reaction that it causes does not.

    Args:
        mentions: Of one note.
        verdicts: What the rules say of each (:meth:`AssertionRules.find_verdicts`).

    Returns:
        One truth value for each mention, in order.
    """
    return [
        mention.label == TREATMENT and verdict.rule in _RULES
        for mention, verdict in zip(mentions, verdicts, strict=True)
    ]
