"""Initials: M.O., M. O'Leary, jkm. They follow from the names that the people become."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.surrogates.draws import Draws
from pipeline.deid.surrogates.name_form import NamePiece
from pipeline.deid.surrogates.name_titles import find_titles
from pipeline.deid.surrogates.variants import NameWords
from pipeline.deid.surrogates.written_form import find_words, fold_word, write_like

_LETTERS = "abcdefghijklmnoprstvw"
_LETTER = re.compile(r"[^\W\d_]")
_VOWEL = re.compile(r"[aeiouy]")
_MOST = 4


def letters_of_initials(surface: str, lexicon: Lexicon) -> str:
    """Return the letters, folded, of a name that is written in initials; else nothing.

    Args:
        surface: A whole tagged name.
        lexicon: Lists of names; a short name, such as Bui or LEE, is no initials.
    """
    words = _words_of_initials(surface, lexicon)
    letters = fold_word("".join(words))
    if not words or len(letters) > _MOST or not (letters.isascii() and letters.isalpha()):
        return ""
    if all(len(word) == 1 for word in words):
        return letters
    if len(words) > 1 or lexicon.is_name(letters) or not (surface.isupper() or surface.islower()):
        return ""
    is_word = bool(_VOWEL.search(letters)) and (len(letters) > 3 or surface.islower())
    return "" if is_word else letters


def _words_of_initials(surface: str, lexicon: Lexicon) -> list[str]:
    """Return the words of a surface; none if it holds credentials too."""
    words = find_words(surface)
    if len(words) > 1 and find_titles(surface, words, lexicon):
        return []
    return [surface[start:end] for start, end in words]


class Initials:
    """Surrogates of initials, alone and beside names.

    Args:
        draws: The patient's keyed choices.
        parsed: The names that are written out, taken into pieces.
        alone: The surfaces that are nothing but initials.
        names: All names around the patient.
        become: What each of them became.
        barred: Folded strings that no surrogate may be.
    """

    def __init__(
        self,
        draws: Draws,
        parsed: Sequence[tuple[NamePiece, ...]],
        alone: Iterable[str],
        names: NameWords,
        become: Mapping[str, str],
        barred: Collection[str],
    ) -> None:
        self._draws, self._names, self._become = draws, names, become
        self._beside: dict[tuple[str, str], str] = {}
        self._used: dict[str, set[str]] = {}
        for letter, keys in sorted(_letters_beside(parsed)):
            self._settle(letter, keys)
        people = _by_letters(person for pieces in parsed if (person := self._person(pieces)))
        self._alone: dict[str, str] = {}
        taken: set[str] = set()
        for letters in sorted({fold_word(surface) for surface in alone}):
            made = people.get(letters)
            if made is None or made in barred or made in taken:
                made = self._invent(letters, barred, taken)
            self._alone[letters] = made
            taken.add(made)
        self._surfaces = frozenset(alone)

    def write(self, surface: str) -> str | None:
        """Write what is nothing but initials with other letters; None for any other name."""
        if surface not in self._surfaces:
            return None
        letters = iter(self._alone[fold_word(surface)])
        return _LETTER.sub(lambda m: write_letter(next(letters, "k"), m[0]), surface)

    def letter(self, original: str, keys: Sequence[str]) -> str:
        """Return the capital for an initial that stands beside names.

        Args:
            original: The letter, in lower case.
            keys: The names beside it.
        """
        for key in keys:
            known = self._names.by_key.get(key)
            found = self._beside.get((original, known.of if known else key))
            if found:
                return found.upper()
        for key in keys:
            meant = self._meant(original, (key,))
            if meant:
                return self._become[meant[0]][0].upper()
        return self._shift(original, keys[-1] if keys else "").upper()

    def _settle(self, letter: str, keys: tuple[str, ...]) -> None:
        """Decide what a letter beside names becomes: another's first letter, or a drawn one."""
        roots = [self._names.by_key[key].of for key in keys]
        if any((letter, root) in self._beside for root in roots):
            found = next(f for root in roots if (f := self._beside.get((letter, root))))
        else:
            meant = self._meant(letter, roots)
            used = self._become[meant[0]][0].lower() if meant else ""
            found = used or self._unused(letter, roots[-1])
        for root in roots:
            self._beside.setdefault((letter, root), found)
            self._used.setdefault(root, set()).add(self._beside[letter, root])

    def _meant(self, letter: str, roots: Sequence[str]) -> list[str]:
        """Return the names beside these that begin with a letter, given names first."""
        beside = {partner for root in roots for partner in self._names.partners(root)}
        return sorted(
            (name for name in beside.difference(roots) if name[0] == letter),
            key=lambda name: (self._names.by_key[name].role == "surname", name),
        )

    def _unused(self, letter: str, root: str) -> str:
        """Draw a letter that no other person of that name has."""
        used = self._used.get(root, set())
        used = used | {self._become[partner][0].lower() for partner in self._names.partners(root)}
        free = [c for c in _LETTERS if c not in used and c != letter]
        return (
            self._draws.pick(free, "initial", root, letter) if free else self._shift(letter, root)
        )

    def _shift(self, letter: str, root: str) -> str:
        """Draw any other letter."""
        others = [c for c in _LETTERS if c != letter]
        return self._draws.pick(others, "initial", root, letter)

    def _person(self, pieces: Sequence[NamePiece]) -> list[tuple[str, str]]:
        """Return old and new first letter of each name of a person, in spoken order."""
        counted = [piece for piece in pieces if piece.kind in ("name", "initial")]
        spoken = sorted(counted, key=lambda piece: piece.role == "surname")
        keys = [piece.key for piece in counted if piece.kind == "name"]
        if len(spoken) < 2:
            return []
        pairs: list[tuple[str, str]] = []
        for piece in spoken:
            if piece.kind == "initial":
                pairs.append((piece.key, self.letter(piece.key, keys).lower()))
            else:
                root = self._names.by_key[piece.key].of
                pairs.append((piece.key[0], self._become[root][0].lower()))
        return pairs

    def _invent(self, letters: str, barred: Collection[str], taken: Collection[str]) -> str:
        """Draw other letters, each unlike the original, that no other initials became."""
        made = ""
        for attempt in range(200):
            made = "".join(
                self._draws.pick(
                    [c for c in _LETTERS if c != letter], "initials", letters, place, attempt
                )
                for place, letter in enumerate(letters)
            )
            if made not in barred and made not in taken:
                break
        return made


def _by_letters(people: Iterable[list[tuple[str, str]]]) -> dict[str, str]:
    """Return the new initials of each person by the old ones: of all names, of two, of the first.

    Of several people with the same initials they are those of the one with the most names.
    """
    found: dict[str, str] = {}
    for pairs in sorted(people, key=lambda pairs: (-len(pairs), pairs)):
        for chosen in (pairs, [pairs[0], pairs[-1]], pairs[:1]):
            old = "".join(letter for letter, _ in chosen)
            found.setdefault(old, "".join(letter for _, letter in chosen))
    return found


def _letters_beside(
    parsed: Iterable[tuple[NamePiece, ...]],
) -> set[tuple[str, tuple[str, ...]]]:
    """Return each initial with the names that stand in one surface with it."""
    found: set[tuple[str, tuple[str, ...]]] = set()
    for pieces in parsed:
        keys = tuple(sorted({piece.key for piece in pieces if piece.kind == "name"}))
        if keys:
            found |= {(piece.key, keys) for piece in pieces if piece.kind == "initial"}
    return found


def write_letter(letter: str, like: str) -> str:
    """Write a letter in the case of another."""
    return letter.upper() if like.isupper() else write_like(letter, like)
