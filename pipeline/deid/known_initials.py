"""Initials of known people where initials are written: J.W.; JW/mk; pt JW."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.deid.person_name import PersonName
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.note import PhiSpan

_LETTERS = r"[^\W\d_]{2,4}"
_CUED = re.compile(
    r"(?:\b(?:initials?|init|initialed by|signed|sig|dictated(?: by)?|dict|typed by|transcribed by"
    r"|reviewed by|entered by|verified by|checked by|witness(?:ed by)?|per|d|t|by|rn|md)"
    rf"(?: ?[:=/]|\.| by|(?<=initials)|(?<=init)) ?|/s/ ?|/es/ ?)(?P<a>{_LETTERS})(?![\w'’./-])",
    re.IGNORECASE,
)
_PATIENT = re.compile(
    r"\b(?i:pt|patient|pt\.|re|client|subject|initials|regarding)(?P<mark>:? ?[\"“(]?)"
    r"(?P<a>[A-Z]{2,4})(?![\w'’./-])"
)
_TYPIST = re.compile(
    rf"(?<![\w/.:-])(?P<a>{_LETTERS}) ?[/:] ?(?P<b>{_LETTERS})(?=[ \t.,;)]*(?:\r?\n|$)"
    r"|[ \t]+(?:[DT]:|\d{1,2}[-/.]\d))"
)
_LINE = re.compile(
    r"^[ \t]*[-–—~/]{0,2}[ \t]*(?P<a>[A-Z]{2,4})[ \t]*(?:,?[ \t]*(?:MD|DO|RN|NP|PA|PA-C|LPN|CNA)\b"
    r"[^\n]{0,12})?[ \t]*$|(?<=[ \t\n])[-–—~/]{1,2}[ \t]?(?P<b>[A-Za-z]{2,4})[ \t]*$",
    re.MULTILINE,
)
_CREDENTIAL = re.compile(
    r"(?<![\w'’./-])(?P<a>[A-Z]{2,4}),? (?:MD|DO|RN|NP|PA-C|LPN|CNA|RRT|LCSW|PharmD|CRNA)\b"
)


class InitialsIndex:
    """The initials of people, made ready to search."""

    def __init__(self, people: Sequence[PersonName], lexicon: Lexicon) -> None:
        """Keep the initials.

        Args:
            people: Whose initials are looked for; of several with the same, the first has them.
            lexicon: Tells initials from abbreviations.
        """
        self._labels: dict[str, str] = {}
        self._words = lexicon.abbreviations | lexicon.credentials
        for person in people:
            for form in person.initials:
                if form.isalpha():
                    self._labels.setdefault(form, person.label)
        dotted = [form for form in self._labels if form not in self._words]
        self._dotted = _dotted_pattern(dotted) if dotted else None
        loose = [
            form if len(form) > 2 else rf"{form[0]}[^\W\d_]?{form[1]}" for form in self._labels
        ]
        self._any = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(loose)})(?![^\W\d_])", re.IGNORECASE)

    def find(self, text: str) -> Iterator[PhiSpan]:
        """Find the initials in raw text: dotted anywhere, else where the context shows them."""
        if not self._labels:
            return
        if self._dotted is not None:
            for match in self._dotted.finditer(text):
                yield self._span(*match.span(), re.sub(r"\W", "", match[0]).lower())
        if not self._any.search(text):
            return
        for pattern in (_CUED, _PATIENT, _LINE, _CREDENTIAL):
            for match in pattern.finditer(text):
                for name, value in match.groupdict().items():
                    if name == "mark" or value is None or not (form := self._form(value)):
                        continue
                    sure = pattern is _CUED and match[0].lower().startswith("init")
                    if sure or value.lower() not in self._words:
                        yield self._span(*match.span(name), form)
        for match in _TYPIST.finditer(text):
            yield from self._typist(match)

    def _typist(self, match: re.Match[str]) -> Iterator[PhiSpan]:
        """Take both initials of who dictated and who typed, if one is known: JW/mk."""
        values = [match["a"].lower(), match["b"].lower()]
        if values[0] == values[1]:
            return
        for name, value in zip("ab", values, strict=True):
            if value not in self._words and (form := self._form(value)):
                yield self._span(*match.span(name), form)

    def _form(self, value: str) -> str | None:
        """Return the known initials that some letters are, a middle one apart; else None."""
        letters = value.lower()
        if letters in self._labels:
            return letters
        ends = letters[0] + letters[-1]
        return ends if len(letters) == 3 and ends in self._labels else None

    def _span(self, start: int, end: int, form: str) -> PhiSpan:
        return PhiSpan(start, end, self._labels[form], 0.9, ("known",))


def _dotted_pattern(forms: Sequence[str]) -> re.Pattern[str]:
    """Make the pattern of dotted initials: M.O., M. T. O."""
    body = "|".join(r"\. ?".join(form.upper()) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?<![\w.])(?:{body})(?:\.(?!\w)|(?=['’]s\b))")
