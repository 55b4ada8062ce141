"""Tests of the word pieces of single words."""

from __future__ import annotations

from tokenizers import Tokenizer

from pipeline.encoder._hf import WordPieces
from pipeline.resources import data_path

PIECES = WordPieces(Tokenizer.from_file(str(data_path("models", "bert") / "tokenizer.json")))


def test_case_and_accents_do_not_count() -> None:
    encoded = PIECES.encode(["Élan", "ELAN", "e\u0301lan", "elan"], 9)

    assert len(set(encoded.values())) == 1
    assert encoded["elan"] != ()


def test_a_word_has_a_limit() -> None:
    encoded = PIECES.encode(["xqzwvkj"], 2)

    assert len(encoded["xqzwvkj"]) == 2


def test_what_the_vocabulary_drops_has_no_pieces() -> None:
    words = ["\x00", "\u200b", "\u0301", "\ufffd", "\ud800", "\udfff\udc00"]

    assert PIECES.encode(words, 9) == dict.fromkeys(words, ())


def test_a_lone_surrogate_in_a_word_is_as_if_it_were_not_there() -> None:
    encoded = PIECES.encode(["pa\ud83din", "pain"], 9)

    assert encoded["pa\ud83din"] == encoded["pain"]


def test_names_of_special_pieces_are_text() -> None:
    special = {PIECES.cls, PIECES.sep, PIECES.pad, PIECES.mask}

    assert special.isdisjoint(PIECES.encode(["[SEP]"], 9)["[SEP]"])


def test_equal_words_are_encoded_once() -> None:
    assert list(PIECES.encode(["no", "pain", "no"], 9)) == ["no", "pain"]
    assert PIECES.encode([], 9) == {}
