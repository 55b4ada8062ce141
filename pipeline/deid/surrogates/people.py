"""The people around one patient: who each becomes, in every way in which a note writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from pipeline.deid.nicknames import find_nicknames
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.surrogates.draws import Draws
from pipeline.deid.surrogates.initials import Initials, letters_of_initials
from pipeline.deid.surrogates.name_form import NamePiece, parse_name
from pipeline.deid.surrogates.variants import NameWord, NameWords
from pipeline.deid.surrogates.words import NamePool, SurrogateWords
from pipeline.deid.surrogates.written_form import (
    find_words,
    length_class,
    redraw_shape,
    word_key,
    write_like,
)

_TRIES, _FEW_TRIES = 48, 4
_CROWDED = 1000
"""Names from which on most draws are taken, so that fewer are made before a double name."""


class Cast:
    """Surrogates of all names around one patient.

    Every distinct name becomes one other name, whoever bears it, so relatives keep a common
    surname and nobody becomes somebody else.

    Args:
        draws: The patient's keyed choices.
        patients: Everything tagged as the name of a patient or relative, in any order.
        doctors: Everything tagged as the name of a clinician.
        registered: The names in the patient's record.
        barred: Folded words that no surrogate may be.
        lexicon: Word lists that tell names from words.
        words: The lists to draw from.
    """

    def __init__(
        self,
        draws: Draws,
        patients: Iterable[str],
        doctors: Iterable[str],
        registered: Iterable[str],
        barred: Collection[str],
        lexicon: Lexicon,
        words: SurrogateWords,
    ) -> None:
        self._draws, self._barred, self._lexicon, self._words = draws, barred, lexicon, words
        registered = sorted(set(registered))
        patients = sorted(set(patients))
        written = sorted({*patients, *doctors, *registered})
        self._whole = _single_keys(written)
        is_initials = {s for s in written if letters_of_initials(s, lexicon)}
        parsed = [self._parse(s) for s in written if s not in is_initials]
        known = {p.key for s in registered for p in self._parse(s) if p.kind == "name"}
        alone = {word_key(surface) for surface in patients if len(find_words(surface)) == 1}
        self._names = NameWords(parsed, known, alone, lexicon, words)
        self._taken: set[str] = set()
        self._become: dict[str, str] = {}
        self._rename_all()
        self._initials = Initials(draws, parsed, is_initials, self._names, self._become, barred)

    def write(self, surface: str) -> str:
        """Write a name with other people's names, in the same form and case."""
        initials = self._initials.write(surface)
        if initials is not None:
            return initials
        pieces = self._parse(surface)
        keys = [piece.key for piece in pieces if piece.kind == "name"]
        parts: list[str] = []
        done = 0
        for piece in pieces:
            parts += (surface[done : piece.start], self._piece(surface, piece, keys))
            done = piece.end
        made = "".join((*parts, surface[done:]))
        if any(piece.kind in ("name", "initial") for piece in pieces) and made != surface:
            return made
        return self.invent(surface)

    def invent(self, surface: str) -> str:
        """Draw a name for what can't be read as one: as many words, in the same case."""
        n_words = max(1, len(surface.split()))
        keys = [f"{surface}\0{place}" for place in range(n_words)]
        roles = ["given"] * (n_words - 1) + ["surname"]
        drawn = [self._draw(NameWord(k, role, k)) for k, role in zip(keys, roles, strict=True)]
        return " ".join(write_like(name, surface) for name in drawn)

    def word(self, key: str) -> str | None:
        """Return what a name became, in title case; None for a word that is no name here."""
        known = self._names.by_key.get(key)
        return self._become[known.of] if known else None

    def initial(self, letter: str, key: str) -> str:
        """Return the capital that an initial beside a name became.

        Args:
            letter: The initial, in lower case.
            key: The folded name beside it.
        """
        return self._initials.letter(letter, (key,))

    def _parse(self, surface: str) -> tuple[NamePiece, ...]:
        return parse_name(surface, self._whole, self._lexicon)

    def _piece(self, surface: str, piece: NamePiece, keys: Sequence[str]) -> str:
        text = surface[piece.start : piece.end]
        if piece.kind == "kept":
            return text
        if piece.kind == "number":
            return redraw_shape(text, self._draws.digest("number in a name", text))
        if piece.kind == "initial":
            return write_like(self._initials.letter(piece.key, keys), text)
        return write_like(self._become[self._names.by_key[piece.key].of], text)

    def _rename_all(self) -> None:
        names = self._names.by_key
        roots = [names[key] for key in sorted(names) if names[key].of == key]
        with_nickname = {word.nickname_of for word in roots if word.nickname_of}
        for word in roots:
            if not word.nickname_of:
                self._take(word.key, self._draw(word, with_nickname=word.key in with_nickname))
        for word in roots:
            if word.nickname_of:
                self._take(word.key, self._nickname(word))

    def _take(self, key: str, name: str) -> None:
        self._become[key] = name
        self._taken.add(name.casefold())

    def _nickname(self, word: NameWord) -> str:
        """Return a familiar form of what the full name became, or that name itself."""
        full = self._become[word.nickname_of]
        familiar = self._usable_nicknames(full, word.key)
        chosen = self._draws.pick(familiar, "nickname", word.key) if familiar else full
        return chosen.title()

    def _usable_nicknames(self, full: str, original: str) -> list[str]:
        return [
            nickname
            for nickname in self._words.nicknames.get(full.casefold(), ())
            if nickname[0] != original[0]
            and nickname not in self._barred
            and nickname not in self._taken
            and nickname not in self._lexicon.common
        ]

    def _draw(self, word: NameWord, *, with_nickname: bool = False) -> str:
        """Draw the name that an original becomes, new to this patient."""
        shunned = find_nicknames(word.key)
        spare = ""
        for tried, name in enumerate(self._candidates(word)):
            folded = name.casefold()
            free = (
                folded not in self._barred
                and folded not in self._taken
                and folded not in shunned
                and folded[0] != word.key[:1]
            )
            if not free:
                continue
            if not with_nickname or self._usable_nicknames(name, word.key):
                return name
            spare = spare or name
            if tried >= _TRIES:
                return spare
        raise AssertionError("candidates never end")

    def _candidates(self, word: NameWord) -> Iterator[str]:
        """Yield names of the same sex and length class, then others, then double names."""
        pools = self._pools(word)
        size = length_class(word.key.partition("\0")[0])
        nearby = sorted(range(3), key=lambda other: (abs(other - size), other))
        tries = _TRIES if len(self._taken) < _CROWDED else _FEW_TRIES
        for pool in pools:
            for other in nearby:
                for attempt in range(tries if pool.by_class[other] else 0):
                    yield self._draws.pick(
                        pool.by_class[other], "name", word.role, word.key, other, attempt
                    )
        attempt = 0
        while True:
            first, second = (
                self._draws.pick(pools[-1].names, "double name", word.key, attempt, side)
                for side in range(2)
            )
            yield f"{first}-{second}"
            attempt += 1

    def _pools(self, word: NameWord) -> tuple[NamePool, ...]:
        if word.role == "surname":
            return (self._words.surnames,)
        if word.role == "either":
            return self._words.either, self._words.surnames
        first = self._words.first
        return first[word.sex], first[""]


def _single_keys(written: Iterable[str]) -> frozenset[str]:
    """Return the keys of all single words."""
    return frozenset(
        word_key(surface[start:end]) for surface in written for start, end in find_words(surface)
    )
