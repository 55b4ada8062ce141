"""Fixtures of the tests of de-identification."""

from __future__ import annotations

import pytest

from pipeline.deid.rules import RulesAnnotator


@pytest.fixture(scope="session")
def rules() -> RulesAnnotator:
    return RulesAnnotator()
