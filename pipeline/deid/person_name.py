"""One person's name taken apart, so that its parts can be recognised anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.deid.rules.lexicon import Lexicon

_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "v"))
_PLAIN = str.maketrans(
    dict(zip("øłđæœ\u0131ðþ", ("o", "l", "d", "ae", "oe", "i", "d", "th"), strict=True))
)


def fold(word: str) -> str:
    """Return a word in lower case without accents, apostrophes, hyphens and dots."""
    folded = word.lower()
    if folded.isascii() and folded.isalpha():
        return folded
    if not word.isascii():
        spread = unicodedata.normalize("NFKD", folded.replace("ß", "ss").translate(_PLAIN))
        folded = "".join(char for char in spread if not unicodedata.combining(char))
    return re.sub(r"[\W_]", "", folded)


@dataclass(frozen=True, slots=True)
class PersonName:
    """One person's name, taken apart.

    Attributes:
        parts: Folded words of the name, without titles, suffixes, particles and initials;
            hyphenated ones also in pieces, surnames with particles also in one word.
        initials: First letters of the names, for forms such as ``M.O.``: of all words, and of the
            first and the last.
        label: PATIENT or DOCTOR.
    """

    parts: tuple[str, ...]
    initials: tuple[str, ...]
    label: str

    @classmethod
    def of_names(cls, names: Sequence[str], label: str, lexicon: Lexicon) -> PersonName:
        """Take apart a person's names.

        Args:
            names: The names of one person, each whole or a part, in any order.
            label: PATIENT or DOCTOR.
            lexicon: The word lists.
        """
        taken = [words for name in names if (words := split_name(name, lexicon))]
        parts: dict[str, None] = {}
        for words in taken:
            folded = [fold(word) for word in words]
            parts.update(
                dict.fromkeys(f for f in folded if len(f) > 1 and f not in lexicon.particles)
            )
            split = [fold(piece) for word in words if "-" in word for piece in word.split("-")]
            parts.update(dict.fromkeys(piece for piece in split if len(piece) > 2))
            split = [fold(piece) for word in words for piece in re.split("['’]", word)[1:]]
            parts.update(dict.fromkeys(piece for piece in split if len(piece) > 3))
            parts.update(dict.fromkeys(_joined_surnames(folded, lexicon)))
        whole = [words for words in taken if len(words) > 1]
        if not whole and taken:
            whole = [[word for words in taken for word in words]]
        pieces = [[p for w in words for p in re.split("[-'’]", w) if fold(p)] for words in whole]
        initials = [form for words in (*whole, *pieces) for form in _initial_forms(words, lexicon)]
        return cls(tuple(parts), tuple(dict.fromkeys(initials)), label)


def split_name(name: str, lexicon: Lexicon) -> list[str]:
    """Return the words of a name in spoken order, without titles, suffixes and degrees."""
    name = re.sub(r"[\"“”()]", " ", name)
    last, comma, first = name.partition(",")
    if comma and fold(first) not in lexicon.credentials | _SUFFIXES:
        name = f"{first} {last}"
    return [
        word
        for word in re.split(r"[\s,]+", name)
        if (folded := fold(word))
        and folded not in lexicon.titles | _SUFFIXES
        and not (folded in lexicon.credentials and (word.isupper() or "." in word))
    ]


def _joined_surnames(folded: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Join particles with what follows: de la Cruz is also written delacruz."""
    joined: list[str] = []
    run = ""
    for word in folded:
        if word in lexicon.particles:
            run += word
        elif run:
            joined.append(run + word)
            run = ""
    return joined


def _initial_forms(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    letters = "".join(fold(word)[0] for word in words if fold(word) not in lexicon.particles)
    return [letters[:4], letters[0] + letters[-1]] if len(letters) > 1 else []
