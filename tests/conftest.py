"""Fixtures that all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# A shared machine is slow at times; a slow example is no failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of corpora beside the checkout, or skip where it is absent."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "corpora").is_dir():
        pytest.skip("the corpora beside the checkout (../shared) are absent")
    return folder
