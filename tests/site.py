"""A hospital's folders for tests, run with stub models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from pipeline.config import Config
from pipeline.job import Job, run_directly
from pipeline.keys import create_keys
from pipeline.run import Silence, Summary
from pipeline.schema import PHI_TABLES, TABLES
from tests.stub import load_stubs

Row = dict[str, Any]


class Site:
    """A hospital's folders: notes, OUT and PHI."""

    def __init__(self, folder: Path) -> None:
        self.notes = folder / "notes.parquet"
        self.known = folder / "known.jsonl"
        self.out = folder / "out"
        self.phi = folder / "phi"
        self.model = folder / "model"
        self.model.mkdir(parents=True, exist_ok=True)
        (self.model / "weights").write_bytes(b"one")
        create_keys(self.phi)

    def share_keys(self, other: Site) -> None:
        """Take over another site's keys, so that equal notes give equal tables."""
        for file in (other.phi / "keys").iterdir():
            (self.phi / "keys" / file.name).write_text(file.read_text())

    def config(self, **sections: dict[str, Any]) -> Config:
        return Config(
            **{
                "run": {"workers": 1},
                "storage": {"work_units": 4},
                "input": {"max_quarantine_rate": 1.0},
                "deid": {"ner": self.model, "bert": self.model},
                "extract": {"bert": self.model},
                **sections,
            }
        )

    def write(self, rows: list[Row]) -> None:
        columns = ("note_id", "patient_id", "text")
        table = pa.table({c: pa.array([row.get(c) for row in rows], pa.string()) for c in columns})
        pq.write_table(table, self.notes)

    def write_known(self, records: list[Row]) -> None:
        self.known.write_text("".join(json.dumps(record) + "\n" for record in records))

    def job(self, settings: Config | None = None, load: Any = load_stubs) -> Job:
        known = self.known if self.known.exists() else None
        return Job(self.notes, self.out, self.phi, known, settings or self.config(), load)

    def run(self, settings: Config | None = None, load: Any = load_stubs) -> Summary:
        return run_directly(self.job(settings, load), Silence())

    def read(self, name: str) -> list[Row]:
        table = next(t for t in TABLES if t.name == name)
        root = self.phi if table in PHI_TABLES else self.out
        rows = ds.dataset(root / name, format="parquet").to_table()
        return list(rows.sort_by([(key, "ascending") for key in table.key]).to_pylist())

    def content(self) -> dict[str, list[Row]]:
        """All tables, without the run that made a row."""
        return {
            table.name: [
                {name: cell for name, cell in row.items() if name != "run_id"}
                for row in self.read(table.name)
            ]
            for table in TABLES
        }

    def makers(self) -> dict[str, str]:
        """Raw note id → the run that made its row."""
        raw = {row["pseudonym"]: row["raw"] for row in self.read("identity_map")}
        runs = {row["attempt_id"]: row["run_id"] for row in self.read("attempt")}
        return {raw[row["note_id"]]: runs[row["attempt_id"]] for row in self.read("note_status")}
