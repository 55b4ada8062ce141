"""The text behind a drug, read, and how other drugs show in it.

Other drugs are known by their mentions or, where a finder missed them, by how they stand: what
follows a comma or ``and`` and has a strength of its own, a capital letter, or a drug's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.medication.amounts import MEASURE, NO_DOSE
from pipeline.medication.numerals import COMBINATION
from pipeline.medication.parts import Part
from pipeline.medication.tables import load_tables
from pipeline.medication.tokens import WORD, Token, is_sign, is_word

_ENDINGS: Final = (
    "olol", "april", "sartan", "statin", "azole", "cillin", "mycin", "micin", "oxacin", "cycline",
    "dipine", "azepam", "zolam", "tidine", "prazole", "triptan", "setron", "gliptin", "gliflozin",
    "glitazone", "parin", "xaban", "caine", "profen", "oxetine", "afil", "mab", "tinib", "navir",
    "vudine", "ciclovir", "cyclovir", "isone", "solone", "phylline", "terol", "tropium", "semide",
    "thiazide", "barbital", "codone", "morphone", "pramine", "apine", "lukast", "dronate",
    "fenac", "oxicam", "zosin", "formin", "glutide", "opril", "ipril", "zepril",
)  # fmt: skip
_COMMON_ENDINGS: Final = ("ing", "ed", "ly", "tion", "ness", "ache", "itis")
_NAME_WORDS = 3
"""A drug's strength stands at most this many words behind the beginning of its name."""

_LEAD_WORDS = 6
_PURPOSE = frozenset(("for", "if", "not", "per", "to", "until", "while", "without"))
_BEFORE_AMOUNT = frozenset(("at", "by", "is", "of", "to", "was"))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The text behind a drug.

    Attributes:
        text: The released text.
        tokens: Its tokens behind the drug.
        parts: The parts of sigs in them.
        starts: The first token of each part to the part.
        capitals: It is all written in capitals, so that they tell nothing.
    """

    text: str = field(repr=False)
    tokens: Sequence[Token] = field(repr=False)
    parts: Sequence[Part] = field(repr=False)
    starts: dict[int, Part] = field(init=False, repr=False, compare=False)
    capitals: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", {part.first: part for part in self.parts})
        words = [token for token in self.tokens if token.kind == WORD and len(token.form) > 3]
        upper = all(self.text[token.start : token.end].isupper() for token in words)
        object.__setattr__(self, "capitals", bool(words) and upper)

    def begins_name(self, index: int) -> bool:
        """Say whether a token begins what looks like a drug's name."""
        if index >= len(self.tokens) or self.tokens[index].kind != WORD or index in self.starts:
            return False
        return is_drug(self.tokens[index].form) or self._is_capitalised(index)

    def begins_other(self, index: int) -> bool:
        """Say whether another drug begins at a token behind a comma, ``and`` or a line's end.

        What is said before its name may come first: and 81 mg of aspirin.
        """
        said = linked = False
        for _ in range(_LEAD_WORDS):
            while index in self.starts:
                part = self.starts[index]
                said, index = said or part.kind != NO_DOSE, part.after
            if index >= len(self.tokens) or self.tokens[index].kind != WORD:
                return False
            if self.begins_name(index):
                return True
            word = self.tokens[index].form
            if not is_plain(word):
                if said and linked:
                    return True
                return not is_common(word) and self._has_strength(index + 1)
            if word in _PURPOSE:
                return False
            linked, index = linked or word == "of", index + 1
        return False

    def begins_unmarked(self, index: int) -> bool:
        """Say whether another drug begins at a word that no comma or ``and`` stands before."""
        word = self.tokens[index].form
        if is_plain(word):
            return False
        if is_drug(word):
            return True
        if is_common(word) or not (self.capitals or self._is_capitalised(index)):
            return False
        return self._has_strength(index + 1)

    def _is_capitalised(self, index: int) -> bool:
        """Say whether a word's capital letter may be that of a name."""
        token = self.tokens[index]
        if self.capitals or len(token.form) < 3 or not self.text[token.start].isupper():
            return False
        return not is_plain(token.form)

    def _has_strength(self, index: int) -> bool:
        """Say whether a strength stands within a few words from a token on."""
        for place in range(index, index + _NAME_WORDS + 1):
            if place in self.starts:
                return self.starts[place].kind in (MEASURE, COMBINATION)
            if place >= len(self.tokens) or is_word(self.tokens, place, _BEFORE_AMOUNT):
                return False
            if self.tokens[place].kind != WORD and not is_sign(self.tokens, place, "-/"):
                return False
        return False


def is_drug(word: str) -> bool:
    """Say whether a word in lower case is a frequent drug's name or ends like one."""
    tables = load_tables()
    return word in tables.drugs or (
        len(word) > 6 and word.endswith(_ENDINGS) and word not in tables.plain_words
    )


def is_plain(word: str) -> bool:
    """Say whether a word in lower case is one of notes on drugs, but no drug's name."""
    tables = load_tables()
    return word in tables.plain_words or word in tables.units or len(word) < 3


def is_common(word: str) -> bool:
    """Say whether a word in lower case has an ending that drugs' names don't have."""
    return word.endswith(_COMMON_ENDINGS)
