"""The BERT encoder that finders of PHI and of mentions share: words, windows, classification."""
