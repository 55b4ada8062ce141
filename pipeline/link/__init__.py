"""Concepts: what a mention means in the terms of a vocabulary."""
