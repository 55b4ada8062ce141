"""Tests of the tables' columns and of the layouts that are recognised."""

from __future__ import annotations

from dataclasses import fields

import pytest

from pipeline.schema import (
    CODES,
    LAYOUTS,
    MENTION,
    NOTE,
    OUT_TABLES,
    PHI_TABLES,
    RETRIED_CODES,
    STAGED,
    TABLES,
    Column,
    Layout,
    Table,
)
from pipeline.storage.checking import CheckedRow

LAYOUT = {layout.name: layout for layout in LAYOUTS}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_sorted_by_columns_of_its_own_and_describes_them(table: Table) -> None:
    names = [column.name for column in table.columns]

    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)
    assert table.schema.names == names
    for column in table.columns:
        assert column.description
        assert table.schema.field(column.name).metadata == {
            b"description": column.description.encode()
        }


def test_out_holds_no_raw_ids_and_note_status_is_written_last() -> None:
    assert [table.name for table in OUT_TABLES] == ["note", "mention", "medication", "note_status"]
    assert TABLES[-1].name == "note_status"
    assert set(PHI_TABLES).isdisjoint(OUT_TABLES)
    assert {table.name for table in PHI_TABLES} == {
        "phi_span", "offset_map", "attempt", "identity_map", "learned_name", "quarantine",
    }  # fmt: skip


def test_rows_become_an_arrow_table() -> None:
    table = NOTE.rows([dict.fromkeys(NOTE.schema.names, None) | {"note_id": "a", "text": "x"}])

    assert table.schema.equals(NOTE.schema)
    assert table.to_pylist()[0]["text"] == "x"
    assert MENTION.rows([]).num_rows == 0


def test_markdown_has_a_line_for_each_column() -> None:
    lines = NOTE.markdown().split("\n")

    assert lines[0] == "| column | type | meaning |"
    assert lines[2] == "| `note_id` | `string` | pseudonym of the note |"
    assert len(lines) == 2 + len(NOTE.columns)
    assert isinstance(NOTE.columns[0], Column)


def test_a_staged_row_is_a_checked_row() -> None:
    assert set(STAGED.names) == {field.name for field in fields(CheckedRow)}


def test_codes_have_a_status_and_a_meaning() -> None:
    assert {status for status, _ in CODES.values()} == {"quarantined", "empty", "duplicate"}
    assert all(meaning for _, meaning in CODES.values())
    assert set(CODES) >= RETRIED_CODES


@pytest.mark.parametrize(
    ("found", "layout"),
    [
        (["note_id", "text"], "chartsift"),
        (["Text", "NOTE_ID", "extra"], "chartsift"),
        (["note_id", "subject_id", "hadm_id", "note_type", "note_seq", "charttime", "storetime",
          "text"], "MIMIC-IV-Note"),
        (["note_id", "person_id", "note_date", "note_datetime", "note_type_concept_id",
          "note_class_concept_id", "note_title", "note_text", "encoding_concept_id",
          "language_concept_id", "provider_id", "visit_occurrence_id", "visit_detail_id",
          "note_source_value", "note_event_id", "note_event_field_concept_id"], "OMOP 5.4 NOTE"),
        (["note_id", "note_text"], None),
        (["id", "text"], None),
        (["note_id"], None),
        ([], None),
    ],
)  # fmt: skip
def test_a_layout_is_recognised_by_its_columns(found: list[str], layout: str | None) -> None:
    recognised = next((one.name for one in LAYOUTS if one.resolve(found) is not None), None)

    assert recognised == layout


def test_a_layout_tells_our_columns_by_the_names_of_the_source() -> None:
    found = ["Note_ID", " SUBJECT_ID", "hadm_id", "storetime", "text"]

    assert LAYOUT["MIMIC-IV-Note"].resolve(found) == {
        "note_id": "Note_ID",
        "patient_id": " SUBJECT_ID",
        "encounter_id": "hadm_id",
        "note_time": "storetime",
        "text": "text",
    }


def test_the_first_of_several_names_is_taken() -> None:
    layout = Layout("a", ("b",), {"x": ("c", "d")})

    assert layout.resolve(["d", "c", "b"]) == {"x": "c"}
    assert layout.resolve(["d", "b"]) == {"x": "d"}
    assert layout.resolve(["d"]) is None
