"""Tests of training examples."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evaluate.corpora import (
    ABSTRACTS,
    CLINICAL_NOTES,
    CORPORA,
    TRIAL_CRITERIA,
    UNLABELLED,
    CorpusLabels,
)
from pipeline.evaluate.gold import GoldDocument
from pipeline.extract.gazetteer import NO_NAMES, Gazetteer
from pipeline.extract.words import find_words
from pipeline.link.clinical_abbreviations import Abbreviations
from pipeline.note import Note, Span
from pipeline.train import rewriting
from pipeline.train.examples import (
    NO_WORD,
    Example,
    LabelledDocument,
    Targets,
    Variation,
    flatten,
    make_batches,
    make_examples,
    word_targets,
)
from pipeline.train.fine_tuning import CLASSES
from pipeline.train.names import Names
from pipeline.train.rewriting import Rewriting
from tests.train.tiny import marked

OUT, B_D, I_D, B_S, I_S, B_T, I_T = (1 << place for place in range(7))
ANY = OUT | B_D | I_D | B_S | I_S | B_T | I_T


def encode(words: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Give each word a piece for each of its first letters, three at most; an x has none."""
    return {word: () if word == "x" else tuple(map(ord, word[:3])) for word in words}


def document(
    text: str, labels: CorpusLabels = CLINICAL_NOTES, weight: float = 1.0
) -> LabelledDocument:
    plain, spans = marked(text)
    return LabelledDocument(GoldDocument(Note("1", plain), tuple(spans)), weight, labels)


def targets(text: str, labels: CorpusLabels = CLINICAL_NOTES) -> list[int]:
    plain, spans = marked(text)
    return word_targets(plain, find_words(plain), spans, Targets(CLASSES, labels))


def examples(
    found: LabelledDocument,
    limit: int = 64,
    variation: Variation | None = None,
    seed: int = 0,
    gazetteer: Gazetteer = NO_NAMES,
) -> list[Example]:
    rng = Random(seed)
    return list(make_examples(found, CLASSES, encode, limit, variation, rng, gazetteer))


def test_of_overlapping_spans_the_longest_stays() -> None:
    spans = [Span(0, 5, "A"), Span(3, 12, "B"), Span(11, 14, "C"), Span(12, 14, "D")]

    assert flatten(spans) == [Span(3, 12, "B"), Span(12, 14, "D")]


def test_words_begin_and_go_on() -> None:
    text = "No {DISEASE heart failure}, {SYMPTOM fever} {SYMPTOM nausea}, {TREATMENT aspirin}"

    assert targets(text) == [OUT, B_D, I_D, OUT, B_S, B_S, OUT, B_T]


def test_an_abstract_does_not_tell_symptoms_from_diseases_and_marks_no_treatment() -> None:
    free = OUT | B_T | I_T

    assert targets("Chronic {DISEASE back pain} after aspirin", ABSTRACTS) == [
        free, B_D | B_S, I_D | I_S, free, free,
    ]  # fmt: skip


def test_trial_criteria_mark_treatments_too() -> None:
    assert targets("No {DISEASE gout} or {TREATMENT knee surgery}", TRIAL_CRITERIA) == [
        OUT, B_D | B_S, OUT, B_T, I_T,
    ]  # fmt: skip


def test_of_notes_without_gold_nothing_is_known() -> None:
    assert targets("He has gout.", UNLABELLED) == [ANY] * 4


@pytest.mark.parametrize("labels", [*CORPORA, UNLABELLED], ids=lambda labels: labels.name)
def test_what_a_corpus_tells_apart_has_each_class_once(labels: CorpusLabels) -> None:
    told = Targets(CLASSES, labels)
    sets = [told.outside]
    for label in labels.annotated:
        sets += [told.first(label), told.later(label)]

    assert told.unknown == ANY
    assert sum(sets) == ANY
    assert all(one & other == 0 for one in sets for other in sets if one is not other)


def test_a_word_that_is_partly_marked_counts() -> None:
    assert targets("a{SYMPTOM febrile} today") == [B_S, OUT]


def test_a_span_across_lines_says_nothing() -> None:
    assert targets("{DISEASE heart\nfailure}, {SYMPTOM fever}") == [ANY, ANY, OUT, B_S]


_DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from(["sore arm", "gout", "is.so", "x", "[DATE] at"]),
        st.sampled_from([None, "SYMPTOM", "DISEASE", "TREATMENT"]),
        st.sampled_from([" ", "\n", ", ", ". "]),
    ),
    max_size=20,
)


