"""Words as the table of cues writes them: lower case, and one word for all numbers or years."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

END: Final = "<end>"
"""Stands for the end of a sentence."""

NUMBER: Final = "<number>"
YEAR: Final = "<year>"
MONTH: Final = "<month>"
DATE: Final = "<date>"
KIN: Final = "<kin>"

_MONTHS: Final = frozenset(
    ("january", "february", "march", "april", "june", "july", "august", "september", "october",
     "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct",
     "nov", "dec")
)  # fmt: skip
"""Without May, which is a verb more often."""

_NUMBERS: Final = frozenset(
    ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
     "fifteen", "twenty", "thirty", "forty", "fifty", "sixty")
)  # fmt: skip

_KIN: Final = frozenset(
    ("mother", "father", "mom", "dad", "brother", "sister", "brothers", "sisters", "sibling",
     "siblings", "parents", "parent", "son", "daughter", "sons", "daughters", "aunt", "uncle",
     "aunts", "uncles", "cousin", "cousins", "nephew", "nephews", "niece", "nieces", "grandmother",
     "grandfather", "grandparent", "grandparents", "grandson", "granddaughter", "grandma",
     "grandpa", "wife", "husband", "spouse", "stepfather", "stepmother", "twin", "mum", "relative",
     "relatives", "boyfriend", "girlfriend", "roommate", "fiance", "friend",
     "friends")
)  # fmt: skip

_APOSTROPHES: Final = str.maketrans("\u2019\u2018\u2013\u2014\u2010\u2011", "''----")


@lru_cache(maxsize=100_000)
def normalise(word: str) -> str:
    """Write a word as the table of cues does.

    Numbers become ``<number>`` (0 stays), years of 1900 to 2099 ``<year>``, months' names
    ``<month>``, kin ``<kin>``, the tags of dates ``<date>``; all else its lower case.

    Args:
        word: As :func:`pipeline.extract.words.find_words` finds it, or one of these forms.
    """
    form = word.lower().translate(_APOSTROPHES)
    if form.isdecimal():
        if len(form) == 4 and form[:2] in ("19", "20"):
            return YEAR
        return form if form == "0" else NUMBER
    if form in _MONTHS:
        return MONTH
    if form in _KIN:
        return KIN
    if form in _NUMBERS:
        return NUMBER
    if form.startswith("[date"):
        return DATE
    return form
