"""Make the lists that surrogates are drawn from, free of every word with a clinical meaning.

Run ``python -m pipeline.deid.surrogates.lists --help`` for what it reads. It writes
``data/words/surrogate_{female,male,surnames,sexes,cities,places}.txt``; the lists of occupations
and of words that are kept are compiled by hand.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections.abc import Container, Iterator
from itertools import product
from pathlib import Path

from pipeline.deid.rules.lexicon import Lexicon, load_lexicon, read_lines
from pipeline.deid.surrogates.words import NamePool
from pipeline.deid.surrogates.written_form import word_list
from pipeline.resources import data_path

_FEMALE, _MALE, _SURNAMES = 1300, 750, 7000
"""How many of the most frequent names of the census are taken, before any is left out."""
_TEST_FOLD = 0
"""The fold of the gold that no list may learn from."""
_ONE_SEX = 8.0
"""How many times more frequent a name must be for one sex to tell it."""
_WORD = re.compile(r"[^\W\d_]+")
_PREFIXES = word_list(
    "mc mac o d de del dela delo delos di da du la las le los van vande vanden vander von st san"
    " santa fitz el al ben ter"
)
_HEADS = word_list(
    "alder amber ash aspen beech birch brier brook cedar clover copper crest dove elder elm ember"
    " fair falcon fern glen gold green hart hawk hazel heather high holly iron ivy kestrel lark"
    " laurel linden long maple marsh meadow mill mist moss oak otter pine quail raven ridge river"
    " robin rock sage silver spring stone summer swan tall thistle thorn timber vale west white"
    " wild willow winter wood wren"
)
_TAILS = word_list(
    "bourne brook bury court croft dale den field ford gate grove ham haven holt hurst land leigh"
    " ley mere mont more moor point port shire side stead ton vale view ville ward water way wick"
    " wood worth"
)


def main() -> None:
    """Read the sources and write the lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=Path, required=True, help="census names, cities, hospitals")
    parser.add_argument("--terms", type=Path, required=True, help="clinical vocabularies")
    parser.add_argument("--gold", type=Path, required=True, help="all.jsonl of annotated reports")
    parser.add_argument("--folds", type=Path, required=True, help="folds.json of these reports")
    parser.add_argument("--out", type=Path, default=data_path("words"), help="folder to write to")
    given = parser.parse_args()
    lexicon = load_lexicon()
    barred = _words_of_lexicon(lexicon) | _words_of_terms(given.terms)
    barred |= _words_of_gold(given.gold, given.folds)
    barred |= {line.split()[0] for line in read_lines("surrogate_kept")}
    female, male = (_census(given.lists / f"dist.{sex}.first") for sex in ("female", "male"))
    surnames = _census(given.lists / "dist.all.last")
    sexes = _sexes(female, male)
    cities = _cities(given.lists, barred)
    unfit = barred.union(list(female)[:_FEMALE], list(male)[:_MALE])
    taken = barred | set(surnames) | set(female) | set(male) | {c.lower() for c in cities}
    made = {
        "female": [n for n in list(female)[:_FEMALE] if n not in barred and sexes.get(n) != "m"],
        "male": [n for n in list(male)[:_MALE] if n not in barred and sexes.get(n) != "f"],
        "surnames": [
            name
            for name in list(surnames)[:_SURNAMES]
            if name not in unfit and not _is_joined(name, surnames)
        ],
        "sexes": [f"{name} {sex}" for name, sex in sexes.items()],
        "cities": cities,
        "places": sorted(_places(taken | lexicon.cities)),
    }
    for name, lines in made.items():
        path = given.out / f"surrogate_{name}.txt"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        sizes = [len(group) for group in NamePool.of(lines).by_class]
        print(f"{path.name}: {len(lines)} (by length class {sizes})")


def _census(path: Path) -> dict[str, float]:
    """Return lower-case names of three letters and more with their frequency, in descending order.

    Names of fewer letters look like initials.
    """
    rows = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {name.lower(): float(percent) for name, percent, *_ in rows if len(name) > 2}


def _sexes(female: dict[str, float], male: dict[str, float]) -> dict[str, str]:
    """Return the sex of each name that hardly anybody of the other bears, frequent ones first."""
    least = 0.0005
    ratio = {n: (female.get(n, 0) + least) / (male.get(n, 0) + least) for n in female | male}
    by_frequency = sorted(ratio, key=lambda n: -(female.get(n, 0) + male.get(n, 0)))
    one_sided = {n for n in ratio if (n in female) != (n in male)}
    return {
        n: "f" if ratio[n] > 1 else "m"
        for n in by_frequency
        if n in one_sided or not 1 / _ONE_SEX < ratio[n] < _ONE_SEX
    }


def _is_joined(name: str, surnames: Container[str]) -> bool:
    """Say whether a surname needs a second capital that the census does not show: Delacruz."""
    tails = (name[len(prefix) :] for prefix in _PREFIXES if name.startswith(prefix))
    return name.startswith("mc") or any(tail in surnames for tail in tails)


def _cities(lists: Path, barred: set[str]) -> list[str]:
    """Return cities that have a hospital, so that they are no hamlets."""
    with (lists / "us_hospitals.csv").open(encoding="utf-8", newline="") as file:
        with_hospital = {row[3].strip().lower() for row in csv.reader(file) if len(row) > 3}
    with (lists / "us_cities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
        states = {row["STATE_NAME"].lower() for row in rows}
        cities = {row["CITY"] for row in rows}
    return sorted(
        city
        for city in cities
        if re.fullmatch(r"(?!Mc)[A-Z][a-z]{3,}(?: [A-Z][a-z]{2,})?", city)
        and city.lower() in with_hospital
        and city.lower() not in states
        and not any(word in barred for word in city.lower().split())
    )


def _places(taken: set[str] | frozenset[str]) -> Iterator[str]:
    """Invent names of places that no city, person or clinical term bears."""
    for head, tail in product(_HEADS, _TAILS):
        name = head + tail
        ugly = head == tail or head[-1] == tail[0] or len(name) > 12
        if name not in taken and not ugly and tail not in head:
            yield name


def _words_of_lexicon(lexicon: Lexicon) -> set[str]:
    lists = (
        lexicon.common, lexicon.eponyms, lexicon.device_eponyms, lexicon.abbreviations,
        lexicon.not_names, lexicon.facility_words, lexicon.countries, lexicon.credentials,
        lexicon.titles, lexicon.particles, lexicon.roles, lexicon.name_cues, lexicon.job_roles,
        lexicon.languages,
    )  # fmt: skip
    return {word for words in lists for line in words for word in (line, *_WORD.findall(line))}


def _words_of_terms(folder: Path) -> set[str]:
    """Return every word of every term and code of the vocabularies in a folder."""
    words: set[str] = set()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            words.update(_WORD.findall(path.read_text(encoding="utf-8").lower()))
    return words


def _words_of_gold(gold: Path, folds: Path) -> set[str]:
    """Return the words of all mentions of the annotated reports outside of the test fold."""
    fold_of = json.loads(folds.read_text(encoding="utf-8"))["folds"]
    words: set[str] = set()
    with gold.open(encoding="utf-8") as file:
        for note in map(json.loads, file):
            if fold_of.get(note["note_id"], _TEST_FOLD) != _TEST_FOLD:
                for mention in note["entities"]:
                    surface = note["text"][mention["start"] : mention["end"]]
                    words.update(_WORD.findall(surface.lower()))
    return words


if __name__ == "__main__":
    main()
