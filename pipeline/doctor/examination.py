"""The whole examination, in the order in which things depend on each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.config import Config
from pipeline.doctor.assertion import examine_assertion
from pipeline.doctor.finding import Finding
from pipeline.doctor.machine import examine_cores, examine_disk, examine_gpus, examine_umask
from pipeline.doctor.models import NamedModel, examine_model, name_models
from pipeline.doctor.packages import examine_packages, read_declared
from pipeline.doctor.prefect_settings import examine_prefect
from pipeline.doctor.roots import examine_out, examine_phi
from pipeline.doctor.site_lists import examine_lists
from pipeline.doctor.vocabulary import examine_vocabulary


def examine(
    config: Config,
    phi: Path | None = None,
    out: Path | None = None,
    *,
    models: Callable[[Config], Sequence[NamedModel]] = name_models,
) -> list[Finding]:
    """Examine everything that a run needs; takes some seconds, since it loads the models.

    Args:
        config: The settings.
        phi: The PHI root; None for ``paths.phi`` of the settings, or none.
        out: OUT; None for ``paths.out`` of the settings, or none.
        models: Names the models to be tried.
    """
    phi, out = phi or config.paths.phi, out or config.paths.out
    findings = examine_packages(read_declared())
    findings += [examine_cores(config), examine_gpus(config), examine_lists(config.deid)]
    for model in models(config):
        findings += examine_model(model)
    findings.append(examine_assertion(config))
    findings.append(examine_vocabulary(config.link.vocabulary))
    if phi is not None:
        findings += [*examine_phi(phi, config), examine_disk("disk of PHI", phi)]
    if out is not None:
        findings += [*examine_out(out, config, phi), examine_disk("disk of OUT", out)]
    return [*findings, examine_umask(), *examine_prefect()]
