"""Variants of gold notes whose PHI is replaced by other realistic PHI.

A few hundred notes teach a recogniser their names by heart; replacing every tagged string anew,
consistently within a note and true to its format, leaves only form and context to learn from
(Yue & Zhou, "PHICON", 2020, https://arxiv.org/abs/2010.05143).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.note import Span
from pipeline.train.phi_dates import redate
from pipeline.train.phi_lists import GoldPools, SurrogateLists, pick
from pipeline.train.phi_names import PatientCast, match_case
from pipeline.train.phi_words import (
    COUNTRIES,
    HOSPITAL_TYPES,
    HOSPITAL_WORDS,
    OCCUPATIONS,
    ORGANIZATION_TYPES,
    PLACE_TYPES,
    ROUTES,
    STREET_TYPES,
    STREET_WORDS,
    UNITS,
)

_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+")
_NAMES = ("PATIENT", "DOCTOR")
_USER_PREFIXES = ("rn_", "md_", "him_", "pct_", "dr.", "np-", "reg_", "lab_", "epic", "scribe.")
_MAIL_HOSTS = (
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com", "icloud.com", "comcast.net",
    "mail.example.com", "inbox.example", "health.example.org", "med.example.edu", "clinic.example",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A text with the spans to learn; the spans are sorted and don't overlap."""

    text: str
    spans: tuple[Span, ...]

    def surface(self, span: Span) -> str:
        """Return what a span covers."""
        return self.text[span.start : span.end]


def make_variant(
    note: TaggedText, lists: SurrogateLists, pools: GoldPools, rng: random.Random
) -> TaggedText:
    """Replace every tagged string of a note by a surrogate.

    Args:
        note: A gold note.
        lists: Real names and places.
        pools: What all gold notes tag.
        rng: Its state decides everything drawn.

    Returns:
        The changed text; its spans cover the surrogates, in the order of the originals.
    """
    names = [note.surface(s) for s in note.spans if s.label in _NAMES]
    cast = PatientCast(names, lists, pools, rng)
    for name in names:
        cast.rename(name)
    drawing = _Drawing(lists, pools, cast, rng)
    pieces: list[str] = []
    spans: list[Span] = []
    position = length = 0
    for span in note.spans:
        surrogate = drawing.surrogate(span.label, note.surface(span))
        pieces += (note.text[position : span.start], surrogate)
        start = length + span.start - position
        length = start + len(surrogate)
        spans.append(replace(span, start=start, end=length))
        position = span.end
    pieces.append(note.text[position:])
    return TaggedText("".join(pieces), tuple(spans))


