"""The manifest of a run: what it read, made and used, without a path or an id in it."""

from __future__ import annotations

import importlib.metadata
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

from pipeline.errors import SetupError
from pipeline.storage.files import Root

FOLDER = "_manifests"
_PACKAGES = ("chartsift", "spacy", "scispacy", "transformers", "torch", "pyarrow", "prefect")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a finished run says of itself.

    Attributes:
        run_id: The run's name, which ``note_status`` repeats.
        started: When the run began (UTC, ISO 8601).
        finished: When it ended.
        key_id: Public name of the key that made the pseudonyms.
        dates_key_id: Public name of the key that made the shifts of dates.
        policy: The de-identification policy.
        replacement: What stands in the place of PHI, ``tag`` or ``surrogate``.
        fingerprint: Keyed digest of settings, models and code.
        status: ``complete``, or ``incomplete`` if a work unit failed.
        counts: Rows read and what became of them.
        codes: Why rows are not ok: code → rows.
        versions: Package → version.
    """

    run_id: str
    started: str
    finished: str
    key_id: str
    dates_key_id: str
    policy: str
    replacement: str
    fingerprint: str
    status: str
    counts: Mapping[str, int]
    codes: Mapping[str, int]
    versions: Mapping[str, str]


def new_run_id(now: datetime) -> str:
    """Name a run after its start, so that names sort by time."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def read_versions() -> dict[str, str]:
    """Look up the versions of the packages that a run depends on."""
    versions: dict[str, str] = {}
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = "not installed"
    return versions


def write_manifest(out: Root, manifest: Manifest) -> None:
    """Write a run's manifest into OUT: the last thing a run does."""
    path = out.folder(FOLDER) / f"{manifest.run_id}.json"
    out.write_text(path, json.dumps(asdict(manifest), indent=2) + "\n")


def read_last_manifest(out: Root) -> Manifest | None:
    """Read the newest manifest in OUT, or None if there is none.

    Raises:
        SetupError: It is broken.
    """
    files = sorted((out.path / FOLDER).glob("[0-9]*.json"))
    if not files:
        return None
    try:
        values = json.loads(files[-1].read_text("utf-8"))
        return Manifest(**{field.name: values[field.name] for field in fields(Manifest)})
    except (OSError, ValueError, TypeError, KeyError):
        pass
    raise SetupError(
        f"the newest file of OUT/{FOLDER} can't be read; another version of chartsift wrote it, "
        "or it was cut off: delete it and run again"
    )
