"""Surrogates of web and network addresses: of domains and ranges reserved for examples."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable

from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.surrogates.draws import Draws, assign
from pipeline.deid.surrogates.words import SurrogateWords
from pipeline.deid.surrogates.written_form import find_words, redraw_shape

DOMAINS = ("example.com", "example.org", "example.net")
"""Reserved for documentation (RFC 2606)."""
_URL = re.compile(r"^(?P<scheme>[a-zA-Z]{3,6}://)?(?P<host>[^/?#:]*)(?P<rest>.*)$", re.DOTALL)
_V4 = re.compile(r"(?<![0-9.])(?:[0-9OolI]{1,3}\.){3}[0-9OolI]{1,3}(?![0-9.])")
_V6 = re.compile(r"(?=[0-9a-fA-F:]*:[0-9a-fA-F]*:)[0-9a-fA-F:]+")
_PORT = re.compile(r"(?:/[0-9]{1,3}|:[0-9]{1,5})?[\s,;.]*")
_V4_RANGES = ("192.0.2.", "198.51.100.", "203.0.113.")
"""Reserved for documentation (RFC 5737), as 2001:db8::/32 is (RFC 3849)."""


_SINGLE_TRIES = 12
"""Draws that failed, after which a host has a name of two words."""


class WebAddresses:
    """Surrogates of URLs: another host, and a path that keeps common words only.

    Args:
        draws: The patient's keyed choices.
        surfaces: All URLs.
        barred: Folded words that no surrogate may be.
        words: The lists to draw from.
        lexicon: Tells common words from names.
    """

    def __init__(
        self,
        draws: Draws,
        surfaces: Iterable[str],
        barred: Collection[str],
        words: SurrogateWords,
        lexicon: Lexicon,
    ) -> None:
        self._draws, self._lexicon, self._barred = draws, lexicon, barred
        hosts = {host for surface in surfaces if (host := _host(surface))}

        def candidate(host: str, attempt: int) -> str:
            name = draws.pick(words.places.names, "host", host, attempt).lower()
            if attempt >= _SINGLE_TRIES:
                name += f"-{draws.pick(words.places.names, 'host', host, attempt, 2).lower()}"
            return f"{name}.{draws.pick(DOMAINS, 'domain', host, attempt)}"

        self._hosts = assign(hosts, candidate, lambda made: made.partition(".")[0] not in barred)

    def write(self, surface: str) -> str | None:
        """Write a URL of an example domain in the same form; None if it has no host."""
        match = _URL.match(surface)
        host = self._hosts.get(_host(surface))
        if match is None or host is None:
            return None
        if match["host"].lower().startswith("www."):
            host = f"www.{host}"
        return f"{match['scheme'] or ''}{host}{self._path(match['rest'])}"

    def _path(self, rest: str) -> str:
        parts: list[str] = []
        done = 0
        for start, end in find_words(rest):
            word = rest[start:end]
            plain = self._lexicon.is_plain_word(word.lower()) and word.lower() not in self._barred
            drawn = word if plain else redraw_shape(word, self._draws.digest("path", word))
            parts += (rest[done:start], drawn)
            done = end
        return "".join((*parts, rest[done:]))


def _host(surface: str) -> str:
    match = _URL.match(surface)
    return match["host"].lower().removeprefix("www.").strip() if match else ""


class NetworkAddresses:
    """Surrogates of IP addresses, one for each; ports and masks are kept.

    Args:
        draws: The patient's keyed choices.
        surfaces: All addresses.
    """

    def __init__(self, draws: Draws, surfaces: Iterable[str]) -> None:
        self._draws = draws
        found = {match[0].lower() for s in surfaces for match in _addresses(s)}
        v4 = {address for address in found if ":" not in address}

        def candidate_v4(address: str, attempt: int) -> str:
            block = draws.pick(_V4_RANGES, "block", address, attempt)
            return f"{block}{1 + draws.number(254, 'host', address, attempt)}"

        def candidate_v6(address: str, attempt: int) -> str:
            groups = max(1, min(6, len([g for g in address.split(":") if g]) - 2))
            drawn = draws.digest("v6", address, attempt).hex()
            tail = ":".join(f"{int(drawn[4 * i : 4 * i + 4], 16):x}" for i in range(groups))
            made = f"2001:db8:{tail}" if groups == 6 else f"2001:db8::{tail}"
            return str(ipaddress.ip_address(made))

        self._become = assign(v4, candidate_v4, lambda made: made not in found)
        self._become |= assign(found - v4, candidate_v6, lambda made: made not in found)

    def write(self, surface: str) -> str | None:
        """Write an address of the ranges for documentation; another shape is only redrawn."""
        parts: list[str] = []
        done = 0
        for match in _addresses(surface):
            made = self._become.get(match[0].lower())
            if made is None:
                return None
            parts += (self._between(surface[done : match.start()]), made)
            done = match.end()
        return "".join((*parts, self._between(surface[done:])))

    def _between(self, text: str) -> str:
        """Keep a port or a mask, and redraw what else stands beside an address."""
        if _PORT.fullmatch(text):
            return text
        return redraw_shape(text, self._draws.digest("beside an address", text.lower()))


def _addresses(surface: str) -> list[re.Match[str]]:
    return list(_V4.finditer(surface)) or list(_V6.finditer(surface))
