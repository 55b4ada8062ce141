"""Surrogates of places and firms: hospitals, organizations, streets, cities, states."""

from __future__ import annotations

import random
import re

from pipeline.train.phi_lists import GoldPools, SurrogateLists, pick, redraw_digits
from pipeline.train.phi_names import match_case
from pipeline.train.phi_words import (
    HOSPITAL_TYPES,
    HOSPITAL_WORDS,
    ORGANIZATION_TYPES,
    PLACE_TYPES,
    ROUTES,
    STREET_TYPES,
    STREET_WORDS,
    UNITS,
)

_DIRECTIONS = ("", "", "", "N ", "S ", "E ", "W ", "NW ", "SE ", "North ", "West ")
_SAINTS = ("St. ", "St ", "Saint ")


class PlaceSurrogates:
    """Draws places for one variant of a note.

    Args:
        lists: Real names and places.
        pools: What all gold notes tag.
        rng: The variant's source of randomness.
    """

    def __init__(self, lists: SurrogateLists, pools: GoldPools, rng: random.Random) -> None:
        self._lists, self._pools, self._rng = lists, pools, rng

    def hospital(self, surface: str) -> str:
        """Draw a hospital, clinic or ward: a real one, a made-up one or another note's."""
        if is_acronym(surface):
            return self._acronym(surface, ("H", "MC", "GH", "RMC", "CH", "VA", "HS", ""))
        share = self._rng.random()
        if len(surface.split()) == 1 and share < 0.6:
            return match_case(self._proper(), surface)
        if share < 0.3:
            return match_case(pick(self._rng, self._lists.hospitals), surface)
        if share < 0.65:
            return match_case(f"{self._proper()} {pick(self._rng, HOSPITAL_TYPES)}", surface)
        return self._swap("HOSPITAL", surface)

    def organization(self, surface: str) -> str:
        """Draw a firm, school, church or insurer."""
        if is_acronym(surface):
            return self._acronym(surface, ("", "PD", "FD", "ISD", "EMS", "CC", "PS"))
        share = self._rng.random()
        if len(surface.split()) > 1 and share < 0.3:
            return match_case(f"{self._proper()} {pick(self._rng, ORGANIZATION_TYPES)}", surface)
        if share < 0.4:
            return match_case(self._proper(), surface)
        return self._swap("ORGANIZATION", surface)

    def place(self, surface: str) -> str:
        """Draw a landmark or, where digits are, another room."""
        if any(c.isdigit() for c in surface):
            return redraw_digits(surface, self._rng)
        if len(surface.split()) > 1 and self._rng.random() < 0.4:
            return match_case(f"{self._proper()} {pick(self._rng, PLACE_TYPES)}", surface)
        return self._swap("LOCATION-OTHER", surface)

    def city(self, surface: str) -> str:
        """Draw a city; one written as an acronym becomes another such one."""
        if is_acronym(surface) or self._rng.random() < 0.3:
            return self._swap("CITY", surface)
        return match_case(pick(self._rng, self._lists.cities), surface)

    def state(self, surface: str) -> str:
        """Draw a state: a code where a code stands, with full stops where it has them."""
        name, code = self._rng.choice(self._lists.states)
        letters = [c for c in surface if c.isalpha()]
        if len(letters) == 2 and " " not in surface:
            if "." in surface:
                code = ".".join(code) + "."
            return match_case(code, surface)
        if self._rng.random() < 0.25:
            return self._swap("STATE", surface)
        return match_case(name, surface)

    def street(self, surface: str) -> str:
        """Draw a street with a number, a route or box, or another note's street."""
        rng = self._rng
        if len(surface.split()) > 1 and rng.random() < 0.12:
            route = pick(rng, ROUTES).format(rng.randint(1, 9999), rng.randint(1, 80))
            return match_case(route, surface)
        if not surface[0].isdigit() or rng.random() < 0.4:
            return self._swap("STREET", surface)
        share = rng.random()
        if share < 0.4:
            name = pick(rng, STREET_WORDS)
        elif share < 0.8:
            name = self._lists.last.draw(rng)
        else:
            name = f"{pick(rng, STREET_WORDS)} {pick(rng, STREET_WORDS)}"
        number, kind = rng.randint(1, 19_999), pick(rng, STREET_TYPES)
        street = f"{number} {pick(rng, _DIRECTIONS)}{name} {kind}"
        if rng.random() < 0.25:
            street += f"{pick(rng, UNITS)}{rng.randint(1, 450)}{pick(rng, ('', '', 'A', 'B', 'C'))}"
        return match_case(street, surface)

    def _swap(self, label: str, surface: str) -> str:
        return redraw_digits(self._pools.alike(label, surface, self._rng), self._rng)

    def _proper(self) -> str:
        """Draw the proper part of the name of a place or firm."""
        share = self._rng.random()
        if share < 0.35:
            return self._lists.last.draw(self._rng)
        if share < 0.65:
            return pick(self._rng, self._lists.cities)
        if share < 0.8:
            saint = pick(self._rng, _SAINTS) + self._lists.first.draw(self._rng)
            return saint + pick(self._rng, ("", "'s"))
        return pick(self._rng, HOSPITAL_WORDS)

    def _acronym(self, surface: str, endings: tuple[str, ...]) -> str:
        letters = "".join(pick(self._rng, "ABCDEFGHIJKLMNOPRSTUVW") for _ in range(2))
        ending = pick(self._rng, endings) or pick(self._rng, "ABCDEFGHILMNOPRST")
        return letters + ending if letters + ending != surface else letters + ending + "C"


def is_acronym(surface: str) -> bool:
    """Say whether a name is written as two to five capitals."""
    return bool(re.fullmatch(r"[A-Z]{2,5}", surface))
