"""Files written atomically, with the modes their root demands."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True, slots=True)
class Root:
    """A folder that tables are written to: OUT or PHI.

    Attributes:
        path: The folder.
        directory_mode: Mode of every folder in it.
        file_mode: Mode of every file in it.
    """

    path: Path
    directory_mode: int = PRIVATE_DIRECTORY
    file_mode: int = PRIVATE_FILE

    def folder(self, *parts: str) -> Path:
        """Return a folder below the root, made with the root's mode if it is missing."""
        path = self.path
        for part in ("", *parts):
            path = path / part
            missing = [folder for folder in (path, *path.parents) if not folder.exists()]
            for folder in reversed(missing):
                folder.mkdir(exist_ok=True)
                folder.chmod(self.directory_mode)
        return path

    def prepare(self, path: Path, write: Callable[[Path], None]) -> Path:
        """Write a file beside its place and flush it to disk, to be published later.

        Args:
            path: Where the file will stand; its folder exists.
            write: Writes the content to the path it is given.

        Returns:
            The temporary file, in the same folder.
        """
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            write(temporary)
            temporary.chmod(self.file_mode)
            _sync(temporary)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        return temporary

    def publish(self, temporary: Path, path: Path) -> None:
        """Rename a prepared file into its place, for good."""
        temporary.replace(path)
        _sync(path.parent)

    def write(self, path: Path, write: Callable[[Path], None]) -> None:
        """Write a file atomically.

        Args:
            path: The file; its folder exists.
            write: Writes the content to the path it is given.
        """
        temporary = self.prepare(path, write)
        try:
            self.publish(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there, for good: before anything that is written later."""
        if path.exists():
            path.unlink()
            _sync(path.parent)

    def remove_temporaries(self) -> None:
        """Remove what a killed run left half written, below the root and in its folders."""
        for pattern in (".*.tmp", "*/.*.tmp"):
            for path in self.path.glob(pattern):
                path.unlink()

    def prepare_table(self, path: Path, table: pa.Table) -> Path:
        """Prepare an Arrow table as zstd Parquet."""

        def write(temporary: Path) -> None:
            pq.write_table(table, temporary, compression="zstd")

        return self.prepare(path, write)

    def write_text(self, path: Path, text: str) -> None:
        """Write a text file, atomically."""

        def write(temporary: Path) -> None:
            temporary.write_text(text, "utf-8")

        self.write(path, write)

    def append(self, text: str, *parts: str) -> None:
        """Append text to a log file below the root.

        Args:
            text: Ends with a line end.
            parts: Folders and the file's name.
        """
        path = self.folder(*parts[:-1]) / parts[-1]
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, self.file_mode)
        with os.fdopen(descriptor, "a", encoding="utf-8", errors="replace") as stream:
            stream.write(text)


def read_table(path: Path, schema: pa.Schema) -> pa.Table:
    """Read one Parquet file; a missing one is an empty table."""
    if not path.exists():
        return schema.empty_table()
    table: Any = pq.ParquetFile(path, pre_buffer=False).read()
    return table.cast(schema)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
