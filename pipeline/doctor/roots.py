"""The two roots: modes, keys, and whether they belong together."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from pipeline.config import Config
from pipeline.doctor.finding import Finding
from pipeline.errors import ChartsiftError, SetupError
from pipeline.keys import Keys, read_keys
from pipeline.released import Released
from pipeline.schema import PHI_TABLES

_OTHERS = 0o077
_PRIVATE_NAMES = ("keys", "staging", *(table.name for table in PHI_TABLES))


def examine_phi(phi: Path, config: Config) -> list[Finding]:
    """Examine a PHI root.

    Args:
        phi: The PHI root.
        config: ``storage.work_units`` is compared with what the root was divided into.
    """
    if not phi.is_dir():
        message = "there is no such folder"
        return [Finding("PHI", "wrong", message, "make it and its keys with `chartsift init PHI`")]
    findings = [_examine_phi_mode(phi), _examine_keys(phi), _examine_contents(phi)]
    return [*findings, *_examine_division(phi, config)]


def _examine_phi_mode(phi: Path) -> Finding:
    mode = stat.S_IMODE(phi.stat().st_mode)
    if mode & _OTHERS:
        message = f"its mode is {mode:04o}: others can enter it"
        return Finding("PHI", "wrong", message, "chmod 0700 PHI")
    if not os.access(phi, os.R_OK | os.W_OK | os.X_OK):
        return Finding("PHI", "wrong", "you can't write to it", "run as the user who made it")
    return Finding("PHI", "ok", f"mode {mode:04o}, only you can enter it")


def _examine_keys(phi: Path) -> Finding:
    try:
        keys = read_keys(phi)
        names = f"key {keys.key_id} of ids and {keys.dates_key_id} of dates"
        return Finding("keys", "ok", f"{names}, only you can read them")
    except SetupError as error:
        return Finding.of_error("keys", error)


def _examine_contents(phi: Path) -> Finding:
    modes = [mode for _, mode in _modes_below(phi)]
    readable = sum(bool(mode & _OTHERS) for mode in modes)
    if not readable:
        return Finding("files in PHI", "ok", f"{len(modes):,}, none that others may read")
    # Only the root's own mode stands before them, and copies and backups don't keep that.
    message = f"the modes of {readable:,} of {len(modes):,} let others read or write them"
    return Finding("files in PHI", "wrong", message, "chmod -R go= PHI")


def _examine_division(phi: Path, config: Config) -> Iterator[Finding]:
    state = phi / "state.json"
    if not state.exists():
        return
    configured = config.storage.work_units
    try:
        found = json.loads(state.read_text("utf-8"))["work_units"]
    except (OSError, ValueError, TypeError, KeyError):
        remedy = 'restore it from backup; its content is {"work_units": N}'
        yield Finding("work units", "wrong", "state.json in PHI can't be read", remedy)
        return
    if found == configured:
        yield Finding("work units", "ok", f"{found}")
        return
    message = f"OUT and PHI are divided into {found}, but storage.work_units = {configured}"
    yield Finding("work units", "wrong", message, f"set storage.work_units to {found}")


def examine_out(out: Path, config: Config, phi: Path | None = None) -> list[Finding]:
    """Examine OUT.

    Args:
        out: The OUT folder.
        config: ``storage.directory_mode`` and ``storage.file_mode`` are compared with it.
        phi: The PHI root that it should belong to, if known.
    """
    if phi is not None and _are_nested(out.resolve(), phi.resolve()):
        message = "OUT and PHI are one folder, or one lies inside the other"
        return [Finding("OUT", "wrong", message, "give two folders, neither inside the other")]
    if not out.exists():
        return [Finding("OUT", "ok", "not there yet; the first run makes it")]
    if not out.is_dir() or not os.access(out, os.R_OK | os.W_OK | os.X_OK):
        message = "it is no folder that you can write to"
        return [Finding("OUT", "wrong", message, "give a folder, or run as the user who made it")]
    return [_examine_run(out, phi), _examine_modes(out, config), *_examine_strays(out)]


def _are_nested(a: Path, b: Path) -> bool:
    return a == b or a in b.parents or b in a.parents


def _examine_run(out: Path, phi: Path | None) -> Finding:
    try:
        last = Released(out).last_manifest()
    except ChartsiftError as error:
        return Finding.of_error("OUT", error)
    if last is None:
        return Finding("OUT", "ok", "no run has finished here yet")
    keys = _keys(phi)
    if keys is not None and keys.key_id != last.key_id:
        message = f"made with the key {last.key_id}, while PHI holds {keys.key_id}"
        return Finding("OUT", "wrong", message, "give the PHI root of this OUT, or an empty OUT")
    if last.status != "complete":
        message = f"its last run, {last.run_id}, is {last.status}"
        return Finding("OUT", "warning", message, "run the same command again: it resumes")
    return Finding("OUT", "ok", f"run {last.run_id} complete, key {last.key_id}")


def _keys(phi: Path | None) -> Keys | None:
    try:
        return None if phi is None else read_keys(phi)
    except SetupError:  # told by the examination of PHI
        return None


def _examine_modes(out: Path, config: Config) -> Finding:
    folder_mode = int(config.storage.directory_mode, 8)
    file_mode = int(config.storage.file_mode, 8)
    entries = [(True, stat.S_IMODE(out.stat().st_mode)), *_modes_below(out)]
    more_open = sum(
        bool(mode & ~(folder_mode if is_folder else file_mode)) for is_folder, mode in entries
    )
    accepted = f"{folder_mode:04o} for folders and {file_mode:04o} for files"
    if not more_open:
        return Finding("files in OUT", "ok", f"{len(entries):,}, none more open than {accepted}")
    message = f"{more_open:,} of {len(entries):,} are more open than {accepted}"
    remedy = (
        f"find OUT -type d -exec chmod {folder_mode:04o} {{}} + ; "
        f"find OUT -type f -exec chmod {file_mode:04o} {{}} +"
    )
    return Finding("files in OUT", "warning", message, remedy)


def _examine_strays(out: Path) -> Iterator[Finding]:
    strays = [name for name in _PRIVATE_NAMES if (out / name).exists()]
    if strays:
        message = f"{', '.join(strays)} lie in OUT, but belong in PHI"
        remedy = "take them away from OUT, and ask who read them"
        yield Finding("PHI in OUT", "wrong", message, remedy)


def _modes_below(root: Path) -> Iterator[tuple[bool, int]]:
    """Walk through a root; for each folder and file, whether it is a folder, and its mode."""
    for folder, folders, files in os.walk(root):
        for is_folder, names in ((True, folders), (False, files)):
            for name in names:
                try:
                    mode = Path(folder, name).lstat().st_mode
                except FileNotFoundError:  # a run at work has renamed it
                    continue
                if not stat.S_ISLNK(mode):
                    yield is_folder, stat.S_IMODE(mode)
