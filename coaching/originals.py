"""How the files of a recording, as they were brought, lie in the data folder; whoever brings one keeps to this."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

SPARE = 512 * 1024 * 1024
"""Bytes to leave free: what is made of a recording needs room too, and a full disk stops everybody's work."""


def original(recording: str, number: int, name: str) -> str:
    """Where its file of this number (from 1) and name lies, relative to the data folder."""
    return str(PurePosixPath("recordings") / recording / "original" / str(number) / safe_name(name))


def safe_name(name: str) -> str:
    """A file's name as it may be kept: printable, no separators, not hidden, at most 116 bytes."""
    plain = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name).strip(". ")
    whole = Path(plain or "lesson")
    return whole.stem.encode()[:100].decode(errors="ignore") + whole.suffix.encode()[:16].decode(errors="ignore")
