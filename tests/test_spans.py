from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from pipeline.note import PhiSpan
from pipeline.spans import unite

SPANS = st.builds(
    lambda start, length, label, score, who: PhiSpan(start, start + length, label, score, who),
    st.integers(0, 40),
    st.integers(1, 15),
    st.sampled_from(["PATIENT", "DOCTOR", "DATE"]),
    st.sampled_from([0.5, 0.75, 1.0]),
    st.sampled_from([("rules",), ("known",), ("ner",)]),
)


def covered(spans: list[PhiSpan]) -> set[int]:
    return {offset for span in spans for offset in range(span.start, span.end)}


def test_overlapping_spans_of_one_label_become_one() -> None:
    spans = [
        PhiSpan(0, 4, "DATE", 0.7, ("rules",)),
        PhiSpan(2, 9, "DATE", 0.9, ("ner",)),
    ]

    assert unite(spans) == [PhiSpan(0, 9, "DATE", 0.9, ("rules", "ner"))]


def test_touching_spans_of_one_label_stay_two() -> None:
    spans = [PhiSpan(0, 4, "PATIENT"), PhiSpan(4, 9, "PATIENT")]

    assert unite(spans) == spans


def test_the_surer_span_keeps_its_extent() -> None:
    spans = [PhiSpan(0, 6, "PATIENT", 0.6), PhiSpan(4, 9, "DOCTOR", 0.9)]

    assert unite(spans) == [PhiSpan(0, 4, "PATIENT", 0.6), PhiSpan(4, 9, "DOCTOR", 0.9)]


def test_of_equally_sure_spans_the_longer_keeps_its_extent() -> None:
    spans = [PhiSpan(0, 4, "DATE", 0.8), PhiSpan(2, 9, "IDNUM", 0.8)]

    assert unite(spans) == [PhiSpan(0, 2, "DATE", 0.8), PhiSpan(2, 9, "IDNUM", 0.8)]


def test_a_surer_span_inside_splits_the_other() -> None:
    spans = [PhiSpan(0, 10, "STREET", 0.5), PhiSpan(3, 5, "ZIP", 0.9)]

    assert unite(spans) == [
        PhiSpan(0, 3, "STREET", 0.5),
        PhiSpan(3, 5, "ZIP", 0.9),
        PhiSpan(5, 10, "STREET", 0.5),
    ]


def test_a_span_that_surer_ones_cover_together_is_gone() -> None:
    spans = [
        PhiSpan(0, 6, "IDNUM", 0.5),
        PhiSpan(0, 3, "DATE", 0.9),
        PhiSpan(3, 6, "PHONE", 0.9),
    ]

    assert unite(spans) == [PhiSpan(0, 3, "DATE", 0.9), PhiSpan(3, 6, "PHONE", 0.9)]


def test_duplicates_name_each_annotator_once() -> None:
    spans = [
        PhiSpan(0, 4, "DATE", 0.9, ("rules",)),
        PhiSpan(0, 4, "DATE", 0.9, ("rules",)),
        PhiSpan(0, 4, "DATE", 1.0, ("known",)),
    ]

    assert unite(spans) == [PhiSpan(0, 4, "DATE", 1.0, ("rules", "known"))]


def test_nothing_unites_to_nothing() -> None:
    assert unite([]) == []


@given(st.lists(SPANS, max_size=12))
def test_covers_exactly_what_was_marked(spans: list[PhiSpan]) -> None:
    assert covered(unite(spans)) == covered(spans)


@given(st.lists(SPANS, max_size=12))
def test_result_is_in_order_and_free_of_overlaps(spans: list[PhiSpan]) -> None:
    united = unite(spans)

    assert all(a.end <= b.start for a, b in itertools.pairwise(united))


@given(st.lists(SPANS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(spans: list[PhiSpan], random: object) -> None:
    shuffled = list(spans)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    plain = [(s.start, s.end, s.label, s.score) for s in unite(spans)]
    assert [(s.start, s.end, s.label, s.score) for s in unite(shuffled)] == plain


@given(st.lists(SPANS, max_size=12))
def test_uniting_again_changes_nothing(spans: list[PhiSpan]) -> None:
    united = unite(spans)

    assert unite(united) == united


@given(st.lists(SPANS, max_size=12))
def test_every_fragment_lies_in_a_span_of_its_label(spans: list[PhiSpan]) -> None:
    for fragment in unite(spans):
        own = covered([span for span in spans if span.label == fragment.label])
        assert set(range(fragment.start, fragment.end)) <= own


def test_spans_apart_stay_as_they_are() -> None:
    spans = [PhiSpan(3 * i, 3 * i + 2, "DATE") for i in range(200)]

    assert unite(reversed(spans)) == spans
