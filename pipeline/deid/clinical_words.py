"""What a learned recogniser takes for PHI and is plainly none: drugs, findings, scores, roles.

A recogniser trained on few notes marks unknown capitalised words. Where nothing but recognisers
marked a span, and every word of the span is clinical vocabulary or a plain word that nobody is
called by, the mark is dropped. What rules marked is dropped only in a question about nobody; what
registration or the site marked, never.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pipeline.deid.labels import NAMES
from pipeline.deid.name_context import is_name_here
from pipeline.deid.rules.bodies import end_of_body, ends_as_instrument, is_instrument, is_people
from pipeline.deid.rules.eponyms import EPONYM_AFTER
from pipeline.deid.rules.lexicon import Lexicon, load_lexicon
from pipeline.deid.rules.name_cues import SPECIES
from pipeline.deid.rules.number_lookalikes import is_no_date, is_no_number
from pipeline.deid.rules.questions import (
    OPENING,
    is_about_nobody,
    is_no_facility,
)
from pipeline.note import PhiSpan

_UNSURE = frozenset(("ner", "bert", "rules"))
_CUED = 0.85
"""Least score of rules that saw a title, relation, credential or signature beside a name."""
_LEARNED = frozenset(("ner", "bert"))
_WORD = re.compile(r"[^\W\d_]+")
_NAMES = frozenset(("PATIENT", "DOCTOR", "CITY", "STATE", "COUNTRY", "USERNAME"))
_PLACES = frozenset(("HOSPITAL", "ORGANIZATION", "LOCATION-OTHER", "STREET"))
_REGIONS = frozenset(("CITY", "STATE", "COUNTRY"))
_FAMED = re.compile(r"(?:Mayo|Cleveland) Clinic|(?:Johns )?Hopkins|MD Anderson|Anderson['’]")
"""Hospitals that instruments are named after."""
_STAFF = frozenset(
    re.split(
        ", ",
        "pharmacist, hospitalist, nurse, physician, surgeon, therapist, dietitian, social worker, "
        "physical therapist, pharmacists, nurses, physicians, surgeons",
    )
)
_SCORE = re.compile(
    r"AIMS-?65|CURB-?65|CRB-?65|ABCD2|PHQ-?[29]|GAD-?[27]|CHA2DS2(?:-VASc?)?|SEP-1|MMSE|MoCA|EQ-5D"
    r"|SF-?36|AUDIT-C|CIWA(?:-Ar)?|COWS|NIHSS|RASS|4Ts?|HEART|STOP-?BANG|MELD(?:-Na| 3\.0)?|ASA-?PS"
    r"|St\.? John['’]?s [Ww]ort"
)
_GRADES = frozenset(("i", "ii", "iii", "iv", "v"))
_BODY_REST = 60
"""Where only the head of a body was marked: National Osteoporosis of its Foundation."""
_INITIALS = 3
_OF_A_KIND = re.compile(
    r"\b(?:group|grade|class|type|stage|vitamin|hepatitis|category|factor|pugh|rated|protein|part"
    r"|level|influenza|step) $"
)
"""What a single letter tells the kind of: COPD group E."""
_OF_CARE = re.compile(r"\b(?:the|our|your|per|by|consult|ask|with)\s$", re.IGNORECASE)
_UNIT_AFTER = re.compile(
    r"\s?(?:%|mg|mcg|ml|cc|kg|lbs?|cm|mm|mmhg|units?|hours?|min|am|pm|degrees?|french|fr|beats|bpm"
    r"|feet|ft|steps|pack|liters?|percent|o['’]?clock|weeks? pregnant|wks? pregnant)(?![a-z])",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:^|\n|[.:|] {1,3})[\s\"“(-]*$")
_TITLE = re.compile(r"\b(?:[DM]rs?|Ms|Miss|Prof|Rev)[.:]? ?$", re.IGNORECASE)
_LEAST = 4
"""Letters of a word that is no initials."""
_HEADINGS = frozenset(("GI", "GU", "GYN", "ENT", "HEENT", "CV", "MSK", "RESP", "NEURO", "DERM"))
_SERVICES = frozenset(
    ("surgery", "therapy", "medicine", "radiology", "pathology", "anesthesia", "department", "unit")
)
"""What every hospital has: General Surgery, Physical Therapy."""
_ACRONYM = 5
_SMALL = frozenset(("s", "of", "the", "a", "an", "and", "in", "on", "for", "to", "by", "with"))
_GENERIC = frozenset(
    re.split(
        ", ",
        "manager, case manager, worker, social worker, caseworker, attendant, lawyer, "
        "interpreter, provider, caregiver, driver, belted driver, restrained driver, "
        "drunk driver, physician, surgeon, therapist, room, waiting room, recovery room, "
        "operating room, emergency room, emergency department, exam room, delivery room, "
        "intensive care unit, postanesthesia care unit, icu, micu, sicu, pacu, ed, er, or, "
        "clinic, unit, floor, ward, gentleman, smoker, drinker, lady",
    )
)
"""Roles and rooms of every hospital, which name nobody and no place."""


def drop_clinical(text: str, spans: Sequence[PhiSpan]) -> list[PhiSpan]:
    """Drop the spans that the learned recogniser alone marked and that are plainly no PHI.

    Meant for the spans of all finders before they are united: what a rule marked too then stays by
    the rule's own span.

    Args:
        text: Raw text.
        spans: Spans by offsets in the raw text; they may overlap.

    Returns:
        The other spans, in their order.
    """
    lexicon = load_lexicon()
    return [
        span
        for span in spans
        if not _is_eponym_alone(text, span, lexicon)
        and (
            not (span.annotators and _LEARNED.issuperset(span.annotators))
            or not _is_clinical(text, span, lexicon)
        )
    ]


def _is_eponym_alone(text: str, span: PhiSpan, lexicon: Lexicon) -> bool:
    """Say whether an unsure name is the eponym of a device, sign or disease: Mr. Foley's Foley."""
    word = text[span.start : span.end].lower()
    return (
        span.label in NAMES
        and _UNSURE.issuperset(span.annotators)
        and (span.score < _CUED or _LEARNED.issuperset(span.annotators))
        and (word in lexicon.eponyms or word in lexicon.device_eponyms)
        and not is_name_here(text, span.start, span.end, lexicon)
    )


