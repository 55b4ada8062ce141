"""E-mail addresses and user names that are made of a known name: jsmith2, smith.j@..., LPick52."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.deid.nicknames import find_nicknames
from pipeline.deid.person_name import PersonName, fold
from pipeline.deid.rules.lexicon import Lexicon
from pipeline.note import PhiSpan

_ANNOTATORS = ("known",)
_TOKEN = re.compile(
    r"(?<![\w.+@%-])(?=[^\s@]{0,40}[A-Za-z])(?P<local>(?=[\w.+%-]{3,40}(?![\w]))\w+(?:[.+%-]\w+){0,5})"
    r"(?P<mail>[ ]?@[ ]?[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})?(?![\w@])"
)
_CUE = re.compile(
    r"(?:\b(?:log(?:in|on|ged in as)|user(?:[ -]?(?:name|id))?|username|screen ?name|handle|uid"
    r"|account|acct|e-?mail|join|portal id|skype|venmo|instagram)\W{1,4}(?:is )?"
    r"|/(?:u|user|profile|in)/|[~@])$",
    re.IGNORECASE,
)
_RUN = re.compile(r"[^\W\d_]+")
_MONTHS = frozenset(
    word
    for line in (
        "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june",
        "july august september october november december",
    )
    for word in line.split()
)


@dataclass(frozen=True, slots=True)
class _Person:
    """What a person's user names are made of."""

    label: str
    parts: tuple[str, ...]
    letters: frozenset[str]


class LoginIndex:
    """The names of people, made ready to be found in user names and e-mail addresses."""

    def __init__(self, people: Sequence[PersonName], lexicon: Lexicon) -> None:
        """Take the names apart.

        Args:
            people: Whose user names are looked for.
            lexicon: The word lists.
        """
        self._lexicon = lexicon
        self._people = [
            _Person(
                person.label,
                _longest_first(
                    form
                    for part in person.parts
                    for form in (part, *find_nicknames(part))
                    if len(form) > 2
                ),
                frozenset("".join(person.initials)) | {part[0] for part in person.parts},
            )
            for person in people
            if person.parts
        ]
        heads = {part[:3] for person in self._people for part in person.parts}
        self._heads = re.compile("|".join(sorted(heads)), re.IGNORECASE) if heads else None

    def find(self, text: str) -> Iterator[PhiSpan]:
        """Find the user names and e-mail addresses in raw text."""
        if self._heads is None:
            return
        for match in _TOKEN.finditer(text):
            local = match["local"]
            if not self._heads.search(local):
                continue
            is_mail = match["mail"] is not None
            marked = is_mail or _has_mark(local)
            cued = is_mail or _CUE.search(text[max(0, match.start() - 16) : match.start()])
            if any(self._is_of(local, person, bool(cued), marked) for person in self._people):
                label = "EMAIL" if is_mail else "USERNAME"
                yield PhiSpan(*match.span(), label, 1.0, _ANNOTATORS)

    def _is_of(self, local: str, person: _Person, cued: bool, marked: bool) -> bool:
        """Say whether a user name is made of a person's name.

        Args:
            local: The user name, or what stands before the @.
            person: Whose it may be.
            cued: It is an e-mail address or stands where user names stand.
            marked: It holds what words don't: digits or underscores.
        """
        runs = [fold(run) for run in _RUN.findall(local)]
        made = [run for run in runs if self._is_made_of(run, person, cued, marked)]
        if made and (cued or marked):
            return True
        initials = [run for run in runs if len(run) <= 2 and set(run) <= person.letters]
        dotted = "." in local and len(runs) > 1 and local.islower()
        if made and dotted and len(made) + len(initials) == len(runs):
            return True
        return bool(len(runs) == 1 and made and runs[0] not in person.parts and "-" not in local)

    def _is_made_of(self, run: str, person: _Person, cued: bool, marked: bool) -> bool:
        """Say whether letters are parts of the name, or one part with initials beside it."""
        common = self._lexicon.common
        if not cued and (run in common or run in _MONTHS or run in self._lexicon.clinical):
            return False
        for part in person.parts:
            before, found, after = run.partition(part)
            if not found:
                continue
            rest = before + after
            if not rest:
                if cued or (part not in common and (marked or len(part) > 3)):
                    return True
                continue
            if rest in person.parts:
                return self._is_no_word(run)
            if len(part) < 4 and not cued:
                continue
            near = len(rest) == 1 and rest in person.letters
            if cued or near or (marked and (len(rest) < 3 or len(part) > 5)):
                return self._is_no_word(run)
        return False

    def _is_no_word(self, run: str) -> bool:
        """Say whether letters are neither a word nor another's name."""
        lexicon = self._lexicon
        lists = (lexicon.common, lexicon.clinical, lexicon.cities, lexicon.eponyms)
        return not lexicon.is_name(run) and not any(run in words for words in lists)


def _longest_first(forms: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(forms), key=lambda form: (-len(form), form)))


def _has_mark(local: str) -> bool:
    """Say whether a token holds a digit or underscore between or behind its letters."""
    return re.search(r"[^\W\d_][\w.-]*[\d_]", local) is not None and "-" not in local
