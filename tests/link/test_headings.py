from __future__ import annotations

from pipeline.link.headings import correct_headings
from pipeline.link.normalisation import key_maker, load_word_forms
from pipeline.link.term import Term


def corrected(doubtful: list[Term], *trusted: Term) -> list[tuple[str, str]]:
    key_of = key_maker(load_word_forms())
    return [(term.code, term.name) for term in correct_headings(doubtful, trusted, key_of)]


def test_the_id_that_another_list_of_headings_has_for_the_name() -> None:
    headings = [Term("mesh", "D8607", "Prader-Willi Syndrome"), Term("mesh", "D9", "Puppet child")]
    lists = (
        Term("mesh", "D11218", "Prader Willi syndrome"),
        Term("mesh", "D17204", "Angelman Syndrome", ("Puppet Child",)),
    )
    assert corrected(headings, *lists) == [
        ("D11218", "Prader-Willi Syndrome"), ("D17204", "Puppet child"),
    ]  # fmt: skip


def test_the_id_that_a_cross_reference_has_for_the_name() -> None:
    reference = Term("do", "DOID:1", "prader-willi syndrome", codes=(("mesh", "D11218"),))
    headings = [Term("mesh", "D8607", "Prader-Willi Syndrome")]
    assert corrected(headings, reference) == [("D11218", "Prader-Willi Syndrome")]


def test_two_cross_references_tell_nothing() -> None:
    codes = (("mesh", "D1"), ("mesh", "D2"))
    headings = [Term("mesh", "D3", "Gout")]
    assert corrected(headings, Term("do", "DOID:1", "gout", codes=codes)) == [("D3", "Gout")]


def test_unknown_names_keep_an_id_of_their_own_only() -> None:
    headings = [Term("mesh", "D1", "A rash"), Term("mesh", "D2", "Red"), Term("mesh", "D2", "Blue")]
    assert corrected(headings) == [("D1", "A rash")]
    assert corrected(headings, Term("mesh", "D1", "Gout")) == []
