"""Which of the words that name a patient's people are one name: misspelt, familiar, in part."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.deid.edits import deletions, is_within_one_edit
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.surrogates.name_form import NamePiece
from pipeline.deid.surrogates.words import SurrogateWords

_LEAST_FOR_TYPO = 6
"""Letters of a name in which one may be wrong."""
_BY_COMMA, _BY_PLACE, _BY_LIST = 5, 3, 2


@dataclass(frozen=True, slots=True)
class NameWord:
    """One name of somebody around the patient.

    Attributes:
        key: The folded name.
        role: ``given``, ``surname``, or ``either`` if it is used as both.
        of: The name that this one is a spelling or a part of; itself if none.
        nickname_of: The given name that this one is a familiar form of, or empty.
        sex: ``f``, ``m`` or, if the name does not tell, empty.
    """

    key: str
    role: str
    of: str
    nickname_of: str = ""
    sex: str = ""


class NameWords:
    """All names around one patient, each with the name that it stands for.

    Args:
        parsed: The distinct written names, taken into pieces.
        registered: The keys of the names in the patient's record.
        alone: The keys that stand alone for a patient or relative, who go by given names.
        lexicon: Word lists that tell names from words.
        words: The lists of surrogates, which know sexes and nicknames.
    """

    def __init__(
        self,
        parsed: Sequence[tuple[NamePiece, ...]],
        registered: Collection[str],
        alone: Collection[str],
        lexicon: Lexicon,
        words: SurrogateWords,
    ) -> None:
        self._alone = alone
        self._lexicon, self._words, self._registered = lexicon, words, registered
        self._partners = find_partners(parsed)
        self._cores = {p.key: p.core for pieces in parsed for p in pieces if p.core}
        keys = sorted(
            {p.key for pieces in parsed for p in pieces if p.kind == "name"},
            key=lambda key: (key not in registered, -len(self._partners.get(key, ())), key),
        )
        votes = _votes(parsed, keys, lexicon)
        self._roles = {key: self._role(key, vote) for key, vote in votes.items()}
        self._of = self._spellings(keys)
        self._join_cores({key for key, (given, _) in votes.items() if not given})
        self._beside = self._partners_of_roots()
        self._sexes = _sexes(parsed, words)
        nicknames = self._nicknames(keys)
        self.by_key: Mapping[str, NameWord] = {
            key: NameWord(
                key,
                self._roles[key],
                self._of[key],
                nicknames.get(key, ""),
                self._sexes.get(key, ""),
            )
            for key in keys
        }

    def partners(self, key: str) -> frozenset[str]:
        """Return the names that stand beside a name or one of its spellings."""
        return self._beside.get(self._of.get(key, key), frozenset())

    def _partners_of_roots(self) -> dict[str, frozenset[str]]:
        """Return for each name that stands for others the names beside any of these."""
        beside: dict[str, set[str]] = {}
        for key, root in self._of.items():
            partners = self._partners.get(key, ())
            beside.setdefault(root, set()).update(self._of[partner] for partner in partners)
        return {root: frozenset(partners) for root, partners in beside.items()}

    def _role(self, key: str, votes: tuple[int, int]) -> str:
        given, surname = votes
        is_first, is_last = key in self._lexicon.first_names, key in self._lexicon.surnames
        if given and given == surname and is_first == is_last:
            return "either"
        given += _BY_LIST * (is_first and not is_last)
        surname += _BY_LIST * (is_last and not is_first)
        if given == surname and is_first == is_last and key in self._alone:
            return "given"
        if given == surname:
            return "given" if is_first and key in self._words.common_first else "surname"
        return "given" if given > surname else "surname"

    def _spellings(self, keys: Sequence[str]) -> dict[str, str]:
        """Return for each key the key that it is a spelling of; the surer one stands for both."""
        of: dict[str, str] = {}
        roots: dict[str, list[str]] = {}
        for key in keys:
            near = sorted({root for form in deletions(key) for root in roots.get(form, ())})
            root = next((root for root in near if self._is_typo(key, root)), key)
            of[key] = root
            if root == key and len(key) >= _LEAST_FOR_TYPO - 1:
                for form in deletions(key):
                    roots.setdefault(form, []).append(key)
        return of

    def _join_cores(self, never_given: Collection[str]) -> None:
        """Let a name without its particles stand for the one with them: Cruz, de la Cruz."""
        of = self._of
        for key, core in sorted(self._cores.items()):
            if of.get(core) == core and core in never_given:
                of[core] = of[key]
        self._of = {key: of[root] for key, root in of.items()}

    def _is_typo(self, key: str, root: str) -> bool:
        if max(len(key), len(root)) < _LEAST_FOR_TYPO or not is_within_one_edit(key, root):
            return False
        if self._roles[key] != self._roles[root] or root in self._partners.get(key, ()):
            return False
        if key in self._registered and root in self._registered:
            return False
        sexes = self._words.sexes
        if self._roles[key] == "given" and {sexes.get(key), sexes.get(root)} >= {"f", "m"}:
            return False
        alike = self._beside_alike(key, root)
        if alike is not None:
            return alike
        known = self._lexicon.surnames
        if self._roles[key] == "given":
            known = self._words.common_first
        return not (key in known and root in known)

    def _beside_alike(self, one: str, other: str) -> bool | None:
        """Say whether two names stand beside the same names; None if either stands alone."""
        ours, theirs = self._partners.get(one), self._partners.get(other)
        if not ours or not theirs:
            return None
        return any(is_within_one_edit(p, q) for p in ours for q in theirs)

    def _nicknames(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the full name of each familiar form, if only one can be meant."""
        links: dict[str, str] = {}
        for key in keys:
            if self._of[key] != key or self._roles[key] == "surname":
                continue
            full = {
                self._of[name]
                for name in self._words.full_names.get(key, ())
                if name in self._of and self._roles[name] != "surname"
            }
            beside = {name: self._beside_alike(key, name) for name in full if name != key}
            sure = [name for name, alike in beside.items() if alike]
            possible = [name for name, alike in beside.items() if alike is not False]
            chosen = sure or possible
            if len(chosen) == 1:
                links[key] = chosen[0]
        return {key: full for key, full in links.items() if full not in links}


