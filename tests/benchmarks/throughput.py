"""Speed and peak memory of a whole run: ``python -m tests.benchmarks.throughput NOTES``.

With ``--times N`` the input is repeated under ids of its own, to see whether memory grows with
the number of notes; with ``--stub`` models that cost nothing take the place of the real ones, so
that only the engine is measured.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.config import Config
from pipeline.job import Job, run_directly
from pipeline.keys import create_keys
from pipeline.run import Silence
from pipeline.stages import load_models
from tests.stub import load_stubs

_SCHEMA = pa.schema([("note_id", pa.string()), ("text", pa.string())])


@dataclass(frozen=True)
class Measurement:
    """What one run took; memory in MB (1,000,000 bytes), of the run and of its largest worker."""

    notes: int
    words: int
    seconds: float
    notes_per_second: float
    words_per_second: float
    run_peak_mb: float
    worker_peak_mb: float
    workers: int


def measure(notes: Path, *, workers: int, stub: bool) -> Measurement:
    """Run a job in this process, which must be fresh for its peaks to mean anything.

    Args:
        notes: The input.
        workers: Worker processes; 0: one for each core.
        stub: Without real models.
    """
    with tempfile.TemporaryDirectory() as folder:
        phi = Path(folder) / "phi"
        create_keys(phi)
        settings: dict[str, object] = {"run": {"workers": workers}}
        if stub:
            model = Path(folder) / "model"
            model.mkdir()
            (model / "weights").touch()
            settings |= {"deid": {"ner": model}, "extract": {"bert": model}}
        config = Config(**settings)  # type: ignore[arg-type]
        load = load_stubs if stub else load_models
        summary = run_directly(Job(notes, Path(folder) / "out", phi, None, config, load), Silence())
    counts = summary.counts
    return Measurement(
        counts["ok"],
        counts["words"],
        summary.seconds,
        counts["ok"] / summary.seconds,
        counts["words"] / summary.seconds,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6,
        config.run.n_workers,
    )


def repeat(notes: Path, times: int, target: Path) -> Path:
    """Write the notes several times over, each time under ids of their own."""
    with pq.ParquetWriter(target, _SCHEMA) as writer:
        for time in range(times):
            for ids, texts in _read(notes):
                rows = {"note_id": [f"{note_id}-{time}" for note_id in ids], "text": texts}
                writer.write_table(pa.table(rows, schema=_SCHEMA))
    return target


def invent(n_notes: int, target: Path) -> Path:
    """Write made-up notes, each with an id and a text (2 KB) of its own."""
    with pq.ParquetWriter(target, _SCHEMA) as writer:
        for start in range(0, n_notes, 1000):
            places = range(start, min(start + 1000, n_notes))
            texts = [
                f"fever of note {place}, " + " ".join(str(place * 997 + i) for i in range(250))
                for place in places
            ]
            rows = {"note_id": [f"n{place}" for place in places], "text": texts}
            writer.write_table(pa.table(rows, schema=_SCHEMA))
    return target


def _read(notes: Path) -> Iterator[tuple[list[str], list[str]]]:
    with pq.ParquetFile(notes) as file:
        for batch in file.iter_batches(500, columns=["note_id", "text"]):
            yield batch["note_id"].to_pylist(), batch["text"].to_pylist()


def main() -> None:
    """Measure one run and print it as JSON."""
    parser = argparse.ArgumentParser(description="Speed and peak memory of a whole run.")
    parser.add_argument("notes", type=Path, help="Parquet with note_id and text")
    parser.add_argument("--times", type=int, default=1, help="repeat the notes so often")
    parser.add_argument("--invent", type=int, default=0, help="make up so many notes at NOTES")
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--stub", action="store_true", help="without real models")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        notes = arguments.notes
        if arguments.invent:
            notes = invent(arguments.invent, Path(folder) / "notes.parquet")
        elif arguments.times > 1:
            notes = repeat(notes, arguments.times, Path(folder) / "notes.parquet")
        measured = measure(notes, workers=arguments.workers, stub=arguments.stub)
    json.dump(asdict(measured), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
