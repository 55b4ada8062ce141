"""A schedule fires, and the flow it starts does the whole job with the real models."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq

from pipeline.keys import create_keys
from pipeline.resources import data_path
from tests.conftest import REPOSITORY
from tests.flows.server import Server

SERVE = """
from flows.etl import etl
etl.serve(name="often", interval=5, parameters={"config": "chartsift.toml"}, limit=1)
"""


def test_a_schedule_fires(server: Server, tmp_path: Path) -> None:
    notes = pq.read_table(data_path("notes", "notes.parquet")).slice(0, 2)
    pq.write_table(notes, tmp_path / "notes.parquet")
    create_keys(tmp_path / "phi")
    (tmp_path / "chartsift.toml").write_text(
        '[paths]\nnotes = "notes.parquet"\nout = "out"\nphi = "phi"\n[run]\nworkers = 1\n'
    )
    with (tmp_path / "serve.log").open("w") as log:
        serving = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=tmp_path,
            env=server.environment | {"PYTHONPATH": str(REPOSITORY)},
            stdout=log,
            stderr=log,
        )
    try:
        deadline = time.monotonic() + 300
        manifests = tmp_path / "out" / "_manifests"
        while not list(manifests.glob("*.json")):
            assert serving.poll() is None, (tmp_path / "serve.log").read_text()
            assert time.monotonic() < deadline, (tmp_path / "serve.log").read_text()
            time.sleep(1)
    finally:
        serving.terminate()
        serving.wait(60)

    assert ds.dataset(tmp_path / "out" / "note", format="parquet").count_rows() == 2
    assert ds.dataset(tmp_path / "out" / "mention", format="parquet").count_rows() > 10
    runs = server.ask("flow_runs/filter", {})
    assert any(run["auto_scheduled"] and run["state_type"] == "COMPLETED" for run in runs)
