"""Tests of what the trainings of token classifiers share."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.nn.functional import cross_entropy
from transformers import BertConfig, BertForTokenClassification

from pipeline.evaluate.corpora import ABSTRACTS, UNLABELLED
from pipeline.train.examples import NO_WORD, Example, Targets
from pipeline.train.fine_tuning import CLASSES
from pipeline.train.fitting import RunningMean, parameter_groups, token_loss, widen_types
from pipeline.train.teachers import Teachers
from tests.train.tiny import PIECES

CPU = torch.device("cpu")
BATCH = [
    Example((5, 6, 7), (0b00010, NO_WORD, 0b00100), 1.0),
    Example((8, 9, 10, 11, 12), (0b00001, 0b10010, NO_WORD, 0b01000, 0b00111), 0.5),
    Example((13,), (NO_WORD,), 2.0),
    Example((14, 15), (0b10000, 0b11111), 2.0),
]


@pytest.fixture(scope="module")
def model() -> Any:
    """Make a tiny random classifier of five classes that drops nothing."""
    torch.manual_seed(7)
    config = BertConfig(vocab_size=30522, hidden_size=16, num_hidden_layers=2, num_labels=5,
                        num_attention_heads=2, intermediate_size=16, type_vocab_size=4,
                        initializer_range=0.5)  # fmt: skip
    return BertForTokenClassification(config).eval()


def plain_loss(model: Any, batch: list[Example]) -> float:
    """Compute the loss piece by piece, each window alone, without padding or batches."""
    total = weights = 0.0
    for example in batch:
        ids = torch.tensor([[PIECES.cls, *example.pieces, PIECES.sep]])
        types = torch.tensor([[0, *(example.types or (0,) * len(example)), 0]])
        with torch.inference_mode():
            logits = model(input_ids=ids, token_type_ids=types).logits[0, 1:-1]
        for row, target in zip(torch.softmax(logits, dim=-1), example.targets, strict=True):
            if target != NO_WORD:
                possible = [p for place, p in enumerate(row) if target & 1 << place]
                total -= example.weight * torch.stack(possible).sum().log().item()
                weights += example.weight
    return total / weights


def test_the_loss_is_the_weighted_mean_over_first_pieces(model: Any) -> None:
    loss = token_loss(model, PIECES, BATCH, 0.0, CPU)

    assert loss.item() == pytest.approx(plain_loss(model, BATCH), rel=1e-5)


def test_with_one_possible_class_it_is_the_cross_entropy(model: Any) -> None:
    ids = torch.tensor([[PIECES.cls, 5, 6, 7, PIECES.sep]])
    with torch.inference_mode():
        logits = model(input_ids=ids).logits[0]
    expected = cross_entropy(logits, torch.tensor([-100, 1, -100, 2, -100])).item()

    assert token_loss(model, PIECES, BATCH[:1], 0.0, CPU).item() == pytest.approx(expected)


def test_the_loss_sees_types(model: Any) -> None:
    batch = [Example((5, 6, 7), (2, 1, 4), types=(1, 1, 2)), Example((8,), (8,), types=(3,))]

    loss = token_loss(model, PIECES, batch, 0.0, CPU).item()

    assert loss == pytest.approx(plain_loss(model, batch), rel=1e-5)
    assert loss != pytest.approx(plain_loss(model, [Example(e.pieces, e.targets) for e in batch]))


def test_hidden_pieces_are_masked_but_for_the_ends(model: Any) -> None:
    masked = [
        Example((PIECES.mask,) * len(example), example.targets, example.weight)
        for example in BATCH
    ]  # fmt: skip

    loss = token_loss(model, PIECES, BATCH, 1.1, CPU)

    assert loss.item() == pytest.approx(plain_loss(model, masked), rel=1e-5)


@pytest.mark.parametrize("is_taught", [False, True])
def test_a_batch_without_words_costs_nothing(model: Any, is_taught: bool) -> None:
    teachers = Teachers((model,), 0.5) if is_taught else None
    batch = [Example((5, 6), (NO_WORD, NO_WORD))]

    loss = token_loss(model, PIECES, batch, 0.0, CPU, teachers)
    loss.backward()  # type: ignore[no-untyped-call]

    assert loss.item() == 0.0
    assert all(not p.grad.any() for p in model.parameters() if p.grad is not None)


class Fixed(torch.nn.Module):
    """Says the same of a single window whatever it holds, and remembers what it was shown."""

    def __init__(self, *words: Sequence[float]) -> None:
        """Take the class probabilities of each word."""
        super().__init__()
        size = len(words[0])
        ends = [1 / size] * size
        self.logits = torch.nn.Parameter(torch.tensor([[ends, *words, ends]]).log())
        self.shown: list[list[int]] = []

    def forward(self, input_ids: torch.Tensor, **others: torch.Tensor) -> SimpleNamespace:
        self.shown += input_ids.tolist()
        return SimpleNamespace(logits=self.logits)

    def gradient(self) -> torch.Tensor:
        """Return the gradient of the words' logits, shape (words, classes)."""
        assert self.logits.grad is not None
        return self.logits.grad[0, 1:-1]


