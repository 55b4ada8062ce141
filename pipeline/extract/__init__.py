"""Finding symptoms, diseases and treatments in released text."""
