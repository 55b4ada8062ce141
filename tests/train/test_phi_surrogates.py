"""Variants keep their spans, follow their seed and never show whom they replace."""

from __future__ import annotations

import random
import re

import pytest

from pipeline.note import Span
from pipeline.train.phi_dates import redate
from pipeline.train.phi_lists import (
    GoldPools,
    SurrogateLists,
    WeightedWords,
    gather_pools,
    name_parts,
    redraw_digits,
)
from pipeline.train.phi_names import match_case
from pipeline.train.phi_noise import add_noise, cut_chunk, rewrite, wrap
from pipeline.train.phi_surrogates import make_variant
from pipeline.train.phi_text import TaggedText

LISTS = SurrogateLists(
    first=WeightedWords.of({"Alma": 1.0, "Boris": 1.0, "Carla": 2.0, "Dmitri": 1.0}),
    last=WeightedWords.of({"Quimby": 1.0, "Rastogi": 1.0, "Svensen": 1.0, "Tamura": 3.0}),
    cities=("Elkton", "Ferndale", "Grand Mesa"),
    states=(("Ohio", "OH"), ("Utah", "UT")),
    hospitals=("Lakeshore General Hospital",),
)
POOLS = GoldPools(
    surfaces={
        "PROFESSION": ("glazier", "truck driver"),
        "CITY": ("Elk Point", "Ludlow"),
        "USERNAME": ("pstone4", "him_ab"),
    },
    first=("Ines",),
    last=(),
)


