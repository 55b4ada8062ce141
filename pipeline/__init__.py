"""Clinical notes in, de-identified tables out."""
