from __future__ import annotations

from pipeline.medication.frequencies import times_per_day_of
from pipeline.medication.tables import load_tables

ROUTES = {
    "oral", "sublingual", "buccal", "intravenous", "intramuscular", "subcutaneous", "inhaled",
    "nasal", "topical", "transdermal", "rectal", "vaginal", "ophthalmic", "otic", "intrathecal",
    "epidural", "enteral", "intradermal", "nebulized",
}  # fmt: skip
TIMELESS = {"as needed", "with meals", "before meals", "after meals", "once", "continuous"}


def test_every_route_is_known_and_has_a_phrase() -> None:
    assert set(load_tables().routes.meanings.values()) == ROUTES


def test_every_frequency_says_how_often_a_day_or_cannot() -> None:
    frequencies = set(load_tables().frequencies.meanings.values())
    assert {one for one in frequencies if times_per_day_of(one) is None} == TIMELESS


def test_phrases_are_written_as_tokens_are() -> None:
    tables = load_tables()
    phrases = [*tables.routes.meanings, *tables.frequencies.meanings]
    assert [one for one in phrases if one != " ".join(one.lower().split()) or "." in one] == []


def test_no_drug_is_a_plain_word() -> None:
    assert load_tables().drugs & load_tables().plain_words == set()
