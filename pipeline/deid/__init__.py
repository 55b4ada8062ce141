"""Finding protected health information in raw text, and replacing it."""
