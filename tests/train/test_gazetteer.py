"""Tests of the gazetteer that is built from terminologies, all of them invented."""

from __future__ import annotations

from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest

from pipeline.errors import InputError
from pipeline.extract.gazetteer import KINDS, NO_NAMES
from pipeline.train.gazetteer import build_gazetteer
from tests.train.terms import FILES, write_terms

ROOT = ("HP:0000001", "All", "", "", "False")
ABNORMAL = ("HP:0000118", "Phenotypic abnormality", "", "HP:0000001", "False")


def kinds(folder: Path, **terms: Any) -> dict[str, str]:
    """Build the gazetteer of some terms, and say what each of its names is."""
    names = build_gazetteer(write_terms(folder, **terms)).names
    return {name: KINDS[kind] for name, kind in names.items()}


def test_headings_and_their_variants_go_by_their_trees(tmp_path: Path) -> None:
    mesh = [
        ("Gumboils", "C07.1", "gum boil|gum boils"),
        ("Gloom", "F03.600", ""),
        ("Twinge", "C23.888.1|C10.597", "creaking twinges"),
        ("Clogging", "C23.550.1|C22.5", "clogging"),
        ("Horse Twitch", "C22.1", ""),
        ("Horse Pox", "C22.1|C01.9", ""),
    ]

    assert kinds(tmp_path, mesh=mesh) == {
        "gumboil": "DISEASE",
        "gum boil": "DISEASE",
        "gloom": "DISEASE",
        "twinge": "SYMPTOM",
        "creaking twinge": "SYMPTOM",
        "clogging": "FINDING",
        "horse twitch": "FINDING",
        "horse pox": "DISEASE",
    }


@pytest.mark.parametrize("tree", ["F01.145", "F02.830|F04.1", "I01.3|G07.2", "E02.1"])
def test_what_is_no_disease_to_mesh_is_left_out(tmp_path: Path, tree: str) -> None:
    mesh = [("Humming", tree, "tooth humming"), ("Gumboil", f"{tree}|C07.1", "")]

    assert kinds(tmp_path, mesh=mesh) == {"gumboil": "DISEASE"}


def test_chapters_of_codes_say_what_their_terms_are(tmp_path: Path) -> None:
    """The last chapters are of injuries, causes and contacts; that of signs is R."""
    codes = [(f"{letter}00.1", f"Sore {letter}", "") for letter in ascii_uppercase]

    assert kinds(tmp_path, codes=codes) == {
        **{f"sore {letter}": "DISEASE" for letter in "abcdefghijklmnopqu"},
        "sore r": "SYMPTOM",
    }


def test_of_codes_a_word_alone_may_be_a_heading(tmp_path: Path) -> None:
    codes = [
        ("K05.1", "Gumrot", "rotten gums|rot"),
        ("K05.2", "Gumpox, unspecified, left side", "gumpox NOS|pox of gums, NOS"),
    ]

    assert kinds(tmp_path, codes=codes) == dict.fromkeys(
        ("rotten gum", "gumpox", "pox of gum"), "DISEASE"
    )


def test_phenotypes_are_findings_and_their_modifiers_left_out(tmp_path: Path) -> None:
    phenotypes = [
        ("HP:0000012", "Very bent thumb", "", "HP:0000099|HP:0000011", "False"),
        ("HP:0000011", "Bent thumb", "Crooked thumb|thumb, crooked", "HP:0000118", "False"),
        ("HP:0000013", "Old thumb", "", "HP:0000118", "True"),
        ("HP:0012823", "Clinical modifier", "", "HP:0000001", "False"),
        ("HP:0012825", "Severe bend", "bending severely", "HP:0012823", "False"),
        ABNORMAL,
        ROOT,
    ]

    assert kinds(tmp_path, phenotypes=phenotypes) == dict.fromkeys(
        ("very bent thumb", "bent thumb", "crooked thumb", "phenotypic abnormality"), "FINDING"
    )


def test_the_other_terminologies_name_one_kind_each(tmp_path: Path) -> None:
    found = kinds(
        tmp_path,
        ontology=["Crohn-Quill's palsy"],
        symptoms=["hiccoughs"],
        drugs=[("Quorazin", "quorazin|apo quora")],
        drugbank=[("Obscurine", "Obscurina | Acidum obscurum, siccum | Obscur-9")],
    )

    assert found == {
        "crohn quill s palsy": "DISEASE",
        "hiccough": "SYMPTOM",
        "quorazin": "TREATMENT",
        "apo quora": "TREATMENT",
        "obscurine": "TREATMENT",
        "obscurina": "TREATMENT",
        "obscur 9": "TREATMENT",
    }


