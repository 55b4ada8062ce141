"""What registration knows of a patient, found in that patient's notes however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.deid.known_aliases import AliasIndex
from pipeline.deid.known_births import find_birth_dates
from pipeline.deid.known_endings import EndingIndex
from pipeline.deid.known_initials import InitialsIndex
from pipeline.deid.known_logins import LoginIndex
from pipeline.deid.known_names import NameIndex
from pipeline.deid.known_numbers import NumberIndex, parse_date
from pipeline.deid.known_places import AddressIndex
from pipeline.deid.person_name import PersonName
from pipeline.deid.rules.lexicon import Lexicon, load_lexicon
from pipeline.note import Note, PhiSpan
from pipeline.patient import PatientRecord

ANNOTATOR = "known"


class KnownIdentifiers:
    """Finds a patient's registered identifiers in any usual form.

    Names in any order, whole and in parts, with initials, nicknames, a typo; numbers with any
    separators; dates of birth and addresses in all usual forms. A part of a name that is a common
    word or an eponym counts only where the context makes it a name.
    """

    def __init__(self, records: Mapping[tuple[str, str], PatientRecord]) -> None:
        """Keep the records.

        Args:
            records: A record for each patient, by ``Note.subject``.
        """
        self._records = records
        self._lexicon = load_lexicon()

    @property
    def name(self) -> str:
        """Return ``known``."""
        return ANNOTATOR

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        """Find each note's patient's identifiers; notes of patients without a record have none."""
        matchers: dict[tuple[str, str], _PatientMatcher] = {}
        found: list[list[PhiSpan]] = []
        for note in notes:
            record = self._records.get(note.subject)
            if not record:
                found.append([])
                continue
            if note.subject not in matchers:
                matchers[note.subject] = _PatientMatcher(record, self._lexicon)
            found.append(matchers[note.subject].find(note.text))
        return found


class _PatientMatcher:
    """One patient's identifiers, made ready to search."""

    def __init__(self, record: PatientRecord, lexicon: Lexicon) -> None:
        people = [PersonName.of_names(record.names, "PATIENT", lexicon)]
        people += [PersonName.of_names((name,), "PATIENT", lexicon) for name in record.relatives]
        people += [PersonName.of_names((name,), "DOCTOR", lexicon) for name in record.providers]
        self._names = NameIndex(people, lexicon)
        self._aliases = AliasIndex(lexicon)
        self._initials = InitialsIndex(people, lexicon)
        self._logins = LoginIndex(people, lexicon)
        self._numbers = NumberIndex(record)
        self._endings = EndingIndex(record)
        self._births = frozenset(d for value in record.dob if (d := parse_date(value)))
        self._addresses = AddressIndex(record.address, lexicon)
        self._emails = [
            re.compile(rf"(?<![\w.+-]){_written_email(e)}(?![\w-])", re.I) for e in record.email
        ]

    def find(self, text: str) -> list[PhiSpan]:
        """Find the identifiers in a raw text."""
        names = list(self._names.find(text))
        spans = [*names, *self._aliases.find(text, names), *self._addresses.find(text)]
        spans += [*self._initials.find(text), *self._logins.find(text)]
        spans += [*self._numbers.find(text), *self._endings.find(text)]
        if self._births:
            spans += find_birth_dates(text, self._births)
        for email in self._emails:
            spans += [PhiSpan(*m.span(), "EMAIL", 1.0, (ANNOTATOR,)) for m in email.finditer(text)]
        return _outermost(spans)


def _written_email(address: str) -> str:
    """Return the pattern of an e-mail address, also as people dictate it: at, dot, blanks."""
    escaped = re.escape(address.strip())
    escaped = escaped.replace("@", r"\s{0,2}(?:@|[(\[]?\bat\b[)\]]?)\s{0,2}")
    return escaped.replace(r"\.", r"(?:\s?\.\s?|\s?[(\[]?\bdot\b[)\]]?\s?)")


def _outermost(spans: Iterable[PhiSpan]) -> list[PhiSpan]:
    """Drop spans that lie within another of the same label, as two people's shared surname does."""
    kept: list[PhiSpan] = []
    reach: dict[str, int] = {}
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if span.end > reach.get(span.label, 0):
            kept.append(span)
            reach[span.label] = span.end
    return kept
