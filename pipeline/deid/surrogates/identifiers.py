"""Surrogates of numbers: records, accounts, licences, devices, beds, social security numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from pipeline.deid.surrogates.draws import Draws
from pipeline.deid.surrogates.written_form import redraw_shape

_TRIES = 96
_RUN = re.compile(r"[^\W_]+")
_SCANNED = re.compile(r"(?=[oil]*[0-9])[0-9oil]+")
_READ = str.maketrans("oil", "011")
_SSN_GROUPS = 49
"""Groups 01 to 49: with an area from 900 on they are neither an SSN nor a taxpayer number."""


def number_key(surface: str) -> str:
    """Return letters and digits in lower case, with scanners' letters as the digits they are."""
    runs = (match[0].lower() for match in _RUN.finditer(surface))
    return "".join(run.translate(_READ) if _SCANNED.fullmatch(run) else run for run in runs)


class Numbers:
    """Surrogates of numbers of one kind, one for each, however it is written.

    Args:
        draws: The patient's keyed choices.
        kind: What the numbers are; kinds are drawn independently.
        surfaces: All numbers of the kind, in any order and form.
        known: Keys (``number_key``) that no surrogate may have.
        leading_zeros: Whether a surrogate may begin with zero, unlike a house's number.
    """

    def __init__(
        self,
        draws: Draws,
        kind: str,
        surfaces: Iterable[str],
        known: Collection[str],
        *,
        leading_zeros: bool = True,
    ) -> None:
        self._leading_zeros = leading_zeros
        forms: dict[str, set[str]] = {}
        for surface in surfaces:
            key = number_key(surface)
            forms.setdefault(key.lstrip("0"), set()).add(key)
        self._digests: dict[str, bytes] = {}
        taken: set[str] = set()
        for plain in sorted(forms):
            for attempt in range(_TRIES):
                digest = draws.digest(kind, plain, attempt)
                made = {self._redraw(form, digest) for form in forms[plain]}
                if all(form and form not in known and form not in taken for form in made):
                    self._digests[plain] = digest
                    taken |= made
                    break

    def write(self, surface: str) -> str | None:
        """Write a number with other digits and letters, its separators kept.

        Returns:
            None if it has neither digits nor letters, or all others like it are taken.
        """
        key = number_key(surface)
        digest = self._digests.get(key.lstrip("0"))
        return self._redraw(surface, digest) if digest and key else None

    def _redraw(self, text: str, digest: bytes) -> str:
        return redraw_shape(text, digest, leading_zeros=self._leading_zeros)


class SocialSecurityNumbers:
    """Surrogates of social security numbers, none of which was or will be issued.

    The last four digits of a masked number follow those of a whole one that ends alike.

    Args:
        draws: The patient's keyed choices.
        surfaces: All numbers, whole and masked.
        known: Keys (``number_key``) that no surrogate may have.
    """

    def __init__(self, draws: Draws, surfaces: Iterable[str], known: Collection[str]) -> None:
        keys = sorted({key for s in surfaces if (key := _digits(s))}, key=lambda k: (-len(k), k))
        self._become: dict[str, str] = {}
        taken: set[str] = set()
        endings: dict[str, str] = {}
        for key in keys:
            if key in endings:
                self._become[key] = endings[key]
                continue
            for attempt in range(_TRIES):
                made = _draw_ssn(draws, key, attempt)
                different = all(a != b for a, b in zip(made[-4:], key[-4:], strict=False))
                if made not in known and made not in taken and different:
                    self._become[key] = made
                    endings.setdefault(key[-4:], made[-4:])
                    taken.add(made)
                    break

    def write(self, surface: str) -> str | None:
        """Write a number that nobody bears, its separators and its mask kept."""
        made = self._become.get(_digits(surface))
        is_digit = _digit_places(surface)
        if made is None or any(
            c.isdigit() > there for c, there in zip(surface, is_digit, strict=True)
        ):
            return None
        digits = iter(made)
        return "".join(
            next(digits) if there else char for char, there in zip(surface, is_digit, strict=True)
        )


def _draw_ssn(draws: Draws, key: str, attempt: int) -> str:
    """Draw as many digits: nine with an area from 900 on, else any."""
    if len(key) != 9:
        return redraw_shape(key, draws.digest("ssn", key, attempt))
    area = 900 + draws.number(100, "ssn area", key, attempt)
    group = 1 + draws.number(_SSN_GROUPS, "ssn group", key, attempt)
    return f"{area}{group:02d}{1 + draws.number(9999, 'ssn serial', key, attempt):04d}"


def _digits(surface: str) -> str:
    places = _digit_places(surface)
    chars = (char for char, there in zip(surface, places, strict=True) if there)
    return "".join(chars).lower().translate(_READ)


def _digit_places(surface: str) -> list[bool]:
    """Say of each code point whether it is a digit, or was one before it was scanned."""
    places = [False] * len(surface)
    for match in _RUN.finditer(surface):
        run = match[0].lower()
        scanned = _SCANNED.fullmatch(run) is not None
        for place, char in enumerate(match[0], start=match.start()):
            places[place] = scanned or (char.isascii() and char.isdigit())
    return places
