"""Tests of untagged reports, and of what is drawn to learn from."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InputError
from pipeline.note import Span
from pipeline.train.phi_drawing import draw_texts
from pipeline.train.phi_lists import SurrogateLists, read_lists
from pipeline.train.phi_plain import PlainReports, draw_plain, read_plain_texts
from pipeline.train.phi_text import TaggedText
from tests.train.lists import write_lists


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lists(tmp_path_factory.mktemp("lists"))


@pytest.fixture(scope="module")
def lists(folder: Path) -> SurrogateLists:
    return read_lists(folder)


def reports(folder: Path, *texts: str | None) -> PlainReports:
    names = [f"r{number}" for number in range(len(texts))]
    pq.write_table(
        pa.table({"note_id": names, "text": pa.array(texts, pa.string())}), folder / "r.parquet"
    )
    return PlainReports(folder / "r.parquet")


def unknown(folder: Path, lists: SurrogateLists, text: str) -> list[str]:
    [read] = read_plain_texts(reports(folder, text), lists)
    assert read.text == text
    assert read.spans == ()
    return [text[start:end] for start, end in read.unknown]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The abdomen is soft.", []),
        ("Seen by Dr. Okonjo, stable.", ["by Dr. Okonjo"]),
        ("Murphy sign is negative.", []),
        ("A cousin, Quimby, came along.", ["A", "Quimby"]),
        ("Trip to Elkton went well.", ["Elkton"]),
        ("Last seen in 2014 here.", ["2014"]),
        ("Admitted to Lakeshore General Hospital today.", ["Lakeshore General Hospital"]),
        ("He is a welder and XXX came ____.", ["welder", "XXX", "____"]),
        ("Back in march, on Monday.", ["march", "Monday"]),
    ],
)
def test_what_could_be_phi_is_unknown(
    folder: Path, lists: SurrogateLists, text: str, expected: list[str]
) -> None:
    assert unknown(folder, lists, text) == expected


def test_unknown_ranges_are_sorted_and_apart(folder: Path, lists: SurrogateLists) -> None:
    text = "Mr. Quimby of Elkton, a welder aged 71 years, called 617-555-0142 on 3/14/2019."
    [read] = read_plain_texts(reports(folder, text), lists)

    edges = [edge for pair in read.unknown for edge in pair]
    assert edges == sorted(set(edges))
    covered = {i for start, end in read.unknown for i in range(start, end)}
    for surface in ("Quimby", "Elkton", "welder", "617-555-0142", "3/14/2019"):
        at = text.index(surface)
        assert covered.issuperset(range(at, at + len(surface)))
    assert text.index("called") not in covered


def test_excluded_and_empty_reports_are_not_read(folder: Path, lists: SurrogateLists) -> None:
    plain = reports(folder, "Well.", None, " \n", "", "Better.")

    assert [t.text for t in read_plain_texts(plain, lists)] == ["Well.", "Better."]
    plain = PlainReports(plain.notes, frozenset({"r0"}))
    assert [t.text for t in read_plain_texts(plain, lists)] == ["Better."]
    with pytest.raises(InputError, match="has no text but of excluded notes"):
        read_plain_texts(PlainReports(plain.notes, frozenset({"r0", "r4"})), lists)


def test_unreadable_reports_are_explained(
    folder: Path, lists: SurrogateLists, tmp_path: Path
) -> None:
    (tmp_path / "no.parquet").write_bytes(b"no table")
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "no_id.parquet")

    for name in ("absent.parquet", "no.parquet", "no_id.parquet"):
        with pytest.raises(InputError, match="columns note_id and text"):
            read_plain_texts(PlainReports(tmp_path / name), lists)


def test_passages_are_whole_lines_of_bounded_length_with_their_unknown_ranges() -> None:
    lines = [f"Line {n:03} of Elkton, it ends here.\n" for n in range(200)]
    text = "".join(lines) + "x" * 9_000
    at = [len(lines[0]) * n + 12 for n in range(200)]
    report = TaggedText(text, (), tuple((start, start + 6) for start in at))

    for passage in islice(draw_plain((report,), random.Random(1)), 200):
        assert 0 < len(passage.text) <= 3_000
        assert passage.text.casefold() in text.casefold()
        assert passage.spans == ()
        hidden = [passage.text[a:b].casefold() for a, b in passage.unknown]
        assert hidden == ["elkton"] * passage.text.casefold().count("elkton")
        assert passage.text[0] in "lLx"


def test_passages_come_in_capitals_and_small_letters_too() -> None:
    drawn = draw_plain((TaggedText("Pain is mild.\n", ()),), random.Random(1))
    texts = [passage.text for passage in islice(drawn, 300)]

    assert set(texts) == {"Pain is mild.\n", "PAIN IS MILD.\n", "pain is mild.\n"}
    assert 15 < texts.count("PAIN IS MILD.\n") < 60


def test_letters_whose_capitals_are_longer_stay() -> None:
    drawn = draw_plain((TaggedText("Straße\n", (), ((0, 6),)),), random.Random(1))

    assert {p.text for p in islice(drawn, 100)} == {"Straße\n", "straße\n"}


NOTES = [
    TaggedText(f"Dr. {name} {rest}.", (Span(4, 4 + len(name), "DOCTOR"),))
    for name, rest in (("Okonjo", "saw him"), ("Rastogi", "rang up"), ("Svensen", "will come"))
]


def test_each_note_comes_once_in_a_pass(folder: Path) -> None:
    texts = draw_texts(NOTES, folder, None, 0.5, 0.0, random.Random(1))

    for _ in range(100):
        drawn = [text.text.lower() for text in islice(texts, 3)]
        for rest in ("saw him", "rang up", "will come"):
            assert sum(rest in text for text in drawn) <= 1


def test_variants_tag_their_surrogates(folder: Path) -> None:
    drawn = list(islice(draw_texts(NOTES, folder, None, 0.5, 0.0, random.Random(1)), 300))

    assert all(0 < s.end <= len(t.text) and s.label == "DOCTOR" for t in drawn for s in t.spans)
    assert {"Quimby", "Tamura"} <= {t.surface(s) for t in drawn for s in t.spans}


def test_unchanged_notes_keep_their_names(folder: Path) -> None:
    texts = draw_texts(NOTES, folder, None, 0.5, 1.0, random.Random(1))

    names = {t.surface(s) for t in islice(texts, 60) for s in t.spans}
    assert {"Okonjo", "Rastogi", "Svensen"} <= names


def test_passages_follow_a_share_of_the_notes(folder: Path) -> None:
    plain = reports(folder, "Abdomen is soft.\n")
    texts = draw_texts(NOTES, folder, plain, 0.5, 0.0, random.Random(1))

    passages = [t for t in islice(texts, 600) if t.text.lower() == "abdomen is soft.\n"]
    assert 150 < len(passages) < 250  # one for every two notes: 200


def test_the_same_seed_draws_the_same(folder: Path) -> None:
    plain = reports(folder, "Abdomen is soft.\n")
    one, same = (
        list(islice(draw_texts(NOTES, folder, plain, 0.4, 0.1, random.Random(5)), 50))
        for _ in range(2)
    )

    assert one == same