def loss_of(
    student: Fixed, *targets: int, teachers: Teachers | None = None, masked: float = 0.0
) -> torch.Tensor:
    pieces = tuple(range(5, 5 + len(targets)))
    return token_loss(student, PIECES, [Example(pieces, targets)], masked, CPU, teachers)


def near(*values: float) -> Any:
    return pytest.approx(list(values), abs=1e-6)


# The probabilities of O, B-DISEASE, I-DISEASE, B-SYMPTOM, I-SYMPTOM, B-TREATMENT, I-TREATMENT.
WORD = (0.3, 0.1, 0.05, 0.2, 0.05, 0.2, 0.1)
OF_ABSTRACTS = Targets(CLASSES, ABSTRACTS)


@pytest.mark.parametrize(
    ("target", "possible"),
    [
        (OF_ABSTRACTS.outside, (0, 5, 6)),
        (OF_ABSTRACTS.first("DISEASE"), (1, 3)),
        (OF_ABSTRACTS.later("DISEASE"), (2, 4)),
    ],
)
def test_an_abstract_moves_nothing_between_the_classes_that_it_leaves_possible(
    target: int, possible: tuple[int, ...]
) -> None:
    """All possible classes gain in proportion to what they have, all others lose likewise."""
    student = Fixed(WORD)
    share = sum(WORD[place] for place in possible)

    loss = loss_of(student, target)
    loss.backward()  # type: ignore[no-untyped-call]

    assert loss.item() == pytest.approx(-torch.tensor(share).log().item())
    assert student.gradient()[0].tolist() == near(
        *(p - p / share if place in possible else p for place, p in enumerate(WORD))
    )


def test_how_possible_classes_share_their_probability_costs_nothing() -> None:
    losses = [
        loss_of(Fixed((outside, 0.1, 0.1, 0.1, 0.1, begins, inside)), OF_ABSTRACTS.outside).item()
        for outside, begins, inside in ((0.2, 0.2, 0.2), (0.58, 0.01, 0.01))
    ]

    assert losses[0] == pytest.approx(losses[1])


def test_notes_without_gold_cost_nothing_without_teachers() -> None:
    student = Fixed(WORD, WORD[::-1])
    unknown = Targets(CLASSES, UNLABELLED).outside

    loss = loss_of(student, unknown, unknown)
    loss.backward()  # type: ignore[no-untyped-call]

    assert abs(loss.item()) < 1e-6
    assert student.gradient().abs().max() < 1e-6


def test_weights_of_corpora_are_those_of_their_words(model: Any) -> None:
    heavy, light = Example((5,), (2,), 3.0), Example((8, 9), (4, 8), 0.5)
    alone = [token_loss(model, PIECES, [e], 0.0, CPU).item() for e in (heavy, light)]

    both = token_loss(model, PIECES, [heavy, light], 0.0, CPU).item()

    assert both == pytest.approx((3 * alone[0] + 2 * 0.5 * alone[1]) / 4, rel=1e-5)


def test_weights_count_against_those_of_the_same_batch_alone(model: Any) -> None:
    losses = [
        token_loss(model, PIECES, [Example((8, 9), (4, 8), weight)], 0.0, CPU).item()
        for weight in (0.01, 1.0, 5.0)
    ]

    assert losses == pytest.approx([losses[1]] * 3)


