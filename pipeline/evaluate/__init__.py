"""Gold readers and scorers."""

from pipeline.evaluate.evaluation import run_deid, run_identifiers, run_mentions
from pipeline.evaluate.release import run_survival
from pipeline.evaluate.report import Scores, render, to_json

__all__ = [
    "Scores",
    "render",
    "run_deid",
    "run_identifiers",
    "run_mentions",
    "run_survival",
    "to_json",
]