@given(_DOCUMENTS, st.sampled_from([*CORPORA, UNLABELLED]), st.integers(0, 99), st.booleans())
def test_pieces_keep_the_targets_of_their_words(
    parts: list[tuple[str, str | None, str]], labels: CorpusLabels, seed: int, is_varied: bool
) -> None:
    found = document(
        "".join(f"{{{label} {text}}}{gap}" if label else text + gap for text, label, gap in parts),
        labels,
        0.5,
    )
    text = found.gold.note.text
    words = [text[start:end] for start, end in find_words(text)]
    kept = [span for span in found.gold.spans if span.label in labels.annotated]
    expected: list[tuple[int, int]] = []
    of_words = word_targets(text, find_words(text), kept, Targets(CLASSES, labels))
    for word, target in zip(words, of_words, strict=True):
        first, *others = encode([word])[word] or (0,)
        expected += [(first, target), *((piece, NO_WORD) for piece in others)] if first else []

    variation = Variation(disguised=0.0, rewritten=0.0, windows=(6, 9)) if is_varied else None
    windows = examples(found, 8, variation, seed)

    assert [
        pair for window in windows for pair in zip(window.pieces, window.targets, strict=True)
    ] == expected  # fmt: skip
    assert all(len(window) <= 8 and window.weight == 0.5 for window in windows)


def test_only_first_pieces_have_a_target() -> None:
    found = examples(document("An {DISEASE ague}", weight=0.5))

    assert found == [Example(tuple(map(ord, "Anagu")), (OUT, NO_WORD, B_D, NO_WORD, NO_WORD), 0.5)]


def test_what_a_corpus_marks_by_other_rules_counts_as_unmarked() -> None:
    (found,) = examples(document("{TREATMENT Ag} for {DISEASE ague}", ABSTRACTS))

    free = OUT | B_T | I_T
    assert [target for target in found.targets if target] == [free, free, B_D | B_S]


def test_documents_are_cut_anew_each_time() -> None:
    found = document("Eats well. Sleeps. No cough now. Walks. " * 5)
    variation = Variation(disguised=0.0, windows=(12, 24))

    cuts = {
        tuple(len(window) for window in examples(found, 24, variation, seed)) for seed in range(20)
    }

    assert len(cuts) > 4
    assert {max(sizes) <= 12 for sizes in cuts} == {True, False}


def test_changed_documents_keep_their_mentions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_REPLACED", 1.0)
    monkeypatch.setattr(rewriting, "_SLIPS", (0.0,))
    names = Rewriting(Names({"DISEASE": ("gum boil",)}), Abbreviations({}, {}))
    found = document("Mr. Byrd, seen 3/14/2019, has {DISEASE asthma} and {SYMPTOM fever}.")
    gum_boil_and_fever = [
        (tuple(map(ord, "gum")), B_D), (tuple(map(ord, "boi")), I_D), (tuple(map(ord, "fev")), B_S),
    ]  # fmt: skip

    texts = set()
    for seed in range(20):
        windows = examples(found, 64, Variation(1.0, 1.0, names, (64,)), seed)
        pieces = sum((window.pieces for window in windows), ())
        told = sum((window.targets for window in windows), ())
        texts.add(pieces)
        at = [place for place, target in enumerate(told) if target not in (OUT, NO_WORD)]
        assert [(pieces[i : i + 3], told[i]) for i in at] == gum_boil_and_fever
    assert len(texts) > 5


KNOWN = Gazetteer({"gout": 0, "sore arm": 1, "gum boil": 0, "fever": 1, "at": 3})


def test_every_piece_has_the_type_of_its_word() -> None:
    """Pieces: three of Old, sore and arm, none of x, three of gout, one of the full stop."""
    (found,) = examples(document("Old sore arm x gout."), gazetteer=KNOWN)

    assert found.types == (0, 0, 0, 3, 3, 3, 4, 4, 4, 1, 1, 1, 0)
    assert found.pieces == tuple(map(ord, "Oldsorarmgou."))


def test_without_known_names_examples_have_no_types() -> None:
    found = document("Old {SYMPTOM sore leg}.")

    assert examples(found, gazetteer=KNOWN) == examples(found)
    assert [example.types for example in examples(found)] == [()]


