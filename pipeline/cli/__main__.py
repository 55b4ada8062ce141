"""``python -m pipeline.cli`` is ``chartsift``."""

from pipeline.cli import main

main()
