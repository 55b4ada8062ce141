from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.deid.rules.lexicon import load_lexicon, read_lines
from pipeline.train.clinical_vocabulary import gather_clinical_words


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    (tmp_path / "drug_variants.tsv").write_text(
        "name\tdrugbank_id\tmesh_id\tmedlineplus_id\tomop_id\tvariants\n"
        "Quorazin\tDB1\t\ta1\t\tquorazin|adaxil|rosemary\n"
        "Obscurium\tDB2\t\t\t\tobscurium\n"
        "Longwort\tDB3\tD1\t\t\tvery long salt name\n"
    )
    (tmp_path / "HumanDO.tsv").write_text(
        'id\tlabel\tsubClassOf\n"D:1"\t"Takayasu arteritis"\t""\n"D:2"\t"lyme arthritis"\t""\n'
        '"D:3"\t"acute Lyme fever"\t""\n'
    )
    (tmp_path / "icd10cm_2026.tsv").write_text(
        "code\tdescription\tinclusion_terms\nA00\tMild gumboil\tswollen gum|Boston gumboil\n"
    )
    (tmp_path / "symp.obo").write_text(
        '[Term]\nid: S:1\nname: hiccough\nsynonym: "singultus attack" EXACT []\nis_a: S:2 ! cough\n'
    )
    return tmp_path


def test_words_of_drugs_and_of_labels_in_lower_case(terms: Path) -> None:
    words = gather_clinical_words(terms, ["rosemary", "san fever"], ["St. Singultus"])

    assert set(words) >= {
        *("quorazin", "adaxil", "longwort", "arteritis", "arthritis", "acute", "gumboil"),
        *("swollen", "hiccough", "attack", "lovenox"),
    }
    assert words == sorted(words)


@pytest.mark.parametrize(
    "word",
    ["rosemary", "fever", "singultus", "takayasu", "lyme", "boston", "obscurium", "salt", "gum"],
)
def test_names_places_eponyms_phi_and_rare_drugs_stay_out(terms: Path, word: str) -> None:
    assert word not in gather_clinical_words(terms, ["rosemary", "san fever"], ["St. Singultus"])


@pytest.mark.shared
def test_the_shipped_words_come_from_the_terms(shared: Path) -> None:
    lexicon = load_lexicon()
    names = lexicon.first_names | lexicon.surnames | lexicon.cities | lexicon.countries

    assert set(read_lines("clinical")) <= set(gather_clinical_words(shared / "terms", names))
