"""How well the long forms of abbreviations are chosen, against what needs no encoder."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import log
from typing import Final

import numpy as np

from pipeline.link.senses import SenseChooser
from pipeline.note import SECTION_KINDS
from pipeline.train.sense_fitting import Occurrence
from pipeline.train.substitution import LongForms

TOTAL: Final = "all"
SAME_LABEL: Final = "all, label known"
"""What the totals are called: among all long forms, and among those of the right label only."""


@dataclass(slots=True)
class SenseScore:
    """How one abbreviation fared.

    Attributes:
        short: The abbreviation, or what the total is of.
        count: How often it stood in place of a long form.
        right: How often the likeliest long form was right.
        chosen: How often one was sure enough.
        chosen_right: How often that was right.
        frequent_right: How often the long form that training notes write most was right.
        section_right: How often the one that its section speaks for most was, by training notes.
    """

    short: str
    count: int = 0
    right: int = 0
    chosen: int = 0
    chosen_right: int = 0
    frequent_right: int = 0
    section_right: int = 0

    def add(self, other: SenseScore) -> None:
        """Add the counts of another."""
        for one in fields(self)[1:]:
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def score_senses(
    chooser: SenseChooser,
    seen: Sequence[Occurrence],
    unseen: Sequence[Occurrence],
    long_forms: LongForms,
) -> list[SenseScore]:
    """Measure a chooser.

    Args:
        chooser: What chooses.
        seen: What it was fitted to.
        unseen: What to measure on.
        long_forms: Which long forms are rivals, and their labels.

    Returns:
        One score for each abbreviation that occurs, then the two totals. Long forms of one label
        are told apart in use, as mentions have a label; all of an abbreviation's are harder.
    """
    often = Counter(one.form for one in seen)
    in_section = Counter((one.form, one.section) for one in seen)
    anywhere = Counter(one.section for one in seen)

    def speaks_for(form: str, section: str) -> float:
        share = (anywhere[section] + 1) / (len(seen) + len(SECTION_KINDS))
        return log(often[form] + 1) + log((in_section[form, section] + share) / (often[form] + 1))

    scores: dict[str, SenseScore] = defaultdict(lambda: SenseScore(""))
    total, same_label = SenseScore(TOTAL), SenseScore(SAME_LABEL)
    for one in unseen:
        short = one.short.lower()
        rivals = long_forms.rivals.get(short, ())
        label = long_forms.labels.get((short, one.form))
        alike = [form for form in rivals if long_forms.labels.get((short, form)) == label]
        for forms, into in ((rivals, (total, scores[short])), (alike, (same_label,))):
            chances = chooser.chances(one.features, one.section, forms) if len(forms) > 1 else None
            if chances is None or one.form not in forms:
                continue
            best = int(np.argmax(chances))
            sure = chances[best] >= chooser.least and chooser.may_choose(forms)
            right = forms[best] == one.form
            frequent = max(forms, key=lambda form: often[form])
            by_section = max(forms, key=lambda form: speaks_for(form, one.section))
            score = SenseScore(
                short, 1, right, sure, sure and right, frequent == one.form, by_section == one.form
            )
            for whole in into:
                whole.add(score)
                whole.short = whole.short or short
    return [*(scores[short] for short in sorted(scores) if scores[short].count), total, same_label]


def format_scores(scores: Sequence[SenseScore]) -> str:
    """Write scores as a table in plain text."""
    lines = [
        f"{'abbreviation':18}{'n':>5}{'right':>8}{'chosen':>8}{'of them right':>15}"
        f"{'most frequent':>15}{'by section':>12}"
    ]
    for one in scores:
        shares = (
            f"{one.right / max(1, one.count):8.3f}{one.chosen / max(1, one.count):8.3f}"
            f"{one.chosen_right / max(1, one.chosen):15.3f}"
            f"{one.frequent_right / max(1, one.count):15.3f}"
            f"{one.section_right / max(1, one.count):12.3f}"
        )
        lines.append(f"{one.short:18}{one.count:5}{shares}")
    return "\n".join(lines) + "\n"
