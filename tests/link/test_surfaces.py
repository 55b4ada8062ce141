from __future__ import annotations

import pytest

from pipeline.link.normalisation import load_word_forms
from pipeline.link.surfaces import LinkQuery, parts_of, surfaces_of


def parts(text: str) -> list[str]:
    found = parts_of(0, LinkQuery(text, "DISEASE"), load_word_forms())
    return [" ".join(surface.spelling) for surface in found]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("breast and ovarian cancer", "breast cancer"),
        ("nausea/vomiting", "nausea"),
        ("nephrotoxicity", "kidney toxicity"),
        ("levodopa-induced dyskinesia", "drug induced dyskinesia"),
        ("levodopa-induced dyskinesia", "dyskinesia"),
        ("anemia due to blood loss", "anemia"),
        ("metastatic endocrine carcinoma", "endocrine carcinoma"),
        ("metastatic endocrine carcinoma", "carcinoma"),
        ("metastatic endocrine carcinoma", "metastatic endocrine neoplasm"),
        ("glomerular injury", "kidney injury"),
    ],
)
def test_parts(text: str, part: str) -> None:
    assert part in parts(text)


@pytest.mark.parametrize("text", ["gout", "", "Marfan syndrome"])
def test_without_parts(text: str) -> None:
    assert parts(text) == []


def test_parts_know_what_they_leave_out() -> None:
    (part,) = parts_of(0, LinkQuery("ovarian cancer", "DISEASE"), load_word_forms())
    assert (part.spelling, part.part, part.whole) == (("cancer",), True, ("ovarian", "cancer"))


def test_bare_words() -> None:
    forms = load_word_forms()
    (finding,) = surfaces_of(0, LinkQuery("severe left arm pain", "SYMPTOM"), forms)
    assert finding.bare == ("arm", "pain")
    (drug,) = surfaces_of(0, LinkQuery("metoprolol tartrate 25 mg", "TREATMENT"), forms)
    assert drug.bare == ("metoprolol",)
    (salt,) = surfaces_of(0, LinkQuery("calcium carbonate", "TREATMENT"), forms)
    assert salt.bare == ("calcium", "carbonate")


def test_core_says_what_is_wrong() -> None:
    forms = load_word_forms()
    (finding,) = surfaces_of(0, LinkQuery("severe kidney damage", "DISEASE"), forms)
    assert (finding.bare, finding.core) == (("kidney", "damage"), ("kidney",))
    (finding,) = surfaces_of(0, LinkQuery("toxicity", "DISEASE"), forms)
    assert finding.core == ("toxicity",)


def test_induced_by_a_drug() -> None:
    query = LinkQuery("hepatitis", "DISEASE", induced=True)
    plain, *induced = surfaces_of(0, query, load_word_forms())
    assert not plain.induced
    assert all(surface.induced for surface in induced)
    assert [surface.bare for surface in induced] == [
        ("drug", "induced", "hepatitis"), ("drug", "hepatitis"),
    ]  # fmt: skip


def test_long_form_first() -> None:
    query = LinkQuery("HTN", "DISEASE", "hypertension")
    found = list(surfaces_of(0, query, load_word_forms()))
    assert [(s.spelling, s.short) for s in found] == [(("hypertension",), False), (("htn",), True)]
