"""The signs beside a word that say it is somebody's name, whatever word it is."""

from __future__ import annotations

import re

from pipeline.deid.person_name import fold
from pipeline.deid.rules.lexicon import Lexicon

_CUE = re.compile(r"([^\W\d_]+)[.:,]?[ \u00a0]*[\"“(]?$")
OPENING = re.compile(r"(?:^|[.!?:;\n•*|-])[\s\"“]*$")
PERSONAL = (
    r"(?:denies|denied|reports|reported|states|stated|says|said|agrees|agreed|endorses|endorsed"
    r"|complains|understands|understood|verbalizes|verbalized|lives|works|drives|drove|smokes"
    r"|called|calls|asked|asks|told|tells|refuses|refused|declines|declined|nods|nodded"
    r"|requests|requested|who|herself|himself|and his|and her)\b"
)
PERSON_AFTER = re.compile(rf",? {PERSONAL}", re.IGNORECASE)
_OWNER = re.compile(r"['’]s[ \u00a0]([^\W\d_]+)")
_FIELD_BEFORE = re.compile(
    r"(?<!\w)(?:last|first|middle|given|family|sur|maiden|full|preferred|pt|patient|party|contact"
    r"|guarantor|insured|subscriber|member|caller|guardian|attn|client|resident|mother|father"
    r"|spouse|nok|kin|provider|physician|attending|surgeon|pcp|nurse|rn|by|signature|author|/s/"
    r"|assistant|asst|operator|tech|fellow|scrub|circulator|circ|peds?|pmd|md|np|consult(?:ant|s)?"
    r"|witness|referring|ordering|informant|interpreter|escort|emerg(?:ency)?|driver|therapist"
    r"|counselor|scribe|anesthesia|anes|proxy|poa|hcp|dtr|son|wife|husband|infant|child|baby"
    r"|examinee|identifying|identification|id|re|regarding|employee|camper|student|veteran|inmate"
    r"|i/m|donor|recipient|decedent|worker|claimant|applicant|subject|sig|pat[il1]ent|to|from)"
    r"(?:[ _]?name)?[ .]{0,3}(?:[:=_]|\.{2})[ .:_\t\u00a0]{0,24}$",
    re.IGNORECASE,
)
_AGENT_BEFORE = re.compile(
    r"(?:\bd/w|\b(?:discussed|spoke|spoken|reviewed|met|staffed|talked) (?:with|to)"
    r"|\b(?:seen|signed|read|dictated|performed|ordered|interpreted"
    r"|accompanied|brought in"
    r"|transcribed|entered|verified|examined|reviewed|notified|called|assisted) by"
    r"|\b(?:paged|notified|dear)"
    r"|(?P<loose>\b(?:per|told|asked|attn:?|cc:?|thanks,?|sincerely,?|regards,?)))\s{1,3}$",
    re.IGNORECASE,
)
_RELATION_AFTER = re.compile(
    r" ?(?P<mark>\(|,|-|–|\|)[ ]?(?:(?:her|his|the|pt['’]?s|patient['’]s) )?(?P<who>[^\W\d_]+)"
)
_ALONE_BEFORE = re.compile(r"(?:^|\n)[ \t]*[-–—~/]{1,2}[ \t]*$|\n[ \t]*$")
_VERB_USE = re.compile(
    r"(?:rose (?:from|to|up|in)|drew (?:blood|labs|up|the)|marks? (?:the|site)"
    r"|hopes? (?:to|for|that))\b"
)
_AGED = re.compile(
    r"(?:,? (?:[\"“(][A-Z][\w'’-]{0,9}[\"”)]|[A-Z]\.?))?,?[ \t]{1,6}(?:(?:is an? )?\d{1,3}"
    r"(?:[ -]?(?:yo\b|y/?o\b|y\.o|yrs?\b|years?[ -]old)|[ \t]{0,6}(?-i:[MF])\b|[mf]\b)"
    r"|(?:rm|room|bed|chair|bay) ?#?\d)",
    re.IGNORECASE,
)
_CREDENTIAL_AFTER = re.compile(
    r"(?: [A-Z]\.?)?,? (?:M\.? ?D|D\.? ?O|R\.?N|N\.?P|P\.?A(?:-C)?|LPN|LVN|CNA|CRNA|CNM|Ph\.? ?D"
    r"|PsyD|PharmD|RPh|DPT|LCSW|LMSW|LICSW|MSW|RRT|RDN?|DDS|DMD|DPM|FNP(?:-BC|-C)?|A[PR]+N|DNP|BSN|FACS"
    r"|PGY-?\d|MS[34]|EMT|SLP|OTR(?:/L)?|Esq|III|Jr|Sr|JR|SR)\b|, (?:PT|OT|MA|MS|SW)\b"
)
_FIRST_BEFORE = re.compile(
    r"(?<![\w'’-])([^\W\d_][\w'’-]+)[ \u00a0](?:[\"“][A-Z]\w+[\"”] |[^\W\d_]\.? )?$"
)
_FIRST_AFTER = re.compile(r"(?:,? (?:[Jj][Rr]|[Ss][Rr]|I{2,3}|IV)\.?)?, ?(?:([^\W\d_][\w'’-]+)|)")
_LONE_INITIAL_AFTER = re.compile(
    r", ?[A-Z](?:\.(?!\w)|(?=[ \t]{2,}|[ \t]*\n|[ \t]+\d))| [A-KM-QS-Z](?:, | ?(?=[\d(]))"
)
_CAPITAL_NEXT = re.compile(r" [A-Z]{2,}")
_SMALL_NEXT = re.compile(r" [a-z]")
_INITIAL_BEFORE = re.compile(
    r"(?:(?:^|[\n:(\[_|/,;*#-]|\.{2}|[ \t]{2}|\b(?:pt|patient|by|per|dr|mrs?|ms|miss|prof)[.:]?) ?)"
    r"(?:[^\W\d_]\. ?){1,2}$",
    re.IGNORECASE,
)
_HEADED_AFTER = re.compile(
    r" @ |[ \t]{1,6}(?:[([#]{0,2}(?:MRN?|ID|EI|MR)?[ #:]{0,2}[A-Z]{0,4}-?\d{4,}|[A-Z]{2,4}-\d)"
    r"| [\"“][A-Z][\w'’-]+[\"”]| [A-Z][\w'’-]+,? (?:MD|DO|RN|NP|PA-C|PhD|LPN|DDS)\b"
)
_REACHED = re.compile(
    r"(?: (?:cell|home|ph|phone|work|c|h|at|@))?[ :,(#]{1,4}\d{3}[) .-]{1,2}\d{3}[ .-]\d{4}(?!\d)"
    r"| (?:at (?:the )?bedside|at bs|tearful)\b",
    re.IGNORECASE,
)
_LISTED_BEFORE = re.compile(r"(?:^|\n|[ \t]{2,}|[|:])[ \t]*$")
_LISTED_AFTER = re.compile(r", ?(?P<next>[A-Z][\w'’-]+)")
_AFTER_SURNAME = re.compile(r"(?:^|\n|[ \t]{2,}|[|:])[ \t]*(?P<last>[A-Z][\w'’-]+), ?$")
_BRACKETED_BEFORE = re.compile(r"[A-Z][\w'’-]+, ?[A-Z][\w'’-]+ \($")
_NEXT = re.compile(r"[ \u00a0](?P<next>[A-Z][a-z'’-]+)")
_CHAT_BEFORE = re.compile(
    r"(?:^|\n)[\[(]?\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?[\])]?[ \t-]{1,3}$", re.I
)
_CUES = frozenset(
    word
    for line in (
        "caller husb hubby fiance boyfriend girlfriend roommate neighbor caregiver guardian",
        "stepson stepdaughter stepmother stepfather widow widower sibling twin client resident",
        "grandma grandpa proxy sra srta mme mlle hon",
        "sgt cpl ofc capt chaplain fr employee examinee",
    )
    for word in line.split()
)
MODALS = frozenset(("will", "may", "can", "still"))


