"""Surrogates of telephone and fax numbers: in the range that is reserved for fiction."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pipeline.deid.surrogates.draws import Draws, assign
from pipeline.deid.surrogates.identifiers import Numbers
from pipeline.deid.surrogates.phone_form import PhonePart, parse_phone

_LINES = 100
"""555-0100 to 555-0199 belong to nobody in any area (NANPA)."""


class Phones:
    """Surrogates of telephone and fax numbers, one for each, however it is written.

    A number of the North American plan gets an exchange of 555 and a line from 0100 to 0199; of a
    foreign one every digit after the country's code changes.

    Args:
        draws: The patient's keyed choices.
        surfaces: All numbers, in any order and form.
        known: Keys (``number_key``) that no surrogate may have.
    """

    def __init__(self, draws: Draws, surfaces: Iterable[str], known: Collection[str]) -> None:
        parts = [part for surface in sorted(set(surfaces)) for part in parse_phone(surface)]
        own = [part for part in parts if part.kind in ("whole", "local", "line")]
        self._areas = _areas(draws, {part.area for part in own} - {""})
        barred = {key[-7:] for key in known if len(key) >= 7 and key.isdecimal()}
        self._lines = _lines(draws, {part.local for part in own}, barred)
        self._beyond = _beyond(
            draws,
            {part.digits[-10:] for part in own if self._is_beyond(part)},
            {area + line for area in self._areas.values() for line in self._lines.values()},
            barred,
        )
        self._short = Numbers(
            draws, "extension", {part.digits for part in parts if part.kind == "extension"}, known
        )
        self._foreign = Numbers(
            draws,
            "foreign telephone",
            {part.digits[part.fixed :] for part in parts if part.kind == "foreign"},
            known,
        )

    def write(self, surface: str) -> str | None:
        """Write a number that nobody has, in the same form.

        Returns:
            None if it can't be told which numbers it holds, or the numbers for fiction are used up.
        """
        chars = list(surface)
        parts = parse_phone(surface)
        for part in parts:
            made = self._made(part)
            if made is None:
                return None
            n_digits = len(part.places)
            for place, digit in zip(part.places, made[-n_digits:], strict=True):
                chars[place] = digit
        return "".join(chars) if parts else None

    def _made(self, part: PhonePart) -> str | None:
        if part.kind == "extension":
            return self._short.write(part.digits)
        start = part.digits[: part.fixed]
        if part.kind == "foreign":
            rest = self._foreign.write(part.digits[part.fixed :])
            return None if rest is None else start + rest
        if self._is_beyond(part):
            whole = self._beyond.get(part.digits[-10:])
            return None if whole is None else start + whole
        line = self._lines.get(part.local)
        return start + self._areas[part.area] + line if part.area and line else line

    def _is_beyond(self, part: PhonePart) -> bool:
        """Say whether a whole number is one that no area or no line was left for."""
        known = part.area in self._areas and part.local in self._lines
        return bool(part.area) and not known


def _draw_area(draws: Draws, key: str, attempt: int) -> str:
    """Draw an area code; its second digit is never 9, which is kept for longer numbers."""
    drawn = draws.digest("area code", key, attempt)
    return f"{2 + drawn[0] % 8}{drawn[1] % 9}{drawn[2] % 10}"


def _areas(draws: Draws, areas: Collection[str]) -> dict[str, str]:
    """Return for each area code one that shares none of its digits' places."""
    return assign(
        areas,
        lambda area, attempt: _unlike(_draw_area(draws, area, attempt), area),
        lambda made: bool(made) and made not in areas and made[1:] != "11",
    )


def _unlike(made: str, area: str) -> str:
    return made if all(a != b for a, b in zip(made, area, strict=True)) else ""


def _line(draws: Draws, key: str, attempt: int) -> str:
    return f"55501{draws.number(_LINES, 'telephone line', key, attempt):02d}"


def _lines(draws: Draws, locals_: Collection[str], barred: Collection[str]) -> dict[str, str]:
    """Return for each seven digits others between 555-0100 and 555-0199, as far as these last."""
    lines: dict[str, str] = {}
    free = [line for n in range(_LINES) if (line := f"55501{n:02d}") not in barred]
    free = [line for line in free if line not in locals_]
    for local in sorted(locals_)[: len(free)]:
        lines[local] = free.pop(draws.number(len(free), "telephone line", local))
    return lines


def _beyond(
    draws: Draws,
    numbers: Collection[str],
    taken: Collection[str],
    barred: Collection[str],
) -> dict[str, str]:
    """Return a line of any area for each whole one that no line was left for."""

    def candidate(key: str, attempt: int) -> str:
        area = _unlike(_draw_area(draws, key, attempt), key[:3])
        return area + _line(draws, key, attempt) if area else ""

    def is_free(made: str) -> bool:
        fits = bool(made) and made[1:3] != "11"
        return fits and made not in taken and made[3:] not in barred

    return assign(numbers, candidate, is_free)
