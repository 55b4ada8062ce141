from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deid.replacement import OffsetMap, ReleasedText, replace_spans, tag
from pipeline.note import PhiSpan
from pipeline.spans import unite

TEXT = "Seen by Dr. Ada Quill on 3/14."


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[PhiSpan], list[str]]:
    text = draw(st.text(min_size=1, max_size=60))
    spans = []
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        label = draw(st.sampled_from(["PATIENT", "DATE", "PHONE"]))
        score = draw(st.sampled_from([0.5, 0.9, 1.0]))
        spans.append(PhiSpan(start, end, label, score, ("rules",)))
    united = unite(spans)
    replacements = [draw(st.text(min_size=1, max_size=12)) for _ in united]
    return text, united, replacements


def test_replaces_spans_with_tags() -> None:
    spans = [PhiSpan(12, 21, "DOCTOR"), PhiSpan(25, 29, "DATE")]

    released = replace_spans(TEXT, spans, [tag(span) for span in spans])

    assert released.text == "Seen by Dr. [DOCTOR] on [DATE]."
    assert released.offsets.rows == ((12, 21, 12, 20), (25, 29, 24, 30))


def test_a_text_without_spans_stays_as_it_is() -> None:
    assert replace_spans(TEXT, [], []) == ReleasedText(TEXT, OffsetMap(()))


def test_adjacent_spans_stay_apart() -> None:
    spans = [PhiSpan(0, 3, "PATIENT"), PhiSpan(3, 6, "PATIENT"), PhiSpan(7, 9, "PATIENT")]

    released = replace_spans("AdaAdaxBo", spans, ["A", "BB", "CCC"])

    assert released.text == "ABBxCCC"
    assert released.offsets.rows == ((0, 3, 0, 1), (3, 6, 1, 3), (7, 9, 4, 7))


def test_offsets_outside_of_regions_are_shifted() -> None:
    offsets = OffsetMap(((12, 21, 12, 20), (25, 29, 24, 30)))

    assert [offsets.to_released(o) for o in (0, 12, 21, 22, 25, 29, 30)] == [
        0,
        12,
        20,
        21,
        24,
        30,
        31,
    ]
    assert [offsets.to_raw(o) for o in (0, 12, 20, 21, 24, 30, 31)] == [0, 12, 21, 22, 25, 29, 30]


def test_offsets_inside_a_region_fall_to_its_start() -> None:
    offsets = OffsetMap(((12, 21, 12, 20),))

    assert offsets.to_released(15) == 12
    assert offsets.to_raw(19) == 12


def test_spans_that_cut_a_region_take_all_of_it() -> None:
    offsets = OffsetMap(((12, 21, 12, 20),))

    assert offsets.released_span(10, 15) == (10, 20)
    assert offsets.released_span(15, 23) == (12, 22)
    assert offsets.raw_span(14, 15) == (12, 21)
    assert offsets.raw_span(20, 22) == (21, 23)
    assert offsets.raw_span(5, 12) == (5, 12)


def test_the_released_text_is_kept_out_of_repr() -> None:
    assert "Quill" not in repr(ReleasedText("Dr. Quill", OffsetMap()))


@pytest.mark.parametrize(
    ("spans", "replacements"),
    [
        ([PhiSpan(0, 4, "DATE"), PhiSpan(3, 6, "DATE")], ["a", "b"]),
        ([PhiSpan(5, 6, "DATE"), PhiSpan(0, 2, "DATE")], ["a", "b"]),
        ([PhiSpan(0, 31, "DATE")], ["a"]),
        ([PhiSpan(0, 4, "DATE")], []),
        ([PhiSpan(0, 4, "DATE")], [""]),
    ],
    ids=["overlap", "disorder", "beyond", "missing", "empty"],
)
def test_refuses_what_would_corrupt_the_text(spans: list[PhiSpan], replacements: list[str]) -> None:
    with pytest.raises(ValueError, match=r"span") as caught:
        replace_spans(TEXT, spans, replacements)
    assert "Quill" not in str(caught.value)


@pytest.mark.parametrize(
    "rows",
    [
        ((5, 5, 5, 6),),
        ((5, 6, 5, 5),),
        ((5, 6, 4, 6),),
        ((5, 8, 5, 6), (7, 9, 6, 7)),
        ((5, 8, 5, 6), (10, 12, 9, 10)),
    ],
)
def test_a_map_checks_itself(rows: tuple[tuple[int, int, int, int], ...]) -> None:
    with pytest.raises(ValueError, match="region"):
        OffsetMap(rows)


def test_a_negative_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        OffsetMap().to_raw(-1)


@given(texts_with_spans())
def test_every_span_is_replaced_and_nothing_else(
    case: tuple[str, list[PhiSpan], list[str]],
) -> None:
    text, spans, replacements = case

    released = replace_spans(text, spans, replacements)

    raw_last = last = 0
    for (raw_start, raw_end, start, end), span, replacement in zip(
        released.offsets.rows, spans, replacements, strict=True
    ):
        assert (raw_start, raw_end) == (span.start, span.end)
        assert released.text[start:end] == replacement
        assert released.text[last:start] == text[raw_last:raw_start]
        raw_last, last = raw_end, end
    assert released.text[last:] == text[raw_last:]


@given(texts_with_spans())
def test_the_map_is_invertible(case: tuple[str, list[PhiSpan], list[str]]) -> None:
    text, spans, replacements = case
    released = replace_spans(text, spans, replacements)
    offsets = released.offsets

    inside = {o for span in spans for o in range(span.start + 1, span.end)}
    for offset in range(len(text) + 1):
        there = offsets.to_released(offset)
        assert 0 <= there <= len(released.text)
        if offset not in inside:
            assert offsets.to_raw(there) == offset
    for (raw_start, raw_end, start, end), span in zip(offsets.rows, spans, strict=True):
        assert offsets.released_span(raw_start, raw_end) == (start, end)
        assert offsets.raw_span(start, end) == (span.start, span.end)


@given(texts_with_spans(), st.data())
def test_mapped_spans_hold_what_they_held(
    case: tuple[str, list[PhiSpan], list[str]], data: st.DataObject
) -> None:
    text, spans, replacements = case
    released = replace_spans(text, spans, replacements)
    start = data.draw(st.integers(0, len(released.text) - 1))
    end = data.draw(st.integers(start + 1, len(released.text)))

    raw_start, raw_end = released.offsets.raw_span(start, end)
    back_start, back_end = released.offsets.released_span(raw_start, raw_end)

    assert raw_start < raw_end
    assert back_start <= start
    assert back_end >= end
