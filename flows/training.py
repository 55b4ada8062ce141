"""Training of the shipped models as a Prefect flow, for sites that retrain on a schedule."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from pydantic import TypeAdapter, ValidationError

from pipeline.errors import ChartsiftError, ConfigError, StageError
from pipeline.train.bert import BertTraining, train_bert
from pipeline.train.phi import PhiTraining, train_phi
from pipeline.train.phi_bert import PhiBertTraining, train_phi_bert
from pipeline.train.scispacy import ScispacyTraining, train_scispacy

ModelName = Literal["bert", "phi", "phi_bert", "scispacy"]
Options = BertTraining | PhiTraining | PhiBertTraining | ScispacyTraining


def read_training(model: ModelName, settings: Path) -> Options:
    """Read how to train a model from the section of its name in a TOML file.

    Args:
        model: Which model.
        settings: The file; a section's settings are the fields of the model's options.

    Raises:
        ConfigError: The file can't be read or a setting is wrong.
    """
    kinds = {
        "bert": BertTraining,
        "phi": PhiTraining,
        "phi_bert": PhiBertTraining,
        "scispacy": ScispacyTraining,
    }
    kind: Any = kinds[model]
    problem = "can't be read as TOML"
    try:
        section = tomllib.loads(settings.read_text("utf-8")).get(model, {})
        unknown = sorted(section.keys() - {field.name for field in fields(kind)})
        if unknown:
            raise ConfigError(f"unknown training settings in [{model}]: {', '.join(unknown)}")
        result: Options = TypeAdapter(kind).validate_python(section)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, e["loc"])) for e in error.errors(include_input=False))
        problem = f"has a missing or wrong setting in [{model}]: {places or 'see the options'}"
    except (OSError, ValueError):
        pass
    else:
        return result
    raise ConfigError(f"the training settings file {problem}")


@task(name="train", task_run_name="train {model}", cache_policy=NO_CACHE, persist_result=False)
def train_model(model: ModelName, options: Options) -> None:
    """Train one model; its folder is named by the options.

    Raises:
        ChartsiftError: Training failed; the message is free of the corpus's text.
    """
    problem: ChartsiftError
    try:
        _train(options)
    except ChartsiftError as error:
        problem = error
    except Exception as error:  # Prefect stores an exception's text: let only its kind pass
        problem = StageError(f"training {model} failed with {type(error).__name__}")
    else:
        return
    raise problem


def _train(options: Options) -> None:
    match options:
        case BertTraining():
            train_bert(options)
        case PhiTraining():
            train_phi(options)
        case PhiBertTraining():
            train_phi_bert(options)
        case ScispacyTraining():
            train_scispacy(options)


@flow(name="chartsift-training", persist_result=False, log_prints=False)
def training(model: ModelName, settings: str = "training.toml") -> None:
    """Train one of the shipped models anew.

    Args:
        model: ``bert``, ``phi``, ``phi_bert`` or ``scispacy``.
        settings: Path of a TOML file with a section of that name.
    """
    train_model(model, read_training(model, Path(settings)))
