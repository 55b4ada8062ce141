"""Tests of the registration table: nothing of it is passed over, nothing of it is shown."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import InputError
from pipeline.patient import PatientRecord
from pipeline.storage.registry import read_registry

SECRET = "Zebulon Quix"


def write_json(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def write_parquet(path: Path, **columns: Any) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def write(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return path


def read(path: Path) -> list[tuple[str, PatientRecord]]:
    return list(read_registry(path))


def refusal(path: Path) -> str:
    """Return what the file is refused with, which must tell no secret."""
    with pytest.raises(InputError) as caught:
        read(path)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    message = str(error)
    assert not any(part in message for part in ("Zebulon", "Quix", "zebulon", path.name))
    return message


ADA = PatientRecord(
    names=("Ada Quill", "Addie"),
    mrn=("0077",),
    dob=("1950-03-02",),
    phones=("617-555-0100", "617-555-0199"),
    address=("12 Elm St, Troy, OH 45373",),
    ssn=("912-44-0187",),
    email=("ada@mail.example",),
    relatives=("Bo Quill",),
    providers=("Cy Marsh",),
)
CELLS: dict[str, Any] = {
    "patient_id": "p1",
    "names": ["Ada Quill", "Addie"],
    "mrn": "0077",
    "dob": "1950-03-02",
    "phones": ["617-555-0100", "617-555-0199"],
    "address": "12 Elm St, Troy, OH 45373",
    "ssn": "912-44-0187",
    "email": "ada@mail.example",
    "relatives": ["Bo Quill"],
    "providers": ["Cy Marsh"],
}


def test_json_lines(tmp_path: Path) -> None:
    file = write_json(tmp_path / "a.jsonl", CELLS, {"patient_id": 7, "MRN": 88})

    assert read(file) == [("p1", ADA), ("7", PatientRecord(mrn=("88",)))]


def test_known_records_of_gold_notes(tmp_path: Path) -> None:
    known = {name: cell for name, cell in CELLS.items() if name != "patient_id"}
    gold = {"note_id": "n1", "patient_id": "p1", "text": "Ada is well.", "spans": []}
    file = write_json(
        tmp_path / "gold.jsonl", gold | {"known": known}, gold | {"known": {}},
        gold | {"known": None, "names": "not of the record"},
    )  # fmt: skip

    assert read(file) == [("p1", ADA), ("p1", PatientRecord()), ("p1", PatientRecord())]


def test_parquet(tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "a.parquet", **{name: [cell] for name, cell in CELLS.items()})

    assert read(file) == [("p1", ADA)]


def test_parquet_of_other_types(tmp_path: Path) -> None:
    file = write_parquet(
        tmp_path / "a.parquet",
        Patient_ID=pa.array([12.0, 13.0]),
        names=pa.array(["Ada Quill", None]).dictionary_encode(),
        mrn=pa.array([[1, 2], None], pa.list_(pa.int64())),
        dob=pa.array([date(1950, 3, 2), None]),
        phones=pa.array([6175550100.0, None]),
        ssn=pa.array([12345678, None]),
        email=pa.array([["a@b.example"], []], pa.large_list(pa.large_string())),
        sex=pa.array(["F", "M"]),
    )

    assert read(file) == [
        (
            "12",
            PatientRecord(
                names=("Ada Quill",),
                mrn=("1", "2"),
                dob=("1950-03-02",),
                phones=("6175550100",),
                ssn=("012345678",),
                email=("a@b.example",),
            ),
        ),
        ("13", PatientRecord()),
    ]


@pytest.mark.parametrize(
    "dob",
    [
        pa.array([datetime(1950, 3, 2)], pa.timestamp("us")),
        pa.array([datetime(1950, 3, 2)], pa.timestamp("ns")),
        pa.array([date(1950, 3, 2)], pa.date64()),
        pa.array(["1950-03-02 00:00:00"]),
        pa.array(["1950-03-02T00:00:00Z"]),
    ],
)
def test_a_date_of_birth_is_a_day_whatever_its_type(tmp_path: Path, dob: pa.Array) -> None:
    file = write_parquet(tmp_path / "a.parquet", patient_id=["p1"], dob=dob)

    assert read(file) == [("p1", PatientRecord(dob=("1950-03-02",)))]


def test_csv(tmp_path: Path) -> None:
    content = (
        "\ufeffpatient_id,Names,mrn,phones,address\r\n"
        'p1,"[""Ada Quill"", ""Addie""]",0077,617-555-0100; 617-555-0199,"12 Elm St, Troy"\r\n'
        "\r\n"
        "12.0,Bo Marsh,88.0,,\r\n"
    )

    assert read(write(tmp_path / "a.csv", content)) == [
        (
            "p1",
            PatientRecord(
                names=("Ada Quill", "Addie"),
                mrn=("0077",),
                phones=("617-555-0100", "617-555-0199"),
                address=("12 Elm St, Troy",),
            ),
        ),
        ("12", PatientRecord(names=("Bo Marsh",), mrn=("88",))),
    ]


@pytest.mark.parametrize("patient_id", [12, 12.0, "12", " 12 ", "12.0"])
def test_patient_ids_are_written_as_in_the_notes(tmp_path: Path, patient_id: object) -> None:
    file = write_json(tmp_path / "a.jsonl", {"patient_id": patient_id, "mrn": "1"})

    assert [found for found, _ in read(file)] == ["12"]


def test_a_decimal_patient_id_is_a_whole_number(tmp_path: Path) -> None:
    file = write_parquet(tmp_path / "a.parquet", patient_id=[Decimal("12.00")], mrn=["1"])

    assert [found for found, _ in read(file)] == ["12"]


@pytest.mark.parametrize("missing", [None, "", "  ", float("nan")])
def test_a_row_without_a_patient_is_refused(tmp_path: Path, missing: object) -> None:
    file = write_json(
        tmp_path / "a.jsonl", CELLS, {"patient_id": missing, "names": SECRET}
    )  # fmt: skip

    assert "row 2 has no patient_id" in refusal(file)
    parquet = write_parquet(tmp_path / "a.parquet", patient_id=["p1", None], names=[SECRET] * 2)
    assert "row 2 has no patient_id" in refusal(parquet)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"names": SECRET}, "has no patient_id"),
        ({"patient_id": [SECRET]}, "neither text nor a number"),
        ({"patient_id": {"id": SECRET}}, "neither text nor a number"),
        ({"patient_id": True}, "neither text nor a number"),
        ({"patient_id": "p\ud800", "names": SECRET}, "not valid JSONL"),
        ({"patient_id": "p1", "names": {"first": SECRET}}, "column 'names' holds a dict"),
        ({"patient_id": "p1", "names": [[SECRET]]}, "column 'names' holds a list"),
        ({"patient_id": "p1", "mrn": True}, "column 'mrn' holds a bool"),
        ({"patient_id": "p1", "known": SECRET}, "'known' that is no object"),
        ({"patient_id": "p1", "name": SECRET}, "has a column 'name'; call it 'names'"),
        ({"patient_id": "p1", "known": {"phone": SECRET}}, "call it 'phones'"),
        ({"patient_id": "p1", "names": "a", "Names": SECRET}, "two columns of the same name"),
        ([SECRET], "is no JSON object"),
        (SECRET, "is no JSON object"),
        (None, "is no JSON object"),
    ],
)
def test_a_row_that_cannot_protect_its_patient_is_refused(
    tmp_path: Path, row: object, problem: str
) -> None:
    message = refusal(write_json(tmp_path / "a.jsonl", CELLS, row))

    assert message.startswith("PATIENTS: row 2 ")
    assert problem in message


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.csv", f"patient_id,names\np1,{SECRET}, Jr\n", "row 1 has another number of cells"),
        ("a.csv", f"patient_id,names,mrn\np1,{SECRET}\n", "row 1 has another number of cells"),
        ("a.csv", f"{SECRET},1\np1,Ada\n", "row 1 has no patient_id"),
        ("a.csv", f'patient_id,names\np1,"{SECRET}\n', "row 1 is not valid CSV"),
        ("a.csv", f'patient_id,names\np1,"[{SECRET}"\n', "row 1 is not valid CSV"),
        ("a.csv", SECRET.encode() + b",\xff", "row 1 is not valid CSV"),
        ("a.csv", f"patient_id,first_name,dob\np1,{SECRET},1\n", "call it 'names'"),
        ("a.csv", f"patient_id,mrn,MRN\np1,{SECRET},1\n", "two columns of the same name"),
        ("a.csv", "", "holds no identifier"),
        ("a.csv", "patient_id,names\n", "holds no identifier"),
        ("a.csv", f"patient_id,surname\np1,{SECRET}\n", "holds no identifier"),
        ("a.jsonl", "", "holds no identifier"),
        ("a.jsonl", f'{{"patient_id": "{SECRET}"', "row 1 is not valid JSONL"),
        ("a.jsonl", SECRET.encode() + b"\xff", "row 1 is not valid JSONL"),
        ("a.jsonl", "[" * 100_000, "row 1 is not valid JSONL"),
        ("a.parquet", b"", "row 1 is not valid PARQUET"),
        ("a.parquet", SECRET.encode(), "row 1 is not valid PARQUET"),
        (f"{SECRET}.txt", "", "must end in .parquet, .csv or .jsonl"),
    ],
)
def test_a_broken_file_is_refused(
    tmp_path: Path, name: str, data: str | bytes, problem: str
) -> None:
    assert problem in refusal(write(tmp_path / name, data))


def test_parquet_cells_that_arrow_cannot_read_are_refused(tmp_path: Path) -> None:
    broken = pa.Array.from_buffers(pa.string(), 1, pa.array([SECRET.encode() + b"\xff"]).buffers())
    assert "not valid" in refusal(
        write_parquet(tmp_path / "a.parquet", patient_id=["p1"], names=broken)
    )
    late = pa.array([2**62], pa.int64()).view(pa.timestamp("us"))
    assert "not valid" in refusal(
        write_parquet(tmp_path / "b.parquet", patient_id=["p1"], dob=late)
    )
    binary = pa.array([SECRET.encode()])
    assert "column 'names' holds a bytes" in refusal(
        write_parquet(tmp_path / "c.parquet", patient_id=["p1"], names=binary)
    )


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "check the path" in refusal(tmp_path / f"{SECRET}.csv")
