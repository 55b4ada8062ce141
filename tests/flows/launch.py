"""Run the flow on a test site, as the command line does: ``python -m tests.flows.launch SITE``."""

from __future__ import annotations

import sys
from pathlib import Path

from flows.private import set_private_environment


class Echo:
    """Progress as plain lines."""

    def say(self, message: str) -> None:
        print(message, flush=True)

    def begin(self, notes: int) -> None:
        print(f"begin {notes}", flush=True)

    def advance(self, notes: int) -> None:
        print(f"advance {notes}", flush=True)


def main() -> None:
    set_private_environment()
    from flows.etl import run_flow
    from pipeline.errors import ChartsiftError
    from tests.site import Site

    site = Site(Path(sys.argv[1]))
    if len(sys.argv) > 2:
        site.notes = Path(sys.argv[2])
    try:
        summary = run_flow(site.job(), Echo())
    except ChartsiftError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    print(summary, flush=True)


if __name__ == "__main__":
    main()
