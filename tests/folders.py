"""What lies in a folder that workers and servers write to and delete from meanwhile."""

import os
from pathlib import Path


def files(folder: Path, name: str = "") -> list[Path]:
    """Every file in and below it, or those of this name; none where there is no such folder.

    `Path.rglob` fails where a folder goes while it looks.
    """
    found = (Path(here) / file for here, _, names in os.walk(folder) for file in names if name in ("", file))
    return [file for file in found if file.is_file()]
