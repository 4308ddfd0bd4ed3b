"""What a backup is: a folder with the database's rows, the files that they name, and a manifest of both.

manifest.json           what must be there, with sizes and hashes; written last
tables/NAME.jsonl       a line with the names of the columns, then one a row
files/recordings/...    as in the data folder
files/rooms/...
files/audit/...         the key and the head of the audit log, and what was erased
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from coaching.errors import BadInput

FORM = 1
"""Of the manifest and the tables: another one is read by another version."""

MANIFEST, TABLES, FILES = "manifest.json", "tables", "files"
AUDIT = "audit"
PLACES = ("recordings", "rooms", "walks", AUDIT)
"""The folders of the data folder that a backup holds."""


class BadBackup(BadInput):
    """This folder is no whole backup of Second Look."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup: its bytes, and their SHA-256 in hex digits."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`revision` is the database's, `made` when it was looked at (ISO 8601), `missing` what its rows name and was not
    in the data folder, or was another file there. Tables by name, files by their path in the data folder."""

    version: str
    revision: str
    made: str
    tables: Mapping[str, Kept]
    files: Mapping[str, Kept]
    missing: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        return sum(kept.size for kept in self.files.values())


def is_place(path: object) -> bool:
    """Whether `path` is a file's or folder's place within the data folder, and cannot lead out of it."""
    if not isinstance(path, str) or "\0" in path or "\\" in path:
        return False
    parts = path.split("/")
    return str(PurePosixPath(path)) == path and len(parts) > 1 and parts[0] in PLACES and ".." not in parts


def to_json(manifest: Manifest) -> str:
    return json.dumps({"form": FORM, **asdict(manifest)}, indent=1)


def from_json(text: str) -> Manifest:
    """Raises BadBackup for what is no manifest, or names what cannot be in one."""
    try:
        found = json.loads(text)
        if found["form"] != FORM:
            raise BadBackup("This backup was made by a newer version of Second Look. Restore it with that version.")
        tables, files = ({name: Kept(**kept) for name, kept in found[key].items()} for key in (TABLES, FILES))
        named = {key: found[key] for key in ("version", "revision", "made")}
        made = Manifest(**named, tables=tables, files=files, missing=tuple(found["missing"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise BadBackup("The manifest of this backup cannot be read.") from None
    kept = [*tables.values(), *files.values()]
    sound = all(isinstance(k.size, int) and k.size >= 0 and _is_hash(k.sha256) for k in kept)
    if not sound or not all(isinstance(text, str) for text in (*named.values(), *made.missing)):
        raise BadBackup("The manifest of this backup cannot be read.")
    if not all(re.fullmatch(r"[a-z_]{1,64}", name) for name in tables) or not all(map(is_place, files)):
        raise BadBackup("This backup names a file outside of its folders. Nothing was restored.")
    return made


def _is_hash(text: object) -> bool:
    return isinstance(text, str) and re.fullmatch(r"[0-9a-f]{64}", text) is not None