def tag(marked: str) -> TaggedText:
    """Make a text of one whose spans are written ``[LABEL|surface]``."""
    text, spans, position = "", [], 0
    for match in re.finditer(r"\[([A-Z-]+)\|([^\]]+)\]", marked):
        text += marked[position : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        position = match.end()
    return TaggedText(text + marked[position:], tuple(spans))


NOTE = tag(
    "NAME: [PATIENT|OKONJO, ZEPHYR B.]  MRN [MEDICALRECORD|44-7719]\n"
    "[PATIENT|Zephyr] is a [AGE|71]-year-old [PROFESSION|farmer] of [CITY|Brackwater], "
    "[STATE|MT], seen [DATE|3/14/2019] by Dr. [DOCTOR|Vandersloot]. Ms. [PATIENT|Okonjo]'s "
    "foot is warm; zephyr is no longer a wind here. Signed [DOCTOR|KLV], user [USERNAME|kvanders2]"
)


@pytest.mark.parametrize("seed", range(20))
def test_spans_of_a_variant_cover_its_surrogates(seed: int) -> None:
    variant = make_variant(NOTE, LISTS, POOLS, random.Random(seed))

    assert [s.label for s in variant.spans] == [s.label for s in NOTE.spans]
    outside = _between(variant)
    assert outside == _between(NOTE)
    for span, original in zip(variant.spans, NOTE.spans, strict=True):
        if span.label != "AGE":  # an age may be drawn twice
            assert variant.surface(span) != NOTE.surface(original)


@pytest.mark.parametrize("seed", range(20))
def test_no_tagged_name_of_the_original_is_left(seed: int) -> None:
    variant = make_variant(NOTE, LISTS, POOLS, random.Random(seed))

    tagged = " ".join(variant.surface(s) for s in variant.spans).casefold()
    for name in ("okonjo", "zephyr", "vandersloot", "klv"):
        assert name not in re.findall(r"\w+", tagged)


@pytest.mark.parametrize("seed", range(5))
def test_a_person_keeps_the_surrogate_throughout_a_note(seed: int) -> None:
    variant = make_variant(NOTE, LISTS, POOLS, random.Random(seed))

    names = [variant.surface(s) for s in variant.spans if s.label == "PATIENT"]
    last, first, _ = re.findall(r"\w+", names[0])
    assert names[0].isupper()
    assert re.fullmatch(r"[A-Z]+, [A-Z]+ [A-Z]\.", names[0])
    assert names[1].casefold() == first.casefold()
    assert names[2].casefold() == last.casefold()


def test_variants_follow_their_seed() -> None:
    one, same, other = (make_variant(NOTE, LISTS, POOLS, random.Random(seed)) for seed in (5, 5, 6))

    assert one == same
    assert one != other


def test_digits_are_all_redrawn_in_place() -> None:
    drawn = redraw_digits("A-120/7", random.Random(1))

    assert re.fullmatch(r"A-\d{3}/\d", drawn)
    assert all(a != b for a, b in zip(drawn, "A-120/7", strict=True) if b.isdigit())


@pytest.mark.parametrize(
    ("surface", "form"),
    [
        ("2016", r"(19|20)\d\d"),
        ("MARCH 3RD", r"[A-Z]+ \dRD"),
        ("thurs", r"[a-z]+"),
        ("Thanksgiving", r"[A-Z0-9a-z][\w .']+"),
    ],
)
def test_dates_keep_their_form(surface: str, form: str) -> None:
    for seed in range(10):
        assert re.fullmatch(form, redate(surface, random.Random(seed)))


def test_surnames_stand_before_a_comma_or_last() -> None:
    assert name_parts("Okonjo, Zephyr B.") == [("Okonjo", True), ("Zephyr", False)]
    assert name_parts("Zephyr B. de la Okonjo") == [("Zephyr", False), ("Okonjo", True)]
    assert name_parts("Zephyr") == [("Zephyr", False)]


def test_pools_hold_each_surface_once_and_names_by_kind() -> None:
    pools = gather_pools(
        [("CITY", "Elk"), ("CITY", "Elk"), ("DOCTOR", "Ana Ruiz"), ("DOCTOR", "JK")]
    )

    assert pools.surfaces["CITY"] == ("Elk",)
    assert (pools.first, pools.last) == (("Ana",), ("Ruiz",))


@pytest.mark.parametrize(
    ("text", "like", "expected"),
    [("Quimby", "ADAMS", "QUIMBY"), ("Quimby", "adams", "quimby"), ("Quimby", "Adams", "Quimby")],
)
def test_case_follows_the_original(text: str, like: str, expected: str) -> None:
    assert match_case(text, like) == expected


def test_rewriting_moves_spans_along() -> None:
    note = tag("Mr. [PATIENT|Okonjo] is well.")

    moved = rewrite(note, ["" if c in ".r" else c * 2 for c in note.text])

    assert moved.surface(moved.spans[0]) == "OOkkoonnjjoo"
    assert rewrite(note, [""] * len(note.text)) == TaggedText("", ())


def test_wrapping_breaks_lines_without_moving_anything() -> None:
    wrapped = wrap(NOTE, 40)

    assert wrapped.spans == NOTE.spans
    assert len(wrapped.text) == len(NOTE.text)
    assert wrapped.text.count("\n") > NOTE.text.count("\n")


@pytest.mark.parametrize("seed", range(6))
def test_a_chunk_is_a_part_of_the_note_with_its_spans(seed: int) -> None:
    chunk = cut_chunk(NOTE, random.Random(seed))

    assert chunk.text
    assert chunk.text in NOTE.text
    originals = {(s.label, NOTE.surface(s)) for s in NOTE.spans}
    assert {(s.label, chunk.surface(s)) for s in chunk.spans} <= originals


@pytest.mark.parametrize("seed", range(40))
def test_noise_leaves_every_span_inside_the_text(seed: int) -> None:
    noisy = add_noise(NOTE, random.Random(seed))

    assert all(span.end <= len(noisy.text) for span in noisy.spans)
    assert add_noise(NOTE, random.Random(seed)) == noisy


def _between(note: TaggedText) -> list[str]:
    edges = [0, *(p for s in note.spans for p in (s.start, s.end)), len(note.text)]
    return [note.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
