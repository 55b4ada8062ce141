"""The network of assertions: is it there, was it made for this BERT?"""

from __future__ import annotations

from pipeline.config import Config
from pipeline.doctor.finding import Finding
from pipeline.errors import ChartsiftError
from pipeline.fingerprint import hash_model

_SUBJECT = "assertion model"


def examine_assertion(config: Config) -> Finding:
    """Load the network that decides what notes say of mentions, if one does.

    Args:
        config: Names it, and the BERT whose states it reads.
    """
    if config.context.assertion == "rules":
        return Finding(_SUBJECT, "ok", "none: rules decide alone")
    import torch

    from pipeline.context.assertion import load_asserter
    from pipeline.link.senses import load_senses

    try:
        digest = hash_model(config.context.model)[:8]
        encoder = hash_model(config.extract.bert)
        asserter = load_asserter(config.context.model, encoder, torch.device("cpu"))
        senses = load_senses(config.context.model, encoder, asserter.depth)
    except ChartsiftError as error:
        return Finding.of_error(_SUBJECT, error)
    read = "reads the states of the BERT model"
    if senses is None:
        return Finding(_SUBJECT, "warning", f"{digest}, {read}, but knows no senses of"
                       " abbreviations", "learn them with `chartsift train senses`")  # fmt: skip
    return Finding(_SUBJECT, "ok", f"{digest}, {read}, knows {len(senses.forms)} long forms")
