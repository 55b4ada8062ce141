"""Prefect's settings under which nothing but names and counts reaches its server."""

from __future__ import annotations

import os
import sys

_SETTINGS = {
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
}
_DEFAULTS = {
    "PREFECT_LOGGING_LEVEL": "CRITICAL",  # the run's own summary tells what failed
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
}


def set_private_environment() -> None:
    """Set the environment that Prefect reads when it is imported, and a private umask.

    Raises:
        RuntimeError: Prefect is imported already, so that the settings would come too late.
    """
    if "prefect" in sys.modules:
        raise RuntimeError("set_private_environment must be called before prefect is imported")
    os.umask(0o077)
    os.environ.update(_SETTINGS)
    for name, value in _DEFAULTS.items():
        os.environ.setdefault(name, value)
