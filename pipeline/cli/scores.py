"""The command that scores: evaluate."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.reporting import ConfigOption, JsonOption, print_rich, reporting

if TYPE_CHECKING:
    from pipeline.config import Config
    from pipeline.evaluate import Scores


class EvaluationTask(StrEnum):
    """What ``chartsift evaluate`` can score."""

    DEID = "deid"
    MENTIONS = "mentions"
    ASSERTION = "assertion"
    LINK = "link"
    SECTIONS = "sections"
    MEDICATION = "medication"


class DeidChoice(StrEnum):
    """Whether mentions are looked for in the gold text, behind tags or behind surrogates."""

    NONE = "none"
    TAG = "tag"
    SURROGATE = "surrogate"


class PolicyChoice(StrEnum):
    """What a release must remove."""

    LIMITED_DATES = "limited_dates"
    SAFE_HARBOR = "safe_harbor"


class ReplacementChoice(StrEnum):
    """What stands in the place of PHI."""

    TAG = "tag"
    SURROGATE = "surrogate"


def evaluate(
    task: Annotated[EvaluationTask, typer.Argument(help="What to score.")],
    gold: Annotated[
        Path, typer.Argument(help="JSON lines, brat, PubTator, i2b2-2014 XML or Presidio's JSON.")
    ],
    write_predictions: Annotated[
        Path | None, typer.Option("--write-predictions", help="Write what was found as JSON lines.")
    ] = None,
    no_known: Annotated[
        bool, typer.Option("--no-known", help="Without the gold's registration records.")
    ] = False,
    deid: Annotated[
        DeidChoice, typer.Option("--deid", help="For mentions: de-identify the text first?")
    ] = DeidChoice.NONE,
    policy: Annotated[
        PolicyChoice | None,
        typer.Option("--policy", help="For deid: what survives a release under this policy?"),
    ] = None,
    replacement: Annotated[
        ReplacementChoice, typer.Option("--replacement", help="With --policy: what replaces PHI.")
    ] = ReplacementChoice.TAG,
    write_errors: Annotated[
        Path | None,
        typer.Option("--write-errors", help="With --policy: write where PHI survives, no text."),
    ] = None,
    identifiers: Annotated[
        bool, typer.Option("--identifiers", help="For deid: by HIPAA's eighteen identifiers.")
    ] = False,
    examples: Annotated[
        int,
        typer.Option(
            "--examples",
            min=0,
            help="For mentions: show up to N errors of each kind with TEXT of the notes.",
            metavar="N",
        ),
    ] = 0,
    notes: Annotated[
        Path | None, typer.Option("--notes", help="For sections: the notes that GOLD names.")
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score the finders on gold, what mentions mean, or what survives a release."""
    from pipeline import evaluate as evaluation
    from pipeline.config import load_config
    from pipeline.errors import ConfigError
    from pipeline.stages import load_models

    with reporting():
        if policy is None and (write_errors or replacement is not ReplacementChoice.TAG):
            raise ConfigError("--write-errors and --replacement say nothing without --policy")
        _check_examples(examples, task, as_json)
        settings = load_config(config)
        scores = _score_meaning(task, gold, notes, settings, write_predictions)
        if scores is not None:
            pass
        elif task is EvaluationTask.MENTIONS:
            release = None
            if deid is not DeidChoice.NONE:
                release = settings.deid.model_copy(update={"replacement": deid.value})
            seen = evaluation.read_seen(settings.extract)
            scores = evaluation.run_mentions(
                load_models(settings), gold, release, write_predictions, seen, examples
            )
        elif policy is not None:
            scores = evaluation.run_survival(
                load_models(settings),
                gold,
                not no_known,
                policy.value,
                replacement.value,
                write_errors,
            )
        else:
            run = evaluation.run_identifiers if identifiers else evaluation.run_deid
            scores = run(load_models(settings), gold, not no_known, write_predictions)
        if as_json:
            typer.echo(evaluation.to_json(scores))
        else:
            print_rich(evaluation.render(scores))


def _score_meaning(
    task: EvaluationTask, gold: Path, notes: Path | None, settings: Config, predictions: Path | None
) -> Scores | None:
    """Score what given mentions mean; None if the task is another."""
    from pipeline import evaluate as evaluation
    from pipeline.errors import ConfigError

    if (task is EvaluationTask.SECTIONS) != (notes is not None):
        raise ConfigError("evaluate sections needs the notes in --notes; the others take none")
    if notes is not None:
        return evaluation.run_sections(gold, notes, predictions)
    match task:
        case EvaluationTask.ASSERTION:
            return evaluation.run_assertion(gold, settings, predictions)
        case EvaluationTask.LINK:
            return evaluation.run_linking(gold, settings.link.vocabulary, predictions)
        case EvaluationTask.MEDICATION:
            return evaluation.run_medication(gold, predictions)
        case _:
            return None


def _check_examples(examples: int, task: EvaluationTask, as_json: bool) -> None:
    """Let text be shown to eyes alone: not in JSON, nor where output becomes a file or a log.

    Raises:
        ConfigError: Examples were asked for where there are none or none may be shown.
    """
    from pipeline.errors import ConfigError

    if examples and task is not EvaluationTask.MENTIONS:
        raise ConfigError("--examples says nothing of deid; it shows errors of mentions")
    if examples and (as_json or not _is_terminal()):
        raise ConfigError(
            "--examples shows text of notes, so only a terminal may have it: "
            "leave out --json and don't redirect the output"
        )


def _is_terminal() -> bool:
    return sys.stdout.isatty()
