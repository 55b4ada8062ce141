from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SetupError
from pipeline.link.normalisation import key_maker, load_word_forms, read_word_forms


def meanings(text: str) -> list[str]:
    forms = load_word_forms()
    return [forms.meaning_of(s) for s in map(forms.spelling, forms.split(text)) if s]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Back Pain", "back pain"),
        ("Crohn's disease", "Crohn disease"),
        ("Crohn\u2019s disease", "crohns' disease"),
        ("pre-eclampsia", "preeclampsia"),
        ("age-related cataract", "age related cataracts"),
        ("anaemia", "anemia"),
        ("oesophageal tumours", "tumor, esophageal"),
        ("haemorrhoids", "hemorrhoid"),
        ("diarrhoea", "diarrhea"),
        ("type II diabetes", "Diabetes, Type 2"),
        ("metastases", "metastasis"),
        ("diagnoses", "diagnosis"),
        ("arteries", "artery"),
        ("cancer of the kidney", "kidney cancer"),
        ("Hypertension, unspecified", "hypertension NOS"),
        ("Sjögren syndrome", "Sjogren syndrome"),
        ("β-thalassaemia", "beta thalassemia"),
        ("ischaemic", "ischemic"),
        ("fibre", "fiber"),
    ],
)
def test_spelling_unites(one: str, other: str) -> None:
    key = key_maker(load_word_forms())
    assert key(one) == key(other) != ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kidney cancer", "kidney stone"),
        ("hypertension", "hypotension"),
        ("diabetes type 1", "diabetes type 2"),
        ("tumor", "cancer"),
        ("Hodgkin lymphoma", "non-Hodgkin lymphoma"),
        ("mass", "mas"),
        ("diabetes", "diabetic"),
    ],
)
def test_spelling_tells_apart(one: str, other: str) -> None:
    key = key_maker(load_word_forms())
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("renal cancer", "kidney neoplasms"),
        ("hypertensive", "hypertension"),
        ("necrotic", "necrosis"),
        ("epileptic", "epilepsy"),
        ("anaemic", "anemia"),
        ("Marfan syndrome", "marfan disease"),
        ("cardiac failure", "heart insufficiency"),
        ("schizophrenic", "schizophrenia"),
        ("paralytic ileus", "ileus paralysis"),
    ],
)
def test_meaning_unites(one: str, other: str) -> None:
    assert sorted(filter(None, meanings(one))) == sorted(filter(None, meanings(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [("nephritis", "nephrosis"), ("carcinoma", "sarcoma"), ("liver cancer", "lung cancer")],
)
def test_meaning_tells_apart(one: str, other: str) -> None:
    assert meanings(one) != meanings(other)


def test_words_without_weight_have_no_meaning() -> None:
    assert meanings("kidney disease") == ["kidney", ""]


@pytest.mark.parametrize("line", ["nothing\tof the", "stop"])
def test_malformed_table(tmp_path: Path, line: str) -> None:
    table = tmp_path / "words.tsv"
    table.write_text(f"# words\n{line}\n", encoding="utf-8")
    with pytest.raises(SetupError, match="line 2"):
        read_word_forms(table)


def test_missing_table(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="can't be read"):
        read_word_forms(tmp_path / "words.tsv")
