"""Keys, and the pseudonyms and digests made with them.

All are HMAC-SHA256 (RFC 2104) over length-prefixed parts, so that no two lists of parts share a
message, with the purpose as the first part, so that a value made for one purpose tells nothing
about another.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import SetupError

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one PHI root.

    Attributes:
        ids: Makes pseudonyms, digests and the division of patients into work units.
    """

    ids: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.ids) != KEY_BYTES:
            raise SetupError(
                f"the ids key has {len(self.ids)} bytes, not {KEY_BYTES}; restore it from backup"
            )

    @property
    def key_id(self) -> str:
        """A public name for the key: which key made a table, without telling the key."""
        return self.digest("key id")[:8]

    def digest(self, purpose: str, *parts: str | bytes) -> str:
        """Return a keyed digest of 128 bits in lower-case base 32 (26 characters).

        Args:
            purpose: What the digest is for; digests for different purposes are unrelated.
            parts: What is digested; ``("ab", "c")`` and ``("a", "bc")`` differ.
        """
        return base64.b32encode(self._mac(purpose, *parts)[:16]).decode("ascii").rstrip("=").lower()

    def pseudonym(self, kind: str, raw: str) -> str:
        """Return the pseudonym of an id.

        Args:
            kind: ``note``, ``patient`` or ``encounter``.
            raw: The id as the source writes it.
        """
        return self.digest(f"pseudonym of {kind}", raw)

    def work_unit(self, subject: tuple[str, str], n_units: int) -> int:
        """Return the work unit, 0 to ``n_units - 1``, that a subject's notes belong to."""
        return int.from_bytes(self._mac("work unit", *subject)[:8], "big") % n_units

    def _mac(self, purpose: str, *parts: str | bytes) -> bytes:
        message = bytearray()
        for part in (purpose, *parts):
            data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
            message += len(data).to_bytes(8, "big") + data
        return hmac.digest(self.ids, message, "sha256")


def _ids_file(phi: Path) -> Path:
    return phi / "keys" / "ids.key"


def create_keys(phi: Path) -> bool:
    """Make the PHI root (0700) and its keys (0600) where they are missing.

    Args:
        phi: The PHI root.

    Returns:
        True if a key was made, False if all were there; an existing key is never changed.

    Raises:
        SetupError: The folder or the key can't be written.
    """
    try:
        return _create(_ids_file(phi), phi)
    except OSError as error:
        problem = os.strerror(error.errno or 0)
    raise SetupError(f"the PHI root can't be made ({problem}); give a folder that you may write to")


def _create(file: Path, phi: Path) -> bool:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in (phi, file.parent):
        folder.chmod(0o700)
    # Written beside and linked into place: a key is there whole or not at all, and never replaced.
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_hex(KEY_BYTES) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        file.hardlink_to(temporary)
    except FileExistsError:
        return False
    finally:
        temporary.unlink()
    return True


def read_keys(phi: Path) -> Keys:
    """Read the keys of a PHI root.

    Raises:
        SetupError: A key is missing, malformed or readable by others.
    """
    file = _ids_file(phi)
    try:
        mode = file.stat().st_mode & 0o777
        text = file.read_text("ascii").strip()
        secret = bytes.fromhex(text)
    except FileNotFoundError:
        problem = "the PHI root has no keys; make them with `chartsift init PHI`, or restore them"
    except PermissionError:
        problem = "the keys in the PHI root belong to another user; run as the user who made them"
    except (ValueError, OSError):
        problem = "keys/ids.key in the PHI root can't be read as hex; restore it from backup"
    else:
        if not mode & 0o077:
            return Keys(secret)
        problem = f"keys/ids.key has mode {mode:04o} and others can read it; chmod it to 0600"
    raise SetupError(problem)
