"""Tests of disguising training notes."""

from __future__ import annotations

from random import Random

import pytest

from pipeline.note import Span
from pipeline.train.disguise import disguise

TEXT = (
    "The patient, a 55-year-old woman, saw Dr. Marsh on 3/14/2019 for asthma. Mr. Byrd agreed. "
    "On May 4, 2020 she came to the emergency room with chest pain. Call ***** or XXXX."
)
SPANS = [Span(TEXT.index(m), TEXT.index(m) + len(m), "X") for m in ("asthma", "chest pain")]


@pytest.mark.parametrize("seed", range(30))
def test_mentions_move_with_the_text(seed: int) -> None:
    text, moved = disguise(TEXT, SPANS, Random(seed))

    assert [text[span.start : span.end] for span in moved] == ["asthma", "chest pain"]


def test_identifiers_become_tags_or_surrogates() -> None:
    disguised = [disguise(TEXT, SPANS, Random(seed))[0] for seed in range(60)]

    for tag in ("[PATIENT]", "[AGE]-year-old", "[DOCTOR]", "[DATE]", "[HOSPITAL]"):
        assert any(tag in text for text in disguised)
    for identifier in ("Marsh", "3/14/2019", "May 4, 2020", "55", "*****", "XXXX"):
        assert any(identifier not in text for text in disguised)
    assert all("-year-old woman, saw Dr" in t or "-year-old woman, saw [DOCTOR]" in t
               for t in disguised)  # fmt: skip


def test_a_mention_is_never_replaced() -> None:
    text = "Mr. Byrd disease was ruled out by Dr. Byrd."
    spans = [Span(0, 16, "DISEASE")]

    for seed in range(30):
        changed, moved = disguise(text, spans, Random(seed))
        assert moved == spans
        assert changed.startswith("Mr. Byrd disease was ruled out by ")


@pytest.mark.parametrize("text", ["Now ***asthma***", "Now asthma ***"])
def test_what_touches_a_mention_stays(text: str) -> None:
    start = text.index("asthma")
    spans = [Span(start, start + 6, "DISEASE")]

    disguised = [disguise(text, spans, Random(seed)) for seed in range(30)]

    assert all(moved == spans for _, moved in disguised)
    assert any(changed != text for changed, _ in disguised) == text.endswith(" ***")


def test_the_same_choices_give_the_same_text() -> None:
    assert disguise(TEXT, SPANS, Random(5)) == disguise(TEXT, SPANS, Random(5))
