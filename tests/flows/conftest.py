"""Fixtures of the flows' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.server import Server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("prefect"))
    yield server
    server.stop()