def _is_clinical(text: str, span: PhiSpan, lexicon: Lexicon) -> bool:
    surface = text[span.start : span.end]
    if _is_body(text, span, lexicon) or _SCORE.fullmatch(surface):
        return True
    if span.label == "DATE":
        return is_no_date(text, span, lexicon)
    if span.label == "AGE":
        return _UNIT_AFTER.match(text, span.end) is not None
    if any(char.isdigit() for char in surface):
        return is_no_number(text, span)
    said = [word.lower() for word in _WORD.findall(surface)]
    if _is_common_knowledge(text, span, lexicon):
        return True
    of_anybody = len(said) > 1 or span.label in ("PROFESSION", "LOCATION-OTHER")
    if of_anybody and " ".join(said) in _GENERIC and span.label not in _NAMES:
        return True
    if span.label in _NAMES | _PLACES and _is_eponym(text, span, lexicon):
        return True
    if span.label in _PLACES:
        if len(said) > 1 and _OPENING.search(text[max(0, span.start - 8) : span.start]):
            rest = surface.split(" ", 1)[-1]
            opened = said[0] in lexicon.common and not lexicon.facility_words.intersection(said)
            return opened and _all(
                said[1:],
                lambda word: (
                    word in lexicon.clinical or (rest.islower() and _is_plain(word, lexicon))
                ),
            )
        generic = lexicon.facility_words if said and said[-1] in _SERVICES else frozenset()
        return _all(said, lambda word: word in lexicon.clinical or word in generic)
    if span.label not in _NAMES:
        return False
    if surface in _HEADINGS or (
        surface.islower() and "-" in surface and _is_plain(said[-1], lexicon)
    ):
        return True
    if _all(said, lambda word: word in lexicon.clinical):
        return True
    if surface.isupper() and span.label == "CITY" and len(surface) <= _ACRONYM:
        return not _in_capitals(text, span) and surface.lower() not in lexicon.cities
    before = text[max(0, span.start - 8) : span.start]
    if _TITLE.search(before):
        return False
    told = surface.islower() or None is not _OPENING.search(before)
    return told and _all(said, lambda word: _is_plain(word, lexicon))


