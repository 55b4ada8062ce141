from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.train.names import Names, read_names, read_symptoms

_MESH = """\
mesh_id\tname\ttree\tvariants
D1\tGumboils\tC07.1\tboils, gum|gum boil|gum boils|gumboil|gumboils|qqv gumboil
D2\tQQV Palsy, Crohn\tC10.1\tcrohn qqv palsy|palsy, crohn qqv
D3\tTwinge\tC23.888.1|C10.597\tcreaking twinge|twinge|twinges
D4\tHorse Twitch\tC22.1\thorse twitch
D5\tClogging\tC23.550.1|C14.1\tclogging
D6\tNumbnose\tC23.888.2\tnumbnose
"""
_ONTOLOGY = """\
id\tlabel\tsubClassOf
"D:1"\t"gumboil"\t""
"D:2"\t"Crohn QQV palsy"\t""
"D:3"\t"clogging"\t""
"D:4"\t"lone gumitis"\t""
"D:5"\t"gum boil (left)"\t""
"D:6"\t"gumpox type 2"\t""
"D:7"\t"gumpox 17"\t""
"D:8"\t"numbnose"\t""
"D:9"\t"a very long name of a gumboil"\t""
"""
_CODES = """\
code\tdescription\tinclusion_terms
A1\tGum boil\tlone twinge|twinge
A2\tGumpox 17\tgumpox type 2|numbnose
A3\tA very long name of a gumboil\t
A4\tGum boil (left)\thorse twitch
"""
_SYMPTOMS = """\
format-version: 1.2

[Term]
id: S:1
name: hiccough
synonym: "yexing" EXACT []
synonym: "fit of the midriff" BROAD []

[Term]
id: S:2
name: old yawn
is_obsolete: true

[Term]
id: S:3
name: severe hiccough

[Term]
id: S:4
name: gum symptom

[Term]
id: S:5
name: elbowitis

[Typedef]
id: part_of
name: part of
"""
_DRUGS = """\
name\tdrugbank_id\tmesh_id\tmedlineplus_id\tomop_id\tvariants
Quorazin\tDB1\t\ta1\t\tquorazin|quorazina|adaxil|apo quora|quoracum|qz 12
Quorazin (Oral)\tDB1\t\ta1\t\toralux
Obscurine\tDB2\tD9\t\t\tobscurine
"""


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    (tmp_path / "mesh_diseases.tsv").write_text(_MESH)
    (tmp_path / "HumanDO.tsv").write_text(_ONTOLOGY)
    (tmp_path / "icd10cm_2026.tsv").write_text(_CODES)
    (tmp_path / "symp.obo").write_text(_SYMPTOMS)
    (tmp_path / "drug_variants.tsv").write_text(_DRUGS)
    return tmp_path


def test_names_as_a_clinician_writes_them(terms: Path) -> None:
    assert read_names(terms) == Names(
        {
            "SYMPTOM": ("hiccough", "twinge", "yexing"),
            "DISEASE": ("Crohn QQV palsy", "clogging", "gum boil", "gumboil", "gumpox type 2"),
            "TREATMENT": ("adaxil", "oralux", "quorazin"),
        }
    )


def test_symptoms_go_by_their_names_and_exact_synonyms(terms: Path) -> None:
    assert list(read_symptoms(terms / "symp.obo")) == [
        "hiccough", "yexing", "severe hiccough", "gum symptom", "elbowitis",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "file",
    ["mesh_diseases.tsv", "HumanDO.tsv", "icd10cm_2026.tsv", "symp.obo", "drug_variants.tsv"],
)
def test_a_missing_vocabulary_is_told(terms: Path, file: str) -> None:
    (terms / file).unlink()

    with pytest.raises(InputError, match=r"FileNotFoundError.*give a folder"):
        read_names(terms)


@pytest.mark.parametrize("text", ["name\tvariants\nQuorazin\tadaxil\n", "\n\nname\nx\n"])
def test_a_vocabulary_of_another_layout_is_told(terms: Path, text: str) -> None:
    (terms / "drug_variants.tsv").write_text(text)

    with pytest.raises(InputError, match=r"KeyError.*give a folder"):
        read_names(terms)


@pytest.mark.shared
def test_the_open_vocabularies_name_what_notes_are_full_of(shared: Path) -> None:
    of = read_names(shared / "terms").of

    assert {"nausea", "chest pain", "fever", "shortness of breath"} <= set(of["SYMPTOM"])
    assert {"hypertension", "pneumonia", "myocardial infarction", "gout"} <= set(of["DISEASE"])
    assert {"aspirin", "lisinopril", "lasix", "warfarin", "coumadin"} <= set(of["TREATMENT"])
    for label, names in of.items():
        assert len(names) == len(set(names)) > 800, label
        assert all(len(name.split()) <= 5 and "," not in name for name in names), label
