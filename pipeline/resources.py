"""Where the models, vocabularies and demo notes lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_path(*parts: str) -> Path:
    """Return the path of a file or folder that chartsift ships.

    The wheel carries the checkout's ``data/`` as ``pipeline/_data``.

    Args:
        parts: Path below ``data/``, e.g. ``("models", "bert")``.
    """
    installed = _PACKAGE / "_data"
    root = installed if installed.is_dir() else _PACKAGE.parent / "data"
    return root.joinpath(*parts)
