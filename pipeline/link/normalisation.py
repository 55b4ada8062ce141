"""Words of names of diseases, symptoms and drugs, freed of what doesn't change their meaning.

Each word has two forms. The *spelling* form unites case, accents, hyphens, plurals, possessives,
British spelling and numerals; the *meaning* form also unites noun and adjective (hypertensive,
hypertension), Latin and English (renal, kidney) and synonyms (tumour, neoplasm, cancer), and has
nothing for words that hardly count (disease, syndrome). Names are compared as bags of forms, so
that the order of their words makes no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from pipeline.errors import SetupError
from pipeline.link.term import read_text
from pipeline.resources import data_path

_KINDS: Final = (
    "stop",
    "same",
    "meaning",
    "weak",
    "modifier",
    "general",
    "salt",
    "prefix",
    "part",
    "broader",
)

_GREEK: Final = "GREEK SMALL LETTER "
_POSSESSIVE: Final = re.compile(r"(?<=[a-z])['\u2019\u02bc`]s?\b")
_WORD: Final = re.compile(r"[a-z0-9]+")

_BRITISH: Final = (
    (re.compile("ae|oe"), "e"),
    (re.compile("(?<=[a-z]{2})our$"), "or"),
    (re.compile("^sulph"), "sulf"),
    (re.compile("leuc(?=[eo])"), "leuk"),
    (re.compile("is(?=(?:e|ed|ation)$)"), "iz"),
    (re.compile("fibre"), "fiber"),
    (re.compile("tre$"), "ter"),
)
_BRITISH_HINT: Final = re.compile("ae|oe|our$|^sulph|leuc|is(?:e|ed|ation)$|fibre|tre$")
_PLURALS: Final = (
    ("itides", "itis"), ("omata", "oma"), ("inges", "inx"), ("stases", "stasis"), ("oses", "osis"),
    ("yses", "ysis"), ("eses", "esis"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"),
    ("shes", "sh"), ("ies", "y"), ("ae", "a"), ("mbi", "mbus"), ("boli", "bolus"), ("uli", "ulus"),
    ("cilli", "cillus"), ("cci", "ccus"), ("foci", "focus"), ("nchi", "nchus"),
)  # fmt: skip
_STEMS: Final = {
    suffix: stem
    for stem, suffixes in (
        ("os", "osis otic"), ("em", "emia emic"), ("it", "itis itic"), ("path", "pathy pathic"),
        ("pleg", "plegia plegic"), ("alg", "algia algic"), ("ur", "uria uric"),
        ("leps", "lepsy leptic"), ("troph", "trophy trophic"), ("tens", "tension tensive"),
        ("om", "oma omatous"), ("en", "enia enic"), ("as", "asia astic asis"),
        ("tox", "toxicity toxic"), ("cardi", "cardia cardic"), ("thym", "thymia thymic"),
        ("ys", "ysis ytic"), ("man", "mania manic"), ("rrhag", "rrhage rrhagic"),
        ("rrh", "rrhea rrheic"), ("gen", "genesis genic"), ("megal", "megaly megalic"),
        ("erg", "ergy ergic"), ("phob", "phobia phobic"), ("ax", "axia axic"),
        ("on", "onia onic"), ("edem", "edema edematous"), ("ex", "exia exic"),
        ("es", "esis esia etic"), ("stas", "stasis static"), ("at", "ation ative atory ated"),
        ("ct", "ction ctive cted ctory"),
        ("ss", "ssion ssive ssed"), ("psych", "psychic"), ("ism", "ismic"), ("pn", "pnea pneic"),
        ("arct", "arct arction"), ("ul", "ular"), ("estin", "estinal"), ("stiff", "stiffness"),
        ("weak", "weakness"), ("ul", "ulous"), ("scop", "scopy scopic"), ("tom", "tomy"),
        ("y", "ic"),
    )
    for suffix in suffixes.split()
}  # fmt: skip
_LONGEST_STEM: Final = max(map(len, _STEMS))
_LEAST_STEM: Final = 2
"""Letters that a stem keeps before its ending."""


@dataclass(frozen=True, slots=True)
class WordForms:
    """What is known of single words: ``data/words/concept_words.tsv``.

    Attributes:
        stop: Words that say nothing (of, the, unspecified).
        same: Word to another way to write it (ii, 2).
        meaning: Word to the word that means the same (renal, kidney).
        weak: Words that hardly count (disease).
        modifiers: Words that a mention may have more than the concept's name (severe, left).
        general: Words for whatever may be wrong with an organ (damage, toxicity).
        salts: Words that the name of a drug may have more (hydrochloride, tablet).
        prefixes: Words that belong to the next one (non, anti).
        parts: Beginning or end of a compound to the word for it (nephro-, kidney; -megaly).
        broader: Word to a word for what it is a part or a kind of (glomerular, kidney).
        correct: Spelling forms of words that are no misspelling of another.
    """

    stop: frozenset[str]
    same: Mapping[str, str]
    meaning: Mapping[str, str]
    weak: frozenset[str]
    modifiers: frozenset[str]
    general: frozenset[str]
    salts: frozenset[str]
    prefixes: frozenset[str]
    parts: Mapping[str, str]
    broader: Mapping[str, str]
    correct: frozenset[str] = frozenset()

    def split(self, text: str) -> list[str]:
        """Split a name into words in lower case, without accents, hyphens and possessives."""
        words = _WORD.findall(_POSSESSIVE.sub("", _plain(text)))
        if self.prefixes.isdisjoint(words):
            return words
        joined: list[str] = []
        prefix = ""
        for word in words:
            if word in self.prefixes:
                prefix += word
                continue
            joined.append(prefix + word)
            prefix = ""
        return [*joined, prefix] if prefix else joined

    def decompose(self, word: str) -> list[str]:
        """Return the words that a compound is made of, or only itself."""
        for cut in range(len(word) - 3, 2, -1):
            first, last = self.parts.get(word[:cut] + "-"), self.parts.get("-" + word[cut:])
            if first and last:
                return [first, last]
        return [word]

    def spelling(self, word: str) -> str:
        """Return a word's spelling form, empty for a word that says nothing."""
        if word in self.stop:
            return ""
        word = self.same.get(word, word)
        if word.isdigit():
            return word.lstrip("0") or "0"
        word = _singular(word)
        if _BRITISH_HINT.search(word):
            for pattern, other in _BRITISH:
                word = pattern.sub(other, word)
        return self.same.get(word, word)

    def meaning_of(self, spelling: str) -> str:
        """Return the meaning form of a spelling form, empty for a word that hardly counts."""
        spelling = self.meaning.get(spelling, spelling)
        if spelling in self.weak:
            return ""
        stem = _stem(spelling)
        return self.meaning.get(stem, stem)


