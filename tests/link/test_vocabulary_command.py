"""Tests of the command that builds vocabularies."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.link.linker import load_linker
from pipeline.link.surfaces import LinkQuery


def test_a_sites_own_vocabulary_gives_its_codes(tmp_path: Path) -> None:
    (tmp_path / "CONCEPT.csv").write_text(
        "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept"
        "\tconcept_code\tvalid_start_date\tvalid_end_date\tinvalid_reason\n"
        "317009\tAsthma\tCondition\tSNOMED\tDisorder\tS\t195967001\t20020131\t20991231\t\n"
    )
    out = tmp_path / "vocabulary"

    done = CliRunner().invoke(
        app, ["vocabulary", "build", "--omop", str(tmp_path), "--out", str(out)]
    )

    assert done.exit_code == 0, done.output
    [concept] = load_linker(out).link([LinkQuery("asthma", "DISEASE")])
    assert concept is not None
    assert concept.codes == {"snomed": "195967001", "omop": "317009"}


def test_a_vocabulary_needs_a_source(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["vocabulary", "build", "--out", str(tmp_path)])

    assert done.exit_code == 2
    assert "--omop" in done.output
