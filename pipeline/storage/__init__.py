"""The only place that touches notes and tables on disk."""
