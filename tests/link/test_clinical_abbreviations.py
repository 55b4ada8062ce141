from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.link.clinical_abbreviations import HEADING, load_abbreviations, read_abbreviations
from pipeline.resources import data_path

_TABLE = (
    "short\tlong\tlabel\n"
    "GB\tgumboil\tDISEASE\nGBL\tGumboil\tDISEASE\nGB\tgiant bunion\tDISEASE\n"
    "GB\tgeneral behavior\tHEADING\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "abbreviations.tsv"
    path.write_text(_TABLE)
    return path


def test_forms_are_found_by_label_and_lower_case(table: Path) -> None:
    abbreviations = read_abbreviations(table)

    assert abbreviations.short_of == {
        ("DISEASE", "gumboil"): ("GB", "GBL"),
        ("DISEASE", "giant bunion"): ("GB",),
        (HEADING, "general behavior"): ("GB",),
    }
    assert abbreviations.long_of == {
        ("DISEASE", "gb"): ("gumboil", "giant bunion"),
        ("DISEASE", "gbl"): ("Gumboil",),
        (HEADING, "gb"): ("general behavior",),
    }


@pytest.mark.parametrize(
    ("label", "surface", "others"),
    [
        ("DISEASE", "GUMBOIL", ("GB", "GBL")),
        ("DISEASE", "gb", ("gumboil", "giant bunion")),
        (HEADING, "GB", ("general behavior",)),
        ("SYMPTOM", "GB", ()),
        ("DISEASE", "bunion", ()),
    ],
)
def test_other_forms_of_a_mention(
    table: Path, label: str, surface: str, others: tuple[str, ...]
) -> None:
    assert read_abbreviations(table).other_forms(label, surface) == others


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "FileNotFoundError"),
        ("", "ValueError"),
        ("long\tshort\tlabel\n", "other columns"),
        (_TABLE + "GX\tgum\n", "line 6"),
        (_TABLE + "GX\t \tDISEASE\n", "line 6"),
        (_TABLE + "GX\tgum\tFINDING\n", "unknown label"),
    ],
)
def test_a_table_that_cannot_be_used_is_told_with_the_remedy(
    tmp_path: Path, text: str | None, told: str
) -> None:
    path = tmp_path / "table.tsv"
    if text is not None:
        path.write_text(text)

    with pytest.raises(InputError, match=told):
        read_abbreviations(path)


def test_the_shipped_table_is_sorted_without_duplicates_or_stray_blanks() -> None:
    text = data_path("words", "abbreviations.tsv").read_text("utf-8")
    rows = [tuple(line.split("\t")) for line in text.splitlines()[1:]]
    counts = Counter((short.lower(), long.lower(), label) for short, long, label in rows)

    assert max(counts.values()) == 1
    assert all(cell == " ".join(cell.split()) for row in rows for cell in row)
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)
    assert {row[2] for row in rows} == {"DISEASE", "HEADING", "SYMPTOM", "TREATMENT"}
    assert all(short.lower() != long.lower() for short, long, _ in rows)


@pytest.mark.parametrize(
    ("label", "short", "long"),
    [
        ("DISEASE", "htn", "hypertension"),
        ("SYMPTOM", "SOB", "shortness of breath"),
        ("TREATMENT", "HCTZ", "hydrochlorothiazide"),
        (HEADING, "PMH", "past medical history"),
        ("DISEASE", "PE", "pulmonary embolism"),
        (HEADING, "PE", "physical examination"),
    ],
)
def test_the_shipped_table_knows_what_every_clinician_writes(
    label: str, short: str, long: str
) -> None:
    assert long in load_abbreviations().other_forms(label, short)


def test_of_several_long_forms_those_in_the_note_count(tmp_path: Path) -> None:
    path = tmp_path / "abbreviations.tsv"
    path.write_text(
        "short\tlong\tlabel\nMS\tmitral stenosis\tDISEASE\nMS\tmultiple sclerosis\tDISEASE\n"
        "MS\tmorphine sulfate\tTREATMENT\n"
    )
    table = read_abbreviations(path)

    both = ("mitral stenosis", "multiple sclerosis")
    assert table.long_forms("DISEASE", "MS", "MS for ten years.") == both
    assert table.long_forms("DISEASE", "ms", "Multiple sclerosis. MS stable.") == both[1:]
    assert table.long_forms("TREATMENT", "MS", "MS 2 mg") == ("morphine sulfate",)
    assert table.long_forms("SYMPTOM", "MS", "MS") == both
    assert table.long_forms("SYMPTOM", "MR", "MR") == ()
    assert table.long_forms("TREATMENT", "MR", "MR") == ()