def test_a_corpus_without_weight_teaches_nothing() -> None:
    student = Fixed(WORD)

    loss = token_loss(student, PIECES, [Example((5,), (1,), 0.0)], 0.0, CPU)
    loss.backward()  # type: ignore[no-untyped-call]

    assert loss.item() == 0.0
    assert not student.gradient().any()


TEACHERS = Teachers((Fixed((0.7, 0.2, 0.1)), Fixed((0.1, 0.6, 0.3))), 0.25)
MEAN = (0.4, 0.4, 0.2)


def test_on_notes_without_gold_only_the_teachers_count() -> None:
    student = Fixed((0.5, 0.3, 0.2))

    loss = loss_of(student, 0b111, teachers=TEACHERS)

    expected = cross_entropy(torch.tensor([0.5, 0.3, 0.2]).log(), torch.tensor(MEAN))
    assert loss.item() == pytest.approx(expected.item())


def test_a_student_learns_nothing_more_when_it_is_as_its_teachers() -> None:
    student = Fixed(MEAN)
    least = loss_of(student, 0b111, teachers=TEACHERS)
    least.backward()  # type: ignore[no-untyped-call]

    assert student.gradient()[0].tolist() == near(0, 0, 0)
    for other in ((0.5, 0.3, 0.2), (0.41, 0.39, 0.2), (0.05, 0.05, 0.9)):
        assert loss_of(Fixed(other), 0b111, teachers=TEACHERS) > least


def test_beside_the_gold_teachers_count_by_their_share() -> None:
    student = Fixed([0.25 * p + 0.75 * (place == 1) for place, p in enumerate(MEAN)])

    loss_of(student, 0b010, teachers=TEACHERS).backward()  # type: ignore[no-untyped-call]

    assert student.gradient()[0].tolist() == near(0, 0, 0)


def test_teachers_tell_apart_what_the_gold_leaves_possible() -> None:
    student = Fixed((0.3, 0.3, 0.4))

    loss_of(student, 0b011, teachers=TEACHERS).backward()  # type: ignore[no-untyped-call]

    of_gold = [0.3 - 0.5, 0.3 - 0.5, 0.4]
    of_teachers = [0.3 - 0.4, 0.3 - 0.4, 0.4 - 0.2]
    assert student.gradient()[0].tolist() == near(
        *(0.75 * a + 0.25 * b for a, b in zip(of_gold, of_teachers, strict=True))
    )


def test_teachers_learn_nothing_and_see_what_is_hidden_from_the_student() -> None:
    student, teacher = Fixed((0.5, 0.3, 0.2), (0.2, 0.3, 0.5)), Fixed(MEAN, MEAN)

    loss = loss_of(student, 1, 7, teachers=Teachers((teacher,), 0.5), masked=1.1)
    loss.backward()  # type: ignore[no-untyped-call]

    assert teacher.logits.grad is None
    assert student.gradient().abs().min() > 0
    assert teacher.shown == [[PIECES.cls, 5, 6, PIECES.sep]]
    assert student.shown == [[PIECES.cls, PIECES.mask, PIECES.mask, PIECES.sep]]


def weight_of(value: float) -> Any:
    model = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.constant_(model.weight, value)
    return model


def means(running: RunningMean, values: Sequence[float]) -> list[float]:
    found = []
    for value in values:
        running.update(weight_of(value))
        found.append(running.weights["weight"].item())
    return found


def test_the_mean_soon_forgets_where_it_began() -> None:
    """After n steps it keeps n / (n + 10): first 1/11, then 2/12, then 3/13."""
    running = RunningMean(weight_of(1.0), 0.9)

    assert means(running, [12.0, 5.0, 18.0]) == pytest.approx([11.0, 6.0, 6 * 3 / 13 + 180 / 13])


def test_the_mean_never_keeps_more_than_it_is_told() -> None:
    running = RunningMean(weight_of(3.0), 0.05)

    assert means(running, [1.0, 21.0]) == pytest.approx([1.1, 20.005])