def key_maker(forms: WordForms) -> Callable[[str], tuple[str, ...]]:
    """Return a function that writes a name as its spelling forms in order of the alphabet.

    It remembers what it has seen, for names of terminologies repeat each other.
    """
    spelling = cache(forms.spelling)

    @cache
    def key(name: str) -> tuple[str, ...]:
        return tuple(sorted(filter(None, map(spelling, forms.split(name)))))

    return key


def _plain(text: str) -> str:
    text = text.lower()
    if text.isascii():
        return text
    letters = (_spell_out(letter) for letter in unicodedata.normalize("NFKD", text))
    return "".join(letter for letter in letters if not unicodedata.combining(letter[0]))


def _spell_out(letter: str) -> str:
    """Return a Greek letter's name and any other letter as it is."""
    name = unicodedata.name(letter, "")
    return name.removeprefix(_GREEK).lower() if name.startswith(_GREEK) else letter


def _singular(word: str) -> str:
    if len(word) < 4:
        return word
    for ending, other in _PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + other
    if word[-1] == "s" and word[-2] not in "sui":
        return word[:-1]
    return word


def _stem(word: str) -> str:
    for length in range(min(_LONGEST_STEM, len(word) - _LEAST_STEM), 0, -1):
        stem = _STEMS.get(word[-length:])
        if stem is not None:
            return word[:-length] + stem
    return word


@lru_cache(maxsize=1)
def load_word_forms() -> WordForms:
    """Read the shipped table, and the shipped list of common words, which are spelt right."""
    forms = read_word_forms(data_path("words", "concept_words.tsv"))
    words = read_text(data_path("words", "common.txt")).splitlines()
    return replace(forms, correct=frozenset(map(forms.spelling, words)))


def read_word_forms(path: Path) -> WordForms:
    """Read a table of words.

    Args:
        path: Tab-separated ``kind``, ``words`` (separated by blanks) and ``form``, after comment
            lines that begin with ``#``.

    Raises:
        SetupError: The file is missing or a line is malformed.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    if not lines:
        raise SetupError(f"the words in {path} can't be read: copy the folder again")
    found: dict[str, dict[str, str]] = {kind: {} for kind in _KINDS}
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        kind, words, form = (*line.split("\t"), "", "")[:3]
        if kind not in found or not words:
            raise SetupError(
                f"line {number} of {path} is malformed: write a kind ({', '.join(_KINDS)}), "
                "words and a form between tabs"
            )
        found[kind].update(dict.fromkeys(words.split(), form))
    sets = {kind: frozenset(words) for kind, words in found.items()}
    return WordForms(
        sets["stop"], found["same"], found["meaning"], sets["weak"], sets["modifier"],
        sets["general"], sets["salt"], sets["prefix"], found["part"], found["broader"],
    )  # fmt: skip
