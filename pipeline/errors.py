"""The errors a user can meet: each says what is wrong and what to do, never what a note says."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit status means."""

    OK = 0
    """All went well."""
    FAILED = 1
    """A work unit failed or the machine gave up; a rerun resumes."""
    USAGE = 2
    """The command line or the configuration is wrong."""
    INPUT = 3
    """The input can't be read or has an unknown layout."""
    QUARANTINE = 4
    """More notes than allowed would be quarantined; the run stopped before committing them."""
    LOCKED = 5
    """Another run holds OUT or PHI."""
    SETUP = 6
    """A key, a model or a permission is missing or wrong; see `chartsift doctor`."""
    INTERRUPTED = 130
    """Stopped from the keyboard; a rerun resumes."""


class ChartsiftError(Exception):
    """Base of all errors meant for the user. Its message is free of PHI by construction."""

    exit_code = ExitCode.FAILED


class ConfigError(ChartsiftError):
    """A setting is unknown or out of its limits."""

    exit_code = ExitCode.USAGE


class InputError(ChartsiftError):
    """A file of the input can't be used."""

    exit_code = ExitCode.INPUT


class QuarantineError(ChartsiftError):
    """Too many notes can't be processed."""

    exit_code = ExitCode.QUARANTINE


class LockedError(ChartsiftError):
    """Another run is at work on the same folders."""

    exit_code = ExitCode.LOCKED


class SetupError(ChartsiftError):
    """Keys, models or permissions aren't as they must be."""

    exit_code = ExitCode.SETUP


class StageError(ChartsiftError):
    """A stage failed; raised outside the handler, so that no cause or context carries text."""
