from __future__ import annotations

import pytest

from pipeline.evaluate.breakdown import Verdict, judge
from pipeline.evaluate.examples import Example, choose_examples, excerpt
from pipeline.evaluate.gold import GoldDocument
from pipeline.note import Note, Span

TEXT = "Long known to us, she had severe knee pain\n\nat night, [worse] on stairs."


def place(words: str | None) -> Span | None:
    if words is None:
        return None
    start = TEXT.index(words)
    return Span(start, start + len(words), "SYMPTOM")


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        ("knee pain", "knee pain", "… she had severe {<knee pain>} at night, [worse] …"),
        ("severe knee pain", "knee pain", "… us, she had {severe <knee pain>} at night, [worse] …"),
        ("severe knee", "knee pain", "… us, she had {severe <knee} pain> at night, [worse] …"),
        ("knee", "severe knee pain", "… us, she had <severe {knee} pain> at night, [worse] …"),
        ("severe", "severe knee", "… us, she had <{severe} knee> pain at night, …"),
        ("pain", None, "… had severe knee {pain} at night, [worse] …"),
        (None, "stairs", "… night, [worse] on <stairs>."),
        ("Long", None, "{Long} known to us, …"),
        (None, "worse", "… pain at night, [<worse>] on stairs."),
    ],
)
def test_an_excerpt_marks_mentions_among_a_few_words(
    gold: str | None, predicted: str | None, expected: str
) -> None:
    assert excerpt(TEXT, place(gold), place(predicted)) == expected


def test_an_excerpt_of_endless_words_is_short() -> None:
    text = "x" * 10_000 + " gout " + "y" * 10_000
    assert len(excerpt(text, Span(10_001, 10_005, "DISEASE"), None)) < 200


def test_what_a_terminal_would_obey_is_taken_out() -> None:
    assert excerpt("a \x1b[31mgout", Span(2, 11, "DISEASE"), None) == "a {�[31mgout}"


def document(note_id: str, mentions: int) -> GoldDocument:
    """Return a document in which the words w0, w1 ... are symptoms."""
    spans = tuple(Span(3 * n, 3 * n + 2, "SYMPTOM") for n in range(mentions))
    return GoldDocument(Note(note_id, " ".join(f"w{n}" for n in range(mentions))), spans)


def test_examples_are_spread_over_the_documents() -> None:
    documents = [document("a", 4), document("b", 4), document("c", 4)]
    judgements = [judge(gold.spans, []) for gold in documents]
    examples = choose_examples(documents, judgements, 3)
    assert [example.verdict for example in examples] == [Verdict.MISSED] * 3
    assert [example.excerpt for example in examples] == ["{w0} w1 w2 w3"] * 3
    assert examples == choose_examples(documents, judgements, 3)


def test_no_more_examples_than_there_are_and_none_of_what_is_right() -> None:
    gold = document("a", 3)
    predicted = [Span(0, 2, "SYMPTOM"), Span(3, 5, "DISEASE")]
    examples = choose_examples([gold], [judge(gold.spans, predicted)], 5)
    assert examples == (
        Example(Verdict.WRONG_LABEL, "SYMPTOM", "DISEASE", "w0 {<w1>} w2"),
        Example(Verdict.MISSED, "SYMPTOM", None, "w0 w1 {w2}"),
    )
    assert choose_examples([gold], [judge(gold.spans, predicted)], 0) == ()


def test_text_is_kept_out_of_repr() -> None:
    assert "gout" not in repr(Example(Verdict.MISSED, "DISEASE", None, "{gout}"))
