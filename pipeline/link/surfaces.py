"""The ways to write a mention that the linker looks up."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.link.normalisation import WordForms
from pipeline.link.ranking import triples
from pipeline.link.term import TREATMENT

_PREPOSITION: Final = re.compile(
    r"\b(?:due to|secondary to|caused by|associated with|related to|in|with|without|after|"
    r"following|during|from|on|at)\b"
)
_MOST_DROPPED: Final = 3
BY_DRUGS: Final = ("drug induced", "drug")
"""How names say that a drug brings something about."""

_COORDINATION: Final = re.compile(r"\s*(?:,|/|\band\b|\bor\b|&|\bversus\b)\s*")


@dataclass(frozen=True, slots=True)
class LinkQuery:
    """A mention to link.

    Attributes:
        text: The mention as the note writes it.
        label: SYMPTOM, DISEASE or TREATMENT.
        long_form: What it stands for, if it is an abbreviation.
        induced: Its note says that a drug or the like induced it.
    """

    text: str = field(repr=False)
    label: str
    long_form: str | None = field(default=None, repr=False)
    induced: bool = False


@dataclass(frozen=True, slots=True, repr=False)  # it is made of a note's words
class Surface:
    """One way to write a mention.

    Attributes:
        query: The mention's place among those that are looked up together.
        short: It is an abbreviation whose long form is known.
        spelling: The spelling forms of its words.
        bare: Those of them that may not be dropped.
        core: Those of them that say more than that something is wrong.
        whole: The spelling forms of all of the mention's words.
        triples: The letter triples of the mention's words.
        induced: It says that a drug induced the disease, whatever drug.
        part: It is only a part of the mention, or what a compound word is made of.
        slips: The weight of the misspellings that it corrects: 1 for a word wholly unlike.
    """

    query: int
    short: bool
    spelling: tuple[str, ...]
    bare: tuple[str, ...]
    core: tuple[str, ...]
    whole: tuple[str, ...]
    triples: frozenset[str]
    induced: bool = False
    part: bool = False
    slips: float = 0.0


def surfaces_of(place: int, query: LinkQuery, forms: WordForms) -> Iterator[Surface]:
    """Yield the long form of a mention, if there is one, and the mention itself."""
    for text in (query.long_form, query.text):
        if text is None:
            continue
        words = forms.split(text)
        short = text is query.text and query.long_form is not None
        yield from _surface(place, query, forms, words, short)
        if query.induced and words and "induced" not in words:
            yield from _induced(place, query, forms, words, short)


def parts_of(place: int, query: LinkQuery, forms: WordForms) -> Iterator[Surface]:
    """Yield parts of a mention that may be known where the whole is not.

    A coordination is spelt out (breast and ovarian cancer: breast cancer), a compound is taken
    apart (nephrotoxicity: kidney, toxicity), a cause is named in general or left out
    (levodopa-induced dyskinesia: drug-induced dyskinesia, dyskinesia), and what stands after a
    preposition or before the last words is left out.
    """
    text = query.long_form or query.text
    whole = forms.split(text)
    seen = {tuple(whole)}
    spelling = tuple(form for form in map(forms.spelling, whole) if form)
    letters = triples(spelling)
    for words, compared in _parts(text, whole, forms):
        if words and tuple(words) not in seen:
            seen.add(tuple(words))
            for part in _surface(place, query, forms, words):
                if any(map(forms.meaning_of, part.spelling)):
                    own = part.spelling if compared else spelling
                    yield replace(part, part=True, triples=letters, whole=own)
    if "induced" in whole[1:-1]:
        effect = whole[whole.index("induced", 1) + 1 :]
        yield from _induced(place, query, forms, effect)


def corrections_of(
    surface: Surface,
    known: Container[str],
    find: Callable[[str], Sequence[tuple[str, float]]],
) -> Iterator[Surface]:
    """Yield a mention with its unknown words corrected.

    Several corrections are tried for the first of them, for the others the best one.

    Args:
        surface: The mention.
        known: The spelling forms of all words of the vocabulary.
        find: Returns known words like another one with their likeness, the most alike first.
    """
    unknown = [word for word in surface.spelling if word not in known and not word.isdigit()]
    found = [find(word) for word in unknown]
    if not unknown or not all(found):
        return
    others = {word: best[0] for word, best in zip(unknown[1:], found[1:], strict=True)}
    for first in found[0]:
        corrected = {**others, unknown[0]: first}
        spelling, bare, core, whole = (
            tuple(corrected[word][0] if word in corrected else word for word in words)
            for words in (surface.spelling, surface.bare, surface.core, surface.whole)
        )
        slips = sum(1 - likeness for _, likeness in corrected.values())
        yield replace(
            surface, spelling=spelling, bare=bare, core=core, whole=whole,
            triples=triples(spelling), slips=slips,
        )  # fmt: skip


def _parts(text: str, whole: list[str], forms: WordForms) -> Iterator[tuple[list[str], bool]]:
    """Yield the words of parts, and whether they stand for the whole mention."""
    composed = [part for word in whole for part in forms.decompose(word)]
    yield composed, True
    yield [forms.broader.get(forms.spelling(word), word) for word in composed], True
    coordinated = [forms.split(part) for part in _COORDINATION.split(text)]
    coordinated = [part for part in coordinated if part]
    if len(coordinated) > 1:
        first, last = coordinated[0], coordinated[-1]
        for length in range(1, len(last)):
            yield first + last[-length:], False
        yield first, False
        yield last, False
    if "induced" in whole[1:-1]:
        yield whole[whole.index("induced", 1) + 1 :], False
    yield forms.split(_PREPOSITION.split(text)[0]), False
    for length in range(len(whole) - 1, max(len(whole) - 1 - _MOST_DROPPED, 0), -1):
        yield whole[-length:], False


def _induced(
    place: int, query: LinkQuery, forms: WordForms, words: list[str], short: bool = False
) -> Iterator[Surface]:
    """Yield the ways to say that a drug brought something about; no word may be dropped."""
    for cause in BY_DRUGS:
        for surface in _surface(place, query, forms, [*cause.split(), *words], short):
            whole = surface.spelling
            yield replace(surface, induced=True, bare=whole, core=whole)


def _surface(
    place: int, query: LinkQuery, forms: WordForms, words: list[str], short: bool = False
) -> Iterator[Surface]:
    """Yield a way to write a mention, unless no word says anything."""
    drug = query.label == TREATMENT
    spelling = tuple(form for form in map(forms.spelling, words) if form)
    bare = tuple(
        form
        for form in spelling
        if form not in forms.modifiers and not (drug and (form in forms.salts or form.isdigit()))
    )
    if not any(map(forms.meaning_of, bare)):
        bare = spelling
    core = tuple(form for form in bare if form not in forms.general)
    if not any(map(forms.meaning_of, core)):
        core = bare
    if spelling:
        yield Surface(place, short, spelling, bare, core, spelling, triples(spelling))
