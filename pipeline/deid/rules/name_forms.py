"""Names by their form: an initial and a surname, initials that sign, letters spelled out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.deid.rules.eponyms import EPONYM_AFTER
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.rules.name_cues import INITIAL, LOWER_CREDENTIAL, SIGNED, SPECIES, SPELLED
from pipeline.deid.rules.rule import ANNOTATOR
from pipeline.note import PhiSpan

_GRADED = re.compile(
    r"(?:\b(?:grade|class|type|stage|group|hepatitis|vitamin|leads?|salmonella|typhi|vs|category"
    r"|image|figure|panel|part|level|zone|factor|appendix)|[SG]\. [A-Z][a-z]+[;,]) $",
    re.IGNORECASE,
)
"""What makes the letter after it no initial: grade B. Paris."""
_ASKED = re.compile(
    r"(?<![\w'’.-])(?P<who>[A-Z][a-z'’]{1,14}(?:-[A-Z][a-z]{1,14})?"
    r" [A-Z][a-z'’]{2,16}(?:-[A-Z][a-z]{2,14})?)"
    r"(?=,? (?:due|eligible|still|have|need|restart|fly|should"
    r"|shall|needs?|can|has|had|was|got|gets|continues?d?|takes?|started?"
    r"|stopp?(?:ed|s)?|presents?|presented|reports|(?:member|MRN|mrn|DOB|dob|date of birth|ID|born"
    r"|age|aged) ?[:#]?)(?![\w-]))"
)
_DEGREES = ("M.D.", "D.O.", "R.N.", "I.V.")


def find_names_by_form(text: str, lexicon: Lexicon) -> Iterator[PhiSpan]:
    """Find names in raw text that their form gives away; the spans may overlap."""
    yield from _with_initial(text, lexicon)
    yield from _initials(text, lexicon)
    yield from _in_lower_case(text, lexicon)
    yield from _spelled(text)
    yield from _asked_about(text, lexicon)


def _asked_about(text: str, lexicon: Lexicon) -> Iterator[PhiSpan]:
    """Find who is asked about: "Should Duc Obara stop it?", "For Duc Obara, MRN 1234"."""
    for match in _ASKED.finditer(text):
        said = [part for word in match["who"].lower().split() for part in word.split("-")]
        full = said[0] in lexicon.first_names and said[-1] in lexicon.surnames
        plain = any(
            word in lexicon.common
            or word in lexicon.clinical
            or word in lexicon.countries
            or word in lexicon.facility_words
            for word in said
        )
        eponym = all(word in lexicon.eponyms for word in said)
        if (full or not plain) and not eponym and match["who"].lower() not in lexicon.cities:
            yield PhiSpan(*match.span("who"), "PATIENT", 0.75, (ANNOTATOR,))


def _with_initial(text: str, lexicon: Lexicon) -> Iterator[PhiSpan]:
    """Find "M. Farrow"; refuse "E. coli", "R. Hand" of a right hand and items of a list."""
    for match in INITIAL.finditer(text):
        last, end = match["last"].lower(), match.end()
        plain = last.split("-")[0]
        before = text[max(0, match.start() - 14) : match.start()]
        if _GRADED.search(before) or match[0].startswith(_DEGREES):
            continue
        if plain in lexicon.clinical or plain in lexicon.credentials or plain in SPECIES:
            continue
        if plain in lexicon.common:
            item = re.search(r"(?:^|\n|[.:;] {1,2})$", before) and re.match(
                r",? [a-z]{2}", text[end : end + 4]
            )
            if item or lexicon.is_plain_word(plain) or match[0][0] in "RLDCI":
                continue
        elif not lexicon.is_name(plain) and "-" not in last and len(plain) <= 4:
            continue
        if EPONYM_AFTER.match(text, end) is None:
            yield PhiSpan(match.start(), end, "DOCTOR", 0.75, (ANNOTATOR,))


def _initials(text: str, lexicon: Lexicon) -> Iterator[PhiSpan]:
    """Find initials that sign: "dict RH", "JKM/tx" at the start of a line, "RZ" at the end."""
    for match in SIGNED.finditer(text):
        who = match["who"].lower()
        word = len(who) > 2 and who in lexicon.common
        if not word and who not in lexicon.abbreviations:
            yield PhiSpan(*match.span("who"), "DOCTOR", 0.7, (ANNOTATOR,))
            if match["typist"]:
                yield PhiSpan(*match.span("typist"), "DOCTOR", 0.7, (ANNOTATOR,))


def _in_lower_case(text: str, lexicon: Lexicon) -> Iterator[PhiSpan]:
    """Find "audrey k rn", "p. obara, md" in notes that are typed without capitals."""
    for match in LOWER_CREDENTIAL.finditer(text):
        name, initial = match["name"], match["first"] or match["last"]
        if name in lexicon.clinical or name in lexicon.credentials:
            continue
        if not lexicon.is_name(name) and (not match["first"] or name in lexicon.common):
            continue
        if name not in lexicon.common or initial:
            yield PhiSpan(*match.span("whole"), "DOCTOR", 0.75, (ANNOTATOR,))


def _spelled(text: str) -> Iterator[PhiSpan]:
    """Find the letters of "Callum C A L L U M" and "that's O-R-L-A-N"."""
    for match in SPELLED.finditer(text):
        start = match.start("letters")
        letters = re.sub(r"[ -]", "", match["letters"]).lower()
        before = text[max(0, start - len(letters) - 2) : start].lower().rstrip(" ,")
        if match["cue"] or before.endswith(letters):
            yield PhiSpan(*match.span("letters"), "PATIENT", 0.85, (ANNOTATOR,))
