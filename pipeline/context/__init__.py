"""What surrounds a mention: sentences, sections, assertion."""
