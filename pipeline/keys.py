"""Keys, and the pseudonyms, digests and secrets made with them.

All are HMAC-SHA256 (RFC 2104) over length-prefixed parts, so that no two lists of parts share a
message, with the purpose as the first part, so that a value made for one purpose tells nothing
about another.
"""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path

from pipeline.errors import SetupError

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """The secrets of one PHI root.

    Attributes:
        ids: Makes pseudonyms, surrogates, digests and the division of patients into work units.
        dates: Makes each patient's shift of dates.
    """

    ids: bytes = field(repr=False)
    dates: bytes = field(repr=False)

    def __post_init__(self) -> None:
        for key in fields(self):
            length = len(getattr(self, key.name))
            if length != KEY_BYTES:
                raise SetupError(
                    f"the {key.name} key has {length} bytes, not {KEY_BYTES}; restore it from "
                    "backup"
                )

    @property
    def key_id(self) -> str:
        """A public name for the ids key: which key made a table, without telling the key."""
        return self.digest("key id")[:8]

    @property
    def dates_key_id(self) -> str:
        """A public name for the dates key."""
        return _base32(_mac(self.dates, "key id"))[:8]

    def digest(self, purpose: str, *parts: str | bytes) -> str:
        """Return a keyed digest of 128 bits in lower-case base 32 (26 characters).

        Args:
            purpose: What the digest is for; digests for different purposes are unrelated.
            parts: What is digested; ``("ab", "c")`` and ``("a", "bc")`` differ.
        """
        return _base32(_mac(self.ids, purpose, *parts))

    def pseudonym(self, kind: str, raw: str) -> str:
        """Return the pseudonym of an id.

        Args:
            kind: ``note``, ``patient`` or ``encounter``.
            raw: The id as the source writes it.
        """
        return self.digest(f"pseudonym of {kind}", raw)

    def work_unit(self, subject: tuple[str, str], n_units: int) -> int:
        """Return the work unit, 0 to ``n_units - 1``, that a subject's notes belong to."""
        return int.from_bytes(_mac(self.ids, "work unit", *subject)[:8], "big") % n_units

    def surrogate_secret(self, subject: tuple[str, str]) -> bytes:
        """Return the 32 bytes from which all surrogates of a subject's identifiers are drawn."""
        return _mac(self.ids, "surrogates", *subject)

    def date_secret(self, subject: tuple[str, str]) -> bytes:
        """Return the 32 bytes that decide by how much a subject's dates are shifted."""
        return _mac(self.dates, "date shift", *subject)


def _mac(key: bytes, purpose: str, *parts: str | bytes) -> bytes:
    message = bytearray()
    for part in (purpose, *parts):
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        message += len(data).to_bytes(8, "big") + data
    return hmac.digest(key, message, "sha256")


def _base32(mac: bytes) -> str:
    return base64.b32encode(mac[:16]).decode("ascii").rstrip("=").lower()


def create_keys(phi: Path) -> bool:
    """Make the PHI root (0700) and its keys (0600) where they are missing.

    A key that the environment gives is not made.

    Args:
        phi: The PHI root.

    Returns:
        True if a key was made, False if all were there; an existing key is never changed.

    Raises:
        SetupError: The folder or a key can't be written.
    """
    try:
        folder = phi / "keys"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in (phi, folder):
            path.chmod(0o700)
        absent = [key.name for key in fields(Keys) if _variable(key.name) not in os.environ]
        made = [_create(_key_file(phi, name)) for name in absent]
        return any(made)
    except OSError as error:
        problem = os.strerror(error.errno or 0)
    raise SetupError(f"the PHI root can't be made ({problem}); give a folder that you may write to")


def _key_file(phi: Path, name: str) -> Path:
    return phi / "keys" / f"{name}.key"


def _variable(name: str) -> str:
    return f"CHARTSIFT_{name.upper()}_KEY"


def _create(file: Path) -> bool:
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
    """Read the keys of a PHI root, each from the environment if it stands there, else its file.

    ``CHARTSIFT_IDS_KEY`` and ``CHARTSIFT_DATES_KEY`` hold a key as 64 hexadecimal digits, as the
    files ``keys/ids.key`` and ``keys/dates.key`` do.

    Raises:
        SetupError: A key is missing, malformed or readable by others.
    """
    return Keys(**{key.name: _read(phi, key.name) for key in fields(Keys)})


def _read(phi: Path, name: str) -> bytes:
    variable = _variable(name)
    file = _key_file(phi, name)
    if variable in os.environ:
        secret = _from_environment(variable)
        if file.exists() and _read_file(file, variable) != secret:
            raise SetupError(
                f"{variable} and keys/{name}.key in the PHI root differ; take away the wrong one"
            )
        return secret
    return _read_file(file, variable)


def _read_file(file: Path, variable: str) -> bytes:
    place = f"keys/{file.name}"
    try:
        mode = file.stat().st_mode & 0o777
        secret = bytes.fromhex(file.read_text("ascii").strip())
    except FileNotFoundError:
        problem = (
            f"the PHI root has no {place}; make it with `chartsift init PHI`, restore it from "
            f"backup, or give it as {variable}"
        )
    except PermissionError:
        problem = f"{place} in the PHI root belongs to another user; run as the user who made it"
    except (ValueError, OSError):
        problem = f"{place} in the PHI root can't be read as hex; restore it from backup"
    else:
        if not mode & 0o077:
            return secret
        problem = f"{place} has mode {mode:04o} and others can read it; chmod it to 0600"
    raise SetupError(problem)


def _from_environment(variable: str) -> bytes:
    try:
        secret = bytes.fromhex(os.environ[variable].strip())
        if len(secret) == KEY_BYTES:
            return secret
    except ValueError:
        pass
    raise SetupError(f"{variable} is no key: give {2 * KEY_BYTES} hexadecimal digits")
