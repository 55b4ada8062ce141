"""Whether a word that is part of a known name stands for that name where it is written."""

from __future__ import annotations

import re

from pipeline.deid.name_signs import (
    MODALS,
    OPENING,
    PERSON_AFTER,
    PERSONAL,
    is_introduced,
    is_owner,
    word_before,
)
from pipeline.deid.person_name import PersonName, fold
from pipeline.deid.rules.eponyms import EPONYM_AFTER
from pipeline.deid.rules.lexicon import Lexicon

_VERB = re.compile(
    rf"(?P<own>['’]s\b)|,? (?:{PERSONAL}|(?:is|was|has|had|presented|presents|feels|felt|came|went"
    r"|does|did|wants|wanted|continues|tolerated|remains|appears|arrived|walked|walks|slept|took"
    r"|takes|smiled|smiles|thinks|thought|knows|knew|ambulated|voiced|expressed|requires)\b)"
)
_FIRST_NAME_VERB = re.compile(
    r" (?:will|would|can|could|should|needs|needed|helps|helped|visited|brought|stays|stayed|plans"
    r"|planned|prefers|eats|ate|sleeps|moved|gets|gave|gives|keeps|kept|met|cried|updated|aware)\b"
)
_COORDINATED = re.compile(r" (?:and|&) [A-Z][a-z]")
_IN_MONTH = re.compile(
    r"\b(?:in|since|until|till?|last|this|next|of|by|from|through|early|late|mid)[ -]$",
    re.IGNORECASE,
)
_MONTHS = frozenset(("april", "may", "june", "august"))
_SELDOM = frozenset(
    word
    for line in (
        "amber archer baker bishop bunny carol carter cliff clay dale daisy dean dolly drake duke",
        "earl finch fisher fox glen heather holly hunter ivy jack jade jasmine jay kitty knight",
        "lane lily marsh mason miller misty molly myrtle opal pearl peggy penny pepper pope prince",
        "randy ray reed robin ruby tucker violet wolf wren",
    )
    for word in line.split()
)
"""Words that are names of many people and that notes seldom use as words."""
_IS_THING = re.compile(r"(?:-|\b(?:x|of|no|a|an|the|black|and)[ \u00a0])$", re.IGNORECASE)
_HYPHENATED_AFTER = re.compile(r"(?:-[^\W\d_]+)+")
_HYPHENATED_BEFORE = re.compile(r"(?<!\w)(?:[^\W\d_]+-)+$")
_DISEASE_BEFORE = re.compile(
    r"\b(?:modified|(?:history|hx|risk|signs?|screen\w*|concern\w*) (?:of|for)|[hr]/o|s/s(?: of)?"
    r"|rule out|diagnosed with|suspected|probable|advanced|for early)[ \u00a0]$",
    re.IGNORECASE,
)
_DISEASE_AFTER = re.compile(
    r"(?:['’]s)?(?: (?:[+-]\d?|\d\+|[LR] ?\d\.\d|I{1,3}V?\b(?! ?,)|neg\b|pos\b|negative\b"
    r"|positive\b)|(?:,| and| or|/) ?[A-Z][^.;:\n]{0,30}?\b(?:neg|negative|syndromes?|diseases?"
    r"|signs?)\b)"
)
_INITIAL_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_])(\.?) ?$")
_INITIAL_AFTER = re.compile(r"(?:, ?| )([^\W\d_])(?:(\.)(?=\s|$|,|\))|(?![\w'’.]))")
_PARTICLE_BEFORE = re.compile(
    r"(?<![\w])(?:[Dd]e|[Ll]a|[Ll]os|[Dd]el|[Vv]an|[Dd]er|[Vv]on|[Aa]l)[ -]$"
)
_SUFFIX_AFTER = re.compile(r",? (?:[Jj][Rr]|[Ss][Rr])\b\.?|,? (?:II|III|IV)\b(?![-/])")


