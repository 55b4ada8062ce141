"""Tests of reading input files: every layout, every type, every way to break a file."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InputError
from pipeline.storage.source import find_files, read_rows

SECRET = "Zebulon Quix"


def rows(*files: Path) -> list[dict[str, object] | None]:
    return [None if r.cells is None else dict(r.cells) for r in read_rows(files)]


def write_csv(path: Path, text: str | bytes) -> Path:
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_parquet(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def refusal(*files: Path) -> str:
    """Return what reading the files is refused with, which must tell no secret."""
    with pytest.raises(InputError) as caught:
        rows(*files)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    assert SECRET not in str(error)
    assert not any(path.name in str(error) for path in files)
    return str(error)


OURS = {
    "note_id": "n1",
    "patient_id": "p1",
    "encounter_id": "e1",
    "note_type": "ED",
    "note_time": "2024-01-31 10:00:00",
    "text": "Fever.",
}


@pytest.mark.parametrize(
    "header",
    [
        "note_id,patient_id,encounter_id,note_type,note_time,text",
        "Note_ID,PATIENT_ID,Encounter_Id,NOTE_TYPE,Note_Time,TEXT",
        "note_id,subject_id,hadm_id,note_type,charttime,text",
        "note_id,person_id,visit_occurrence_id,note_title,note_datetime,note_text",
        " note_id, PERSON_ID,visit_occurrence_id,note_class_concept_id,note_date,note_text ",
    ],
)
def test_layouts_are_recognised_by_their_columns_in_any_case(tmp_path: Path, header: str) -> None:
    file = write_csv(tmp_path / "a.csv", f"{header}\nn1,p1,e1,ED,2024-01-31 10:00:00,Fever.\n")
    names = header.split(",")
    cells = ["n1", "p1", "e1", "ED", "2024-01-31 10:00:00", "Fever."]
    table = {name: [cell] for name, cell in zip(names, cells, strict=True)}

    assert rows(file) == [OURS]
    assert rows(write_parquet(tmp_path / "a.parquet", **table)) == [OURS]


def test_only_id_and_text_are_required_and_other_columns_are_not_read(tmp_path: Path) -> None:
    file = write_parquet(
        tmp_path / "a.parquet", text=["Fever."], author=["x"], nested=[[1]], note_id=[7]
    )

    assert rows(file) == [{"note_id": 7, "text": "Fever."}]


def test_where_the_preferred_column_is_null_the_next_one_counts(tmp_path: Path) -> None:
    content = "note_id,person_id,note_date,note_datetime,note_text\n1,2,2024-01-31,,A\n"
    file = write_csv(tmp_path / "a.csv", content + "2,2,2024-01-31,2024-01-31 09:00,B\n")
    moment = datetime(2024, 1, 31)
    parquet = write_parquet(
        tmp_path / "a.parquet",
        note_id=[1, 2],
        person_id=[2, 2],
        note_text=["A", "B"],
        note_date=pa.array([moment, moment], pa.date32()),
        note_datetime=pa.array([None, moment.replace(hour=9)], pa.timestamp("us")),
    )

    assert [r and r["note_time"] for r in rows(file)] == ["2024-01-31", "2024-01-31 09:00"]
    assert [r and r["note_time"] for r in rows(parquet)] == [moment, datetime(2024, 1, 31, 9)]


def test_an_unknown_layout_names_its_familiar_columns_and_those_accepted(tmp_path: Path) -> None:
    message = refusal(write_csv(tmp_path / "a.csv", "note_id,body,Patient_ID,author\n1,a,b,c\n"))

    assert "Found columns: note_id, patient_id, 2 of other names." in message
    assert "OMOP 5.4 NOTE: note_id, person_id, note_text" in message
    assert "MIMIC-IV-Note: note_id, subject_id, text" in message
    assert "chartsift: note_id, text" in message


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
@pytest.mark.parametrize("note", [f"n1,p1,{SECRET}", "n1,quix,zebulon", "n1,p1,p1,fever"])
def test_the_first_row_of_a_file_without_a_header_is_never_shown(
    tmp_path: Path, name: str, note: str
) -> None:
    message = refusal(write_csv(tmp_path / name, f"{note}\nn2,p2,text\n"))

    assert "quix" not in message
    assert "n1" not in message
    assert " of other names. Accepted" in message


def test_column_names_of_parquet_may_be_a_note_too(tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "a.parquet", **{"zebulon_quix": ["a"], "note_id": ["n1"]})

    assert "zebulon" not in refusal(file)


def test_two_columns_of_the_same_name_are_refused(tmp_path: Path) -> None:
    assert "same name" in refusal(write_csv(tmp_path / "a.csv", "note_id,text,Text\n1,a,b\n"))
    file = write_parquet(tmp_path / "a.parquet", note_id=["1"], text=["a"], TEXT=["b"])
    assert "same name" in refusal(file)


def test_unnamed_columns_beside_the_notes_do_no_harm(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", "note_id,text,,\n1,Fever.,,\n")

    assert rows(file) == [{"note_id": "1", "text": "Fever."}]


# --- CSV ---


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "A.CSV", "a.Csv.GZ"])
def test_csv_cells_keep_their_line_breaks_quotation_marks_and_commas(
    tmp_path: Path, name: str
) -> None:
    text = 'Line one,\r\n"two"\n\nand\rthree'
    quoted = text.replace('"', '""')
    path = tmp_path / name
    data = f'note_id,text\r\nn1,"{quoted}"\r\nn2,plain\r\n'.encode()
    path.write_bytes(gzip.compress(data) if name.lower().endswith(".gz") else data)

    assert rows(path) == [{"note_id": "n1", "text": text}, {"note_id": "n2", "text": "plain"}]


def test_a_byte_order_mark_and_either_line_end_are_accepted(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", b"\xef\xbb\xbfnote_id,text\r\nn1,a\nn2,b\r\n\r\nn3,c")

    assert [r and r["note_id"] for r in rows(file)] == ["n1", "n2", "n3"]


def test_an_empty_csv_cell_is_null(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", 'note_id,patient_id,text\n,"",a\n')

    assert rows(file) == [{"note_id": None, "patient_id": None, "text": "a"}]


def test_nul_characters_stay_in_the_text(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", b'note_id,text\nn1,a\x00b\nn2,"c\x00\nd"\n')

    assert [r and r["text"] for r in rows(file)] == ["a\x00b", "c\x00\nd"]


def test_a_csv_cell_that_is_not_utf_8_comes_as_its_bytes(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", b"note_id,text\nn1,fi\xe8vre\nn2,well\n\xff,x\n")

    assert rows(file) == [
        {"note_id": "n1", "text": b"fi\xe8vre"},
        {"note_id": "n2", "text": "well"},
        {"note_id": b"\xff", "text": "x"},
    ]


def test_a_row_with_another_number_of_cells_is_kept_as_malformed(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", "note_id,text\nn1\nn2,a,b\nn3,c\n")
    read = list(read_rows([file]))

    assert [(r.row, r.cells and r.cells["note_id"]) for r in read] == [
        (1, None),
        (2, None),
        (3, "n3"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        f'n1,ok\nn2,"{SECRET}\nn3,c\nn4,d\n',  # swallows all rows to the end
        f'n1,ok\nn2,"{SECRET}\nn3,"c"\nn4,d\n',  # swallows a row up to the next quotation mark
        f'n1,ok\nn2,"said "{SECRET}" today"\n',  # quotation marks not doubled
        f'n1,ok\nn2,"said \\"{SECRET}\\" today"\n',  # quotation marks behind backslashes
    ],
)
def test_a_quotation_mark_that_is_never_closed_swallows_no_rows(
    tmp_path: Path, content: str
) -> None:
    message = refusal(write_csv(tmp_path / "a.csv", f"note_id,text\n{content}"))

    assert "broken CSV after row 1" in message
    assert "input file 1 of 1" in message


def test_an_empty_csv_file_is_refused_and_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    assert "is empty" in refusal(write_csv(tmp_path / "a.csv", ""))
    assert "is empty" in refusal(write_csv(tmp_path / "b.csv.gz", ""))
    assert rows(write_csv(tmp_path / "c.csv", "note_id,text\n")) == []


def _truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes(b ^ 0xFF for b in data[middle : middle + 40]) + data[middle + 40 :]


def _of_no_known_block_type(data: bytes) -> bytes:
    return data[:10] + b"\x07" + data[11:]


@pytest.mark.parametrize(
    "broken",
    [_truncated, _flipped, _of_no_known_block_type, lambda data: b"no gzip" + data],
)
def test_broken_gzip_is_refused(tmp_path: Path, broken: Callable[[bytes], bytes]) -> None:
    noise = "".join(f"n{i},{SECRET} {i * 7919 % 1013}\n" for i in range(3000))
    file = tmp_path / "a.csv.gz"
    file.write_bytes(broken(gzip.compress(f"note_id,text\n{noise}".encode())))

    assert "input file 1 of 1" in refusal(file)


# --- Parquet ---


def test_parquet_cells_of_many_types(tmp_path: Path) -> None:
    file = write_parquet(
        tmp_path / "a.parquet",
        note_id=pa.array([1, 2], pa.int64()),
        patient_id=pa.array([12.0, None], pa.float64()),
        note_type=pa.array(["ED", "ED"]).dictionary_encode(),
        note_time=pa.array([0, 1], pa.timestamp("ns", "UTC")),
        text=pa.array(["a", "b"], pa.large_string()),
    )

    assert rows(file) == [
        {"note_id": 1, "patient_id": 12.0, "note_type": "ED", "note_time": datetime(1970, 1, 1),
         "text": "a"},
        {"note_id": 2, "patient_id": None, "note_type": "ED", "note_time": datetime(1970, 1, 1),
         "text": "b"},
    ]  # fmt: skip


def test_parquet_text_that_is_not_utf_8_costs_only_its_row(tmp_path: Path) -> None:
    texts = pa.array([b"well", SECRET.encode() + b"\xff", b"fine"])
    broken = pa.Array.from_buffers(pa.string(), 3, texts.buffers())
    file = write_parquet(tmp_path / "a.parquet", note_id=["1", "2", "3"], text=broken)

    assert [r and r["text"] for r in rows(file)] == ["well", SECRET.encode() + b"\xff", "fine"]


def test_a_time_out_of_range_costs_only_itself(tmp_path: Path) -> None:
    times = pa.array([0, 2**62], pa.int64()).view(pa.timestamp("us"))
    file = write_parquet(
        tmp_path / "a.parquet", note_id=["1", "2"], note_time=times, text=["a"] * 2
    )

    assert [r and r["note_time"] for r in rows(file)] == [datetime(1970, 1, 1), None]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([[SECRET]]),
        pa.array([{"text": SECRET}]),
        pa.array([[("text", SECRET)]], pa.map_(pa.string(), pa.string())),
    ],
)
@pytest.mark.parametrize("name", ["note_id", "patient_id", "text", "note_time"])
def test_a_nested_column_is_refused(tmp_path: Path, column: pa.Array, name: str) -> None:
    columns = {"note_id": pa.array(["n"]), "text": pa.array(["t"]), name: column}

    assert "lists or records" in refusal(write_parquet(tmp_path / "a.parquet", **columns))


def test_what_a_library_says_of_a_cell_is_not_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def to_cells(column: pa.Array) -> list[object]:
        raise ValueError(f"can't convert {column[0].as_py()!r}")

    monkeypatch.setattr("pipeline.storage.source.to_cells", to_cells)
    message = refusal(write_parquet(tmp_path / "a.parquet", note_id=["1"], text=[SECRET]))

    assert message == (
        "input file 1 of 1 (in the order of names) can't be read; "
        "check that it is complete and readable"
    )


@pytest.mark.parametrize("broken", [_truncated, lambda data: b"", lambda data: b"PAR1" * 9])
def test_broken_parquet_is_refused(tmp_path: Path, broken: Callable[[bytes], bytes]) -> None:
    file = write_parquet(tmp_path / f"{SECRET}.parquet", note_id=["1"], text=[SECRET])
    file.write_bytes(broken(file.read_bytes()))

    assert "can't be read" in refusal(file)


def test_parquet_without_rows_has_no_rows(tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "a.parquet", note_id=pa.array([], pa.string()), text=[])

    assert rows(file) == []


def test_a_row_group_is_not_read_at_once(tmp_path: Path) -> None:
    texts = [os.urandom(2048).hex() for _ in range(5000)]
    table = pa.table({"note_id": [str(i) for i in range(5000)], "text": texts})
    pq.write_table(table, tmp_path / "a.parquet", compression="none", use_dictionary=False)
    del table, texts
    before = pa.total_allocated_bytes()
    held = max(pa.total_allocated_bytes() - before for _ in read_rows([tmp_path / "a.parquet"]))

    assert held < 8_000_000  # of 20,000,000


# --- ids ---


@pytest.mark.parametrize("name", ["note_id", "patient_id", "encounter_id"])
def test_ids_rounded_to_floats_are_refused(tmp_path: Path, name: str) -> None:
    columns = {"note_id": pa.array(["n"]), "text": pa.array(["t"])}
    columns[name] = pa.array([2.0**53], pa.float64())

    assert "row 1: an id was rounded" in refusal(write_parquet(tmp_path / "a.parquet", **columns))


@pytest.mark.parametrize("written", ["1.23457E+17", "1.2345678901234568e+17", "5E+16"])
def test_ids_rounded_by_a_spreadsheet_are_refused(tmp_path: Path, written: str) -> None:
    file = write_csv(tmp_path / "a.csv", f"note_id,text\nn1,a\n{written},b\n")

    assert "row 2: an id was rounded" in refusal(file)


def test_exact_ids_and_plus_signs_in_texts_are_no_rounding(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", "note_id,text\nA+1,5E+16\n9007199254740993,b\n")
    exact = write_parquet(tmp_path / "a.parquet", note_id=[2.0**53 - 1], text=["a"])

    assert len(rows(file, exact)) == 3


# --- folders ---


def test_a_folder_is_searched_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.csv", "a/z.csv", "a/b/y.csv", ".hidden.csv", "_tmp.csv", "_old/x.csv",
                 ".git/x.csv", "readme.txt", "c.PARQUET", "d.csv.gz"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    assert [str(f.relative_to(tmp_path)) for f in find_files(tmp_path)] == [
        "a/b/y.csv", "a/z.csv", "b.csv", "c.PARQUET", "d.csv.gz",
    ]  # fmt: skip


def test_a_folder_named_like_a_file_and_under_hidden_folders_is_searched(tmp_path: Path) -> None:
    folder = tmp_path / "_inbox" / "notes.parquet"
    folder.mkdir(parents=True)
    file = write_parquet(folder / "part-0.parquet", note_id=["1"], text=["a"])

    assert find_files(folder) == [file]
    assert find_files(folder.parent) == [file]


def test_links_are_followed_and_do_not_go_round_in_circles(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    write_csv(elsewhere / "a.csv", "")
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "linked").symlink_to(elsewhere)
    (notes / "round").symlink_to(notes)

    assert find_files(notes) == [notes / "linked" / "a.csv"]


def test_a_file_that_is_gone_is_an_error_not_a_gap(tmp_path: Path) -> None:
    (tmp_path / "a.csv").symlink_to(tmp_path / "gone.csv")

    assert "can't be read" in refusal(*find_files(tmp_path))


def test_a_folder_that_cannot_be_searched_is_an_error_not_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_csv(tmp_path / "a.csv", "note_id,text\n")
    closed = tmp_path / SECRET
    closed.mkdir()
    iterdir = Path.iterdir

    def denied(self: Path) -> Any:
        if self == closed:
            raise PermissionError(13, "Permission denied", str(self))
        return iterdir(self)

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(InputError, match="can't be read; check its mode") as caught:
        find_files(tmp_path)
    assert caught.value.__context__ is None
    assert SECRET not in str(caught.value)


def test_a_column_that_only_folder_names_hold_is_refused(tmp_path: Path) -> None:
    (tmp_path / "patient_id=12").mkdir()
    (tmp_path / "year=2024").mkdir()
    write_csv(tmp_path / "year=2024" / "a.csv", "")
    assert len(find_files(tmp_path / "year=2024")) == 1
    with pytest.raises(InputError, match="folders named column=value"):
        find_files(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "doesn't exist"),
        ("notes.txt", "unknown kind; give one of .parquet, .csv, .csv.gz"),
        ("empty", "holds no file"),
    ],
)
def test_where_there_are_no_notes_an_error_says_so(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=message):
        find_files(tmp_path / name)


def test_rows_know_their_file_and_their_number_in_it(tmp_path: Path) -> None:
    first = write_csv(tmp_path / "a.csv", "note_id,text\nn1,a\nn2\n")
    second = write_parquet(tmp_path / "b.parquet", note_id=["n3", "n4"], text=["a", "b"])

    assert [(r.file, r.row) for r in read_rows([first, second])] == [(0, 1), (0, 2), (1, 1), (1, 2)]
    (tmp_path / "c.csv").write_text("x\n")
    assert "input file 3 of 3" in refusal(first, second, tmp_path / "c.csv")


def test_no_repr_shows_a_cell(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", f"note_id,text\nn1,{SECRET}\n")

    assert SECRET not in repr(list(read_rows([file])))
