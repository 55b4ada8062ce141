"""What stands where a name would and is none: 3 cm, MR BRAIN, CC: Fall, mother Takotsubo."""

from __future__ import annotations

import re

from pipeline.deid.rules.bodies import INSTRUMENT_AFTER
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.rules.rule import words

SURE_TITLES = frozenset(
    ("dr", "drs", "doctor", "mr", "mrs", "ms", "miss", "prof", "dra", "mx", "mme")
)
"""Titles that nothing but a name follows."""
BOTTLE = re.compile(r"['’]?s (?:preemie|nipple|bottle)")
"""Dr. Brown's are bottles; any other Dr. or Mrs. is somebody, also before "operation"."""
DOSE_AFTER = re.compile(
    r"(?:-?[DX][RS]?)?\s\d[\d.,/-]*\s?(?:mg|mcg|ml|cc|g|units?|%|tabs?)(?![a-z])|\s\d+%"
)
"""What makes the word before it a drug: Allegra 180 mg."""
BRANDS = frozenset(("Jenny Craig", "Richard Simmons", "Jack Daniel", "Tommy John", "Sara Lee"))
"""Names of diets, drinks, operations and cakes."""
TITLE_OF_A_WORK = re.compile(r"(?:[\"“]|hymn|song|presidents?,?|psalm|diet,?) $", re.IGNORECASE)
"""Before names that name no person of the note: sang "Amos Fell"; presidents."""

_SCANNED = re.compile(
    words(
        "brain spine head neck knee shoulder abdomen pelvis lumbar cervical hip liver breast"
        " cardiac prostate wrist ankle elbow scan study imaging images angiography enterography"
    )
)
"""What an MR, which is no Mister, shows."""
_THINGS = frozenset((("md", "anderson"), ("agent", "orange")))
"""A cancer centre, which another rule marks, and a defoliant."""
_UNITS = re.compile(words("cm ma pt ot sw rt rn lpn md np pa tech nurse aide asst assistant"))
"""Titles that may be a unit or end a sentence: 3.2 mA, seen by PT. Left."""
_DOUBTFUL = frozenset(("MA", "PT", "OT", "DO", "SW", "MT", "SN"))
_WORDLIKE = frozenset(("OD", "PA", "LAC", "COT", "CRT"))
"""Credentials that are also words of notes: PT for patient, OD for the right eye."""
_VAGUE = frozenset(("cc", "copy", "sig", "off", "on", "per", "op", "primary", "employee", "team"))
"""Cues that stand before much else: the chief complaint, how to take a drug."""
_INNER_CAPITAL = re.compile(r"(?<!Mc)(?<!Mac)(?<!De)(?<!La)(?<!O['’])(?<!-)[a-z][A-Z]")


def is_no_title(match: re.Match[str], title: str, value: str, lexicon: Lexicon) -> bool:
    """Say whether what looks like a title is none: 3 cm, PT. Left, Jen RN: Hello, MR BRAIN.

    Args:
        match: Of ``LEADING`` in the raw text.
        title: The title in lower case.
        value: What follows it, in lower case.
        lexicon: The word lists.
    """
    first = value.split(" ")[0]
    if (title, first) in _THINGS:
        return True
    if title in SURE_TITLES:
        return match[0].startswith("MR ") and _SCANNED.fullmatch(first) is not None
    text, mark = match.string, match["mark"]
    before = text[max(0, match.start() - 20) : match.start()]
    if _UNITS.fullmatch(title) and (re.search(r"\d ?$", before) or mark.startswith(".")):
        return True
    if mark.startswith(":") and re.search(r"[^\W\d_]{2}\.?,? $", before):
        return title in lexicon.credentials
    if first in lexicon.languages or first in lexicon.clinical:
        return True
    if first in lexicon.eponyms and not lexicon.is_name(first):
        return True
    plain = first in lexicon.common and first not in lexicon.first_names
    return plain and text[match.end()].islower()


def is_no_credential(match: re.Match[str], gap: str, value: str, lexicon: Lexicon) -> bool:
    """Say whether a degree is a word: HOW DO I, CONFIDENTIAL, DO NOT, AIRSENSE SN 231.

    Args:
        match: Of ``CREDENTIAL`` in the raw text.
        gap: The few characters before it.
        value: What would be the name, in lower case.
        lexicon: The word lists.
    """
    credential, after = match["cred"], match.string[match.end() : match.end() + 6]
    if credential in _DOUBTFUL and " " not in value:
        named = "," in gap or lexicon.is_name(value)
        if not named or value in lexicon.common:
            return True
    if credential in _WORDLIKE and value in lexicon.common:
        return True
    if credential == "PT" and re.match(r"-[A-Z]", after):
        return True
    return (credential == "SN" and re.match(r"[ :.#]{1,2}[\dA-Z]*\d", after) is not None) or (
        credential == "DO" and re.match(r" (?:NOT|YOU|I|WE)\b", after) is not None
    )


def is_no_relative(value: str, lexicon: Lexicon) -> bool:
    """Refuse FaceTime, TcB and eponyms that nobody bears: mother Takotsubo at 70."""
    word = value.lower()
    if " " in value or lexicon.is_name(word):
        return False
    inner = _INNER_CAPITAL.search(value) is not None
    return inner or word in lexicon.eponyms or word in lexicon.clinical


def is_no_value(cue: str, value: str, after: str, known: bool, lexicon: Lexicon) -> bool:
    """Refuse what a cue stands before and is no name: CC: Fall, Anesthesia: Demerol, from New York.

    Args:
        cue: The cue in lower case.
        value: What would be the name.
        after: The few characters after it.
        known: Whether a word of the value is known as a name.
        lexicon: The word lists.
    """
    if not known and (cue in _VAGUE or re.match(r"\s?[#:]", after)):
        return True
    if cue == "from" and (
        (" " in value and value.lower() in lexicon.cities) or INSTRUMENT_AFTER.match(after)
    ):
        return True
    parts = re.findall(r"[^\W\d_]+", value.lower())
    if any(part in lexicon.clinical for part in parts) or DOSE_AFTER.match(after):
        return True
    acronyms = all(part in lexicon.abbreviations or len(part) < 3 for part in parts)
    return acronyms and value.isupper() and "," not in value


def is_listed(text: str, start: int, end: int) -> bool:
    """Say whether "Weber, Benedikt" stands in a list: Foville, Weber, Benedikt, Claude."""
    if "\n" in text[start:end]:
        return False
    before, after = text[max(0, start - 24) : start], text[end : end + 24]
    return (
        re.search(r"[^\W\d_]{3}, (?:no |r/o |neg )?$", before) is not None
        or re.match(
            r"(?:, (?:r/o |no |and |or )?|,? (?:and|or|vs\.?) )[^\W\d_a-z][^\W\d_A-Z]{3}", after
        )
        is not None
    )
