"""A few invented names and places in the formats of the lists that surrogates come from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

_ROWS = "{} 0.5 0.5 1\n{} 0.3 0.8 2\n{} 0.2 1.0 3\n"


def write_lists(folder: Path) -> Path:
    """Write the lists into a folder and return it."""
    (folder / "dist.all.last").write_text(_ROWS.format("QUIMBY", "TAMURA", "FOLEY"))
    (folder / "dist.female.first").write_text(_ROWS.format("ALMA", "CARLA", "INES"))
    (folder / "dist.male.first").write_text(_ROWS.format("BORIS", "DMITRI", "OTTO"))
    (folder / "us_cities.csv").write_text(
        "ID,STATE_CODE,STATE_NAME,CITY,COUNTY,LATITUDE,LONGITUDE\n1,OH,Ohio,Elkton,Elk,40,-80\n"
    )
    (folder / "us_hospitals.csv").write_text("01,LAKESHORE GENERAL HOSPITAL,1 MAIN ST\n")
    return folder


def write_doctors(path: Path, texts: Sequence[tuple[str, str, str]]) -> Path:
    """Write gold notes, each a text, the doctor in it, and the text behind."""
    rows = [
        {"text": a + b + c, "spans": [{"start": len(a), "end": len(a + b), "label": "DOCTOR"}]}
        for a, b, c in texts
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