def find_partners(parsed: Iterable[tuple[NamePiece, ...]]) -> dict[str, frozenset[str]]:
    """Return for each name the names that stand in one surface with it."""
    partners: dict[str, set[str]] = {}
    for pieces in parsed:
        keys = {piece.key for piece in pieces if piece.kind == "name"}
        for key in keys if len(keys) > 1 else ():
            partners.setdefault(key, set()).update(keys - {key})
    return {key: frozenset(others) for key, others in partners.items()}


def _sexes(parsed: Iterable[tuple[NamePiece, ...]], words: SurrogateWords) -> dict[str, str]:
    """Return the sex of each given name: its own, or that of a given name beside it."""
    sexes: dict[str, str] = {}
    for pieces in parsed:
        keys = [p.key for p in pieces if p.kind == "name" and p.role != "surname"]
        own = {key: words.sexes[key] for key in keys if key in words.sexes}
        if len(set(own.values())) == 1:
            for key in keys:
                sexes.setdefault(key, next(iter(own.values())))
        sexes |= own
    return sexes


def _votes(
    parsed: Iterable[tuple[NamePiece, ...]], keys: Iterable[str], lexicon: Lexicon
) -> dict[str, tuple[int, int]]:
    """Return the votes for given name and surname of each key: the strongest of each kind."""
    votes = {key: [0, 0] for key in keys}
    for pieces in parsed:
        names = [piece for piece in pieces if piece.kind == "name" and piece.role]
        if not names:
            continue
        by_comma = names[0].role == "surname" and len(names) > 1
        swapped = not by_comma and len(names) > 1 and _is_reversed(names, lexicon)
        for piece in names:
            side = int(piece is names[0]) if swapped else int(piece.role == "surname")
            vote = votes[piece.key]
            vote[side] = max(vote[side], _BY_COMMA if by_comma else _BY_PLACE)
    return {key: (given, surname) for key, (given, surname) in votes.items()}


def _is_reversed(names: Sequence[NamePiece], lexicon: Lexicon) -> bool:
    """Say whether a surname stands first without a comma: QUINONES MARIBEL."""
    head, tail = names[0].key, names[-1].key
    surname_first = head in lexicon.surnames and head not in lexicon.first_names
    return surname_first and tail in lexicon.first_names and tail not in lexicon.surnames
