"""Tests of finding names that a gazetteer knows, and of its file."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SetupError
from pipeline.extract.bert import load_bert
from pipeline.extract.gazetteer import (
    GAZETTEER,
    KINDS,
    N_TYPES,
    NO_NAMES,
    Gazetteer,
    normalise,
    read_gazetteer,
    types_of,
    write_gazetteer,
)
from pipeline.extract.words import find_words
from tests.train.tiny import write_encoder

NAMES = Gazetteer(
    {
        "gout": 0,
        "heart failure": 0,
        "congestive heart failure": 0,
        "crohn s disease": 0,
        "non hodgkin lymphoma": 0,
        "iga ( kappa ) disease": 0,
        "fever": 1,
        "pain": 1,
        "pain in the back": 1,
        "failure to thrive": 2,
        "aspirin": 3,
        "vitamin b12": 3,
    }
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", ""),
        (" \n", ""),
        ("- ' \u2010", ""),
        ("Heart Failure", "heart failure"),
        ("  back\n pain ", "back pain"),
        ("Non-Hodgkin's Lymphomas", "non hodgkin s lymphoma"),
        ("Crohn\u2019s disease", "crohn s disease"),
        ("crohn s disease", "crohn s disease"),
        ("beta\u2010blockers", "beta blocker"),
        ("non\u2011smoker", "non smoker"),
        ("--gum-boil-", "gum boil"),
        ("IgA (kappa)", "iga ( kappa )"),
        ("type 2 diabetes", "type 2 diabete"),
        ("gas", "gas"),
        ("warts", "wart"),
        ("abscess", "abscess"),
        ("pertussis", "pertussis"),
        ("virus", "virus"),
        ("LIPOMAS", "lipoma"),
        ("[DATE]", "[date]"),
    ],
)
def test_names_are_held_in_one_form(name: str, expected: str) -> None:
    assert normalise(name) == expected


@given(st.text(alphabet=st.sampled_from("aBsSi-' u\u0130\u2019(\n\t\x85\u0301")))
def test_a_form_is_its_own_form(name: str) -> None:
    form = normalise(name)

    assert normalise(form) == form
    assert "\t" not in form
    assert len(form.splitlines()) <= 1


def found(text: str, gazetteer: Gazetteer = NAMES) -> list[tuple[str, str]]:
    words = find_words(text)
    names = gazetteer.find(text, words)
    return [(text[words[a][0] : words[b - 1][1]], KINDS[kind]) for a, b, kind in names]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("He walks.", []),
        ("gout", [("gout", "DISEASE")]),
        ("Gout,fever;ASPIRIN", [("Gout", "DISEASE"), ("fever", "SYMPTOM"),
                                ("ASPIRIN", "TREATMENT")]),
        ("gout gout", [("gout", "DISEASE")] * 2),
        ("gouty feverish xgout", []),
        ("heart", []),
        ("vitamin B12", [("vitamin B12", "TREATMENT")]),
        ("IgA (kappa) disease", [("IgA (kappa) disease", "DISEASE")]),
        ("[GOUT] gout [DATE]", [("gout", "DISEASE")]),
    ],
)  # fmt: skip
def test_names_are_found_in_any_case(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("congestive heart failure", ["congestive heart failure"]),
        ("heart failure to thrive", ["heart failure"]),  # the first one takes its words
        ("failure to thrive", ["failure to thrive"]),
        ("heart, failure to thrive", ["failure to thrive"]),
        ("pain in the back", ["pain in the back"]),
        ("pain in the pain in the back", ["pain", "pain in the back"]),
        ("pain in the gout", ["pain", "gout"]),
        ("congestive heart gout", ["gout"]),
        ("pain in", ["pain"]),
    ],
)
def test_the_longest_name_counts_from_left_to_right(text: str, expected: list[str]) -> None:
    assert [name for name, _ in found(text)] == expected


@pytest.mark.parametrize(
    "text",
    ["Non-Hodgkin lymphoma", "non hodgkin lymphoma", "NON\u2010HODGKIN\u2011LYMPHOMA",
     "non - hodgkin lymphoma", "Crohn's disease", "Crohn\u2019s Disease", "crohn s disease",
     "Crohn-'s disease"],
)  # fmt: skip
def test_hyphens_and_apostrophes_join(text: str) -> None:
    assert found(text) == [(text, "DISEASE")]


@pytest.mark.parametrize("text", ["Crohn disease", "nonHodgkin lymphoma", "crohn/s disease"])
def test_what_does_not_join_parts_names(text: str) -> None:
    assert found(text) == []


def test_hyphens_around_a_name_are_none_of_it() -> None:
    assert found("-fever- gout' - 'pain in") == [
        ("fever", "SYMPTOM"), ("gout", "DISEASE"), ("pain", "SYMPTOM"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["fevers", "Heart failures", "hearts failures", "aspirins"])
def test_plurals_are_found(text: str) -> None:
    assert [name for name, _ in found(text)] == [text]


@pytest.mark.parametrize(
    "gap",
    ["\n", "\r\n", " \n ", "-\n", "\n- ", "\n\n", "\t", "   ", "\u2028", "\x85", "\x0b", ", ",
     ". ", " [DATE] ", "/"],
)  # fmt: skip
def test_no_name_goes_on_over_a_line_a_column_or_another_word(gap: str) -> None:
    assert found(f"congestive heart{gap}failure") == []
    assert found(f"pain in{gap}the back") == [("pain", "SYMPTOM")]
    assert found(f"gout{gap}heart failure") == [("gout", "DISEASE"), ("heart failure", "DISEASE")]


@pytest.mark.parametrize("gap", [" ", "  ", " \xa0", "\u3000"])
def test_a_name_may_hold_two_spaces(gap: str) -> None:
    assert found(f"heart{gap}failure") == [(f"heart{gap}failure", "DISEASE")]


def longest_from(text: str, names: Mapping[str, int], first: int) -> tuple[int, int] | None:
    """Try every end of a name, the last first."""
    words = find_words(text)
    for last in reversed(range(first, len(words))):
        name = text[words[first][0] : words[last][1]]
        is_divided = any(gap in name for gap in ("\n", "\t", "   "))
        if not is_divided and {name[0], name[-1]} <= set("ab") and normalise(name) in names:
            return last + 1, names[normalise(name)]
    return None


_TEXTS = st.lists(st.sampled_from(["a", "b", " ", " ", "-", "'", "\n", "\t", "."]), max_size=24)
_SOME = st.dictionaries(
    st.lists(st.sampled_from("ab"), min_size=1, max_size=4).map(" ".join), st.integers(0, 3)
)


@given(_TEXTS.map(" ".join) | _TEXTS.map("".join), _SOME)
def test_finding_agrees_with_trying_every_name(text: str, names: dict[str, int]) -> None:
    words = find_words(text)
    expected, place = [], 0
    while place < len(words):
        name = longest_from(text, names, place)
        if name is not None:
            expected.append((place, *name))
        place = name[0] if name is not None else place + 1

    assert Gazetteer(names).find(text, words) == expected


def test_each_kind_has_a_type_for_its_first_word_and_one_for_the_others() -> None:
    text = "No fever: pain in the back, Crohn's disease, failure to thrive, vitamin B12 gout"

    assert NAMES.token_types(text, find_words(text)) == [
        0, 3, 0, 3, 4, 4, 4, 0, 1, 2, 2, 2, 0, 5, 6, 6, 0, 7, 8, 1,
    ]  # fmt: skip
    assert N_TYPES == 9


def test_types_cover_the_words_of_names() -> None:
    assert types_of([], 3) == [0, 0, 0]
    assert types_of([(0, 1, 3), (1, 4, 0)], 5) == [7, 1, 2, 2, 0]


def test_without_names_nothing_is_found() -> None:
    assert found("gout, fever", NO_NAMES) == []
    assert NO_NAMES.token_types("gout, fever", find_words("gout, fever")) == [0, 0, 0]
    assert NAMES.token_types("", []) == []


@pytest.mark.parametrize("text", ["pain " * 20_000, "pain" + "-" * 100_000, "pain in the " * 9_000])
def test_a_long_text_takes_no_time(text: str) -> None:
    names = NAMES.find(text, find_words(text))

    assert len(names) == text.count("pain")


def test_a_gazetteer_is_read_as_it_was_written(tmp_path: Path) -> None:
    names = Gazetteer({"gout": 0, "\u00e9l\u00e9phantiasis": 0, "( ) . %": 2, "aspirin 81": 3})

    write_gazetteer(names, tmp_path)

    assert read_gazetteer(tmp_path) == names
    assert [path.name for path in tmp_path.iterdir()] == ["gazetteer.tsv.gz"]
    lines = gzip.decompress((tmp_path / GAZETTEER).read_bytes()).decode().split("\n")
    assert lines == [
        "( ) . %\tFINDING", "aspirin 81\tTREATMENT", "gout\tDISEASE",
        "\u00e9l\u00e9phantiasis\tDISEASE", "",
    ]  # fmt: skip


def test_what_was_read_finds_the_same(tmp_path: Path) -> None:
    write_gazetteer(NAMES, tmp_path)
    text = "Congestive heart failures; vitamin B12."

    assert found(text, read_gazetteer(tmp_path)) == [
        ("Congestive heart failures", "DISEASE"), ("vitamin B12", "TREATMENT"),
    ]  # fmt: skip


def test_the_same_names_make_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_gazetteer(NAMES, tmp_path)
    first = (tmp_path / GAZETTEER).read_bytes()
    monkeypatch.setattr("time.time", lambda: 2e9)
    write_gazetteer(Gazetteer(dict(reversed(list(NAMES.names.items())))), tmp_path)

    assert (tmp_path / GAZETTEER).read_bytes() == first


def test_no_names_need_no_file(tmp_path: Path) -> None:
    """And the file of an older model doesn't stay."""
    write_gazetteer(NO_NAMES, tmp_path)
    assert list(tmp_path.iterdir()) == []
    write_gazetteer(NAMES, tmp_path)
    write_gazetteer(NO_NAMES, tmp_path)

    assert list(tmp_path.iterdir()) == []
    assert read_gazetteer(tmp_path) == NO_NAMES
    assert read_gazetteer(tmp_path / "nowhere") == NO_NAMES


