"""Every setting, its default and its limits: one frozen model, a TOML file, the environment."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from pipeline.deid.labels import LABELS
from pipeline.errors import ConfigError
from pipeline.resources import data_path

_MOST_WORKERS = 8
_UNKNOWN_LABEL = f"unknown label; labels are {', '.join(LABELS)}"

Mode = Annotated[str, Field(pattern=r"^0?[0-7]{3}$")]
MentionLabel = Literal["SYMPTOM", "DISEASE", "TREATMENT"]
Probability = Annotated[float, Field(ge=0, le=1)]


def _n_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Paths(_Section):
    """The roots of a scheduled run; the command line gives its own."""

    notes: Path | None = Field(None, description="IN: a notes file or a folder of them")
    known: Path | None = Field(None, description="the registration table of patients")
    out: Path | None = Field(None, description="OUT: de-identified tables")
    phi: Path | None = Field(None, description="PHI: keys, maps, staging, quarantine")


class Input(_Section):
    """What is accepted from the source."""

    max_characters: int = Field(
        1_000_000, ge=1, description="a longer note is quarantined as `too_long`"
    )
    max_quarantine_rate: float = Field(
        0.05, ge=0, le=1, description="above this share of the rows read, the run stops"
    )
    max_removed_rate: float = Field(
        0.5,
        ge=0,
        le=1,
        description="if more than this share of the notes in OUT is missing from the input, "
        "the run stops: OUT mirrors its input, so a partial extract would delete the rest",
    )


class Ids(_Section):
    """What becomes of note, patient and encounter ids."""

    release: Literal["pseudonym", "keep"] = Field(
        "pseudonym", description="`pseudonym` (keyed) or `keep` (as they are; PHI in most sites)"
    )


class SitePattern(_Section):
    """A regular expression for identifiers that only this site writes."""

    label: str = Field(description="the label of what it finds, e.g. IDNUM")
    pattern: str = Field(description="a Python regular expression")

    @field_validator("label")
    @classmethod
    def _check_label(cls, label: str) -> str:
        if label not in LABELS:
            raise ValueError(_UNKNOWN_LABEL)
        return label


class Deid(_Section):
    """De-identification."""

    policy: Literal["limited_dates", "safe_harbor"] = Field(
        "limited_dates", description="what is released of dates; see the table of policies"
    )
    replacement: Literal["tag", "surrogate"] = Field(
        "tag", description="what stands in the place of PHI: `[PATIENT]`, or an invented name"
    )
    profile: Literal["fast", "accurate"] = Field(
        "accurate", description="`fast` leaves out the BERT recogniser of PHI"
    )
    ner: Path = Field(
        data_path("models", "phi"), description="folder of the spaCy NER pipeline for PHI"
    )
    bert: Path = Field(
        data_path("models", "phi_bert"), description="folder of the BERT token classifier for PHI"
    )
    patterns: tuple[SitePattern, ...] = Field(
        (), description="the site's own regular expressions, each with its label"
    )
    deny: dict[str, tuple[str, ...]] = Field(
        {}, description="label → words and phrases that are always PHI"
    )
    allow: tuple[str, ...] = Field(
        (), description="words and phrases that are never PHI unless registration knows them"
    )
    note_types: tuple[str, ...] = Field(
        (), description="kinds of documents to release beside those made of common words only"
    )

    @field_validator("deny", mode="before")
    @classmethod
    def _check_deny(cls, deny: Any) -> Any:
        """Refuse unknown labels before pydantic names them: they may be phrases in their place."""
        for number, label in enumerate(deny if isinstance(deny, dict) else (), start=1):
            if label not in LABELS:
                raise ValueError(f"entry {number} has an {_UNKNOWN_LABEL}")
        return deny


class SpacyModel(_Section):
    """An installed spaCy or scispaCy pipeline whose spans are added to the mentions."""

    model: str = Field(description="name of the installed package, or a folder")
    labels: dict[str, MentionLabel] = Field(
        description="the model's label → ours; other labels are dropped", min_length=1
    )


class Extract(_Section):
    """Extraction of symptoms, diseases and treatments."""

    bert: Path = Field(
        data_path("models", "bert"), description="folder of the BERT token classifier"
    )
    scispacy: tuple[SpacyModel, ...] = Field(
        (), description="installed spaCy or scispaCy models to add"
    )
    thresholds: dict[MentionLabel, Probability] = Field(
        {},
        description="label → the least score, 0 to 1, that a mention of it needs to be written; "
        "a score is the chance that the mention is right",
    )


class Context(_Section):
    """What notes say of their mentions."""

    assertion: Literal["network", "rules"] = Field(
        "network",
        description="what decides of assertions: `network` reads BERT's states beside the rules; "
        "`rules` alone go with any BERT, and choose no sense of an abbreviation",
    )
    model: Path = Field(
        data_path("models", "assertion"),
        description="folder of the network and of the senses of abbreviations, made for the BERT "
        "in `extract.bert`",
    )


class Link(_Section):
    """The concepts that mentions are linked to."""

    vocabulary: Path = Field(
        data_path("vocabulary"), description="folder of the vocabulary of concepts"
    )


class Run(_Section):
    """How a run uses the machine; a change redoes nothing."""

    workers: int = Field(
        0, ge=0, le=64, description="worker processes; 0: one for each core, at most 8"
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        "auto", description="where BERT runs; a GPU's scores differ in the last digits"
    )
    batch_notes: int = Field(64, ge=1, le=4096, description="notes handed to the models at once")
    unit_time_limit_s: int = Field(
        7200, ge=1, description="a work unit that takes longer is killed and reported"
    )
    retries: int = Field(
        2, ge=0, le=10, description="how often a unit is tried again after an I/O error"
    )

    @property
    def n_workers(self) -> int:
        """The number of worker processes."""
        return self.workers or min(_n_cores(), _MOST_WORKERS)

    @property
    def n_threads(self) -> int:
        """The number of threads of each worker, so that together they fill the cores."""
        return max(1, _n_cores() // self.n_workers)


class Storage(_Section):
    """How tables lie on disk."""

    work_units: int = Field(
        128,
        ge=1,
        le=500,
        description="buckets of patients that OUT and PHI are divided into; fixed by the first run",
    )
    directory_mode: Mode = Field("0750", description="mode of folders in OUT")
    file_mode: Mode = Field("0640", description="mode of files in OUT")


class Config(BaseSettings):
    """All settings. A variable such as ``CHARTSIFT_RUN__WORKERS=4`` overrides the file."""

    model_config = SettingsConfigDict(
        env_prefix="CHARTSIFT_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    paths: Paths = Paths()
    input: Input = Input()
    ids: Ids = Ids()
    deid: Deid = Deid()
    extract: Extract = Extract()
    context: Context = Context()
    link: Link = Link()
    run: Run = Run()
    storage: Storage = Storage()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment override the file."""
        return env_settings, init_settings


