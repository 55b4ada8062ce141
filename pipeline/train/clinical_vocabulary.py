"""Gather the words of drugs, diseases and symptoms that nobody and no place is called by."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 4
_LONGEST = 18
_BRANDS = (
    "adderall advil afrin airsense aldactone aleve ambien amplatzer ancef angiomax arctic ativan"
    " augmentin bactrim bactroban benadryl bicillin biopatch bosu botox bumex cardizem chloraprep"
    " cialis cipro coban compazine coreg cozaar cryo cytotec dacron darvocet decadron demerol"
    " dermabond dexcom dexon diflucan dilaudid dobhoff dulera duramorph eliquis endocatch enfamil"
    " ethibond ethilon fentanyl ferrlecit flexeril flovent flomax freestyle fresenius gelfoam"
    " glidesheath glidewire glucerna golytely haldol hemabate hemovac heparin hibiclens imdur"
    " imitrex imodium infasurf infuvite invanz ioban isovue jevity kayexalate keflex kefzol keppra"
    " kerlix lasix levaquin levemir levophed librium ligasure liletta lopressor lortab lovenox"
    " lunesta lupron marcaine maxipime mediport mepilex methergine metoprolol mirena monocryl"
    " monopril mucinex mucomyst narcan neosporin neurontin nexplanon norco nystatin omnicef"
    " omnipaque omnipod orajel oxycontin paxlovid pedialyte pepcid percocet phenergan pitocin"
    " plavix prevacid prilosec prolene propofol protonix prozac pulmicort reglan remeron resmed"
    " risperdal rocephin rocuronium roxanol seroquel silvadene similac sinemet steri strips"
    " sudafed surgicel synthroid tegaderm tegretol tobradex toradol tylenol valium vancomycin"
    " ventolin ventralight versed vicodin vicryl xanax xarelto xeroform xylocaine zithromax zofran"
    " zoloft zosyn zyprexa zyrtec"
)


def gather_clinical_words(
    terms: Path, names: Collection[str], phi: Iterable[str] = ()
) -> list[str]:
    """Gather clinical words that can't be names, for ``data/words/clinical.txt``.

    Of the drugs, the names and brands that have a MedlinePlus page, or a number in both DrugBank
    and MeSH; of the diseases and symptoms, the words that labels write in lower case, so that
    eponyms (Crohn, Takayasu) and places (Lyme, Marburg) stay out.

    Args:
        terms: Folder with ``drug_variants.tsv``, ``HumanDO.tsv``, ``icd10cm_2026.tsv`` and
            ``symp.obo``.
        names: Words in lower case that people or places are called by; they are left out.
        phi: Surfaces of gold PHI; their words are left out.

    Returns:
        Words in lower case, in alphabetical order.
    """
    left_out = {word.lower() for surface in phi for word in _WORD.findall(surface)}
    left_out.update(word for name in names for word in _WORD.findall(name))
    words = {*_drug_words(terms), *_lower_words(_labels(terms)), *_BRANDS.split()}
    return sorted(
        word
        for word in words - left_out
        if word.isascii() and _SHORTEST <= len(word) <= _LONGEST and re.search("[aeiouy]", word)
    )


def _drug_words(terms: Path) -> Iterator[str]:
    for row in _rows(terms / "drug_variants.tsv"):
        if row["medlineplus_id"] or (row["drugbank_id"] and row["mesh_id"]):
            for variant in (row["name"], *row["variants"].split("|")):
                if variant.count(" ") < 2:
                    yield from (word.lower() for word in _WORD.findall(variant))


def _labels(terms: Path) -> Iterator[str]:
    for row in _rows(terms / "HumanDO.tsv"):
        yield row["label"]
    for row in _rows(terms / "icd10cm_2026.tsv"):
        yield row["description"]
        yield from (row["inclusion_terms"] or "").split("|")
    with (terms / "symp.obo").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(("name:", "synonym:")):
                yield line.split(":", 1)[1].split('" ')[0]


def _lower_words(labels: Iterable[str]) -> Iterator[str]:
    """Yield the words that labels write in lower case, unless they often write them otherwise."""
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for label in labels:
        for place, word in enumerate(_WORD.findall(label)):
            if word.islower():
                lower[word] += 1
            elif place and not word.isupper():
                capital[word.lower()] += 1
    return (word for word, count in lower.items() if capital[word] * 3 <= count)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")
