"""Which of the parts beside a treatment are its own."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.medication.amounts import BARE, COUNT, MEASURE
from pipeline.medication.numerals import COMBINATION
from pipeline.medication.parts import DURATION, FREQUENCY, PRN, ROUTE, Part
from pipeline.medication.procedures import is_care, is_operation
from pipeline.medication.surroundings import is_plain
from pipeline.medication.tokens import SIGN, WORD, Token, is_word

_NAME_WORDS = 4
_OWN_WORDS = 2
"""Words that aren't a drug's name, at most, between a drug and its percentage."""

_FAR = 9
"""A route, frequency or duration has at most this many tokens before it to the next part."""

_NEAR = 3
"""A route that is all there is stands at most this many tokens behind the drug."""

_BEHIND_BARE = frozenset(
    ("a", "after", "and", "as", "at", "before", "bottle", "bottles", "by", "can", "cans", "daily",
     "during", "each", "every", "film", "films", "for", "from", "he", "if", "in", "is", "on", "or",
     "pack", "packs", "per", "plus", "prior", "pump", "pumps", "she", "sig",
     "since", "strip", "strips", "take", "that", "then", "they", "to", "total", "until", "was",
     "when", "which", "with")
)  # fmt: skip
_OTHERWISE_COUNTED = frozenset(
    ("bp", "by", "for", "from", "in", "inr", "level", "levels", "of", "on", "pain", "pressure",
     "pulse", "rate", "since", "until")
)  # fmt: skip
_MEASURED_IN_BLOOD = frozenset(
    ("albumin", "calcium", "chloride", "glucose", "hemoglobin", "iron", "magnesium", "phosphorus",
     "potassium", "sodium")
)  # fmt: skip
_LETTERS = frozenset(("a", "b", "d", "k"))
_RATHER_A_SHARE = frozenset(
    ("better", "blockage", "chance", "improved", "improvement", "lesion", "narrowing", "of",
     "occluded", "occlusion", "reduction", "relief", "risk", "stenosed", "stenosis", "success",
     "worse")
)  # fmt: skip
"""What follows a percentage that is no strength."""

_SOON_PRN = 5
"""PRN that is all there is stands at most this many tokens behind the drug."""

_BRIEF = 6
"""And so does a duration."""

_CLAUSES = frozenset(
    ("because", "but", "had", "has", "have", "he", "she", "that", "then", "was", "were", "which",
     "who")
)  # fmt: skip
"""Words that tell something else, unless a word of use follows: which she takes as needed."""

_USE = frozenset(
    ("continue", "continued", "gave", "given", "prescribed", "received", "take", "taken", "takes",
     "taking", "took", "treated", "use", "used", "uses", "using")
)  # fmt: skip
_ORDERS = frozenset(
    ("adjust", "call", "change", "check", "evaluate", "follow", "monitor", "recheck", "return",
     "see", "titrate")
)  # fmt: skip
"""Verbs that behind a comma are of something else than the drug."""

_PURPOSE = frozenset(("for",))
_AMOUNTS = (MEASURE, COUNT, BARE, COMBINATION)
_MASSES = frozenset(("g", "mcg", "mg"))


def fitting(words: str, parts: Sequence[Part]) -> list[Part]:
    """Leave out what a treatment can't have: the number of vitamin B 12, of calcium 9.2.

    An operation or a device has a dose only by mass (a goserelin implant 3.6 mg); its other
    numbers are levels, sizes and what was lost.

    Args:
        words: The treatment, as the note writes it.
        parts: What leads to it and what follows it.
    """
    operation = is_operation(words)
    if operation and any(_is_mass(part) for part in parts):
        return [part for part in parts if part.kind not in _AMOUNTS or _is_mass(part)]
    if operation or is_care(words):
        return [part for part in parts if part.kind in (FREQUENCY, DURATION, PRN)]
    last = words.lower().rsplit(None, 1)[-1]
    if last in _MEASURED_IN_BLOOD and len(parts) == 1:
        return [part for part in parts if part.kind != BARE]
    if last in _LETTERS:
        return [part for part in parts if part.kind != BARE or part.first > 0]
    return list(parts)


def _is_mass(part: Part) -> bool:
    return part.kind == MEASURE and (part.unit or "").partition("/")[0] in _MASSES


def is_stray(text: str, tokens: Sequence[Token], part: Part) -> bool:
    """Say whether a part that is all there is may mean anything: nasal, adjusted as needed."""
    if part.kind in (PRN, DURATION):
        gap = {token.form for token in tokens[: part.first]}
        far = part.first > (_SOON_PRN if part.kind == PRN else _BRIEF)
        if "." in gap or (far and not is_word(tokens, 0, _PURPOSE)):
            return True
        if gap & _CLAUSES and not gap & _USE:
            return True
        return bool(gap & _ORDERS) and bool(gap & {",", ";"})
    if part.kind != ROUTE or part.first <= _NEAR or part.value == "oral":
        return False
    return not text[part.start : part.end].lower().endswith("ly")


def is_own(tokens: Sequence[Token], parts: Sequence[Part], place: int) -> bool:
    """Say whether a part behind a drug is its: numbers without units only right beside it."""
    part = parts[place]
    if part.unit == "%":
        gap = tokens[(parts[place - 1].after if place else 0) : part.first]
        if is_word(tokens, part.after, _RATHER_A_SHARE):
            return False
        words = [token for token in gap if token.kind == WORD]
        named = sum(_may_be_name(token) or token.form in _PURPOSE for token in words)
        signs = all(
            token.kind == WORD or _may_be_name(token) or token.form in ";,.(" for token in gap
        )
        return len(words) - named <= _OWN_WORDS and len(words) <= _NAME_WORDS and signs
    if part.kind in (MEASURE, COUNT):
        return True
    if part.kind not in (BARE, COMBINATION):
        return part.first - (parts[place - 1].after if place else 0) <= _FAR
    following = parts[place + 1] if place + 1 < len(parts) else None
    leads_on = following is not None and following.first == part.after
    if part.kind == BARE and leads_on and following is not None:
        return following.kind in (ROUTE, FREQUENCY, PRN)
    if part.kind == BARE and part.after < len(tokens):
        after = tokens[part.after]
        if after.kind == WORD and after.form not in _BEHIND_BARE:
            return False
    gap = tokens[: part.first]
    return len(gap) <= _NAME_WORDS and all(_may_be_name(token) for token in gap)


def _may_be_name(token: Token) -> bool:
    """Say whether a word may stand between a drug's name and a bare number: XR, tablets, at."""
    if token.kind == WORD:
        return is_plain(token.form) and token.form not in _OTHERWISE_COUNTED
    return token.kind == SIGN and token.form in ":-)®™"
