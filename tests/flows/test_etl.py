"""The flow under a Prefect server, without one, and what Prefect gets to know."""

from __future__ import annotations

import base64
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.conftest import REPOSITORY
from tests.flows.server import Server
from tests.site import Row, Site
from tests.stub import MARKER

NOTES: list[Row] = [
    {"note_id": f"{MARKER}1", "patient_id": f"{MARKER}P1", "text": f"{MARKER}ANNA has fever."},
    {"note_id": f"{MARKER}2", "patient_id": f"{MARKER}P1", "text": "No cough. Seen by zara."},
    {"note_id": f"{MARKER}3", "patient_id": None, "text": "   "},
    {"note_id": f"{MARKER}4", "patient_id": f"{MARKER}P2", "text": f"RAISE {MARKER} in a stage"},
    {"note_id": None, "patient_id": None, "text": f"{MARKER} without an id"},
]


def launch(
    site: Path, environment: dict[str, str], *notes: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.flows.launch", str(site), *notes],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )


def leaks(folder: Path) -> list[str]:
    """Find files that hold the marker: as it is, in a database, or in an encoded pickle."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and holds_marker(path)]


def holds_marker(path: Path) -> bool:
    data = path.read_bytes()
    if data.startswith(b"SQLite format 3"):
        with closing(sqlite3.connect(path)) as database:
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master")]
            cells = [
                str(cell).encode()
                for table in tables
                if not table.startswith("sqlite_")
                for row in _rows(database, table)
                for cell in row
            ]
        data += b"\n".join(cells)
    encoded = re.findall(rb"[A-Za-z0-9+/]{40,}", data)
    decoded = b"\n".join(base64.b64decode(part[: len(part) // 4 * 4]) for part in encoded)
    return MARKER.encode().lower() in (data + decoded).lower()


def _rows(database: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    try:
        return list(database.execute(f'SELECT * FROM "{table}"'))
    except sqlite3.OperationalError:  # an index
        return []


@pytest.fixture
def site(tmp_path: Path) -> Site:
    folder = tmp_path / f"{MARKER}-site"
    site = Site(folder)
    site.write(NOTES)
    site.write_known([{"patient_id": f"{MARKER}P1", "names": ["zara", f"{MARKER}ANNA"]}])
    return site


def test_the_flow_runs_under_a_server_which_learns_no_phi(server: Server, site: Site) -> None:
    ran = launch(site.notes.parent, server.environment)

    assert ran.returncode == 0, ran.stderr
    assert "status='complete'" in ran.stdout
    assert sorted(row["text"] for row in site.read("note")) == [
        "No cough. Seen by [PATIENT].",
        "[PATIENT] has fever.",
    ]
    runs = server.ask("flow_runs/filter", {})
    assert {run["state_type"] for run in runs} == {"COMPLETED"}
    names = {run["name"] for run in server.ask("task_runs/filter", {})}
    assert names
    assert all(re.fullmatch(r"work unit \d+", name) for name in names)
    artifacts = server.ask("artifacts/filter", {})
    assert any("| quarantined | 2 |" in str(artifact["data"]) for artifact in artifacts)

    assert MARKER.lower() not in (ran.stdout + ran.stderr).lower()
    assert leaks(server.home) == []
    assert leaks(site.out) == []
    assert leaks(site.phi)  # the scan does find what is there


def test_a_failing_flow_tells_the_server_no_phi(server: Server, site: Site) -> None:
    folder = site.notes.parent
    values = pa.array([f"{MARKER} John", "1"])
    broken = folder / f"{MARKER}.parquet"
    pq.write_table(pa.table({"note_id": ["1", "2"], "note_text": values}), broken)
    ran = launch(folder, server.environment, str(broken))
    assert ran.returncode == 3
    assert "note_text" in ran.stderr

    text = broken.read_bytes()
    broken.write_bytes(text[: len(text) // 2])
    truncated = launch(folder, server.environment, str(broken))
    assert truncated.returncode == 3
    assert "input file 1 of 1" in truncated.stderr

    site.write([*NOTES, {"note_id": f"{MARKER}9", "patient_id": None, "text": f"DIE {MARKER}"}])
    died = launch(folder, server.environment)
    assert "incomplete" in died.stdout

    for result in (ran, truncated, died):
        assert MARKER.lower() not in (result.stdout + result.stderr).lower()
    assert {run["state_type"] for run in server.ask("flow_runs/filter", {})} >= {"FAILED"}
    assert leaks(server.home) == []


def test_without_a_server_the_engine_runs_directly(site: Site, tmp_path: Path) -> None:
    environment = os.environ | {
        "PREFECT_API_URL": "http://127.0.0.1:1/api",
        "PREFECT_CLIENT_MAX_RETRIES": "0",
        "PREFECT_HOME": str(tmp_path / "home"),
    }
    ran = launch(site.notes.parent, environment)

    assert ran.returncode == 0, ran.stderr
    assert "no Prefect server can be had" in ran.stdout
    assert "status='complete'" in ran.stdout
    assert len(site.read("note")) == 2
    assert MARKER.lower() not in (ran.stdout + ran.stderr).lower()
