"""Gold readers and scorers."""

from pipeline.evaluate.evaluation import run_deid, run_mentions
from pipeline.evaluate.report import render, to_json

__all__ = ["render", "run_deid", "run_mentions", "to_json"]
