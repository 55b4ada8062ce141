"""Questions about medicine that speak of nobody: "Is valley fever endemic in Arizona?".

A place, an occupation or a month identifies only together with a person. In a short question that
points at no person and speaks of groups or of knowledge, they are no PHI.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.deid.rules.bodies import INSTRUMENT_AFTER
from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.rules.rule import ANNOTATOR, words
from pipeline.deid.rules.states import STATE
from pipeline.note import PhiSpan

LONGEST = 400
"""Code points of a question; longer texts are notes."""

OPENING = re.compile(
    r"(?:How|What|Which|When|Where|Why|Who|Is|Are|Was|Were|Do|Does|Did|Can|Could|Should|Would|In"
    r"|Any|Explain|Summari[sz]e|Compare|Describe|Outline|Between|For)(?: |$)"
    r"(?:(?:do|does|is|are|the|an?)(?: |$))*"
)
"""What opens a question; capitalised, it looks like a name."""
_INNER_CAPITAL = re.compile(r"(?<!Mc)(?<!Mac)(?<!De)(?<!La)(?<!O['’])(?<!-)[a-z][A-Z]")
_PLURAL = re.compile(r"(?:s|men|people|children)$")
_DISEASE = re.compile(
    r"(?:['’]s)? (?:disease|syndrome|signs?|criteria|triad|formula|procedure|palsy|lesion"
    r"|solution)\b"
)
_WEEKDAYS = re.compile(r"(?i:mon|tues|wednes|thurs|fri|satur|sun)days")
_PLACED = re.compile(r"\b(?:in|from|to|near|at|of|around|outside) $", re.IGNORECASE)
_COMPARED = re.compile(r"\b(?:compared with|compared to|versus|vs\.?|than in|than) $")
_SINGLE = re.compile(
    r"\ban? (?:[\w-]+ ){0,2}(?:patient|man|woman|male|female|person|boy|girl|child|infant|resident"
    r"|veteran|worker|farmer|driver|teacher)\b",
    re.IGNORECASE,
)
_TRAVEL = re.compile(r"\b(?:fly|flying|travel\w*|trekking|endemic|epidemic)\b", re.IGNORECASE)
_LEARNED = frozenset(("ner", "bert"))
_FINDERS = frozenset(("ner", "bert", ANNOTATOR))
_AREAS = frozenset(("AGE", "CITY", "STATE", "COUNTRY", "LOCATION-OTHER"))
_WIDE = frozenset(("STATE", "COUNTRY"))
_STATE = re.compile(STATE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_COARSE = re.compile(
    r"(?:(?:early|mid|late)[ -])?"
    r"(?:(?:spring|summer|fall|autumn|winter|january|february|march|april|may|june|july|august"
    r"|september|october|november|december),?(?: of)?(?: |$))?(?:(?:19|20)\d\d)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
_FEW = 5
"""Digits of a billing code; records' and telephone numbers have more."""
_FACILITY = re.compile(
    r"\b"
    + words(
        "hosp\\w* clinics? med\\w* cent(?:er|re)s? health\\w* manor home nursing rehab\\w* school"
        " universit\\w+ church pharmacy inc llc company corp\\w* memorial general regional college"
        " bank hospice saint family associates group institute"
    )
    + r"(?!\w)",
    re.IGNORECASE,
)
_PAYER = re.compile(
    words(
        "Blue_Cross(?:_Blue_Shield)? BCBS Aetna Cigna Humana Anthem UnitedHealthcare"
        " United_Healthcare UHC Kaiser(?:_Permanente)? Tricare TRICARE Medicare Medicaid Medi-Cal"
        " CVS Walgreens Walmart Costco Red_Cross"
    )
)
"""Insurers and chains that everybody deals with."""
_DEFINITE = re.compile(r"\b(?:the|this|that|our|retired|former) $", re.IGNORECASE)
_ASKS = re.compile(
    r"\?\s*$|\b(?:wants? to know|asks|asking) |^\s*(?:please )?"
    + words("explain summari[sz]e compare describe outline list review discuss provide recommended")
    + r"\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:"
    + words(
        "he she his her hers him himself herself mr mrs ms miss dr drs prof my our we (?-i:us)"
        " (?-i:me) pts? patient['’]s patient: the_patient this_patient this_man this_woman named"
        " name called dob mrn ssn born lives lived resides? works worked job occupation employer"
        " wife husband spouse partner son daughter mother father mom dad brother sister aunt uncle"
        " cousin neighbor friend gentleman lady saw seen met admitted transferred presented"
        " presents presenting came reports reported says said told denies appointment appt visit"
        " office mail mailed fax faxed sent send phone address today yesterday tomorrow tonight"
        " case yo room rm bed client"
    )
    + r"|\d{1,3}[ -]?(?:years?|yrs?|months?|weeks?|days?)[ -]old"
    r"|(?<![\d,])\d{1,3} ?(?:y/?o|(?-i:[MF])))(?!\w)",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\b"
    + words(
        "patients adults children infants newborns babies adolescents athletes women men people"
        " persons individuals enrollees americans percent(?:age)? proportion travell?ers veterans"
        " refugees immigrants workers survivors residents smokers donors population populations"
        " community prevalen\\w+ inciden\\w+ endemic epidemi\\w+ outbreaks? season\\w* transmi\\w+"
        " mortality rates? common risks? guidelines? recommend\\w+ screening prophylaxis vaccin\\w+"
        " evidence trials? stud(?:y|ies) exposure altitude trekking"
    )
    + r"(?!\w)",
    re.IGNORECASE,
)


