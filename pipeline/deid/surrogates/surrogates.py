"""All surrogates of one patient, by label."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import fields

from pipeline.deid.person_name import fold
from pipeline.deid.rules.lexicon import load_lexicon
from pipeline.deid.surrogates.accounts import MailAddresses, UserNames
from pipeline.deid.surrogates.draws import Draws, assign
from pipeline.deid.surrogates.identifiers import Numbers, SocialSecurityNumbers, number_key
from pipeline.deid.surrogates.network import NetworkAddresses, WebAddresses
from pipeline.deid.surrogates.occupations import Occupations
from pipeline.deid.surrogates.people import Cast
from pipeline.deid.surrogates.phones import Phones
from pipeline.deid.surrogates.places import Places
from pipeline.deid.surrogates.states import States
from pipeline.deid.surrogates.streets import Streets
from pipeline.deid.surrogates.words import load_surrogate_words
from pipeline.deid.surrogates.written_form import (
    find_words,
    word_key,
    word_set,
    write_like,
)
from pipeline.patient import PatientRecord

_NUMBERS = word_set("MEDICALRECORD HEALTHPLAN ACCOUNT LICENSE VEHICLE DEVICE BIOID IDNUM")
_PEOPLE = frozenset(("PATIENT", "DOCTOR"))
_PLACES = frozenset(("HOSPITAL", "ORGANIZATION", "LOCATION-OTHER"))
_PHONES = frozenset(("PHONE", "FAX"))
_COUNTRY_CODES = 3


class Surrogates:
    """Realistic surrogates for the PHI of one patient, the same wherever an identifier recurs.

    They are a pure function of the key, the set of identifiers and the record. None is an
    identifier of the patient, and none is a clinical word. Hiding in plain sight is due to Carrell
    and others, "Hiding in plain sight", JAMIA 2013, https://doi.org/10.1136/amiajnl-2012-001034.

    Args:
        secret: The key of this patient, 32 bytes.
        record: What registration knows of the patient.
        identifiers: Label and raw text of every PHI span in all of the patient's notes, in any
            order, with repeats.

    Raises:
        ValueError: The key isn't 32 bytes long.
    """

    def __init__(
        self,
        secret: bytes,
        record: PatientRecord | None,
        identifiers: Iterable[tuple[str, str]],
    ) -> None:
        found = {(label, surface) for label, surface in identifiers if surface}
        registered = _registered(record)
        self._by_label: dict[str, list[str]] = {}
        for label, surface in sorted(found):
            self._by_label.setdefault(label, []).append(surface)
        everything = [surface for _, surface in sorted(found)] + registered
        self._known = {folded for s in everything if (folded := fold(s))}
        barred = self._known | {
            word_key(s[start:end]) for s in everything for start, end in find_words(s)
        }
        numbers = {key for s in everything if (key := number_key(s))}
        names = [] if record is None else [*record.relatives, *record.providers]
        names += [] if record is None else _patient_names(record.names)
        self._writers = self._make_writers(Draws(secret), names, barred, numbers)
        self._written: dict[tuple[str, str], str | None] = dict.fromkeys(found)
        self._unwritten = set(found)

    def replace(self, label: str, surface: str) -> str | None:
        """Return the surrogate of an identifier.

        Args:
            label: Its label in the i2b2-2014 taxonomy.
            surface: Its raw text.

        Returns:
            The surrogate, never empty and never an identifier of the patient. None if the label
            has none (dates, ages and ZIP codes are shifted or cut instead), the text can't be
            replaced in its form, or it is none of the identifiers given; put a tag there.
        """
        key = (label, surface)
        if key in self._unwritten:
            self._written[key] = self._replace(label, surface)
            self._unwritten.discard(key)
        return self._written.get(key)

    def _replace(self, label: str, surface: str) -> str | None:
        writer = self._writers.get(label)
        if writer is None or not surface.strip():
            return None
        made = writer(surface)
        if made is not None and fold(made) in self._known and label in _PEOPLE:
            made = self._writers["INVENTED"](surface)
        if not made or not made.strip() or made == surface or fold(made) in self._known:
            return None
        return made

    def _surfaces(self, labels: Iterable[str]) -> list[str]:
        return [surface for label in sorted(labels) for surface in self._by_label.get(label, ())]

    def _make_writers(
        self, draws: Draws, names: list[str], barred: set[str], numbers: set[str]
    ) -> dict[str, Callable[[str], str | None]]:
        """Make what writes the surrogates of each label."""
        lexicon, words = load_lexicon(), load_surrogate_words()
        of = self._surfaces
        cast = Cast(draws, of(("PATIENT",)), of(("DOCTOR",)), names, barred, lexicon, words)
        places = Places(draws, of(_PLACES), of(("CITY",)), barred, numbers, words)
        phones = Phones(draws, of(_PHONES), numbers)
        ids = Numbers(draws, "identifier", of(_NUMBERS), numbers)
        countries = assign(
            {fold(surface) for surface in of(("COUNTRY",))},
            lambda key, attempt: draws.pick(words.countries, "country", key, attempt),
            lambda made: fold(made) not in barred,
        )

        def country(surface: str) -> str | None:
            made = countries.get(fold(surface))
            is_code = len(fold(surface)) <= _COUNTRY_CODES
            return made if made is None or is_code else write_like(made, surface)

        return {
            **dict.fromkeys(_PEOPLE, cast.write),
            "INVENTED": cast.invent,
            **dict.fromkeys(_PLACES, places.write),
            **dict.fromkeys(_PHONES, phones.write),
            **dict.fromkeys(_NUMBERS, ids.write),
            "CITY": places.city,
            "COUNTRY": country,
            "STATE": States(draws, of(("STATE",)), barred).write,
            "STREET": Streets(draws, of(("STREET",)), barred, numbers, words).write,
            "PROFESSION": Occupations(draws, of(("PROFESSION",)), barred, words).write,
            "USERNAME": UserNames(draws, of(("USERNAME",)), barred, words).write,
            "EMAIL": MailAddresses(draws, of(("EMAIL",)), cast, barred, words).write,
            "URL": WebAddresses(draws, of(("URL",)), barred, words, lexicon).write,
            "IPADDR": NetworkAddresses(draws, of(("IPADDR",))).write,
            "SSN": SocialSecurityNumbers(draws, of(("SSN",)), numbers).write,
        }


def _registered(record: PatientRecord | None) -> list[str]:
    """Return all identifiers of a record."""
    if record is None:
        return []
    return [value for f in fields(record) for value in getattr(record, f.name)]


def _patient_names(names: tuple[str, ...]) -> list[str]:
    """Return the patient's names, and the whole one if the register holds only its parts."""
    whole = [name for name in names if re.search(r"[\s,]", name.strip())]
    return [*names, *(() if whole else (" ".join(names),))] if names else []
