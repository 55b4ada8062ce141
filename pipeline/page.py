"""The head of pages that hold text of notes: they load nothing, run nothing and send nothing."""

from __future__ import annotations

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def private_head(title: str, style: str) -> str:
    """Return an HTML page up to its body.

    Args:
        title: As HTML.
        style: As CSS.
    """
    # A browser that offers to translate the page would send it away.
    return (
        '<!doctype html>\n<html lang="en" translate="no"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="robots" content="noindex, nofollow, noarchive">\n'
        '<meta name="google" content="notranslate">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{style}\n</style></head><body>\n"
    )
