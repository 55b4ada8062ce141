"""PHI found by its form and by the words around it."""

from pipeline.deid.rules.annotator import RulesAnnotator

__all__ = ["RulesAnnotator"]
