"""Prefect's settings: what of a run reaches which server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.doctor.finding import Finding


@dataclass(frozen=True, slots=True)
class PrefectSettings:
    """What decides what Prefect's server learns.

    Attributes:
        has_server: A server is configured (``PREFECT_API_URL``), by the environment or a profile.
        logs_to_server: Log lines go to it (``PREFECT_LOGGING_TO_API_ENABLED``).
    """

    has_server: bool
    logs_to_server: bool


def read_prefect_settings() -> PrefectSettings:
    """Read the settings that are in force."""
    from prefect.settings import get_current_settings

    settings = get_current_settings()
    return PrefectSettings(settings.api.url is not None, settings.logging.to_api.enabled)


def examine_prefect(
    read: Callable[[], PrefectSettings] = read_prefect_settings,
) -> list[Finding]:
    """Examine what a server of Prefect would learn.

    Args:
        read: Reads the settings.
    """
    try:
        settings = read()
    except Exception as error:  # a broken profile, or packages that don't fit together
        message = f"its settings can't be read ({type(error).__name__})"
        remedy = "repair the profile (prefect config view), or the packages named above"
        return [Finding("Prefect", "wrong", message, remedy)]
    if not settings.has_server:
        message = "no server configured: each run starts its own on this machine and ends it"
        return [Finding("Prefect", "ok", message)]
    message = (
        "PREFECT_API_URL is set: that server learns when runs start and end, the names of flow "
        "and tasks, counts, and the path of the configuration file; never notes or ids"
    )
    findings = [Finding("Prefect", "warning", message, "unset it to keep this on the machine")]
    if settings.logs_to_server:
        message = "PREFECT_LOGGING_TO_API_ENABLED is on: log lines of scheduled runs go there too"
        remedy = "set PREFECT_LOGGING_TO_API_ENABLED=false for the worker that runs them"
        findings.append(Finding("Prefect logs", "warning", message, remedy))
    return findings
