from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluate.linked_gold import (
    GoldLink,
    LinkDocument,
    read_drug_names,
    read_linked_pubtator,
)
from pipeline.evaluate.linking import (
    evaluate_linking,
    is_right,
    queries_of,
    score_links,
    vocabulary_ids,
)
from pipeline.link.clinical_abbreviations import Abbreviations
from pipeline.link.surfaces import LinkQuery
from pipeline.note import Concept, Mention, Note
from tests.link.terminologies import small_linker

PUBTATOR = """\
1|t|Renal cancer and hypertension.
1|a|Amyotrophic lateral sclerosis (ALS). ALS with metformin.
1\t0\t12\tRenal cancer\tDisease\tD007680|D001943
1\t17\t29\thypertension\tSpecificDisease\tMESH:D006973
1\t31\t60\tAmyotrophic lateral sclerosis\tDisease\tOMIM:105400 + D000690
1\t62\t65\tALS\tModifier\t-1
1\t68\t71\tALS\tDisease\tD000690
1\t77\t86\tmetformin\tChemical\tD008687
1\tCID\tD008687\tD000690
"""


@pytest.fixture
def pubtator(tmp_path: Path) -> Path:
    path = tmp_path / "gold.PubTator.txt"
    path.write_text(PUBTATOR, encoding="utf-8")
    return path


def test_reads_ids(pubtator: Path) -> None:
    (document,) = read_linked_pubtator(pubtator)
    assert [(link.mention.start, sorted(link.ids)) for link in document.links] == [
        (0, ["D001943", "D007680"]),
        (17, ["D006973"]),
        (31, ["D000690", "OMIM:105400"]),
        (62, []),
        (68, ["D000690"]),
    ]


def test_reads_chemicals_as_treatments(pubtator: Path) -> None:
    (document,) = read_linked_pubtator(pubtator, "TREATMENT")
    assert [(link.mention.label, link.ids) for link in document.links] == [
        ("TREATMENT", {"D008687"})
    ]


def test_asks_with_the_long_form_that_the_document_defines(pubtator: Path) -> None:
    (document,) = read_linked_pubtator(pubtator)
    assert (
        queries_of(document, small_linker(), Abbreviations({}, {}))[3:]
        == [LinkQuery("ALS", "DISEASE", "Amyotrophic lateral sclerosis")] * 2
    )


def test_evaluates_a_gold(pubtator: Path) -> None:
    scores, (document,) = evaluate_linking(pubtator, small_linker())
    assert (scores.documents, scores.mentions, scores.with_id, scores.reachable) == (1, 5, 4, 4)
    assert scores.accuracy.value == 1.0
    assert scores.nil_precision.value is None
    assert scores.nil_recall.value == 0.0
    found = [link.mention.concept for link in document.links]
    assert [concept and concept.concept_id for concept in found] == [
        "MESH:D007680", "MESH:D006973", "MESH:D000690", "MESH:D000690", "MESH:D000690",
    ]  # fmt: skip


def links(*ids: str) -> tuple[GoldLink, ...]:
    return tuple(GoldLink(Mention(i, i + 1, "DISEASE"), frozenset({x} - {""})) for i, x in
                 enumerate(ids))  # fmt: skip


def test_scores() -> None:
    documents = [
        LinkDocument(Note("a", "text"), links("D1", "D2", "D9", "")),
        LinkDocument(Note("b", "text"), links("D1")),
    ]
    right = Concept("MESH:D1", "one", 0.9, {"mesh": "D1|C7"})
    wrong = Concept("MESH:D3", "three", 0.9, {"mesh": "D3"})
    scores = score_links(
        documents, [[right, wrong, None, None], [None]], frozenset({"D1", "D2", "D3"})
    )
    # with an id: D1, D2, D9 and D1, of which only the first is hit; D9 isn't in the vocabulary
    assert scores.accuracy.value == 0.25
    assert scores.accuracy_reachable.value == pytest.approx(1 / 3)
    # left without a concept: D9 and the blank (nothing to find), and the last D1 (wrongly)
    assert scores.nil_precision.value == pytest.approx(2 / 3)
    assert scores.nil_recall.value == 1.0
    assert scores.to_dict()["mentions"] == 5


def test_scores_need_one_concept_for_each_mention() -> None:
    with pytest.raises(ValueError, match="shorter"):
        score_links([LinkDocument(Note("a", "text"), links("D1"))], [[]], frozenset())


@pytest.mark.parametrize(
    ("gold", "codes", "right"),
    [
        ("D1", {"mesh": "D1"}, True),
        ("D1", {"mesh": "D2|D1"}, True),
        ("OMIM:1", {"omim": "1"}, True),
        ("DB1", {"drugbank": "DB1"}, True),
        ("D1", {"do": "D1"}, False),
        ("D1", {}, False),
    ],
)
def test_right(gold: str, codes: dict[str, str], right: bool) -> None:
    assert is_right(frozenset({gold}), codes) is right


def test_ids_of_a_vocabulary() -> None:
    ids = vocabulary_ids(small_linker().vocabulary)
    assert ids == {"D006973", "D007680", "D003924", "D000690", "DB00264", "DB00331"}


def test_drug_names(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text(
        "name\tdrugbank_id\tkind\nmetfromin\tDB00331\ttypo\nLopresor\tDB00264\ttypo\nx\t\tnone\n",
        encoding="utf-8",
    )
    scores, _ = evaluate_linking(path, small_linker())
    assert (scores.mentions, scores.with_id, scores.accuracy.value) == (3, 2, 1.0)
    assert scores.nil_recall.value == 1.0


def test_drug_names_without_a_column(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("name\tid\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column drugbank_id"):
        read_drug_names(path)


def test_blank_drug_name(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("name\tdrugbank_id\n \tDB1\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_drug_names(path)


def test_nothing_to_link(pubtator: Path) -> None:
    pubtator.write_text("1|t|Nothing.\n1|a|Here.\n", encoding="utf-8")
    with pytest.raises(InputError, match="marks no mention"):
        read_linked_pubtator(pubtator)
