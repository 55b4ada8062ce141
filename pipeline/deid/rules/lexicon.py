"""The word lists that tell a name from a word: read once, when first needed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache

from pipeline.resources import data_path


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists, all in lower case.

    Attributes:
        clinical: Words of drugs, diseases and symptoms that nobody and no place is called by.
        common: English and clinical words that notes write in lower case.
        first_names: First names of the US census.
        surnames: The most frequent surnames of the US census.
        cities: Cities and towns of the United States.
        countries: Countries, also of several words.
        eponyms: Names that diseases, signs, devices and operations bear.
        device_eponyms: The eponyms that stand alone for a device, sign or test: a Foley.
        credentials: What follows a clinician's name: degrees, licences, roles.
        not_names: Words and headings that no name begins with or holds.
        facility_words: Words that alone name no hospital: pain, outpatient, county.
        abbreviations: Clinical abbreviations that look like initials.
        titles: What stands before a name: Mr, Dr.
        name_cues: Titles, relations and other words that a name follows.
        particles: Small words within surnames: de, van, bin.
        roles: Who somebody is, in brackets after a name: (wife), (pharm).
        job_roles: Nouns that name an occupation only with another word: school bus driver.
        languages: Languages that interpreters speak.
    """

    clinical: frozenset[str]
    common: frozenset[str]
    first_names: frozenset[str]
    surnames: frozenset[str]
    cities: frozenset[str]
    countries: frozenset[str]
    eponyms: frozenset[str]
    device_eponyms: frozenset[str]
    credentials: frozenset[str]
    not_names: frozenset[str]
    facility_words: frozenset[str]
    abbreviations: frozenset[str]
    titles: frozenset[str]
    name_cues: frozenset[str]
    particles: frozenset[str]
    roles: frozenset[str]
    job_roles: frozenset[str]
    languages: frozenset[str]

    def is_name(self, word: str) -> bool:
        """Say whether people bear the word as a first name or surname."""
        return word in self.first_names or word in self.surnames

    def is_plain_word(self, word: str) -> bool:
        """Say whether the word is common and nobody's name."""
        return word in self.common and not self.is_name(word)


@cache
def load_lexicon() -> Lexicon:
    """Read the shipped word lists (``data/words``), one file for each field.

    The clinical words gathered from terminologies are joined by those added by hand.
    """
    words = {field.name: frozenset(read_lines(field.name)) for field in fields(Lexicon)}
    return Lexicon(**words | {"clinical": words["clinical"].union(read_lines("clinical_added"))})


def read_lines(name: str) -> list[str]:
    """Return the lines of a shipped word list that aren't empty."""
    text = data_path("words", f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line]
