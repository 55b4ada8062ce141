"""Tests of the table of cues and of the words that it is looked up by."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.context.assertion_rules import PRECISION
from pipeline.context.cues import CUE_STATUSES, Cue, CueTable, load_cues, read_cues
from pipeline.context.lexemes import normalise
from pipeline.errors import SetupError
from pipeline.extract.words import find_words
from pipeline.note import ASSERTIONS
from pipeline.resources import data_path

_HEADER = "# a comment\nphrase\tstatus\tdirection\twords\tonly\n"


def write(folder: Path, rows: str) -> Path:
    path = folder / "cues.tsv"
    path.write_text(_HEADER + rows, "utf-8")
    return path


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("No", "no"),
        ("1998", "<year>"),
        ("2031", "<year>"),
        ("1855", "<number>"),
        ("12", "<number>"),
        ("0", "0"),
        ("Three", "<number>"),
        ("March", "<month>"),
        ("may", "may"),
        ("[DATE]", "<date>"),
        ("[PATIENT]", "[patient]"),
        ("Mother", "<kin>"),
        ("\u2019", "'"),
        ("\u2013", "-"),
        ("<kin>", "<kin>"),
    ],
)
def test_words_are_normalised(word: str, form: str) -> None:
    assert normalise(word) == form
    assert normalise(form) == form


def test_the_longest_phrase_wins(tmp_path: Path) -> None:
    rows = (
        "no\tabsent\tforward\t-\t-\n"
        "no increase\tpseudo\t-\t-\t-\n"
        "no increase in size\tabsent\tforward\t3\tDISEASE|SYMPTOM\n"
    )
    table = read_cues(write(tmp_path, rows))
    words = ["no", "increase", "in", "pain", ",", "no", "increase", "in", "size", ",", "no"]
    found = [(m.first, m.last, m.cues[0].status) for m in table.find(words)]
    assert found == [(0, 2, "pseudo"), (5, 9, "absent"), (10, 11, "absent")]


def test_a_phrase_may_say_several_things(tmp_path: Path) -> None:
    rows = "negative\tabsent\tforward\t-\t-\nnegative\tabsent\tbackward\t5\tSYMPTOM\n"
    (match,) = read_cues(write(tmp_path, rows)).find(["negative"])
    assert [cue.direction for cue in match.cues] == ["forward", "backward"]
    assert match.cues[1] == Cue("absent", "backward", 5, frozenset({"SYMPTOM"}))
    assert not match.cues[1].holds_for("DISEASE")
    assert match.cues[0].holds_for("DISEASE")


def test_what_begins_a_clause_after_a_comma_may_be_a_cue_itself(tmp_path: Path) -> None:
    rows = ", with\tclause\t-\t-\tabsent\nwith history of\thistorical\tforward\t-\t-\n"
    found = read_cues(write(tmp_path, rows)).find([",", "with", "history", "of"])
    assert [(m.first, m.last) for m in found] == [(0, 1), (1, 4)]


def test_what_ends_a_scope() -> None:
    but = Cue("terminate", only=frozenset({"absent"}))
    verb = Cue("clause")
    assert but.ends("absent", served=False)
    assert not but.ends("family", served=True)
    assert verb.ends("absent", served=True)
    assert not verb.ends("absent", served=False)
    assert not Cue("pseudo").ends("absent", served=True)


@pytest.mark.parametrize(
    "row",
    [
        "no\tnegated\tforward\t-\t-",  # unknown status
        "no\tabsent\t-\t-\t-",  # a cue without a direction
        "no\tabsent\tsideways\t-\t-",
        "but\tterminate\tforward\t-\t-",
        "no\tabsent\tforward\t0\t-",
        "no\tabsent\tforward\tmany\t-",
        "No\tabsent\tforward\t-\t-",  # not in lower case
        "in 1998\thistorical\tboth\t-\t-",  # not <year>
        "no\tabsent\tforward\t-",
    ],
)
def test_a_malformed_row_is_refused_by_its_number(tmp_path: Path, row: str) -> None:
    path = write(tmp_path, f"without\tabsent\tforward\t-\t-\n{row}\n")
    with pytest.raises(SetupError, match="line 4"):
        read_cues(path)


@pytest.mark.parametrize("content", [None, b"", b"# only a comment\n", b"\xff\xfe"])
def test_a_damaged_table_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "cues.tsv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SetupError, match="install chartsift again"):
        read_cues(path)


def test_an_empty_table_finds_nothing() -> None:
    assert CueTable({}).find(["no", "fever"]) == []


def test_the_shipped_table_is_sorted_and_without_repetitions() -> None:
    lines = data_path("words", "cues.tsv").read_text("utf-8").splitlines()
    rows = [line for line in lines if not line.startswith("#")][1:]
    assert rows == sorted(set(rows))
    assert all(line.isascii() and len(line) < 120 for line in lines)


def test_the_shipped_phrases_are_words_as_texts_have_them() -> None:
    for phrase in load_cues().cues:
        plain = [
            word for word in phrase if not (word[0] == "<" and word[-1] == ">" and word != "<")
        ]
        text = " ".join(plain)
        assert [text[start:end] for start, end in find_words(text)] == plain


def test_the_shipped_table_holds_every_status() -> None:
    statuses = {cue.status for cues in load_cues().cues.values() for cue in cues}
    assert statuses == {*CUE_STATUSES, "pseudo", "terminate", "clause"}
    assert set(ASSERTIONS) < set(CUE_STATUSES)


def test_every_rule_has_a_precision() -> None:
    sides = {f"{status}_{side}" for status in CUE_STATUSES for side in ("before", "after")}
    assert sides < PRECISION.keys()
    assert all(0.5 < precision < 1 for precision in PRECISION.values())
