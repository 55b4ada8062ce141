"""Examine what chartsift stands on: packages, machine, lists, models, PHI and OUT, Prefect."""

from pipeline.doctor.examination import examine
from pipeline.doctor.finding import Finding, exit_code, render_findings

__all__ = ["Finding", "examine", "exit_code", "render_findings"]
