"""Surrogates of occupations: another one, in the same number."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from pipeline.deid.surrogates.draws import Draws, assign
from pipeline.deid.surrogates.words import SurrogateWords
from pipeline.deid.surrogates.written_form import write_like

_BEFORE = re.compile(r"^(?:(?:retired|former|ex|semi-?retired|part[- ]time|an?|the)[- ])+", re.I)
_AGENT = re.compile(
    r"(?:[eo]r|ist|[ai]an|m[ae]n|ant|ress|smith|aide|clerk|hand|nurse|cook|chef|maid|guard|coach"
    r"|judge|nanny|guide|agent|pilot)$"
)


class Occupations:
    """Surrogates of occupations, one for each in singular and plural.

    Args:
        draws: The patient's keyed choices.
        surfaces: All occupations.
        barred: Folded words that no surrogate may hold.
        words: The lists to draw from.
    """

    def __init__(
        self,
        draws: Draws,
        surfaces: Iterable[str],
        barred: Collection[str],
        words: SurrogateWords,
    ) -> None:
        self._heads = {work.split()[-1] for group in words.occupations for work in group}
        self._become = assign(
            {self._singular(surface) for surface in surfaces} - {""},
            lambda key, attempt: draws.pick(words.occupations[" " in key], "work", key, attempt),
            lambda made: not any(word in barred for word in made.split()),
        )

    def write(self, surface: str) -> str | None:
        """Write another occupation; None for what is no noun, such as "drives a truck"."""
        made = self._become.get(self._singular(surface))
        if made is None:
            return None
        kept = _BEFORE.match(surface)
        rest = surface[kept.end() :] if kept else surface
        if _is_plural(rest):
            made = _plural(made)
        made = write_like(made, rest)
        if rest.istitle():
            made = made.title()
        elif rest[:1].isupper() and not rest.isupper():
            made = made[0].upper() + made[1:]
        start = kept[0] if kept else ""
        if start.lower().endswith(("a ", "an ")) and not start.lower().endswith("the "):
            article = "an " if made[0].lower() in "aeiou" else "a "
            start = re.sub(r"(?i)\ban? $", write_like(article, start), start)
        return start + made

    def _singular(self, surface: str) -> str:
        """Return an occupation in lower case and the singular; empty if it is none."""
        text = re.sub(r"[\s-]+", " ", _BEFORE.sub("", surface)).strip().lower()
        if not re.fullmatch(r"[a-z' ]+", text):
            return ""
        if _is_plural(text):
            text = re.sub(r"men$", "man", text) if text.endswith("men") else text[:-1]
        head = text.split()[-1]
        return text if head in self._heads or (_AGENT.search(head) and len(head) > 3) else ""


def _is_plural(text: str) -> bool:
    lowered = text.lower()
    return lowered.endswith("men") or (lowered.endswith("s") and not lowered.endswith("ss"))


def _plural(work: str) -> str:
    if work.endswith("man"):
        return work[:-3] + "men"
    return work + ("es" if work.endswith(("s", "ch", "sh")) else "s")
