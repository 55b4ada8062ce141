"""Gold readers and scorers."""

from pipeline.evaluate.evaluation import run_deid, run_identifiers
from pipeline.evaluate.meaning import (
    run_assertion,
    run_linking,
    run_medication,
    run_sections,
)
from pipeline.evaluate.mention_report import run_mentions
from pipeline.evaluate.release import run_survival
from pipeline.evaluate.report import Scores, render, to_json
from pipeline.evaluate.seen import read_seen

__all__ = [
    "Scores",
    "read_seen",
    "render",
    "run_assertion",
    "run_deid",
    "run_identifiers",
    "run_linking",
    "run_medication",
    "run_mentions",
    "run_sections",
    "run_survival",
    "to_json",
]
