"""Names of patients, relatives and clinicians by title, credential, cue and form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.deid.rules.eponyms import EPONYM_AFTER
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.rules.name_cues import (
    CREDENTIAL,
    FULL,
    INITIAL,
    KIN_CUE,
    LAST_FIRST,
    LEADING,
    LINE_CUE,
    LOOSE_CUE,
    SIGNED,
    SPECIES,
)
from pipeline.deid.rules.name_grammar import NameGrammar
from pipeline.deid.rules.rule import ANNOTATOR
from pipeline.note import PhiSpan


class NameFinder:
    """Finds names by the words around them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._grammar = NameGrammar(lexicon)

    def find(self, text: str) -> list[PhiSpan]:
        """Find names in raw text; the spans may overlap."""
        spans = [*self._titled(text), *self._credentialed(text), *self._related(text)]
        spans += [*self._cued(text), *self._inverted(text), *self._full(text)]
        spans += [*self._loosely_cued(text), *self._with_initial(text), *self._initials(text)]
        return spans

    def _titled(self, text: str) -> Iterator[PhiSpan]:
        for match in LEADING.finditer(text):
            title = (match["doctor"] or match["person"]).lower()
            sure = title in (
                "dr",
                "drs",
                "doctor",
                "mr",
                "mrs",
                "ms",
                "miss",
                "prof",
                "dra",
                "mx",
                "mme",
            )
            label = "DOCTOR" if match["doctor"] else "PATIENT"
            start = match.end()
            end = self._grammar.read(
                text, start, lower=sure or title in ("nurse", "rn", "np", "sw"), comma=False
            )
            if end == start or EPONYM_AFTER.match(text, end):
                continue
            if not sure and not self._is_likely(text[start:end]):
                continue
            yield PhiSpan(start, end, label, 0.95 if sure else 0.85, (ANNOTATOR,))
            if title == "drs":
                yield from self._listed(text, end, label)

    def _listed(self, text: str, position: int, label: str) -> Iterator[PhiSpan]:
        while match := re.compile(r",? (?:and|&) |, ?|/").match(text, position):
            end = self._grammar.read(text, match.end())
            if end == match.end():
                return
            yield PhiSpan(match.end(), end, label, 0.85, (ANNOTATOR,))
            position = end

    def _credentialed(self, text: str) -> Iterator[PhiSpan]:
        for match in CREDENTIAL.finditer(text):
            gap = text[max(0, match.start() - 5) : match.start()]
            end = match.start() - len(gap) + len(gap.rstrip(" ,"))
            if end == match.start() and gap[-1:].isalnum():
                continue
            start = self._grammar.read_back(text, end)
            if start == end or not self._is_likely(text[start:end]):
                continue
            doubtful = match["cred"] in ("MA", "PT", "OT", "DO", "SW", "MT", "SN")
            single = "," not in gap and " " not in text[start:end]
            if doubtful and single and not self._lexicon.is_name(text[start:end].lower()):
                continue
            yield PhiSpan(start, end, "DOCTOR", 0.9, (ANNOTATOR,))

    def _related(self, text: str) -> Iterator[PhiSpan]:
        for match in KIN_CUE.finditer(text):
            start = match.end()
            lower = match["mark"] == " " or ":" in match["mark"]
            end = self._grammar.read(text, start, lower=False, limit=3)
            if end == start and lower and text[start].islower():
                end = self._read_lower(text, start)
            if (
                end == start
                or not self._is_likely(text[start:end])
                or EPONYM_AFTER.match(text, end)
            ):
                continue
            yield PhiSpan(start, end, "PATIENT", 0.85, (ANNOTATOR,))
            tail = re.compile(r" (?:and|&) ").match(text, end)
            last = self._grammar.read(text, tail.end(), limit=3) if tail else 0
            if tail and last > tail.end() and self._is_likely(text[tail.end() : last]):
                yield PhiSpan(tail.end(), last, "PATIENT", 0.8, (ANNOTATOR,))

    def _read_lower(self, text: str, start: int) -> int:
        """Read a first name in lower case, as in "daughter kim"."""
        match = re.compile(r"[a-z]{3,14}(?![\w])").match(text, start)
        if match is None or match[0] in self._lexicon.common:
            return start
        return match.end() if self._lexicon.is_name(match[0]) else start

    def _cued(self, text: str) -> Iterator[PhiSpan]:
        for match in LINE_CUE.finditer(text):
            start = match.end()
            sure = (
                re.search(r"[:=.|_]", match["mark"]) is not None or "\u0020\u0020" in match["mark"]
            )
            end = self._grammar.read(text, start, comma=True)
            if end == start:
                continue
            value = text[start:end]
            if not self._is_likely(value) or (not sure and not self._is_known(value)):
                continue
            label = "PATIENT" if match["patient"] else "DOCTOR"
            yield PhiSpan(start, end, label, 0.88 if sure else 0.75, (ANNOTATOR,))

    def _inverted(self, text: str) -> Iterator[PhiSpan]:
        """Find "LAST, FIRST M" without a cue, where both are names."""
        for match in LAST_FIRST.finditer(text):
            last = match["last"].split()[0].lower()
            start = match.start()
            end = self._grammar.read(text, start, comma=True)
            if end <= match.end():
                continue
            first = re.split(r"[ .,]", text[match.end() : end])[0].lower()
            names = (last in self._lexicon.surnames or last not in self._lexicon.common) + 2 * (
                first in self._lexicon.first_names
            )
            if (
                names < 3
                or first in self._lexicon.common
                or (last in self._lexicon.cities and last not in self._lexicon.surnames)
            ):
                continue
            yield PhiSpan(start, end, "PATIENT", 0.8, (ANNOTATOR,))

    def _full(self, text: str) -> Iterator[PhiSpan]:
        """Find a first name before a surname or an initial, without a cue."""
        lexicon = self._lexicon
        for match in FULL.finditer(text):
            first = match["first"].lower()
            if first not in lexicon.first_names or first in lexicon.common:
                continue
            if match["initial"]:
                yield PhiSpan(match.start(), match.end("initial"), "PATIENT", 0.7, (ANNOTATOR,))
                continue
            if first in lexicon.eponyms:
                continue
            end = self._grammar.read(text, match.start(), limit=3)
            value = text[match.start() : end]
            last = re.split(r"[ .]", value)[-1].lower()
            if " " not in value or last in lexicon.common or EPONYM_AFTER.match(text, end):
                continue
            yield PhiSpan(match.start(), end, "PATIENT", 0.75, (ANNOTATOR,))

    def _loosely_cued(self, text: str) -> Iterator[PhiSpan]:
        """Find known names after words that often stand before one: "told Latoya", "w/ Wendy"."""
        for match in LOOSE_CUE.finditer(text):
            end = self._grammar.read(text, match.end(), limit=3)
            value = text[match.end() : end]
            if (
                not value
                or value.isupper()
                or not self._is_known(value.split(" ")[0])
                or EPONYM_AFTER.match(text, end)
            ):
                continue
            yield PhiSpan(match.end(), end, "DOCTOR", 0.7, (ANNOTATOR,))

    def _with_initial(self, text: str) -> Iterator[PhiSpan]:
        """Find "M. Farrow"; refuse "E. coli" and "R. Hand" of a right hand."""
        lexicon = self._lexicon
        for match in INITIAL.finditer(text):
            last = match["last"].lower()
            plain = last.split("-")[0]
            if plain in SPECIES or lexicon.is_plain_word(plain):
                continue
            if plain in lexicon.common and match[0][0] in "RLDC":
                continue
            if not (lexicon.is_name(plain) or "-" in last or len(plain) > 4) or EPONYM_AFTER.match(
                text, match.end()
            ):
                continue
            yield PhiSpan(match.start(), match.end(), "DOCTOR", 0.75, (ANNOTATOR,))

    def _initials(self, text: str) -> Iterator[PhiSpan]:
        """Find initials that sign: "dict RH", "JKM/tx" at the start of a line, "RZ" at the end."""
        for match in SIGNED.finditer(text):
            if match["who"].lower() not in self._lexicon.abbreviations:
                yield PhiSpan(*match.span("who"), "DOCTOR", 0.7, (ANNOTATOR,))
                if match["typist"]:
                    yield PhiSpan(*match.span("typist"), "DOCTOR", 0.7, (ANNOTATOR,))

    def _is_likely(self, value: str) -> bool:
        """Refuse a single word that is a credential, an acronym or a common word and no name."""
        parts = [p for p in re.split(r"[\s,.]+", value) if p]
        long = [p for p in parts if len(p) > 1]
        if not long:
            return len(parts) >= 2
        if len(long) == 1 and len(parts) == 1:
            word = long[0].lower()
            if word in self._lexicon.credentials or (
                long[0].isupper() and len(word) <= 4 and not self._lexicon.is_name(word)
            ):
                return False
            return not (word in self._lexicon.common and not self._lexicon.is_name(word))
        return True

    def _is_known(self, value: str) -> bool:
        """Say whether a word of the name stands in the lists of names and is no common word."""
        parts = [p.lower() for p in re.split(r"[\s,.-]+", value) if len(p) > 2]
        return any(
            self._lexicon.is_name(p)
            and p not in self._lexicon.common
            and p not in self._lexicon.eponyms
            for p in parts
        )
