"""Plain text of corpora, exactly as it stands in the file."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import InputError


def read_plain(path: Path) -> str:
    """Read UTF-8 text without translating line ends, so that offsets stay true.

    A byte order mark at the start is no part of the text.

    Raises:
        InputError: The file can't be opened or isn't UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "it can't be opened"
    except UnicodeDecodeError as error:
        reason = f"byte {error.start} isn't UTF-8; convert the file to UTF-8"
    raise InputError(f"can't read {path}: {reason}")


def check_mentions(agreements: list[bool], where: str) -> None:
    """Refuse a file whose offsets and mention strings mostly disagree: its text was changed.

    Args:
        agreements: For each annotation, whether its own string stands at its offsets.
        where: The file (and line), for the message.

    Raises:
        InputError: Fewer than half agree.
    """
    if sum(agreements) * 2 < len(agreements):
        raise InputError(
            f"{where}: only {sum(agreements)} of {len(agreements)} annotations have their own "
            "text at their offsets; the text was changed (line ends?), take the original file"
        )
