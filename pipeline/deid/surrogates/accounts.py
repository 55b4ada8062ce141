"""Surrogates of user names and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from pipeline.deid.surrogates.draws import Draws, assign
from pipeline.deid.surrogates.network import DOMAINS
from pipeline.deid.surrogates.people import Cast
from pipeline.deid.surrogates.words import SurrogateWords
from pipeline.deid.surrogates.written_form import fold_word, redraw_shape, write_like

_LETTERS = re.compile(r"[^\W\d_]+")
_LONGEST_NAME = 11
_LEAST_NAME = 4


class UserNames:
    """Surrogates of user names: the same shape, with other names and numbers in it.

    Args:
        draws: The patient's keyed choices.
        surfaces: All user names.
        barred: Folded words that no surrogate may be.
        words: The lists to draw from.
    """

    def __init__(
        self,
        draws: Draws,
        surfaces: Iterable[str],
        barred: Collection[str],
        words: SurrogateWords,
    ) -> None:
        self._become = assign(
            {surface.casefold() for surface in surfaces if any(c.isalnum() for c in surface)},
            lambda key, attempt: draw_handle(key, draws, words, barred, attempt),
            lambda made: fold_word(made) not in barred,
        )

    def write(self, surface: str) -> str | None:
        """Write another user name; None for a string without letters and digits."""
        made = self._become.get(surface.casefold())
        return None if made is None else write_like(made, surface)


class MailAddresses:
    """Surrogates of e-mail addresses, with the names that their owners became.

    Args:
        draws: The patient's keyed choices.
        surfaces: All addresses.
        cast: What the names around the patient became.
        barred: Folded words that no surrogate may be.
        words: The lists to draw from.
    """

    def __init__(
        self,
        draws: Draws,
        surfaces: Iterable[str],
        cast: Cast,
        barred: Collection[str],
        words: SurrogateWords,
    ) -> None:
        def candidate(key: str, attempt: int) -> str:
            local, _, host = key.rpartition("@")
            local = local or host
            made = None if attempt else _with_names(local, cast, draws)
            made = made or draw_handle(local, draws, words, barred, attempt)
            return f"{made}@{draws.pick(DOMAINS, 'mail host', host, attempt)}"

        keys = {surface.casefold() for surface in surfaces}
        self._become = assign(keys, candidate, lambda made: fold_word(made) not in barred)

    def write(self, surface: str) -> str | None:
        """Write an address of an example domain."""
        made = self._become.get(surface.casefold())
        return None if made is None else write_like(made, surface)


def _with_names(local: str, cast: Cast, draws: Draws) -> str | None:
    """Write the part before @ with the surrogates of the names in it; None if it holds none."""
    found = False
    parts: list[str] = []
    done = 0
    for match in _LETTERS.finditer(local):
        named = _named(match[0], cast)
        found = found or named is not None
        between = local[done : match.start()]
        parts.append(redraw_shape(between, draws.digest("mail number", local, done)))
        parts.append(named or redraw_shape(match[0], draws.digest("mail word", local, match[0])))
        done = match.end()
    parts.append(redraw_shape(local[done:], draws.digest("mail number", local, done)))
    return "".join(parts) if found else None


def _named(run: str, cast: Cast) -> str | None:
    """Return a name, or a name with an initial before or after it, as its surrogate."""
    for start, end in ((0, len(run)), (1, len(run)), (0, len(run) - 1)):
        name = cast.word(fold_word(run[start:end])) if end - start > 2 else None
        if name is not None:
            initial = run[:start] + run[end:]
            other = _initial_of(initial, fold_word(run[start:end]), cast)
            plain = fold_word(name)
            return other + plain if start else plain + other
    for cut in range(3, len(run) - 2):
        first, last = cast.word(fold_word(run[:cut])), cast.word(fold_word(run[cut:]))
        if first is not None and last is not None:
            return fold_word(first) + fold_word(last)
    return None


def _initial_of(initial: str, key: str, cast: Cast) -> str:
    return cast.initial(initial, key).lower() if initial else ""


def draw_handle(
    key: str, draws: Draws, words: SurrogateWords, barred: Collection[str], attempt: int
) -> str:
    """Draw a user name of the same shape: other digits, other letters, names for longer runs.

    Args:
        key: The original in lower case.
        draws: The patient's keyed choices.
        words: The lists to draw from.
        barred: Folded words that no name in it may be.
        attempt: Counts the draws for this original.
    """
    parts: list[str] = []
    done = 0
    for match in _LETTERS.finditer(key):
        digest = draws.digest("handle", key, done, attempt)
        parts.append(redraw_shape(key[done : match.start()], digest))
        parts.append(_run(key, match, draws, words, barred, attempt))
        done = match.end()
    parts.append(redraw_shape(key[done:], draws.digest("handle", key, done, attempt)))
    return "".join(parts)


def _run(
    key: str,
    match: re.Match[str],
    draws: Draws,
    words: SurrogateWords,
    barred: Collection[str],
    attempt: int,
) -> str:
    """Draw letters as many as a run has: an initial and a surname if it is long enough."""
    length = len(match[0])
    drawn = ""
    digest = draws.digest("handle letters", key, match.start(), attempt)
    if length < _LEAST_NAME:
        return redraw_shape(match[0].lower(), digest)
    for part in range(1 + length // _LONGEST_NAME):
        rest = length - len(drawn)
        wanted = min(rest, _LONGEST_NAME) - (part == 0)
        pool = words.surnames.by_length.get(wanted, ())
        for again in range(4 if pool else 0):
            name = draws.pick(pool, "handle name", key, match.start(), part, attempt, again)
            if name.lower() not in barred:
                drawn += ("" if part else redraw_shape(match[0][0].lower(), digest)) + name.lower()
                break
    return drawn + redraw_shape(match[0][len(drawn) :].lower(), digest)