def is_name_here(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether a part of a name counts without its other parts.

    A part that is no word of the language does, unless it is an eponym of what follows
    ("Parkinson disease"). One that is a common word (Will, Rose, Hand) needs a sign that a person
    is meant (see :func:`is_introduced`), or a capital that no beginning of a sentence explains.
    Parts of one or two letters need a title or a field of a form.

    Args:
        text: Raw text.
        start: First code point of the part.
        end: One past its last code point.
        lexicon: The word lists.
    """
    word = text[start:end]
    folded = fold(word)
    if word_before(text, start) in lexicon.titles:
        return len(folded) > 1
    owns = word[0].isupper() and is_owner(text, end, lexicon)
    if len(folded) > 2 and not owns and is_eponym_here(text, start, end, lexicon):
        return False
    if owns or is_introduced(text, start, end, lexicon):
        return len(folded) > 1
    if len(folded) < 3:
        return False
    if folded in lexicon.device_eponyms:
        return word[0].isupper() and acts_like_person(text, end)
    if folded not in lexicon.common and (len(folded) > 3 or word[0].isupper()):
        return not (word.islower() and folded in lexicon.eponyms)
    if folded in _MONTHS and _IN_MONTH.search(text[max(0, start - 9) : start]):
        return False
    if folded in _SELDOM and not _IS_THING.search(text[max(0, start - 6) : start]):
        return not text.startswith("-", end)
    if folded not in lexicon.common or not word[0].isupper() or word.isupper():
        return False
    if start == 0 or OPENING.search(text[max(0, start - 6) : start]):
        if folded in lexicon.first_names and folded not in MODALS:
            return bool(_FIRST_NAME_VERB.match(text, end) or _starts_as_name(text, end))
        return _starts_as_name(text, end)
    return True


def _starts_as_name(text: str, end: int) -> bool:
    """Say whether what follows a word at the beginning of a sentence makes it a person."""
    return bool(_VERB.match(text, end) or _COORDINATED.match(text, end))


def is_eponym_here(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether a word that is also an eponym names a disease, sign or device here."""
    word = text[start:end]
    if not all(_is_eponym(piece, lexicon) for piece in re.split(r"[- ]", word)):
        return fold(word) in lexicon.common and EPONYM_AFTER.match(text, end) is not None
    if EPONYM_AFTER.match(text, end) or _is_compound(text, start, end, lexicon):
        return True
    if PERSON_AFTER.match(text, end):
        return False
    before = text[max(0, start - 24) : start]
    return bool(_DISEASE_BEFORE.search(before) or _DISEASE_AFTER.match(text, end))


def _is_eponym(word: str, lexicon: Lexicon) -> bool:
    folded = fold(word)
    return folded in lexicon.eponyms or folded in lexicon.device_eponyms


def _is_compound(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether a word is joined to other eponyms (Wolff-Parkinson-White), or to any in one."""
    match = _HYPHENATED_AFTER.match(text, end)
    before = _HYPHENATED_BEFORE.search(text[max(0, start - 24) : start])
    pieces = [piece for m in (match, before) if m for piece in m[0].strip("-").split("-")]
    reach = match.end() if match else end
    return bool(pieces) and (
        any(_is_eponym(piece, lexicon) for piece in pieces) or bool(EPONYM_AFTER.match(text, reach))
    )


def acts_like_person(text: str, end: int) -> bool:
    """Say whether what follows a word is what people do: denies, lives, was, and his."""
    verb = _VERB.match(text, end)
    return verb is not None and not verb["own"]


def widen(text: str, start: int, end: int, name: PersonName) -> tuple[int, int]:
    """Take in the person's initials, particles and suffix that stand beside a part of the name.

    Args:
        text: Raw text.
        start: First code point found.
        end: One past the last code point found.
        name: Whose name it is.
    """
    letters = "".join(name.initials)
    lower = text[start:end].islower()
    while particle := _PARTICLE_BEFORE.search(text[max(0, start - 5) : start]):
        start -= len(particle[0])
    for _ in range(2):
        before = _INITIAL_BEFORE.search(text[max(0, start - 4) : start])
        if not before or fold(before[1]) not in letters:
            break
        if not (before[1].isupper() or (lower and before[2])):
            break
        start -= len(before[0])
    after = _INITIAL_AFTER.match(text, end)
    if after and fold(after[1]) in letters and (after[1].isupper() or (lower and after[2])):
        end = after.end()
    if suffix := _SUFFIX_AFTER.match(text, end):
        end = suffix.end()
    return start, end