def test_the_gold_has_no_say_in_types_nor_they_in_targets() -> None:
    text = "{TREATMENT Gout} fever {DISEASE at sore} arm"
    (plain,), (told,) = examples(document(text)), examples(document(text), gazetteer=KNOWN)

    assert (told.pieces, told.targets) == (plain.pieces, plain.targets)
    assert told.types == (1, 1, 1, 3, 3, 3, 7, 7, 3, 3, 3, 4, 4, 4)


@given(_DOCUMENTS, st.integers(0, 99), st.booleans())
def test_types_stay_with_their_pieces_wherever_a_document_is_cut(
    parts: list[tuple[str, str | None, str]], seed: int, is_varied: bool
) -> None:
    found = document("".join(text + gap for text, _, gap in parts))
    text = found.gold.note.text
    words = find_words(text)
    expected = [
        pair
        for (start, end), kind in zip(words, KNOWN.token_types(text, words), strict=True)
        for pair in [(piece, kind) for piece in encode([text[start:end]])[text[start:end]]]
    ]

    variation = Variation(0.0, 0.0, windows=(6, 9), forgotten=0.0) if is_varied else None
    windows = [w for w in examples(found, 8, variation, seed, KNOWN) if len(w)]

    are_named = [bool(window.types) for window in windows]
    assert are_named == [any(kind for _, kind in expected)] * len(windows)
    if any(are_named):
        found_pairs = [
            pair for window in windows for pair in zip(window.pieces, window.types, strict=True)
        ]
        assert found_pairs == expected


def test_names_are_found_in_the_changed_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewriting, "_REPLACED", 1.0)
    monkeypatch.setattr(rewriting, "_SLIPS", (0.0,))
    names = Rewriting(Names({"DISEASE": ("gum boil",)}), Abbreviations({}, {}))
    (found,) = examples(
        document("Has {DISEASE gout}."), 64, Variation(0.0, 1.0, names, (64,), 0.0), 0, KNOWN
    )

    assert found.pieces == tuple(map(ord, "Hasgumboi."))
    assert found.types == (0, 0, 0, 1, 1, 1, 2, 2, 2, 0)


def test_the_model_is_not_told_of_every_name() -> None:
    """Of two names each time both are kept, or the first, or the second, or none."""
    found = document("Old sore arm, gout.")
    both, first = (0, 0, 0, 3, 3, 3, 4, 4, 4, 0, 1, 1, 1, 0), (0, 0, 0, 3, 3, 3, 4, 4, 4, *[0] * 5)
    second = (*[0] * 10, 1, 1, 1, 0)

    def drawn(forgotten: float) -> set[tuple[int, ...]]:
        variation = Variation(0.0, 0.0, windows=(64,), forgotten=forgotten)
        return {examples(found, 64, variation, seed, KNOWN)[0].types for seed in range(60)}

    assert drawn(0.0) == {both}
    assert drawn(0.4) == {both, first, second, ()}
    assert drawn(1.0) == {()}


def test_a_tenth_of_documents_and_of_names_is_forgotten() -> None:
    names, rng = [(place, place + 1, place % 4) for place in range(40)], Random(1)

    kept = [Variation().remember(names, rng) for _ in range(2000)]

    told = [some for some in kept if some]
    assert len(told) / 2000 == pytest.approx(0.9, abs=0.02)
    assert sum(map(len, told)) / (40 * len(told)) == pytest.approx(0.9, abs=0.01)
    assert all(some == [name for name in names if name in some] for some in told)
    assert len({tuple(some) for some in told}) > 1000


def test_a_document_without_words_gives_nothing() -> None:
    assert examples(document(" \n "), variation=Variation()) == []
    assert [len(window) for window in examples(document("x"))] == [0]


def test_batches_are_full_but_not_too_large() -> None:
    found = [Example((1,) * size, (OUT,) * size) for size in (8, 3, 8, 4, 0, 8)]

    batches = make_batches(found, 20, Random(0))

    sizes = sorted(sorted(len(example) for example in batch) for batch in batches)
    assert sizes == [[3, 4], [8], [8, 8]]


@given(st.lists(st.integers(0, 30), max_size=30), st.integers(0, 99))
def test_batches_hold_every_window_once(sizes: list[int], seed: int) -> None:
    found = [Example((place,) * size, (OUT,) * size) for place, size in enumerate(sizes)]

    batches = make_batches(found, 40, Random(seed))

    held = sorted(example.pieces for batch in batches for example in batch)
    assert held == sorted(example.pieces for example in found if len(example))
    for batch in batches:
        assert len(batch) * (max(map(len, batch)) + 2) <= 40
