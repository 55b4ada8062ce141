"""Prefect flows: one per job; tasks take and return paths and counts, never notes."""
