"""What else the patient is called in a note: Ingeborg "Inga" Moss, goes by Sukhi, née Quill."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.deid.person_name import fold
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.note import PhiSpan

_ANNOTATORS = ("known",)
_NAME = r"[^\W\d_][\w'’-]*\.?"
_QUOTED = rf"[\"“”](?P<quoted>{_NAME}(?: {_NAME})?)[\"“”]"
_AFTER = re.compile(rf",? ?\(?(?:aka |goes by )?{_QUOTED}|,? ?\((?P<bare>[^\W\d_][a-z]{{1,9}})\)")
_BEFORE = re.compile(rf"{_QUOTED} $")
_CALLED = re.compile(
    r"\b(?:goes by|a\.?k\.?a\.?|f\.?k\.?a\.?|f/k/a|preferred(?: name)?|prefers(?: to be called)?"
    r"|nick-?name[ds]?(?: is)?|likes to be called|n[eé]e|born as|formerly|maiden(?: name)?"
    r"|alias|legal name|chosen name)(?: is)?[ .:=]{1,3}[\"“]?"
    r"(?P<name>(?-i:[A-Z])[\w'’-]+(?: (?-i:[A-Z])(?:[\w'’-]+|\.))?)",
    re.IGNORECASE,
)


class AliasIndex:
    """Finds other names beside a known one, and where they stand again in the same text."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Keep the word lists, which tell names from other words in brackets."""
        self._lexicon = lexicon

    def find(self, text: str, names: Sequence[PhiSpan]) -> list[PhiSpan]:
        """Find other names.

        Args:
            text: Raw text.
            names: Where known names stand in it.
        """
        beside = [
            (match.start(group) + offset, match.end(group) + offset, span.label)
            for span in names
            for match, group, offset in self._beside(text, span)
        ]
        label = "PATIENT"
        for match in _CALLED.finditer(text):
            if self._is_called(match):
                beside.append((*match.span("name"), label))
        spans = {(start, end): owner for start, end, owner in beside}
        for start, end, owner in beside:
            spans |= {at: owner for at in self._again(text, text[start:end]) if at not in spans}
        return [PhiSpan(*at, owner, 1.0, _ANNOTATORS) for at, owner in spans.items()]

    def _beside(self, text: str, span: PhiSpan) -> Iterator[tuple[re.Match[str], str, int]]:
        """Yield the other names that stand right behind or before one."""
        after = _AFTER.match(text, span.end)
        if after and after["quoted"] and not self._is_word(after["quoted"]):
            yield after, "quoted", 0
        elif after and after["bare"] and self._is_bracketed_name(after["bare"]):
            yield after, "bare", 0
        low = max(0, span.start - 40)
        before = _BEFORE.search(text[low : span.start])
        if before and not self._is_word(before["quoted"]):
            yield before, "quoted", low

    def _is_called(self, match: re.Match[str]) -> bool:
        """Say whether what somebody goes by or prefers is a name: not "prefers Spanish"."""
        lexicon, first = self._lexicon, fold(match["name"].split()[0])
        lists = (lexicon.languages, lexicon.countries, lexicon.clinical, lexicon.not_names)
        if self._is_word(match["name"]) or any(first in words for words in lists):
            return False
        loose = match[0].lower().startswith(("prefer", "formerly"))
        return not loose or lexicon.is_name(first) or match["name"].isupper()

    def _is_word(self, value: str) -> bool:
        """Say whether something in quotes is no name: small letters or a plain word."""
        folded = fold(value)
        return not value[0].isupper() or self._lexicon.is_plain_word(folded)

    def _is_bracketed_name(self, word: str) -> bool:
        """Say whether a word in brackets is a name: (Tou), but not (Mother) or (Ohio)."""
        folded, lexicon = fold(word), self._lexicon
        lists = (
            *(lexicon.common, lexicon.clinical, lexicon.roles, lexicon.cities),
            *(lexicon.not_names, lexicon.abbreviations, lexicon.credentials, lexicon.languages),
            *(lexicon.name_cues, lexicon.countries, lexicon.facility_words),
        )
        return word[0].isupper() and len(word) > 2 and not any(folded in words for words in lists)

    def _again(self, text: str, name: str) -> Iterator[tuple[int, int]]:
        """Yield where a name stands again, as it is written; uncommon ones in any case."""
        folded = fold(name)
        common = any(
            folded in words
            for words in (self._lexicon.common, self._lexicon.eponyms, self._lexicon.clinical)
        )
        short = len(folded) < 4
        if len(folded) < 2 or (short and folded in self._lexicon.abbreviations):
            return
        if common and not short:
            return
        flags = 0 if short else re.IGNORECASE
        for match in re.finditer(rf"(?<![\w'’-]){re.escape(name)}(?!\w)", text, flags):
            yield match.span()
