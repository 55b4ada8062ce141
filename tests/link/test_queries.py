from __future__ import annotations

import pytest

from pipeline.link.clinical_abbreviations import Abbreviations, load_abbreviations
from pipeline.link.linker import Linker
from pipeline.link.queries import find_queries, usual_long_forms
from pipeline.link.surfaces import LinkQuery
from pipeline.link.term import Term
from pipeline.note import Assertion, Mention
from tests.link.terminologies import DISEASE, TERMS, TREATMENT, small_linker


@pytest.fixture(scope="module")
def linker() -> Linker:
    return small_linker(
        *TERMS,
        Term(
            "mesh",
            "D056486",
            "Drug-Induced Liver Injury",
            ("Drug-Induced Hepatitis", "Drug-Induced Hepatotoxicity"),
            DISEASE,
        ),
        Term("mesh", "D000001", "Drug-Induced Tremor", (), DISEASE),
        Term("mesh", "D004342", "Drug Allergy", (), DISEASE),
        Term("drugbank", "DB01118", "Amiodarone", (), TREATMENT),
        Term("drugbank", "DB14509", "Lithium", (), TREATMENT),
    )


def queries(linker: Linker, text: str, *surfaces: str) -> list[LinkQuery]:
    """Ask for the mentions of a text, each at its next place."""
    mentions = []
    end = 0
    for surface in surfaces:
        start = text.index(surface, end)
        end = start + len(surface)
        mentions.append(Mention(start, end, "DISEASE"))
    return find_queries(text, mentions, linker)


def test_long_form_of_the_mention(linker: Linker) -> None:
    mention = Mention(0, 3, "DISEASE", long_form="chronic kidney disease")
    assert find_queries("CKD.", [mention], linker) == [
        LinkQuery("CKD", "DISEASE", "chronic kidney disease")
    ]


def test_initials_of_another_mention(linker: Linker) -> None:
    text = "Known aortic stenosis. AS is severe, as before."
    assert queries(linker, text, "aortic stenosis", "AS")[1].long_form == "aortic stenosis"
    assert queries(linker, text, "aortic stenosis", "as")[1].long_form is None


def test_initials_of_another_kind_or_of_two_mentions_tell_nothing(linker: Linker) -> None:
    text = "Morphine sulfate. MS."
    drug, short = Mention(0, 16, "TREATMENT"), Mention(18, 20, "DISEASE")
    assert find_queries(text, [drug, short], linker)[1].long_form is None

    text = "Mitral stenosis, multiple sclerosis, MS."
    found = queries(linker, text, "Mitral stenosis", "multiple sclerosis", "MS")
    assert found[2].long_form is None


def test_usual_abbreviation(linker: Linker) -> None:
    usual = load_abbreviations()
    assert usual_long_forms("DISEASE", "HTN", "HTN.", linker, usual) == ["hypertension"]
    assert usual_long_forms("DISEASE", "gout", "Gout.", linker, usual) == []


def test_long_forms_that_mean_the_same_are_one(linker: Linker) -> None:
    two = {("DISEASE", "hk"): ("hypertension", "kidney neoplasm")}
    same = {("DISEASE", "hk"): ("hypertension", "high blood pressure")}
    for long_of, meant in ((two, [*two["DISEASE", "hk"]]), (same, ["hypertension"])):
        usual = Abbreviations({}, long_of)
        assert usual_long_forms("DISEASE", "HK", "HK.", linker, usual) == meant


@pytest.mark.parametrize(
    ("text", "induced"),
    [
        ("Amiodarone-induced severe hepatitis.", True),
        ("Mild hepatitis, probably induced by amiodarone.", True),
        ("Mild hepatitis due to metformin.", True),
        ("Metformin-associated hepatitis.", True),
        ("Metformin hepatitis.", True),
        ("HIV-associated hepatitis.", False),
        ("Alcohol hepatitis.", False),
        ("Mild hepatitis due to cytomegalovirus.", False),
        ("Exercise-induced hepatitis.", False),
        ("Hepatitis. Steroid-induced psychosis.", False),
        ("Viral hepatitis.", False),
        ("Drug-induced hepatitis.", True),
        ("Hepatitis induced by the virus.", False),
        ("Hepatitis induced by lack of sleep.", False),
        ("Tumor-lysis-induced hepatitis.", False),
    ],
)
def test_what_a_drug_induced(linker: Linker, text: str, induced: bool) -> None:
    surface = "hepatitis" if "hepatitis" in text else "Hepatitis"
    (query,) = queries(linker, text, surface)
    assert query.induced is induced


def test_induced_wherever_the_note_names_it(linker: Linker) -> None:
    text = "Lithium-induced tremor in May. The tremors are worse."
    found = queries(linker, text, "Lithium-induced tremor", "tremors")
    assert [query.induced for query in found] == [False, True]


@pytest.mark.parametrize("status", ["absent", "family"])
def test_what_is_denied_or_a_relatives_says_nothing_of_the_patient(
    linker: Linker, status: str
) -> None:
    text = "Lithium-induced tremor? Tremor is worse."
    mentions = [
        Mention(0, 22, "DISEASE", assertion=Assertion(status)),
        Mention(24, 30, "DISEASE", assertion=Assertion("present")),
    ]
    assert not any(query.induced for query in find_queries(text, mentions, linker))


def test_induced_by(linker: Linker) -> None:
    text = "Hepatitis induced by amiodarone; hepatitis has resolved."
    assert all(query.induced for query in queries(linker, text, "Hepatitis", "hepatitis"))


def test_allergy_to_a_drug(linker: Linker) -> None:
    text = "Allergy to metformin; backache due to metformin."
    assert [q.induced for q in queries(linker, text, "Allergy", "backache")] == [True, False]


def test_toxicity_is_of_a_drug(linker: Linker) -> None:
    found = queries(
        linker, "Hepatotoxicity and nephrotoxicity.", "Hepatotoxicity", "nephrotoxicity"
    )
    assert [query.induced for query in found] == [True, False]


def test_no_mentions(linker: Linker) -> None:
    assert queries(linker, "Well.") == []