WHOLE = gzip.compress(b"gout\tDISEASE\nfever\tSYMPTOM\n", mtime=0)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"gout\tDISEASE\n",
        WHOLE[:-9],
        WHOLE[:10] + b"\xff" * 20,
        WHOLE[:-8] + bytes(8),
        gzip.compress(b""),
        gzip.compress(b"gout\tDISEASE\nfever\tPLANT\n"),
        gzip.compress(b"gout\tDISEASE\nfever\n"),
        gzip.compress(b"gout\tDISEASE\n\n"),
        gzip.compress(b"gout\tDISEASE\nfi\xe8vre\tSYMPTOM\n"),
    ],
    ids=["empty", "not packed", "cut", "garbled", "wrong sum", "no names", "other kind",
         "no kind", "empty line", "no UTF-8"],
)  # fmt: skip
def test_a_damaged_file_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / GAZETTEER).write_bytes(data)

    with pytest.raises(SetupError, match=r"gazetteer\.tsv\.gz is damaged: copy the model again"):
        read_gazetteer(tmp_path)


def test_a_model_that_cannot_be_told_of_names_is_refused(tmp_path: Path) -> None:
    write_encoder(tmp_path)
    write_gazetteer(Gazetteer({"gout": 0}), tmp_path)

    with pytest.raises(SetupError, match="2 token types, not 9"):
        load_bert(tmp_path, device="cpu")
