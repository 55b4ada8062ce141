"""Tests of the benchmark of assertion."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.evaluate.assertion_gold import AssertionCorpus, AssertionDocument
from pipeline.note import ASSERTIONS, Assertion, Mention, Note
from tests.benchmarks.assertion import load_ours, measure


def test_systems_are_scored_and_timed_on_the_same_documents() -> None:
    text = "FAMILY HISTORY: Gout.\n\nEXAM: No rash."
    mentions = (
        Mention(16, 20, "DISEASE", assertion=Assertion("family")),
        Mention(32, 36, "SYMPTOM", assertion=Assertion("absent")),
    )
    corpus = AssertionCorpus((AssertionDocument(Note("n", text), mentions),), ASSERTIONS)

    def all_absent(documents: Sequence[AssertionDocument]) -> list[list[Assertion]]:
        return [[Assertion("absent")] * len(document.mentions) for document in documents]

    systems = {"rules": load_ours(True), "bare": load_ours(False), "absent": all_absent}
    results = measure(corpus, systems, rounds=1)
    accuracy = {name: of["scores"]["accuracy"]["value"] for name, of in results.items()}
    assert accuracy == {"rules": 1.0, "bare": 0.5, "absent": 0.5}
    assert all(of["mentions_per_second"] > 0 for of in results.values())