def _is_common_knowledge(text: str, span: PhiSpan, lexicon: Lexicon) -> bool:
    """Say whether a span without digits is an instrument, a people, a germ, a role or a kind."""
    start, end = span.start, span.end
    if asked := OPENING.match(text, start, end):
        start = asked.end()
    surface = text[start:end]
    said = [word.lower() for word in _WORD.findall(surface) if word != "s"]
    test = _is_generic if surface.islower() else _is_plain
    if start > span.start and all(test(word, lexicon) for word in said):
        return True
    if not said or (start > span.start and end_of_body(text, start, end) > start):
        return True
    before = text[max(0, start - 16) : start]
    if is_instrument(text, start, end) and (
        span.label in _REGIONS
        or surface.lower() in lexicon.cities
        or ends_as_instrument(surface)
        or _FAMED.match(surface)
        or (span.label in _PLACES and is_no_facility(surface) and is_about_nobody(text))
    ):
        return True
    if is_people(said) or (len(surface) == 1 and _OF_A_KIND.search(before)):
        return True
    if len(said) == 2 and said[-1] in SPECIES:
        return True
    if span.label == "PATIENT" and surface.isupper() and len(surface) >= _INITIALS:
        return said[0] in lexicon.abbreviations and not _in_capitals(text, span)
    if span.label == "PROFESSION" and surface.lower() in _STAFF:
        return _OF_CARE.search(before) is not None
    if span.label in _PLACES and surface.islower() and len(said) > 1:
        one = said[-1].endswith("s") or before.endswith((" a ", " an "))
        return one and all(_is_generic(word, lexicon) for word in said)
    lone = said[:-1] if said[-1] in _GRADES else said
    return len(lone) == 1 and _is_lone_eponym(lone[0], lexicon) and is_about_nobody(text)


def _is_body(text: str, span: PhiSpan, lexicon: Lexicon) -> bool:
    """Say whether a span is a public body: GOLD 2024, but no Ms GOLD and no GOLD in capitals."""
    end = min(end_of_body(text, span.start, span.end + _BODY_REST), span.end)
    rest = text[end : span.end]
    if end == span.start or not all(_is_plain(w, lexicon) for w in _WORD.findall(rest)):
        return False
    if len(re.findall(r"\d", rest)) > 1 or any(map(str.isupper, rest)):
        return False
    return span.label not in _NAMES or not (
        _TITLE.search(text[max(0, span.start - 8) : span.start]) or _in_capitals(text, span)
    )


def _is_lone_eponym(word: str, lexicon: Lexicon) -> bool:
    """Say whether a word is known as an eponym, and neither as a name nor a place."""
    return word in lexicon.eponyms and not lexicon.is_name(word) and word not in lexicon.cities


def _is_generic(word: str, lexicon: Lexicon) -> bool:
    """Say whether a word, or what it is the plural of, alone names no place."""
    return not lexicon.facility_words.isdisjoint((word, word[:-1])) or _is_plain(word, lexicon)


def _is_plain(word: str, lexicon: Lexicon) -> bool:
    """Say whether a word is clinical or common, and no name of a person or place."""
    if word in lexicon.clinical:
        return True
    if len(word) < _LEAST:
        return False
    place = word in lexicon.cities or word in lexicon.countries
    return lexicon.is_plain_word(word) and not place


def _is_eponym(text: str, span: PhiSpan, lexicon: Lexicon) -> bool:
    """Say whether a span is an eponym: "Murphy's sign", or "Rutherford" before "stage"."""
    found = False
    for match in _WORD.finditer(text, span.start, span.end):
        word = match[0].lower()
        if word in lexicon.eponyms and EPONYM_AFTER.match(text, match.end()):
            found = True
        elif word not in _SMALL and word not in lexicon.eponyms and not _is_plain(word, lexicon):
            return False
    return found


def _in_capitals(text: str, span: PhiSpan) -> bool:
    """Say whether the text around a span is written in capitals."""
    around = text[max(0, span.start - 30) : span.start] + text[span.end : span.end + 30]
    letters = [char for char in around if char.isalpha()]
    return sum(char.isupper() for char in letters) * 2 > len(letters)


def _all(said: Sequence[str], test: Callable[[str], bool]) -> bool:
    return bool(said) and all(test(word) for word in said)
