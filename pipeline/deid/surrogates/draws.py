"""Choices that only the key decides: no state, so never the order in which notes arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from typing import TypeVar

_Item = TypeVar("_Item")
_KEY_BYTES = 32
_TRIES, _LEAST_TRIES = 300, 16


class Draws:
    """Draws numbers and items by keyed BLAKE2b (RFC 7693) over length-prefixed parts.

    Args:
        secret: The key of one patient, 32 bytes.

    Raises:
        ValueError: The key has another length.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _KEY_BYTES:
            raise ValueError(f"a patient's key has {_KEY_BYTES} bytes, got {len(secret)}")
        self._keyed = blake2b(key=secret, digest_size=_KEY_BYTES, person=b"surrogates")

    def digest(self, *parts: str | int) -> bytes:
        """Return 32 bytes that the key and the parts decide."""
        keyed = self._keyed.copy()
        for part in parts:
            data = str(part).encode("utf-8", "surrogatepass")
            keyed.update(len(data).to_bytes(4, "big") + data)
        return keyed.digest()

    def number(self, below: int, *parts: str | int) -> int:
        """Draw a number from 0 to ``below - 1``."""
        return int.from_bytes(self.digest(*parts)[:8], "big") % below

    def pick(self, items: Sequence[_Item], *parts: str | int) -> _Item:
        """Draw one item; all are alike."""
        return items[self.number(len(items), *parts)]


def assign(
    keys: Iterable[str],
    candidate: Callable[[str, int], str],
    is_free: Callable[[str], bool],
) -> dict[str, str]:
    """Give each key a surrogate of its own, in an order that only the set decides.

    Args:
        keys: What is to be replaced.
        candidate: Draws a surrogate for a key and the number of the attempt.
        is_free: Says whether a surrogate may be used at all.

    Returns:
        Key to surrogate; a key for which none was found is absent. Where most are taken, fewer are
        tried for the next.
    """
    become: dict[str, str] = {}
    taken: set[str] = set()
    misses = 0
    for key in sorted(set(keys)):
        tries = max(_LEAST_TRIES, _TRIES >> misses)
        misses += 1
        for attempt in range(tries):
            made = candidate(key, attempt)
            if made.casefold() not in taken and is_free(made):
                become[key] = made
                taken.add(made.casefold())
                misses = max(0, misses - 2)
                break
    return become