def load_config(path: Path | None = None) -> Config:
    """Read the settings from a TOML file and the environment.

    Args:
        path: The file; None for defaults and environment alone. Relative paths in it are
            relative to its folder.

    Raises:
        ConfigError: The file can't be read or a setting is unknown or out of its limits.
    """
    values: dict[str, object] = {}
    problem = _unknown_variables()
    if path is not None:
        try:
            values = _anchored(tomllib.loads(path.read_text("utf-8")), path.resolve().parent)
        except OSError as error:
            problem = f"the configuration file can't be read ({error.strerror}); check --config"
        except (tomllib.TOMLDecodeError, UnicodeDecodeError):
            problem = "the configuration file is not valid TOML; check its syntax"
    if not problem:
        try:
            return Config(**values)  # type: ignore[arg-type]
        except ValidationError as error:
            problem = "; ".join(map(_told, error.errors(include_input=False, include_url=False)))
        except SettingsError:
            problem = (
                "a CHARTSIFT_ variable for a whole section must be a JSON object; set single "
                "settings, e.g. CHARTSIFT_RUN__WORKERS=4"
            )
    raise ConfigError(problem)


def _told(error: Mapping[str, Any]) -> str:
    """Tell which setting is wrong, and why, without the user's own keys: they may be names."""
    model: type[BaseModel] | None = Config
    place: list[str] = []
    for part in error["loc"]:
        field = model.model_fields.get(str(part)) if model else None
        if isinstance(part, int) or part in LABELS or part in get_args(MentionLabel):
            place.append(str(part))
        elif field is None:
            place.append("<key>")
        else:
            place.append(part)
            model = _model_within(field.annotation)
    reason = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden" and model:
        reason = f"no such setting; there are {', '.join(model.model_fields)}"
    return f"setting {'.'.join(place)}: {reason}"


def _model_within(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a field holds, or holds many of."""
    kinds = (annotation, *get_args(annotation))
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)


_PATH_SETTINGS = (
    ("paths", "notes"),
    ("paths", "known"),
    ("paths", "out"),
    ("paths", "phi"),
    ("deid", "ner"),
    ("deid", "bert"),
    ("extract", "bert"),
)


def _unknown_variables() -> str:
    """Name variables that set nothing: pydantic-settings passes over a section it doesn't know."""
    prefix = Config.model_config["env_prefix"].lower()
    unknown = [
        name
        for name in sorted(os.environ)
        if name.lower().startswith(prefix)
        and "__" in name
        and name.lower().removeprefix(prefix).split("__")[0] not in Config.model_fields
    ]
    sections = ", ".join(Config.model_fields)
    return f"{', '.join(unknown)}: no such section; there are {sections}" if unknown else ""


def _anchored(values: dict[str, object], folder: Path) -> dict[str, object]:
    for section, name in _PATH_SETTINGS:
        settings = values.get(section)
        if isinstance(settings, dict) and isinstance(settings.get(name), str):
            settings[name] = str(folder / settings[name])
    extract = values.get("extract")
    models = extract.get("scispacy") if isinstance(extract, dict) else None
    for model in models if isinstance(models, list) else []:
        # Without a slash it is the name of a package.
        if isinstance(model, dict) and "/" in str(model.get("model")):
            model["model"] = str(folder / str(model["model"]))
    return values