def drop_in_question(text: str, spans: Sequence[PhiSpan]) -> list[PhiSpan]:
    """Drop what identifies nobody from a question that speaks of nobody.

    Args:
        text: Raw text.
        spans: All spans of the text.

    Returns:
        All spans if one of them identifies by itself (a name, a number, a day, a facility), or
        comes from registration or the site, or if the text is no such question; else those that
        are ages and years. Months and seasons go from any short question in which nothing else
        but ages and years was found: there is nobody whose months they are.
    """
    if not spans or len(text) > LONGEST or "\n" in text.strip():
        return list(spans)
    if _ASKS.search(text) and all(s.label == "AGE" or _is_coarse_date(text, s) for s in spans):
        return [s for s in spans if s.label == "AGE" or _YEAR.fullmatch(text, s.start, s.end)]
    if not is_about_nobody(text):
        return list(spans)
    grouped = _TRAVEL.search(text) is not None or (
        _GROUP.search(text) is not None and _SINGLE.search(text) is None
    )
    if not all(_is_doubtful(text, s) or _needs_person(text, s, grouped) for s in spans):
        return list(spans)
    return [s for s in spans if s.label == "AGE" or _YEAR.fullmatch(text, s.start, s.end)]


def is_about_nobody(text: str) -> bool:
    """Say whether a text is a short question of knowledge that points at no person."""
    return (
        len(text) <= LONGEST
        and "\n" not in text.strip()
        and _ASKS.search(text) is not None
        and _PERSON.search(text) is None
    )


def is_no_facility(surface: str) -> bool:
    """Say whether no word of a name tells a hospital, school or company."""
    return _FACILITY.search(surface) is None


def _is_doubtful(text: str, span: PhiSpan) -> bool:
    """Say whether a recogniser's mark looks neither like a name, nor a facility, nor a number."""
    if not span.annotators or not _LEARNED.issuperset(span.annotators):
        return False
    surface = _asked(text, span)
    if any(map(str.isdigit, surface)):
        digits = sum(map(str.isdigit, surface))
        return digits <= _FEW and "/" not in surface and "@" not in surface
    lexicon = load_lexicon()
    said = [word.lower() for word in _WORD.findall(surface)]
    if span.label in ("HOSPITAL", "ORGANIZATION", "CITY"):
        many = len(said) > 1 and _PLURAL.search(surface) is not None
        if surface.islower() and (len(said) == 1 or many):
            return not any(map(lexicon.is_name, said[:-1] if many else said))
    if span.label in ("HOSPITAL", "ORGANIZATION", "LOCATION-OTHER"):
        unnamed = all(word in lexicon.common or word in lexicon.clinical for word in said)
        return is_no_facility(surface) and (unnamed or surface.isupper())
    if span.label in ("PATIENT", "DOCTOR", "USERNAME", "CITY"):
        if len(said) == 1 and _DISEASE.match(text, span.end):
            return True
        place = surface.lower() in lexicon.cities | lexicon.countries
        coined = surface.isupper() or _INNER_CAPITAL.search(surface) is not None
        return coined and not any(map(lexicon.is_name, said)) and not place
    return False


def _needs_person(text: str, span: PhiSpan, grouped: bool) -> bool:
    """Say whether a span identifies only together with a person: a place, a month, a trade."""
    if not span.annotators or not _FINDERS.issuperset(span.annotators):
        return False
    surface = _asked(text, span)
    if span.label == "PROFESSION":
        return _DEFINITE.search(text[max(0, span.start - 8) : span.start]) is None
    if span.label == "DATE":
        return not any(map(str.isdigit, _YEAR.sub("", surface)))
    if span.label in _AREAS and span.label != "AGE":
        if span.label in _WIDE or _STATE.fullmatch(surface):
            return grouped or _SINGLE.search(text) is None
        if span.label == "LOCATION-OTHER" and INSTRUMENT_AFTER.match(text, span.end):
            return True
        return grouped and not _is_perhaps_named(text, span, surface.lower())
    compared = _COMPARED.search(text[max(0, span.start - 14) : span.start])
    if surface.lower() in load_lexicon().countries or (compared and _STATE.fullmatch(surface)):
        return _SINGLE.search(text) is None
    general = _PAYER.fullmatch(surface) or _WEEKDAYS.fullmatch(surface)
    return span.label == "AGE" or general is not None


def _is_coarse_date(text: str, span: PhiSpan) -> bool:
    """Say whether a span is a year, or a month or season with or without one."""
    surface = text[span.start : span.end]
    is_found = bool(span.annotators) and _FINDERS.issuperset(span.annotators)
    return is_found and span.label == "DATE" and _COARSE.fullmatch(surface) is not None


def _is_perhaps_named(text: str, span: PhiSpan, word: str) -> bool:
    """Say whether what a rule took for a city may be who is asked about: for Quentin."""
    lexicon = load_lexicon()
    if span.label != "CITY" or ANNOTATOR not in span.annotators or word in lexicon.countries:
        return False
    placed = _PLACED.search(text[max(0, span.start - 9) : span.start])
    return placed is None and lexicon.is_name(word)


def _asked(text: str, span: PhiSpan) -> str:
    """Return what was marked, without the word that opens the question."""
    surface = text[span.start : span.end]
    opening = OPENING.match(surface)
    return surface[opening.end() :] if opening else surface