def is_introduced(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Say whether what stands around a word makes it a person's name, whatever word it is.

    A relation before it ("wife Hope"), the field of a form ("Last: MARSH"), another first name
    beside it ("YOUNG, HOLLY"; "RUTHANN YOUNG"), an age, a credential or what only people do
    after it ("hope denies").
    """
    word = text[start:end]
    capital = word[0].isupper()
    is_modal = fold(word) in MODALS
    before = text[max(0, start - 60) : start]
    if _CHAT_BEFORE.search(before) and text.startswith(":", end):
        return True
    opens = start == 0 or before[-1] in '"“' or OPENING.search(before)
    if _AGED.match(text, end) and (capital or opens):
        return True
    if word.islower() and (is_modal or _VERB_USE.match(text, start)):
        return _is_related(text, end, lexicon, brackets=True)
    if word.isupper() and is_modal and _CAPITAL_NEXT.match(text, end):
        return False
    comma = word.islower() and text[start - 2 : start] == ", "
    if is_cue(word_before(text, start), lexicon) and not comma:
        return True
    if _REACHED.match(text, end):
        return True
    if PERSON_AFTER.match(text, end) or _follows_name(text, start, before, capital, lexicon):
        return True
    agent = _AGENT_BEFORE.search(before)
    if agent and (capital or not agent["loose"]):
        return True
    if _is_related(text, end, lexicon, brackets=not capital):
        return True
    opens = start == 0 or before[-1] in '"“' or OPENING.search(before)
    if _AGED.match(text, end) and (capital or opens):
        return True
    if _INITIAL_BEFORE.search(before) and (capital or before.rstrip(". ")[-1:].islower()):
        return True
    return capital and _is_listed(text, start, end, before, lexicon)


def _follows_name(text: str, start: int, before: str, capital: bool, lexicon: Lexicon) -> bool:
    """Say whether a first name stands before a word: RUTHANN YOUNG; caller mark drew."""
    first = _FIRST_BEFORE.search(before)
    if first is None:
        return False
    if is_cue(word_before(text, start - len(before) + first.start()), lexicon) and (
        fold(first[1]) in lexicon.first_names or (capital and first[1].istitle())
    ):
        return True
    return capital and first[1][0].isupper() and _is_first_name(first[1], lexicon)


def _is_listed(text: str, start: int, end: int, before: str, lexicon: Lexicon) -> bool:
    """Say whether a capitalised word stands as names do in forms, lists and headings."""
    word = text[start:end]
    if text[start - 1 : start] in ("^", "|") and text[end : end + 1] == "^":
        return True
    if len(text) - end < 40 and not text[end:].strip(" \t\n.") and _ALONE_BEFORE.search(before):
        return True
    if _FIELD_BEFORE.search(before) and not _SMALL_NEXT.match(text, end):
        return True
    if _CREDENTIAL_AFTER.match(text, end) or _LONE_INITIAL_AFTER.match(text, end):
        return True
    if _HEADED_AFTER.match(text, end):
        return True
    if text.startswith(")", end) and _BRACKETED_BEFORE.search(before):
        return True
    after = _FIRST_AFTER.match(text, end)
    if after and after[1] and after[1][0].isupper() and _is_first_name(after[1], lexicon):
        return True
    other = _AFTER_SURNAME.search(before)
    if other is None and _LISTED_BEFORE.search(before):
        other = _LISTED_AFTER.match(text, end)
    if other and _is_no_word(other[1], lexicon) and other[1].isupper() == word.isupper():
        return True
    beside = _NEXT.match(text, end)
    return bool(beside and fold(beside[1]) in lexicon.surnames and _is_no_word(beside[1], lexicon))


def _is_no_word(word: str, lexicon: Lexicon) -> bool:
    """Say whether a word beside a name can be another name: no common word, eponym or heading."""
    folded = fold(word)
    lists = (
        *(lexicon.common, lexicon.eponyms, lexicon.clinical, lexicon.not_names),
        *(lexicon.cities, lexicon.abbreviations, lexicon.credentials, lexicon.facility_words),
    )
    return len(folded) > 2 and not any(folded in words for words in lists)


def is_cue(word: str, lexicon: Lexicon) -> bool:
    """Say whether a name follows a word in lower case: a title, a relation, a role."""
    return word in lexicon.name_cues or word in _CUES


def _is_first_name(word: str, lexicon: Lexicon) -> bool:
    folded = fold(word)
    plain = folded in lexicon.common or folded in lexicon.not_names
    return folded in lexicon.first_names and not plain and word.lower() not in lexicon.titles


def _is_related(text: str, end: int, lexicon: Lexicon, *, brackets: bool) -> bool:
    """Say whether a relation follows: Faith (wife), Rose - daughter; or only one in brackets."""
    after = _RELATION_AFTER.match(text, end)
    if after is None or (brackets and after["mark"] != "("):
        return False
    who = after["who"].lower()
    return who in lexicon.roles or who in _CUES or (who in lexicon.name_cues and who != "pt")


def is_owner(text: str, end: int, lexicon: Lexicon) -> bool:
    """Say whether a relative of whom the word names follows: Foley's son."""
    owner = _OWNER.match(text, end)
    return owner is not None and owner[1].lower() in lexicon.roles | lexicon.name_cues


def word_before(text: str, start: int) -> str:
    """Return, in lower case, the word that stands right before an offset; else an empty string.

    A mark such as the dot of "Dr." or the colon of "Name:" may stand between.
    """
    before = _CUE.search(text[max(0, start - 24) : start])
    return before[1].lower() if before else ""
