"""From a mention to its words: windows, weights, opinions and doubts."""

from __future__ import annotations

import math

import pytest

from pipeline.errors import SetupError
from pipeline.explain import Explanation, explain
from pipeline.extract.bert import BertAnnotator
from pipeline.note import Mention, Note
from tests.explain.planted import planted

TEXT = "She denies cough, asthma today."
START, END = TEXT.index("asthma"), TEXT.index("asthma") + len("asthma")
[[FOUND]] = planted().annotate([Note("n1", TEXT)])

# The cues of asthma, cough and denies are 4, 3 and -1; O has 3 and the five other classes 0.
GAIN = math.log((math.exp(6) + 1) / (math.exp(6) + math.exp(3) + 5)) - math.log(
    2 / (math.exp(3) + 6)
)


def mention(**changes: object) -> Mention:
    values = {"start": START, "end": END, "label": "DISEASE", "score": FOUND.score}
    return Mention(**(values | {"annotators": ("bert",)} | changes))  # type: ignore[arg-type]


def explained(bert: BertAnnotator | None = None, **changes: object) -> Explanation:
    return explain(bert or planted(), Note("n1", TEXT), mention(**changes))


def test_the_model_finds_what_is_explained() -> None:
    assert mention() == FOUND


def test_words_have_their_weights_and_places() -> None:
    found = explained()

    assert [(TEXT[w.start : w.end], w.place) for w in found.words] == [
        ("She", -4),
        ("denies", -3),
        ("cough", -2),
        (",", -1),
        ("asthma", 0),
        ("today", 1),
        (".", 2),
    ]
    expected = [0, -GAIN / 6, 3 * GAIN / 6, 0, 4 * GAIN / 6, 0, 0]
    assert [w.weight for w in found.words] == pytest.approx(expected, abs=1e-4)
    assert [TEXT[w.start : w.end] for w in found.heaviest(3)] == ["asthma", "cough", "denies"]
    assert found.gain == pytest.approx(GAIN, abs=1e-5)
    assert found.error == pytest.approx(0, abs=1e-3)
    assert found.own_share == pytest.approx(4 / 8, abs=1e-4)
    assert found.relative(found.words[1].weight) == pytest.approx(-1 / 4, abs=1e-4)
    assert found.doubts == ()


def test_opinions_are_the_probabilities_of_labels() -> None:
    [opinion] = explained().opinions

    total = math.exp(6) + math.exp(3) + 5
    assert opinion.labels == pytest.approx(
        {"DISEASE": (math.exp(6) + 1) / total, "SYMPTOM": 2 / total, "TREATMENT": 2 / total}
    )
    assert opinion.outside == pytest.approx(math.exp(3) / total, abs=1e-6)


def test_the_mentions_label_comes_first() -> None:
    assert explained(label="SYMPTOM").labels == ["SYMPTOM", "DISEASE", "TREATMENT"]


def test_a_words_weight_is_the_sum_of_its_pieces() -> None:
    text = "xyzzy asthma"
    pieces = planted().classifier.pieces.encode(["xyzzy"], 9)["xyzzy"]
    assert len(pieces) > 1
    found = explain(planted(), Note("n1", text), Mention(6, 12, "DISEASE", 0.9, ("bert",)))

    first, second = found.words
    assert first.weight / second.weight == pytest.approx(0.5 * len(pieces) / 4, abs=1e-3)


def test_only_the_words_of_its_window_can_matter() -> None:
    text = f"Cough and more cough today. {TEXT}"
    shift = len(text) - len(TEXT)
    found = explain(
        planted(window=8), Note("n1", text), mention(start=START + shift, end=END + shift)
    )

    assert found.words[0].start == shift
    assert found.window() == (shift, len(text))
    assert found.doubts == ()


def test_a_mention_in_two_windows_is_doubtful() -> None:
    text = "asthma " * 12
    found = explain(planted(window=8), Note("n1", text), Mention(0, 83, "DISEASE", 0.9, ("x",)))

    assert [w.place for w in found.words] == [0] * 8
    assert found.doubts == ("the model read the mention in two parts; only the larger one is "
                            "explained",)  # fmt: skip
    assert found.window() == (0, 83)


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"score": FOUND.score - 0.06}, f"scores it {FOUND.score:.2f}, OUT has "),
        ({"start": START - 2}, "finds it with other boundaries"),
        ({"label": "SYMPTOM"}, "doesn't find this mention"),
        ({"annotators": ("bert", "en_x"), "label": "SYMPTOM"}, "doesn't find this mention"),
    ],
)
def test_another_model_is_told(changes: dict[str, object], doubt: str) -> None:
    [told] = explained(**changes).doubts

    assert doubt in told
    assert "--config" in told
    assert "asthma" not in told


@pytest.mark.parametrize(
    "changes",
    [
        {"score": FOUND.score - 0.04},
        {"annotators": ("bert", "en_x"), "score": 1.0, "start": START - 2},
    ],
)
def test_a_model_that_finds_the_same_is_not_doubted(changes: dict[str, object]) -> None:
    assert explained(**changes).doubts == ()


def test_a_label_that_the_model_lacks_is_refused() -> None:
    bert = planted(classes=("O", "B-DISEASE", "I-DISEASE", "B-SIGN", "I-SIGN", "B-X", "I-X"))
    with pytest.raises(SetupError, match="has no SYMPTOM: it is not the model that made OUT"):
        explained(bert, label="SYMPTOM")


def test_a_place_without_words_is_refused() -> None:
    with pytest.raises(SetupError, match="reads no word there"):
        explained(start=3, end=4)


def test_the_sentence_and_its_stretches() -> None:
    text = f"Seen today. {TEXT} No plans."
    shift = len("Seen today. ")
    note = Note("n1", text)
    found = explain(planted(), note, mention(start=START + shift, end=END + shift))

    assert found.sentence() == (shift, shift + len(TEXT))
    stretches = list(found.stretches(*found.sentence()))
    assert "".join(stretch.text for stretch in stretches) == TEXT
    assert [stretch.text for stretch in stretches if stretch.in_mention] == ["asthma"]
    weighty = [s.text for s in stretches if abs(s.weight) > 0.01]
    assert weighty == ["denies", "cough", "asthma"]


def test_nothing_shows_the_note_in_a_traceback() -> None:
    assert "asthma" not in repr(explained())
    assert "n1" not in repr(explained())
