"""What a run tells its workers, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.config import Config
from pipeline.stages import Models
from pipeline.storage.files import Root


@dataclass(frozen=True, slots=True)
class Assignment:
    """What every worker of a run is told.

    Attributes:
        config: The settings.
        out: The OUT folder.
        phi: The PHI folder; holds the keys.
        fingerprint: The pipeline's fingerprint.
        run_id: The run's name.
        load: Loads the models; importable, since it travels to spawned processes.
    """

    config: Config = field(repr=False)
    out: Path = field(repr=False)
    phi: Path = field(repr=False)
    fingerprint: str
    run_id: str
    load: Callable[[Config], Models]

    @property
    def roots(self) -> tuple[Root, Root]:
        """OUT and PHI with their modes."""
        storage = self.config.storage
        out = Root(self.out, int(storage.directory_mode, 8), int(storage.file_mode, 8))
        return out, Root(self.phi)


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """What became of a work unit's rows: ``ok + empty + duplicate + quarantined`` is all of them.

    Attributes:
        failed: Of the quarantined, those that a stage failed on.
        redone: Of the ok, those that this run made; the others were carried over.
        registered: Notes whose patient has a row in the registration table.
        words: White-space separated words in the redone notes.
    """

    ok: int = 0
    empty: int = 0
    duplicate: int = 0
    quarantined: int = 0
    failed: int = 0
    redone: int = 0
    registered: int = 0
    words: int = 0
    phi: int = 0
    mentions: int = 0
