"""Realistic surrogates that a site may ask for instead of tags."""

from pipeline.deid.surrogates.surrogates import Surrogates

__all__ = ["Surrogates"]
