"""Whether a word that is part of a known name stands for that name where it is written."""

from __future__ import annotations

import re

from pipeline.deid.person_name import PersonName, fold
from pipeline.deid.rules.eponyms import EPONYM_AFTER
from pipeline.deid.rules.lexicon import Lexicon

_CUE = re.compile(r"([^\W\d_]+)[.:,]?[ \u00a0]*[\"“(]?$")
_OPENING = re.compile(r"(?:^|[.!?:;\n•*|-])[\s\"“]*$")
_VERB = re.compile(
    r"(?P<own>['’]s\b)|,? (?:is|was|has|had|denies|denied|reports|reported|states|stated|says|said"
    r"|lives|presented|presents|feels|felt|agrees|agreed|came|went|does|did|wants|wanted"
    r"|understands|verbalized|continues|tolerated|remains|appears|arrived|called|asked|asks|who"
    r"|and his|and her)\b"
)
_IN_MONTH = re.compile(
    r"\b(?:in|since|until|till?|last|this|next|of|by|from|through|early|late|mid)[ -]$",
    re.IGNORECASE,
)
_MONTHS = frozenset(("april", "may", "june", "august"))
_MODALS = frozenset(("will", "may", "can", "still"))
_INITIAL_BEFORE = re.compile(r"(?<![^\W\d_])([^\W\d_])\.? ?$")
_INITIAL_AFTER = re.compile(r"(?:, ?| )([^\W\d_])(?:\.(?=\s|$|,|\))|(?![\w'’.]))")
_PARTICLE_BEFORE = re.compile(
    r"(?<![\w])(?:[Dd]e|[Ll]a|[Ll]os|[Dd]el|[Vv]an|[Dd]er|[Vv]on|[Aa]l)[ -]$"
)
_SUFFIX_AFTER = re.compile(r",? (?:[Jj][Rr]|[Ss][Rr])\b\.?|(?<=[a-z]), (?:II|III|IV)\b")


def is_name_here(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether a part of a name counts without its other parts.

    A part that is no word of the language does, unless it is an eponym of what follows
    ("Parkinson disease"). One that is a common word (Will, Rose, Hand) needs a title or a relation
    before it, or a capital that no beginning of a sentence explains. Parts of one or two letters
    need a title.

    Args:
        text: Raw text.
        start: First code point of the part.
        end: One past its last code point.
        lexicon: The word lists.
    """
    word = text[start:end]
    folded = fold(word)
    before = _CUE.search(text[max(0, start - 24) : start])
    cue = before[1].lower() if before else ""
    if cue in lexicon.titles:
        return len(folded) > 1
    if len(folded) < 3 or EPONYM_AFTER.match(text, end):
        return False
    if folded in lexicon.eponyms and "-" in (text[end : end + 1], text[start - 1 : start]):
        return False
    cued = cue in lexicon.name_cues and not (word.islower() and folded in _MODALS)
    verb = _VERB.match(text, end)
    if folded in lexicon.device_eponyms:
        return cued or bool(word[0].isupper() and verb and not verb["own"])
    if folded not in lexicon.common and (len(folded) > 3 or word[0].isupper()):
        return not (word.islower() and folded in lexicon.eponyms)
    if cued:
        return True
    if folded in _MONTHS and _IN_MONTH.search(text[max(0, start - 9) : start]):
        return False
    if folded not in lexicon.common or not word[0].isupper() or word.isupper():
        return False
    if start == 0 or _OPENING.search(text[max(0, start - 6) : start]):
        return verb is not None
    return True


def widen(text: str, start: int, end: int, name: PersonName) -> tuple[int, int]:
    """Take in the person's initials, particles and suffix that stand beside a part of the name.

    Args:
        text: Raw text.
        start: First code point found.
        end: One past the last code point found.
        name: Whose name it is.
    """
    letters = "".join(name.initials)
    while particle := _PARTICLE_BEFORE.search(text[max(0, start - 5) : start]):
        start -= len(particle[0])
    before = _INITIAL_BEFORE.search(text[max(0, start - 4) : start])
    if before and before[1].isupper() and fold(before[1]) in letters:
        start -= len(before[0])
    after = _INITIAL_AFTER.match(text, end)
    if after and after[1].isupper() and fold(after[1]) in letters:
        end = after.end()
    if suffix := _SUFFIX_AFTER.match(text, end):
        end = suffix.end()
    return start, end
