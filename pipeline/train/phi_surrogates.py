"""Variants of gold notes whose PHI is replaced by other realistic PHI.

A few hundred notes teach a recogniser their names by heart; replacing every tagged string anew,
consistently within a note and true to its format, leaves only form and context to learn from
(Yue & Zhou, "PHICON", 2020, https://arxiv.org/abs/2010.05143).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from pipeline.note import Span
from pipeline.train.phi_dates import redate
from pipeline.train.phi_lists import GoldPools, SurrogateLists, pick, redraw_digits
from pipeline.train.phi_names import PatientCast, match_case
from pipeline.train.phi_places import PlaceSurrogates
from pipeline.train.phi_text import TaggedText
from pipeline.train.phi_words import COUNTRIES, OCCUPATIONS

_DIGIT = re.compile(r"\d")
_NAMES = ("PATIENT", "DOCTOR")
_USER_PREFIXES = ("rn_", "md_", "him_", "pct_", "dr.", "np-", "reg_", "lab_", "epic", "scribe.")
_MAIL_HOSTS = (
    "gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com", "icloud.com", "comcast.net",
    "mail.example.com", "inbox.example", "health.example.org", "med.example.edu", "clinic.example",
)  # fmt: skip


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
        self._pools, self._cast, self._rng = pools, cast, rng
        places = PlaceSurrogates(lists, pools, rng)
        self._drawn: dict[tuple[str, str], str] = {}
        self._by_label: dict[str, Callable[[str], str]] = {
            "AGE": self._age,
            "DATE": lambda surface: redate(surface, self._rng),
            "HOSPITAL": places.hospital,
            "ORGANIZATION": places.organization,
            "LOCATION-OTHER": places.place,
            "CITY": places.city,
            "STATE": places.state,
            "COUNTRY": lambda surface: self._listed("COUNTRY", surface, COUNTRIES, 0.8),
            "STREET": places.street,
            "PROFESSION": lambda surface: self._listed("PROFESSION", surface, OCCUPATIONS, 0.4),
            "USERNAME": self._username,
            "EMAIL": self._email,
            "URL": lambda surface: self._swap("URL", surface),
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
        return self._pools.alike("AGE", surface, self._rng)

    def _listed(self, label: str, surface: str, listed: tuple[str, ...], share: float) -> str:
        if self._rng.random() < share:
            return match_case(pick(self._rng, listed), surface)
        return self._swap(label, surface)

    def _swap(self, label: str, surface: str) -> str:
        return redraw_digits(self._pools.alike(label, surface, self._rng), self._rng)

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
            self._swap("USERNAME", surface),
        )
        return match_case(pick(rng, made), surface)

    def _email(self, surface: str) -> str:
        rng = self._rng
        host = pick(rng, _MAIL_HOSTS)
        if rng.random() < 0.6:
            host = self._pools.alike("EMAIL", surface, rng).rpartition("@")[2] or host
        local = re.sub(r"[^\w.\-]", "", self._username(surface.partition("@")[0])) or "info"
        return f"{local}@{host}"
