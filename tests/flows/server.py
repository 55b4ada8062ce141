"""A Prefect server for tests, with a home of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.site import Row


class Server:
    """A Prefect server with its own home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/api"
        self.environment = os.environ | {
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": self.url,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PYTHONPATH": str(REPOSITORY),
        }
        command = ["-m", "prefect", "server", "start", "--port", str(self.port), "--no-ui"]
        self.process = subprocess.Popen(
            [sys.executable, *command],
            env={k: v for k, v in self.environment.items() if k != "PREFECT_API_URL"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 180
        while not self._is_up():
            assert time.monotonic() < deadline, "the Prefect server didn't come up"
            time.sleep(0.5)

    def _is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def ask(self, path: str, body: object) -> list[Row]:
        request = urllib.request.Request(
            f"{self.url}/{path}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            rows: list[Row] = json.load(answer)
        return rows

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