def test_what_several_terminologies_say_is_weighed(tmp_path: Path) -> None:
    thumbs = ["Sore thumbs", "Numb thumb", "Left thumb", "Hot-thumb"]
    found = kinds(
        tmp_path,
        phenotypes=[("HP:0000011", thumb, "", "HP:0000118", "False") for thumb in thumbs],
        ontology=["numb thumb", "left thumb", "thumb tonic"],
        symptoms=["Left Thumb", "hot thumb", "foot tonic"],
        drugs=[("Thumb Tonic", "foot tonics|sore thumb|hand tonic")],
    )

    assert found == {
        "sore thumb": "FINDING",
        "numb thumb": "DISEASE",
        "left thumb": "FINDING",  # some say a disease, some a symptom
        "hot thumb": "SYMPTOM",
        "thumb tonic": "DISEASE",
        "foot tonic": "SYMPTOM",
        "hand tonic": "TREATMENT",
    }


def test_names_that_say_too_little_or_too_much_are_left_out(tmp_path: Path) -> None:
    eight = "very long old rare odd bad sore gum"
    found = kinds(
        tmp_path,
        mesh=[("Palsy, Bell-Quill", "C10.1", "pqb|pq|-x-|all|them|boil, gum (left)")],
        ontology=["gumboil (left) [obsolete]", eight, f"a {eight}", " (none) ", "q (left)"],
        drugs=[("Quorazin (Oral)", "qzn|qznb|(qznbd)")],
    )

    assert found == {
        "pqb": "DISEASE",
        "gumboil": "DISEASE",
        eight: "DISEASE",
        "quorazin": "TREATMENT",
        "qznb": "TREATMENT",
    }


def test_terminologies_without_terms_give_no_names(tmp_path: Path) -> None:
    assert build_gazetteer(write_terms(tmp_path)) == NO_NAMES


TOLD = r"in .*terms can't be read \({}\); give a folder with " + ".*".join(FILES)


@pytest.mark.parametrize("file", FILES)
def test_a_missing_terminology_is_told(tmp_path: Path, file: str) -> None:
    (write_terms(tmp_path / "terms") / file).unlink()

    with pytest.raises(InputError, match=TOLD.format("FileNotFoundError")):
        build_gazetteer(tmp_path / "terms")


@pytest.mark.parametrize("file", [file for file in FILES if file != "symp.obo"])
def test_a_terminology_of_another_layout_is_told(tmp_path: Path, file: str) -> None:
    (write_terms(tmp_path / "terms") / file).write_text("term\tvalue\nshy boil\tshy\n")

    with pytest.raises(InputError, match=TOLD.format("KeyError")) as caught:
        build_gazetteer(tmp_path / "terms")
    assert "shy" not in str(caught.value)


@pytest.mark.parametrize(
    ("file", "row"),
    [("mesh_diseases.tsv", "D2"), ("HumanDO.tsv", "DOID:2"), ("icd10cm_2026.tsv", "A01"),
     ("icd10cm_2026.tsv", "\tshy boil\t"), ("hpo_names.tsv", "HP:0000002\tshy thumb"),
     ("drug_variants.tsv", "shyazin"), ("drugbank_vocabulary.csv", "DB2,,shyazin"),
     ("HumanDO.tsv", '"' + "shy boil " * 20_000)],
)  # fmt: skip
def test_a_damaged_row_is_told(tmp_path: Path, file: str, row: str) -> None:
    with (write_terms(tmp_path / "terms") / file).open("a") as table:
        table.write(row + "\n")

    with pytest.raises(InputError, match=TOLD.format(r"\w+")) as caught:
        build_gazetteer(tmp_path / "terms")
    assert "shy" not in str(caught.value)


@pytest.mark.shared
def test_the_open_terminologies_name_what_notes_are_full_of(shared: Path) -> None:
    names = build_gazetteer(shared / "terms").names

    found = {name: KINDS[kind] for name, kind in names.items()}
    assert {found[name] for name in ("hypertension", "asthma", "gout")} == {"DISEASE"}
    assert {found[name] for name in ("nausea", "fever", "chest pain")} == {"SYMPTOM"}
    assert {found[name] for name in ("aspirin", "warfarin", "lisinopril")} == {"TREATMENT"}
    assert found["diarrhea"] == "FINDING"
    assert found.keys().isdisjoint({"severe", "patient", "the", "time", ""})
    assert max(name.count(" ") for name in found) < 8
