from __future__ import annotations

import pytest

from pipeline.link.linker import Linker
from pipeline.link.surfaces import LinkQuery
from pipeline.link.term import Term
from tests.link.terminologies import DISEASE, SYMPTOM, TERMS, TREATMENT, small_linker


@pytest.fixture(scope="module")
def linker() -> Linker:
    return small_linker()


def linked(linker: Linker, text: str, label: str, long_form: str | None = None) -> str | None:
    (concept,) = linker.link([LinkQuery(text, label, long_form)])
    return concept and concept.concept_id


@pytest.mark.parametrize(
    ("text", "label", "concept_id"),
    [
        ("hypertension", "DISEASE", "MESH:D006973"),
        ("HIGH BLOOD PRESSURE", "DISEASE", "MESH:D006973"),
        ("hypertensive", "DISEASE", "MESH:D006973"),
        ("severe hypertension", "DISEASE", "MESH:D006973"),
        ("hypertention", "DISEASE", "MESH:D006973"),
        ("tumour of the left kidney", "DISEASE", "MESH:D007680"),
        ("kidney neoplasm", "DISEASE", "MESH:D007680"),
        ("metastatic renal cancer", "DISEASE", "MESH:D007680"),
        ("type II diabetes mellitus", "DISEASE", "MESH:D003924"),
        ("Lou Gehrig's disease", "DISEASE", "MESH:D000690"),
        ("back pains", "SYMPTOM", "SYMP:0000006"),
        ("metoprolol", "TREATMENT", "DRUGBANK:DB00264"),
        ("Toprol-XL", "TREATMENT", "DRUGBANK:DB00264"),
        ("metoprolol tartrate 25 mg", "TREATMENT", "DRUGBANK:DB00264"),
        ("metropolol", "TREATMENT", "DRUGBANK:DB00264"),
        ("metfromin hcl", "TREATMENT", "DRUGBANK:DB00331"),
    ],
)
def test_links(linker: Linker, text: str, label: str, concept_id: str) -> None:
    assert linked(linker, text, label) == concept_id


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("lavender baths", "TREATMENT"),
        ("zzz", "DISEASE"),
        ("-", "DISEASE"),
        ("", "SYMPTOM"),
        ("metoprolol", "DISEASE"),
        ("hypertension", "TREATMENT"),
    ],
)
def test_leaves_alone(linker: Linker, text: str, label: str) -> None:
    assert linked(linker, text, label) is None


def test_a_symptom_may_be_called_a_disease(linker: Linker) -> None:
    assert linked(linker, "back pain", "DISEASE") == "SYMP:0000006"


def test_the_label_decides_between_equal_names() -> None:
    linker = small_linker(
        Term("do", "DOID:1", "depression", (), DISEASE),
        Term("do", "DOID:2", "depression", (), SYMPTOM),
    )
    assert linked(linker, "depression", "SYMPTOM") == "DOID:2"
    assert linked(linker, "depression", "DISEASE") == "DOID:1"


def test_long_form(linker: Linker) -> None:
    assert linked(linker, "ALS", "DISEASE") is None
    assert linked(linker, "ALS", "DISEASE", "amyotrophic lateral sclerosis") == "MESH:D000690"


def test_short_form_of_the_vocabulary_counts_beside_an_unknown_long_form() -> None:
    linker = small_linker(Term("do", "DOID:1", "rheumatoid arthritis", ("RA",), DISEASE))
    assert linked(linker, "RA", "DISEASE", "some unheard thing") == "DOID:1"


def test_concept_has_name_codes_and_chance(linker: Linker) -> None:
    (concept,) = linker.link([LinkQuery("Glucophage", "TREATMENT")])
    assert concept is not None
    assert concept.name == "Metformin"
    assert concept.codes == {"drugbank": "DB00331"}
    assert 0.9 < concept.score < 1.0


def test_order_and_repeats(linker: Linker) -> None:
    queries = [
        LinkQuery("metformin", "TREATMENT"),
        LinkQuery("xyzzy", "DISEASE"),
        LinkQuery("metformin", "TREATMENT"),
        LinkQuery("backache", "SYMPTOM"),
    ]
    found = [concept and concept.concept_id for concept in linker.link(queries)]
    assert found == ["DRUGBANK:DB00331", None, "DRUGBANK:DB00331", "SYMP:0000006"]
    assert linker.link([]) == []


def test_better_matches_are_surer(linker: Linker) -> None:
    exact, typo = linker.link(
        [LinkQuery("metoprolol", "TREATMENT"), LinkQuery("metropolol", "TREATMENT")]
    )
    assert exact is not None
    assert typo is not None
    assert exact.score > typo.score


def test_a_tie_goes_to_the_first_concept() -> None:
    linker = small_linker(
        Term("do", "DOID:2", "gout", (), TREATMENT), Term("do", "DOID:1", "gout", (), TREATMENT)
    )
    assert linked(linker, "gout", "TREATMENT") == "DOID:1"


def test_a_label_that_no_vocabulary_has_is_linked_by_its_name() -> None:
    (concept,) = small_linker(*TERMS).link([LinkQuery("hypertension", "PROBLEM")])
    assert concept is not None
