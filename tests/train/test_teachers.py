"""Tests of loading teachers: none may know what the student must not."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece

from pipeline.encoder._hf import WordPieces, load_encoder
from pipeline.errors import SetupError
from pipeline.extract.gazetteer import NO_NAMES, Gazetteer, write_gazetteer
from pipeline.train.fine_tuning import CLASSES
from pipeline.train.teachers import Teachers, load_teachers
from tests.train.tiny import PIECES, write_encoder

_VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ague")
SMALL = WordPieces(
    Tokenizer(WordPiece(dict(zip(_VOCABULARY, range(6), strict=True)), unk_token="[UNK]"))
)


def teacher(folder: Path, ids: str | None = "n1\nn2\n", *, seed: int = 0) -> Path:
    write_encoder(folder, pieces=SMALL, size=4, seed=seed)
    if ids is not None:
        (folder / "training_documents.txt").write_text(ids, encoding="utf-8")
    return folder


def load(
    *folders: Path,
    pieces: WordPieces = SMALL,
    gazetteer: Gazetteer = NO_NAMES,
    classes: tuple[str, ...] = CLASSES,
    forbidden: frozenset[str] = frozenset(),
) -> Teachers | None:
    return load_teachers(folders, 0.3, pieces, gazetteer, classes, forbidden, torch.device("cpu"))


def test_without_folders_there_are_no_teachers() -> None:
    assert load() is None


def test_all_that_teachers_have_seen_is_known(tmp_path: Path) -> None:
    folders = teacher(tmp_path / "a"), teacher(tmp_path / "b", "n2\nn 3\nn4", seed=1)

    teachers = load(*folders, forbidden=frozenset({"n", "3", "n5"}))

    assert teachers is not None
    assert teachers.documents == {"n1", "n2", "n 3", "n4"}
    assert (len(teachers.models), teachers.share) == (2, 0.3)


def test_their_opinion_is_the_mean_of_their_probabilities(tmp_path: Path) -> None:
    folders = teacher(tmp_path / "a"), teacher(tmp_path / "b", seed=1)
    ids = torch.tensor([[2, 5, 3]])
    alone = [found.probabilities(input_ids=ids) for folder in folders if (found := load(folder))]

    both = load(*folders)

    assert both is not None
    mean = both.probabilities(input_ids=ids)
    assert mean.shape == (1, 3, 7)
    assert not torch.allclose(alone[0], alone[1])
    assert torch.allclose(mean, (alone[0] + alone[1]) / 2)
    assert torch.equal(mean, both.probabilities(input_ids=ids))  # no dropout
    assert not mean.requires_grad


def test_their_weights_have_a_mean(tmp_path: Path) -> None:
    folders = teacher(tmp_path / "a"), teacher(tmp_path / "b", seed=1)
    alone = [found.models[0].state_dict() for folder in folders if (found := load(folder))]

    both = load(*folders)

    assert both is not None
    mean = both.mean_weights(both.models[1])
    assert mean.keys() == alone[0].keys()
    for name, tensor in mean.items():
        assert torch.allclose(tensor, (alone[0][name] + alone[1][name]) / 2)
    name = "classifier.weight"
    assert torch.equal(both.models[0].state_dict()[name], alone[0][name])  # none was changed
    assert not torch.equal(mean[name], alone[0][name])


def test_weights_of_other_sizes_have_no_mean(tmp_path: Path) -> None:
    teachers = load(teacher(tmp_path / "a"))
    write_encoder(tmp_path / "b", pieces=SMALL, size=8)
    student, _ = load_encoder(tmp_path / "b", CLASSES)

    assert teachers is not None
    with pytest.raises(SetupError, match="without --from-teachers"):
        teachers.mean_weights(student)


def test_a_teacher_that_knows_a_document_for_testing_is_refused(tmp_path: Path) -> None:
    folders = teacher(tmp_path / "a", "n1\n"), teacher(tmp_path / "b", "n2\nn3\nn4\n")

    with pytest.raises(SetupError, match=r"b was trained on 2 documents") as caught:
        load(*folders, forbidden=frozenset({"n3", "n4", "n5"}))
    assert "n3" not in str(caught.value)


def test_a_teacher_that_does_not_say_what_it_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"has no training_documents\.txt"):
        load(teacher(tmp_path / "a", None))


def test_a_teacher_of_other_classes_is_refused(tmp_path: Path) -> None:
    other = CLASSES[:1] + CLASSES[3:5] + CLASSES[1:3] + CLASSES[5:]

    with pytest.raises(SetupError, match="other classes or word pieces"):
        load(teacher(tmp_path / "a"), classes=other)


def test_a_teacher_of_other_pieces_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="other classes or word pieces"):
        load(teacher(tmp_path / "a"), pieces=PIECES)


AGUE = Gazetteer({"ague": 0})


@pytest.mark.parametrize(
    ("known", "told"),
    [(NO_NAMES, AGUE), (AGUE, NO_NAMES), (Gazetteer({"ague": 1}), AGUE),
     (Gazetteer({"ague": 0, "gout": 0}), AGUE)],
)  # fmt: skip
def test_a_teacher_that_is_told_of_other_names_is_refused(
    tmp_path: Path, known: Gazetteer, told: Gazetteer
) -> None:
    folders = teacher(tmp_path / "a"), teacher(tmp_path / "b", seed=1)
    write_gazetteer(told, folders[0])
    write_gazetteer(known, folders[1])

    with pytest.raises(SetupError, match=r"b is told of other names than the student") as caught:
        load(*folders, gazetteer=told)
    assert "ague" not in str(caught.value)


def test_a_teacher_that_is_told_of_the_same_names_is_heard(tmp_path: Path) -> None:
    folder = teacher(tmp_path / "a")
    write_gazetteer(AGUE, folder)

    teachers = load(folder, gazetteer=Gazetteer({"ague": 0}))

    assert teachers is not None
    assert len(teachers.models) == 1


def test_a_missing_teacher_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="lacks"):
        load(tmp_path / "nowhere")
