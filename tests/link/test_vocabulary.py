from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import SetupError
from pipeline.link.build import assemble
from pipeline.link.normalisation import load_word_forms
from pipeline.link.vocabulary import Vocabulary, read_vocabulary, write_vocabulary
from tests.link.terminologies import TERMS


@pytest.fixture
def vocabulary() -> Vocabulary:
    return assemble(TERMS, load_word_forms())


def test_reads_what_was_written(vocabulary: Vocabulary, tmp_path: Path) -> None:
    write_vocabulary(vocabulary, tmp_path)
    read = read_vocabulary(tmp_path)
    assert [read.concept(i) for i in range(len(read))] == [
        vocabulary.concept(i) for i in range(len(vocabulary))
    ]
    assert list(read.familiarity) == list(vocabulary.familiarity)
    assert read.licences["symp"] == "CC0 1.0"


def test_familiarity_counts_terminologies(vocabulary: Vocabulary) -> None:
    places = {vocabulary.concept(i).concept_id: i for i in range(len(vocabulary))}
    assert vocabulary.familiarity[places["MESH:D006973"]] == 9
    assert vocabulary.familiarity[places["SYMP:0000006"]] == 1


@pytest.mark.parametrize("name", ["concepts.parquet", "names.parquet", "words.parquet"])
def test_missing_or_damaged_file(vocabulary: Vocabulary, tmp_path: Path, name: str) -> None:
    write_vocabulary(vocabulary, tmp_path)
    (tmp_path / name).write_bytes(b"PAR1")
    with pytest.raises(SetupError, match="chartsift vocabulary build"):
        read_vocabulary(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(SetupError, match="chartsift vocabulary build"):
        read_vocabulary(tmp_path)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("labels", np.array([1], np.uint8), "one cell for each concept"),
        ("starts", np.array([0, 1]), "end where its tokens do"),
        ("words", ["gout"], "places in its words"),
    ],
)
def test_arrays_that_do_not_fit(
    vocabulary: Vocabulary, field: str, value: object, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        replace(vocabulary, **{field: value})
