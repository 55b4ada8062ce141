"""What a site adds: its own patterns, words that are always PHI and words that never are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from pipeline.config import Deid
from pipeline.deid.backtracking import is_explosive
from pipeline.deid.labels import LABELS, NAMES
from pipeline.deid.phrases import Phrases
from pipeline.errors import ConfigError
from pipeline.note import Note, PhiSpan

ANNOTATOR = "site"

_PROTECTED = frozenset(("known", ANNOTATOR))
"""Annotators whose spans no allowed phrase removes."""
_MARKS = " \t\r\n\u00a0.,;:|'\"()[]{}<>*_=~-/\\’‘“”–—"
_NO_PIECE = ("DATE", "AGE")
"""Labels that no finder gives to a piece of a name."""
_BESIDE = re.compile(r"[ \t\u00a0]{0,3}(?:[-,.'’/&\"“”(]|[^\W\d_]\.)?[ \t\u00a0]{0,3}")
"""What may part two pieces of one name."""


class SiteLists:
    """Finds what the site's patterns match and what its deny list holds.

    Patterns run on every note, so that they ought to be quick. Words and phrases are found at word
    boundaries, in any case and with any white space, 50,000 as fast as five.
    """

    def __init__(
        self,
        patterns: Sequence[tuple[str, str]] = (),
        deny: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Compile the patterns and the list.

        Args:
            patterns: A label and a Python regular expression each; the whole match is PHI.
            deny: Label to words and phrases. One that stands under two labels has the first.

        Raises:
            ConfigError: An entry has an unknown label, can't be compiled, matches the empty text,
                takes too long, or has fewer than two letters or digits. The message gives its
                place in the list, never its text, which may be PHI itself.
        """
        self._patterns = [
            (label, _compile(label, pattern, f"entry {number} of deid.patterns"))
            for number, (label, pattern) in enumerate(patterns, start=1)
        ]
        self._denied = Phrases(
            (_check_phrase(phrase, f"entry {number} of deid.deny.{label}"), label)
            for label, phrases in _check_labels(deny or {}).items()
            for number, phrase in enumerate(phrases, start=1)
        )

    @property
    def name(self) -> str:
        """Return ``site``."""
        return ANNOTATOR

    def annotate(self, notes: Sequence[Note]) -> list[list[PhiSpan]]:
        """Find spans of score 1 in a batch of raw notes; they may overlap."""
        return [sorted(self._find(note.text)) for note in notes]

    def _find(self, text: str) -> Iterator[PhiSpan]:
        for label, pattern in self._patterns:
            for match in pattern.finditer(text):
                if value := match[0].strip():
                    start = match.start() + match[0].index(value)
                    yield PhiSpan(start, start + len(value), label, 1.0, (ANNOTATOR,))
        for start, end, label in self._denied.find(text):
            yield PhiSpan(start, end, label, 1.0, (ANNOTATOR,))


def check_lists(deid: Deid) -> None:
    """Check the site's lists before anything is done with them; up to a second for a pattern.

    Args:
        deid: ``patterns``, ``deny`` and ``allow`` are checked.

    Raises:
        ConfigError: An entry can't be used; the message gives its place, never its text.
    """
    SiteLists([(entry.label, entry.pattern) for entry in deid.patterns], deid.deny)
    load_allowed(deid.allow)


def load_allowed(allow: Sequence[str]) -> Phrases:
    """Make the site's allowed words and phrases ready for :func:`drop_allowed`.

    Raises:
        ConfigError: An entry has fewer than two letters or digits.
    """
    return Phrases(
        (_check_phrase(phrase, f"entry {number} of deid.allow"), "allowed")
        for number, phrase in enumerate(allow, start=1)
    )


def drop_allowed(
    text: str,
    spans: Collection[PhiSpan],
    allowed: Phrases,
    settled: Collection[PhiSpan] = (),
) -> list[PhiSpan]:
    """Drop spans that an allowed phrase accounts for.

    A span goes if it is an allowed phrase or lies within one that stands there. It stays if
    registration or the site found it, or if it is a piece of a name that another span continues:
    with "Grace" allowed, "Grace" before a found "Okafor" is still hidden.

    Give all finders' spans **before they are united**. Uniting cuts a span to what surer ones
    leave of it and joins others, so that afterwards a piece of a name could pass for an allowed
    phrase, or a phrase keep a piece of a span that should go.

    Args:
        text: Raw text.
        spans: All finders' spans of the text, in any order.
        allowed: The phrases.
        settled: Spans, united or not, of which it is settled that they stay: they are not tried,
            but a piece of a name that one of them continues stays with it.

    Returns:
        Those of ``spans`` that stay, sorted.
    """
    phrases = [(start, end) for start, end, _ in allowed.find(text)]
    dropped: list[PhiSpan] = []
    kept: list[PhiSpan] = []
    for span in spans:
        is_dropped = _PROTECTED.isdisjoint(span.annotators) and (
            _is_within(text, span, phrases) or allowed.holds(text[span.start : span.end])
        )
        (dropped if is_dropped else kept).append(span)
    names = [span for span in [*kept, *settled] if span.label in NAMES]
    while names:
        pieces = [s for s in dropped if s.label not in _NO_PIECE and _adjoins_any(text, s, names)]
        dropped = [span for span in dropped if span not in pieces]
        kept += pieces
        names = pieces
    return sorted(kept)


def _is_within(text: str, span: PhiSpan, phrases: Iterable[tuple[int, int]]) -> bool:
    """Say whether a span, without the marks around it, lies in one of the phrases."""
    surface = text[span.start : span.end]
    start = span.start + len(surface) - len(surface.lstrip(_MARKS))
    end = span.start + len(surface.rstrip(_MARKS))
    return any(first <= start < end <= last for first, last in phrases)


def _adjoins_any(text: str, span: PhiSpan, names: Iterable[PhiSpan]) -> bool:
    """Say whether a span stands beside one of the names, or partly in it: pieces of one name."""
    for name in names:
        before, after = (span, name) if span.start < name.start else (name, span)
        if span.start < name.end and name.start < span.end:
            if not name.start <= span.start < span.end <= name.end:
                return True
        elif _BESIDE.fullmatch(text, before.end, after.start):
            return True
    return False


def _check_labels(deny: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    unknown = [number for number, label in enumerate(deny, start=1) if label not in LABELS]
    if unknown:
        raise ConfigError(
            f"label {unknown[0]} of deid.deny isn't known; give one of {', '.join(LABELS)}"
        )
    return deny


def _check_phrase(phrase: str, where: str) -> str:
    if sum(char.isalnum() for char in phrase) < 2:
        raise ConfigError(f"{where} has fewer than two letters or digits; give a word or a phrase")
    return phrase


def _compile(label: str, source: str, where: str) -> re.Pattern[str]:
    if label not in LABELS:
        raise ConfigError(f"{where} has an unknown label; give one of {', '.join(LABELS)}")
    pattern: re.Pattern[str] | None = None
    place: int | None = None
    try:
        pattern = re.compile(source)
    except (re.error, RecursionError, OverflowError) as error:  # the message may quote the pattern
        place = getattr(error, "pos", None)
    if pattern is None:
        at = "" if place is None else f" (at character {place})"
        raise ConfigError(f"{where} is no regular expression{at}; correct it")
    if pattern.search("") is not None:
        raise ConfigError(f"{where} matches the empty text; let it match one character at least")
    if is_explosive(pattern):
        raise ConfigError(
            f"{where} takes too long on texts that almost match; begin it with \\b, avoid a repeat"
            " within a repeat, such as (a+)+, and bound repeats: \\d{1,12} for \\d+"
        )
    return pattern
