"""Names of patients, relatives and clinicians by title, credential, cue and form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.deid.rules.eponyms import EPONYM_AFTER
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.deid.rules.name_cues import (
    CREDENTIAL,
    FULL,
    KIN_CUE,
    LAST_FIRST,
    LEADING,
    LINE_CUE,
    LOOSE_CUE,
)
from pipeline.deid.rules.name_forms import find_names_by_form
from pipeline.deid.rules.name_grammar import NameGrammar
from pipeline.deid.rules.name_lookalikes import (
    BOTTLE,
    BRANDS,
    DOSE_AFTER,
    SURE_TITLES,
    TITLE_OF_A_WORK,
    is_listed,
    is_no_credential,
    is_no_relative,
    is_no_title,
    is_no_value,
)
from pipeline.deid.rules.rule import ANNOTATOR
from pipeline.note import PhiSpan

_AND = re.compile(r" (?:and|&) ")
_AND_MANY = re.compile(r"(?: \(\d\d?\)| \d\d?(?!\d))?(?:,? (?:and|&) |, ?)")
_PLURAL = re.compile(
    r"(?i:sons|daughters|dtrs|brothers|sisters|sibs?|siblings|twins|children|kids|grandkids|parents"
    r"|great-grands|grands|grandparents|partners|roommates?)"
)


class NameFinder:
    """Finds names by the words around them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._grammar = NameGrammar(lexicon)

    def find(self, text: str) -> list[PhiSpan]:
        """Find names in raw text; the spans may overlap."""
        spans = [*self._titled(text), *self._credentialed(text), *self._related(text)]
        spans += [*self._cued(text), *self._inverted(text), *self._full(text)]
        spans += [*self._loosely_cued(text), *find_names_by_form(text, self._lexicon)]
        return spans

    def _titled(self, text: str) -> Iterator[PhiSpan]:
        for match in LEADING.finditer(text):
            title = (match["doctor"] or match["person"]).lower()
            sure = title in SURE_TITLES
            label = "DOCTOR" if match["doctor"] else "PATIENT"
            start = match.end()
            end = self._grammar.read(
                text, start, lower=sure or title in ("nurse", "rn", "np", "sw"), comma=False
            )
            if end == start or (BOTTLE if sure else EPONYM_AFTER).match(text, end):
                continue
            if not sure and not self._is_likely(text[start:end]):
                continue
            if is_no_title(match, title, text[start:end].lower(), self._lexicon):
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
            if is_no_credential(match, gap, text[start:end].lower(), self._lexicon):
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
            if is_no_relative(text[start:end], self._lexicon):
                continue
            yield PhiSpan(start, end, "PATIENT", 0.85, (ANNOTATOR,))
            yield from self._siblings(text, end, _PLURAL.fullmatch(match["kin"]) is not None)

    def _siblings(self, text: str, end: int, many: bool) -> Iterator[PhiSpan]:
        """Find the names joined to a relative's: sons Amos and Ezra; kids Ada, Bo (9), Cy."""
        link = _AND_MANY if many else _AND
        while tail := link.match(text, end):
            end = self._grammar.read(text, tail.end(), limit=3)
            if end == tail.end() or not self._is_likely(text[tail.end() : end]):
                return
            yield PhiSpan(tail.end(), end, "PATIENT", 0.8, (ANNOTATOR,))
            if not many:
                return

    def _read_lower(self, text: str, start: int) -> int:
        """Read a first name in lower case, as in "daughter kim"."""
        match = re.compile(r"[a-z]{3,14}(?![\w])").match(text, start)
        lexicon = self._lexicon
        if match is None or match[0] in lexicon.common or match[0] in lexicon.eponyms:
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
            cue = (match["patient"] or match["doctor"]).lower()
            known = self._is_known(value)
            if is_no_value(cue, value, text[end : end + 14], known, self._lexicon):
                continue
            label = "PATIENT" if match["patient"] else "DOCTOR"
            yield PhiSpan(start, end, label, 0.88 if sure else 0.75, (ANNOTATOR,))

    def _inverted(self, text: str) -> Iterator[PhiSpan]:
        """Find "LAST, FIRST M" without a cue, where both are names."""
        for match in LAST_FIRST.finditer(text):
            last = match["last"].split()[0].lower()
            start = match.start()
            end = self._grammar.read(text, start, comma=True)
            if end <= match.end() or is_listed(text, start, end):
                continue
            first = re.split(r"[ .,]", text[match.end() : end])[0].lower()
            names = (last in self._lexicon.surnames or last not in self._lexicon.common) + 2 * (
                first in self._lexicon.first_names
            )
            if (
                names < 3
                or first in self._lexicon.common
                or first in self._lexicon.clinical
                or last in self._lexicon.clinical
                or (
                    last.isalpha()
                    and text[start:end].isupper()
                    and len(first) < 4
                    and len(last) < 4
                )
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
            if (
                value in BRANDS
                or DOSE_AFTER.match(text, end)
                or TITLE_OF_A_WORK.search(text[max(0, match.start() - 16) : match.start()])
            ):
                continue
            last = re.split(r"[ .]", value)[-1].lower()
            if " " not in value or last in lexicon.common or EPONYM_AFTER.match(text, end):
                continue
            if last in lexicon.languages and not lexicon.is_name(last):
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
                or value.lower() in self._lexicon.languages
                or DOSE_AFTER.match(text, end)
                or EPONYM_AFTER.match(text, end)
            ):
                continue
            yield PhiSpan(match.end(), end, "DOCTOR", 0.7, (ANNOTATOR,))

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
