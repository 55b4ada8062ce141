"""The vocabulary as it is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluate.linking import evaluate_linking
from pipeline.link.linker import Linker, LinkQuery, load_linker
from pipeline.link.term import read_rows
from pipeline.resources import data_path


@pytest.fixture(scope="module")
def linker() -> Linker:
    return load_linker()


def test_size() -> None:
    assert sum(file.stat().st_size for file in data_path("vocabulary").iterdir()) < 4_000_000


def test_codes_of_one_concept_from_several_terminologies(linker: Linker) -> None:
    (nausea,) = linker.link([LinkQuery("nausea", "SYMPTOM")])
    assert nausea is not None
    assert nausea.concept_id == "MESH:D009325"
    assert nausea.codes["hpo"] == "HP:0002018"
    assert "C0027497" in nausea.codes["umls"].split("|")
    assert "R11.0" in nausea.codes["icd10cm"].split("|")


@pytest.mark.parametrize(
    ("text", "label", "system", "code"),
    [
        ("high blood pressure", "DISEASE", "mesh", "D006973"),
        ("Prader-Willi syndrome", "DISEASE", "mesh", "D011218"),
        ("type II diabetes mellitus", "DISEASE", "mesh", "D003924"),
        ("atrial fibrillation", "DISEASE", "mesh", "D001281"),
        ("headaches", "SYMPTOM", "mesh", "D006261"),
        ("renal cell carcinoma", "DISEASE", "mesh", "D002292"),
        ("Remeron 15 mg", "TREATMENT", "drugbank", "DB00370"),
        ("levetiracetam", "TREATMENT", "drugbank", "DB01202"),
        ("appendectomy", "TREATMENT", "mesh", "D001062"),
    ],
)
def test_codes(linker: Linker, text: str, label: str, system: str, code: str) -> None:
    (concept,) = linker.link([LinkQuery(text, label)])
    assert concept is not None
    assert code in concept.codes[system].split("|")


@pytest.mark.parametrize(
    ("text", "label", "name"),
    [
        ("Demerol", "TREATMENT", "Meperidine"),
        ("Percocet", "TREATMENT", "Oxycodone"),
        ("ORIF", "TREATMENT", "Internal Fracture Fixation"),
        ("NG tube", "TREATMENT", "Gastrointestinal Intubation"),
        ("normal saline", "TREATMENT", "Sodium chloride"),
        ("Foley catheter", "TREATMENT", "Urinary Catheterization"),
        ("Maalox", "TREATMENT", "Aluminum Hydroxide and Magnesium Hydroxide"),
    ],
)
def test_everyday_names(linker: Linker, text: str, label: str, name: str) -> None:
    (concept,) = linker.link([LinkQuery(text, label)])
    assert concept is not None
    assert concept.name == name


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("formula", "TREATMENT"),  # a word that is no misspelt drug
        ("Florastor", "TREATMENT"),
        ("repair", "TREATMENT"),  # of whatever
        ("ICE", "TREATMENT"),  # chemotherapy, or cold
        ("masses", "SYMPTOM"),  # not the MASS syndrome
        ("focal", "SYMPTOM"),  # a modifier
    ],
)
def test_no_code_is_better_than_a_wrong_one(linker: Linker, text: str, label: str) -> None:
    assert linker.link([LinkQuery(text, label)]) == [None]


def test_everyday_names_are_linked_to_their_treatment(linker: Linker) -> None:
    rows = read_rows(data_path("words", "treatment_names.tsv"), "treatment", "names")
    pairs = [(row["treatment"], name) for row in rows for name in row["names"].split("|")]
    treatments, named = (
        linker.link([LinkQuery(pair[side], "TREATMENT") for pair in pairs]) for side in (0, 1)
    )
    others = {
        name
        for (_, name), treatment, concept in zip(pairs, treatments, named, strict=True)
        if not (treatment and concept and treatment.concept_id == concept.concept_id)
    }
    # Each of these is a heading of its own besides.
    assert others <= {"pradaxa", "narcotics", "intubation"}


def test_every_terminology_has_its_licence(linker: Linker) -> None:
    origins = linker.vocabulary.origins.unique().to_pylist()
    named = {system for cell in origins for system in cell.split("|")}
    assert named == set(linker.vocabulary.licences)
    assert "as its owner says" not in linker.vocabulary.licences.values()


def test_drug_names_with_typos(linker: Linker) -> None:
    scores, _ = evaluate_linking(Path(__file__).parent / "drug_names.tsv", linker)
    assert scores.with_id == 300
    assert scores.accuracy.value is not None
    assert scores.accuracy.value >= 0.95


@pytest.mark.shared
@pytest.mark.parametrize(("corpus", "least"), [("ncbi_disease", 0.78), ("bc5cdr", 0.76)])
def test_diseases_of_abstracts(linker: Linker, shared: Path, corpus: str, least: float) -> None:
    gold = shared / "corpora" / corpus / "dev.PubTator.txt"
    scores, _ = evaluate_linking(gold, linker)
    assert scores.accuracy.value is not None
    assert scores.accuracy.value >= least
