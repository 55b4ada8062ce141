"""What the linker is asked for the mentions of a note: what the note tells of each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.link.clinical_abbreviations import Abbreviations
from pipeline.link.linker import Linker
from pipeline.link.surfaces import BY_DRUGS, LinkQuery
from pipeline.link.term import TREATMENT
from pipeline.note import Mention

_BEFORE: Final = re.compile(
    r"([\w/]+)[- ](?:(?:induced|associated|related) (?:[a-z-]+ ){0,2})?$", re.IGNORECASE
)
_AFTER: Final = re.compile(
    r",? (?:(?:was|were|is|are) )?(?:probably |possibly |likely )?"
    r"(?:induced by|caused by|due to|secondary to|associated with|related to|attributed to|"
    r"following|after|to) ((?:[\w/-]+ ?){1,4})",
    re.IGNORECASE,
)
_WITHIN: Final = re.compile(r"([\w/]+)[- ]induced (.+)", re.IGNORECASE)
_TOXIC: Final = re.compile(r"toxic(?:ity|ities)?$", re.IGNORECASE)
"""What is toxic to an organ is a substance."""

_REACH: Final = 80
_SHORTEST_DRUG: Final = 4
_SURE: Final = 0.8
"""The chance with which a word is taken for a drug."""

_SUBSTANCES: Final = frozenset(
    {
        "anesthetic", "antibiotic", "chemotherapy", "chemical", "contrast", "drug",
        "medication", "narcotic", "opiate", "opioid", "sedative", "statin", "steroid", "substance",
        "toxin",
    }
)  # fmt: skip
"""What induces diseases without being one drug."""

_NOT_SO: Final = frozenset({"absent", "family"})
"""Assertions of mentions that say nothing of the patient's others."""


def find_queries(text: str, mentions: Sequence[Mention], linker: Linker) -> list[LinkQuery]:
    """Say what the linker is asked for each mention of a note.

    An abbreviation without a long form stands for the one mention of its kind whose words begin
    with its letters. A disease of the patient that a drug brought about somewhere in the note is so
    wherever the note names it.

    Args:
        text: The note.
        mentions: Its mentions, with their long forms and, if known, their assertions.
        linker: Says what is a drug and what has a name.
    """
    surfaces = [text[mention.start : mention.end] for mention in mentions]
    initials = _initials_of(mentions, surfaces)
    induced = _induced(text, mentions, surfaces, linker)
    queries = []
    for mention, surface in zip(mentions, surfaces, strict=True):
        meant = mention.long_form or _by_initials(surface, mention.label, initials)
        is_induced = not induced.isdisjoint((_key(surface), _key(meant or "")))
        queries.append(LinkQuery(surface, mention.label, meant, is_induced))
    return queries


def usual_long_forms(
    label: str, surface: str, text: str, linker: Linker, abbreviations: Abbreviations
) -> list[str]:
    """Look up the long forms of an abbreviation that its note doesn't define.

    Args:
        label: SYMPTOM, DISEASE or TREATMENT.
        surface: The mention as the note writes it.
        text: The note.
        linker: Says whether long forms mean the same.
        abbreviations: Those usual in clinical notes.

    Returns:
        Nothing if it has none, the first if all mean the same, else all.
    """
    forms = abbreviations.long_forms(label, surface, text)
    if len(forms) > 1:
        concepts = linker.link([LinkQuery(form, label) for form in forms])
        if len({concept and concept.concept_id for concept in concepts}) == 1:
            return [forms[0]]
    return [*forms]


_Initials = Mapping[tuple[bool, str], Mapping[str, str]]
"""Whether drugs are meant, and letters, to mentions in lower case and as they stand."""


def _initials_of(mentions: Sequence[Mention], surfaces: Sequence[str]) -> _Initials:
    found: dict[tuple[bool, str], dict[str, str]] = {}
    for mention, surface in zip(mentions, surfaces, strict=True):
        words = [word for word in re.split(r"[\s-]+", surface) if word]
        if len(words) > 1:
            letters = "".join(word[0] for word in words).upper()
            meant = found.setdefault((mention.label == TREATMENT, letters), {})
            meant.setdefault(surface.lower(), surface)
    return found


def _by_initials(surface: str, label: str, initials: _Initials) -> str | None:
    """Return the only mention of its kind whose words begin with an abbreviation's letters."""
    letters = "".join(letter for letter in surface.removesuffix("s") if letter.isalnum())
    if len(letters) < 2 or not letters.isupper():
        return None
    meant = initials.get((label == TREATMENT, letters), {})
    return next(iter(meant.values())) if len(meant) == 1 else None


def _induced(
    text: str, mentions: Sequence[Mention], surfaces: Sequence[str], linker: Linker
) -> frozenset[str]:
    """Return the diseases of which the note somewhere says that a drug brought them about."""
    found = set()
    for mention, surface in zip(mentions, surfaces, strict=True):
        if mention.assertion is not None and mention.assertion.status in _NOT_SO:
            continue
        within = _WITHIN.fullmatch(surface)
        effect = within[2] if within else surface
        if mention.label == TREATMENT or not any(
            linker.has_name(f"{cause} {effect}") for cause in BY_DRUGS
        ):
            continue
        before = _BEFORE.search(text[max(0, mention.start - _REACH) : mention.start])
        after = _AFTER.match(text[mention.end : mention.end + _REACH])
        causes = [match[1] for match in (within, before, after) if match is not None]
        if _TOXIC.search(effect) or any(_is_substance(cause, linker) for cause in causes):
            found.add(_key(effect))
    return frozenset(found)


def _is_substance(cause: str, linker: Linker) -> bool:
    """Say whether words name a drug or a kind of substances."""
    words = cause.split()
    if any(word.lower().removesuffix("s") in _SUBSTANCES for word in words):
        return True
    named = [LinkQuery(word, TREATMENT) for word in words if len(word) >= _SHORTEST_DRUG]
    return any(
        concept is not None and concept.score >= _SURE and "drugbank" in concept.codes
        for concept in linker.link(named)
    )


def _key(surface: str) -> str:
    return surface.lower().removesuffix("s")
