"""A warning before scores on documents that a model was trained on."""

from __future__ import annotations

from rich.text import Text


def render_seen(seen: int | None, documents: int) -> list[Text]:
    """Warn if documents were trained on, or if nobody knows.

    Args:
        seen: Number of documents that were trained on; None if unknown.
        documents: Number of all.
    """
    if seen is None:
        return [Text("The models don't say which documents they were trained on.", "dim")]
    if not seen:
        return []
    return [
        Text(
            f"! A model was trained on {seen:,} of these {documents:,} documents: "
            "no score to report.",
            "bold yellow",
        )
    ]
