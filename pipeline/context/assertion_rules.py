"""What a note says of its mentions, by cues and sections: ConText in a fast form of our own.

Harkema et al. (2009), "ConText: An Algorithm for Determining Negation, Experiencer, and Temporal
Status from Clinical Reports"; besides, what is possible or yet to come is told apart, and the
section that a mention stands in speaks where no cue does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.context.cues import CueTable, load_cues
from pipeline.context.lines import read_lines
from pipeline.context.scope import OpenCue, Reach, find_scopes
from pipeline.context.sections import section_of
from pipeline.note import Assertion, Note, Section, Span

TREATMENT: Final = "TREATMENT"

_PAST_SECTIONS: Final = frozenset(
    ("past_medical_history", "past_surgical_history", "birth_history", "obstetric_history",
     "psychiatric_history")
)  # fmt: skip

_NOWHERE: Final = Section("other", 0, 0)

_PRECEDENCE: Final = ("family", "allergen", "absent", "hypothetical", "possible", "historical")
"""Of several cues that reach a mention the first of these decides, and of one kind the nearest."""

PRECISION: Final[Mapping[str, float]] = {
    "absent_after": 0.77,
    "absent_before": 0.97,
    "allergen_after": 0.95,
    "allergen_before": 0.95,
    "allergies_section": 0.98,
    "birth_history_section": 0.67,
    "discharge_instructions_section": 0.56,
    "family_after": 0.75,
    "family_before": 0.85,
    "family_history_section": 0.95,
    "historical_after": 0.76,
    "historical_before": 0.84,
    "hypothetical_after": 0.88,
    "hypothetical_before": 0.83,
    "none": 0.92,
    "obstetric_history_section": 0.67,
    "past_medical_history_section": 0.82,
    "past_surgical_history_section": 0.96,
    "possible_after": 0.69,
    "possible_before": 0.79,
    "present_after": 0.92,
    "present_before": 0.85,
    "psychiatric_history_section": 0.78,
}
"""For each rule the share of mentions that it was right about, on the notes that it was made on."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of a mention, and why.

    Attributes:
        status: One of ``pipeline.note.ASSERTIONS``.
        rule: What decided: ``<status>_before`` or ``<status>_after`` for a cue before or after the
            mention, ``<kind>_section`` for a section, ``none``. ``allergen`` and ``present`` count
            as statuses of cues here.
        cue: ``[start, end)`` of the cue or heading in the text; None if nothing decided.
    """

    status: str
    rule: str
    cue: tuple[int, int] | None = None

    @property
    def assertion(self) -> Assertion:
        """What is said of the mention; the score is how often the rule that decided was right."""
        return Assertion(self.status, PRECISION[self.rule], self.cue)


@dataclass(frozen=True, slots=True)
class AssertionRules:
    """Rules over a table of cues.

    Attributes:
        cues: The table.
    """

    cues: CueTable

    def assert_mentions(
        self,
        notes: Sequence[Note],
        mentions: Sequence[Sequence[Span]],
        sections: Sequence[Sequence[Section]],
    ) -> list[list[Assertion]]:
        """Say of each mention what its note says of it.

        Args:
            notes: Released notes.
            mentions: Of each note, in any order.
            sections: Of each note, in order; a note may have none.

        Returns:
            For each note one assertion for each mention, in the mentions' order. The score is how
            often the rule that decided was right.
        """
        return [
            [verdict.assertion for verdict in self.find_verdicts(*of_note)]
            for of_note in zip(notes, mentions, sections, strict=True)
        ]

    def find_verdicts(
        self, note: Note, mentions: Sequence[Span], sections: Sequence[Section]
    ) -> list[Verdict]:
        """Say of each mention of a note what decides, in time linear in the note.

        Args:
            note: A released note.
            mentions: Its mentions, in any order.
            sections: Its sections, in order; none is fine.

        Returns:
            One verdict for each mention, in the mentions' order.
        """
        verdicts = [Verdict("present", "none")] * len(mentions)
        carried: list[OpenCue] = []
        for line in read_lines(note.text, mentions, sections):
            listed = carried if line.continues else []
            scopes = find_scopes(line, self.cues.find(line.words), listed)
            carried = scopes.open if line.heads_list or listed else []
            for place, indices in line.mentions.items():
                reaches = _nearest(scopes.reaches.get(place, ()))
                for index in indices:
                    mention = mentions[index]
                    section = section_of(sections, mention.start) if sections else _NOWHERE
                    status, rule, cue = _decide(mention, reaches, section)
                    verdicts[index] = Verdict(status, rule, cue)
        return verdicts


def load_assertion_rules() -> AssertionRules:
    """Build the rules over the table of cues that chartsift ships.

    Raises:
        SetupError: The table is absent or damaged.
    """
    return AssertionRules(load_cues())


_Decision = tuple[str, str, tuple[int, int] | None]


def _nearest(reaches: Iterable[Reach]) -> dict[str, Reach]:
    """Return the nearest cue of each status."""
    best: dict[str, Reach] = {}
    for reach in reaches:
        known = best.get(reach.status)
        if known is None or abs(reach.distance) < abs(known.distance):
            best[reach.status] = reach
    return best


def _decide(mention: Span, cues: Mapping[str, Reach], section: Section) -> _Decision:
    """Choose what decides: the section of relatives or allergies, a cue, another section."""
    if section.kind == "family_history" and ("present" not in cues or "family" in cues):
        return _by_section("family", section, cues.get("family"))
    if section.kind == "allergies":
        return _decide_allergy(mention, cues, section)
    for status in _PRECEDENCE:
        if status in cues:
            return _by_cue(mention, cues[status])
    named = section.heading is not None and mention.start < section.heading[1]
    if section.kind in _PAST_SECTIONS and not named:
        if section.kind == "past_medical_history" and "present" in cues:
            return _by_cue(mention, cues["present"])
        return _by_section("historical", section)
    if section.kind == "discharge_instructions" and mention.label != TREATMENT:
        return _by_section("hypothetical", section)
    return "present", "none", None


def _decide_allergy(mention: Span, cues: Mapping[str, Reach], section: Section) -> _Decision:
    """Decide in a list of allergies: drugs are not given, and reactions could come."""
    treatment = mention.label == TREATMENT
    for status in ("family", "absent", "allergen", "present") if treatment else ("absent",):
        if status in cues:
            return _by_cue(mention, cues[status])
    return _by_section("absent" if treatment else "hypothetical", section)


def _by_cue(mention: Span, reach: Reach) -> _Decision:
    status = reach.status
    if status == "allergen":
        status = "absent" if mention.label == TREATMENT else "hypothetical"
    side = "before" if reach.distance > 0 else "after"
    return status, f"{reach.status}_{side}", reach.cue


def _by_section(status: str, section: Section, reach: Reach | None = None) -> _Decision:
    cue = section.heading if reach is None else reach.cue
    return status, f"{section.kind}_section", cue