def test_a_mean_that_keeps_nothing_is_the_last_step() -> None:
    values = torch.rand(5).tolist()

    assert means(RunningMean(weight_of(7.0), 0.0), values) == values


def test_the_mean_is_no_view_of_the_model() -> None:
    model = weight_of(2.0)
    running = RunningMean(model, 0.5)
    torch.nn.init.constant_(model.weight, 8.0)

    assert running.weights["weight"].item() == 2.0


def test_a_restored_mean_goes_on_as_if_never_stopped() -> None:
    whole, stopped = RunningMean(weight_of(1.0), 0.99), RunningMean(weight_of(1.0), 0.99)
    means(stopped, [4.0, 2.0, 9.0])
    resumed = RunningMean(weight_of(-5.0), 0.99)
    resumed.restore(stopped.state())

    assert means(resumed, [3.0, 0.5]) == means(whole, [4.0, 2.0, 9.0, 3.0, 0.5])[3:]


def test_layers_learn_slower_towards_the_input(model: Any) -> None:
    groups = parameter_groups(
        model, learning_rate=0.1, layer_decay=0.5, head_factor=3.0, weight_decay=0.01
    )

    rates = {id(p): group["lr"] for group in groups for p in group["params"]}
    decays = {id(p): group["weight_decay"] for group in groups for p in group["params"]}
    layers = model.bert.encoder.layer
    assert len(rates) == len(list(model.parameters()))
    assert rates[id(model.classifier.weight)] == pytest.approx(0.3)
    assert rates[id(layers[1].output.dense.weight)] == pytest.approx(0.1)
    assert rates[id(layers[0].output.dense.weight)] == pytest.approx(0.05)
    assert rates[id(model.bert.embeddings.word_embeddings.weight)] == pytest.approx(0.025)
    assert decays[id(model.classifier.weight)] == 0.01
    assert decays[id(model.classifier.bias)] == 0.0
    assert decays[id(layers[0].output.LayerNorm.weight)] == 0.0


TYPES = "bert.embeddings.token_type_embeddings.weight"


def classifier_of(types: int) -> Any:
    torch.manual_seed(3)
    config = BertConfig(vocab_size=200, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
                        intermediate_size=16, num_labels=5, type_vocab_size=types,
                        initializer_range=0.5)  # fmt: skip
    return BertForTokenClassification(config).eval()


@pytest.mark.parametrize("types", [2, 4, 12])
def test_an_encoder_gets_new_types_that_are_almost_its_first(types: int) -> None:
    model = classifier_of(types)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}

    widen_types(model, 9)

    rows = model.state_dict()[TYPES]
    assert model.config.type_vocab_size == 9
    assert rows.shape == (9, 16)
    assert torch.equal(rows[0], before[TYPES][0])
    assert rows.numpy() == pytest.approx(before[TYPES][:1].repeat(9, 1).numpy(), abs=0.06)
    assert len({tuple(row.tolist()) for row in rows}) == 9
    for name in before.keys() - {TYPES}:
        assert torch.equal(model.state_dict()[name], before[name])


def test_what_is_in_no_name_is_read_as_before() -> None:
    model, ids = classifier_of(2), torch.tensor([[5, 6, 7, 8]])
    before = model(input_ids=ids).logits

    widen_types(model, 9)

    assert torch.equal(model(input_ids=ids).logits, before)
    named = model(input_ids=ids, token_type_ids=torch.tensor([[0, 1, 8, 0]])).logits
    assert not torch.equal(named, before)


def test_new_types_are_learned() -> None:
    model = classifier_of(2)

    widen_types(model, 9)
    types = dict(model.named_parameters())[TYPES]
    token_loss(model, PIECES, [Example((5, 6), (1, 2), types=(7, 0))], 0.0, CPU).backward()  # type: ignore[no-untyped-call]

    assert types.grad is not None
    assert types.grad.any(dim=1).tolist() == [place in (0, 7) for place in range(9)]


def test_types_that_were_learned_stay() -> None:
    model = classifier_of(9)
    learned = model.state_dict()[TYPES].clone()

    widen_types(model, 9)

    assert torch.equal(model.state_dict()[TYPES], learned)
    assert model.config.type_vocab_size == 9