class _Drawing:
    """Draws the surrogates of one variant; a string gets the same one wherever it recurs."""

    def __init__(
        self, lists: SurrogateLists, pools: GoldPools, cast: PatientCast, rng: random.Random
    ) -> None:
        self._lists, self._pools, self._cast, self._rng = lists, pools, cast, rng
        self._drawn: dict[tuple[str, str], str] = {}
        self._by_label: dict[str, Callable[[str], str]] = {
            "AGE": self._age,
            "DATE": lambda surface: redate(surface, self._rng),
            "HOSPITAL": self._hospital,
            "ORGANIZATION": self._organization,
            "LOCATION-OTHER": self._place,
            "CITY": self._city,
            "STATE": self._state,
            "COUNTRY": lambda surface: self._swap("COUNTRY", surface, COUNTRIES, 0.8),
            "STREET": self._street,
            "PROFESSION": lambda surface: self._swap("PROFESSION", surface, OCCUPATIONS, 0.4),
            "USERNAME": self._username,
            "EMAIL": self._email,
            "URL": lambda surface: self._renamed_digits(self._pool_like("URL", surface)),
        }

    def surrogate(self, label: str, surface: str) -> str:
        if label in _NAMES:
            return self._cast.rename(surface)
        if label in ("DATE", "AGE"):
            return self._by_label[label](surface)
        key = (label, surface.casefold())
        if key not in self._drawn:
            draw = self._by_label.get(label)
            self._drawn[key] = draw(surface) if draw else self._identifier(label, surface)
        return match_case(self._drawn[key], surface) if label != "STATE" else self._drawn[key]

    def _identifier(self, label: str, surface: str) -> str:
        digits = len(_DIGIT.findall(surface))
        if digits > 4 and self._rng.random() < 0.5:
            surface = pick(
                self._rng,
                [s for s in self._pools.surfaces.get(label, ()) if len(_DIGIT.findall(s)) > 4]
                or [surface],
            )
        drawn = redraw_digits(surface, self._rng)
        if label not in ("PHONE", "FAX", "SSN") and self._rng.random() < 0.5:
            drawn = re.sub(
                r"[A-Z](?![a-z])", lambda m: pick(self._rng, "ABCDEFGHJKLMNPRSTUVWXYZ"), drawn
            )
        return drawn

    def _age(self, surface: str) -> str:
        if re.fullmatch(r"\d0'?s", surface):
            return f"{self._rng.randint(1, 9)}{surface[1:]}"
        if re.fullmatch(r"\d\d", surface):
            return str(self._rng.randint(10, 99))
        if re.fullmatch(r"\d", surface):
            return str(self._rng.randint(1, 9))
        if _DIGIT.search(surface):
            return redraw_digits(surface, self._rng)
        return self._pool_like("AGE", surface, digits=False)

    def _swap(self, label: str, surface: str, listed: tuple[str, ...], share: float) -> str:
        if self._rng.random() < share:
            return match_case(pick(self._rng, listed), surface)
        return self._renamed_digits(self._pool_like(label, surface))

    def _pool_like(self, label: str, surface: str, digits: bool = True) -> str:
        """Draw what another note tags with the label: as many words, if there is such a one."""
        count = min(len(surface.split()), 3)
        has_digit = bool(_DIGIT.search(surface))
        pool = self._pools.surfaces.get(label, ())
        alike = [
            s
            for s in pool
            if min(len(s.split()), 3) == count
            and bool(_DIGIT.search(s)) == has_digit
            and s.isupper() == surface.isupper()
        ]
        return pick(self._rng, alike) if alike else surface

    def _renamed_digits(self, surface: str) -> str:
        return redraw_digits(surface, self._rng)

    def _proper(self) -> str:
        """Draw the proper part of the name of a place or firm."""
        share = self._rng.random()
        if share < 0.35:
            return self._lists.last.draw(self._rng)
        if share < 0.65:
            return pick(self._rng, self._lists.cities)
        if share < 0.8:
            saint = pick(self._rng, ("St. ", "St ", "Saint "))
            return saint + self._lists.first.draw(self._rng) + pick(self._rng, ("", "'s"))
        return pick(self._rng, HOSPITAL_WORDS)

    def _hospital(self, surface: str) -> str:
        if _is_acronym(surface):
            return self._acronym(surface, ("H", "MC", "GH", "RMC", "CH", "VA", "HS", ""))
        share = self._rng.random()
        if len(surface.split()) == 1 and share < 0.6:
            return match_case(self._proper(), surface)
        if share < 0.3:
            return match_case(pick(self._rng, self._lists.hospitals), surface)
        if share < 0.65:
            return match_case(f"{self._proper()} {pick(self._rng, HOSPITAL_TYPES)}", surface)
        return self._renamed_digits(self._pool_like("HOSPITAL", surface))

    def _organization(self, surface: str) -> str:
        if _is_acronym(surface):
            return self._acronym(surface, ("", "PD", "FD", "ISD", "EMS", "CC", "PS"))
        share = self._rng.random()
        if len(surface.split()) > 1 and share < 0.3:
            return match_case(f"{self._proper()} {pick(self._rng, ORGANIZATION_TYPES)}", surface)
        if share < 0.4:
            return match_case(self._proper(), surface)
        return self._renamed_digits(self._pool_like("ORGANIZATION", surface))

    def _place(self, surface: str) -> str:
        if _DIGIT.search(surface):
            return redraw_digits(surface, self._rng)
        if len(surface.split()) > 1 and self._rng.random() < 0.4:
            return match_case(f"{self._proper()} {pick(self._rng, PLACE_TYPES)}", surface)
        return self._pool_like("LOCATION-OTHER", surface)

    def _city(self, surface: str) -> str:
        if _is_acronym(surface):
            return self._pool_like("CITY", surface)
        if self._rng.random() < 0.7:
            return match_case(pick(self._rng, self._lists.cities), surface)
        return self._pool_like("CITY", surface)

    def _state(self, surface: str) -> str:
        name, code = self._rng.choice(self._lists.states)
        letters = "".join(_LETTERS.findall(surface))
        if len(letters) == 2 and " " not in surface:
            if "." in surface:
                code = ".".join(code) + "."
            return match_case(code, surface)
        if self._rng.random() < 0.25:
            return self._pool_like("STATE", surface)
        return match_case(name, surface)

    def _street(self, surface: str) -> str:
        rng = self._rng
        if len(surface.split()) > 1 and rng.random() < 0.12:
            route = pick(rng, ROUTES).format(rng.randint(1, 9999), rng.randint(1, 80))
            return match_case(route, surface)
        if not surface[0].isdigit() or rng.random() < 0.4:
            return self._renamed_digits(self._pool_like("STREET", surface))
        share = rng.random()
        if share < 0.4:
            name = pick(rng, STREET_WORDS)
        elif share < 0.8:
            name = self._lists.last.draw(rng)
        else:
            name = f"{pick(rng, STREET_WORDS)} {pick(rng, STREET_WORDS)}"
        direction = pick(rng, ("", "", "", "N ", "S ", "E ", "W ", "NW ", "SE ", "North ", "West "))
        street = f"{rng.randint(1, 19999)} {direction}{name} {pick(rng, STREET_TYPES)}"
        if rng.random() < 0.25:
            street += f"{pick(rng, UNITS)}{rng.randint(1, 450)}{pick(rng, ('', '', 'A', 'B', 'C'))}"
        return match_case(street, surface)

    def _username(self, surface: str) -> str:
        rng = self._rng
        last, other = (re.sub(r"\W", "", self._cast.some_name()) for _ in range(2))
        digits = pick(rng, ("", "", str(rng.randint(1, 9)), f"{rng.randint(0, 99):02d}"))
        if rng.random() < 0.2:
            digits = str(rng.randint(100, 9999))
        first = pick(rng, "abcdefghijklmnoprstvwyz")
        made = (
            f"{first}{last}{digits}",
            f"{first}{last[:6]}{digits}",
            f"{last}{first}{digits}",
            f"{last}.{other}",
            f"{first}_{last}{digits}",
            f"{last[:3]}{rng.randint(10, 9999)}",
            f"{first}{pick(rng, 'abcdejklmrs')}{pick(rng, 'bdfghklmnprst')}{rng.randint(1, 999)}",
            f"{pick(rng, _USER_PREFIXES)}{first}{last}",
            redraw_digits(self._pool_like("USERNAME", surface), rng),
        )
        return match_case(pick(rng, made), surface)

    def _email(self, surface: str) -> str:
        rng = self._rng
        host = pick(rng, _MAIL_HOSTS)
        if rng.random() < 0.6:
            host = self._pool_like("EMAIL", surface).rpartition("@")[2] or host
        local = re.sub(r"[^\w.\-]", "", self._username(surface.partition("@")[0])) or "info"
        return f"{local}@{host}"

    def _acronym(self, surface: str, endings: tuple[str, ...]) -> str:
        letters = "".join(pick(self._rng, "ABCDEFGHIJKLMNOPRSTUVW") for _ in range(2))
        ending = pick(self._rng, endings)
        if not ending:
            letters += pick(self._rng, "ABCDEFGHILMNOPRST")
        drawn = letters + ending
        return match_case(drawn, surface) if drawn != surface else drawn + "C"


def _is_acronym(surface: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{2,5}", surface))


def redraw_digits(text: str, rng: random.Random) -> str:
    """Put another digit in the place of every digit."""
    return _DIGIT.sub(lambda m: str((int(m[0]) + rng.randint(1, 9)) % 10), text)
