"""What a person names, read whole, or one sentence why not: a file, or a lesson in its folder of results."""

from __future__ import annotations

from datetime import date
from math import isfinite
from pathlib import Path

from coaching.errors import BadInput, one_line
from coaching.exports.document import from_json
from coaching.lesson import Lesson
from coaching.metrics.measure import Measure
from pipelines.folder import OURS

LARGEST = 64 * 1024 * 1024
"""Bytes. The words of a school year are fewer; a recording is more."""


def read(path: Path) -> bytes:
    """The bytes of a file. Raises BadInput where it is missing, is no file, or is too large to be text of lessons."""
    if path.exists() and not path.is_file():  # a pipe would be waited for without end
        raise BadInput(f"{path} is not a file.")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None
    if len(data) > LARGEST:
        raise BadInput(f"{path} is larger than {LARGEST // 2**20} MB, so it is not the words of a lesson.")
    return data


def read_lesson(path: Path) -> Lesson:
    """The lesson in a folder of results, or in its lesson.json. Raises BadInput where none can be counted on."""
    folder, file = (path, path / OURS) if path.is_dir() else (path.parent, path)
    said = one_line(str(folder))
    if not file.exists():
        raise BadInput(f"{one_line(str(path))} holds no {OURS}. Name a folder that `secondlook analyse` has written.")
    data = read(file)
    try:
        lesson = from_json(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadInput(f"The {OURS} of {said} is damaged. Analyse the recording again.") from None
    except BadInput as error:
        raise BadInput(f"{said}: {error}") from None
    if not _sound(lesson):
        raise BadInput(f"The {OURS} of {said} is damaged. Analyse the recording again.")
    return lesson


def _sound(lesson: Lesson) -> bool:
    """Whether everything that is reckoned with or sorted by is what it should be: somebody may have edited the file."""
    recorded = lesson.recording.recorded
    try:
        if recorded is not None:
            date.fromisoformat(recorded)
    except (TypeError, ValueError):
        return False
    texts = (lesson.recording.name, *(t for e in lesson.engines for t in (e.part, e.name, e.version)))
    return all(isinstance(t, str) for t in texts) and all(_sound_measure(m) for m in lesson.measures)


def _sound_measure(m: Measure) -> bool:
    i = m.interval
    numbers = [m.value, m.corrected, *m.components.values(), *(e.value for e in m.evidence)]
    numbers += (i.low, i.high) if i else ()
    texts = [m.name, m.unit, m.reason or "", i.source if i else ""]
    return all(isinstance(t, str) for t in texts) and all(
        n is None or (isinstance(n, int | float) and isfinite(n)) for n in numbers
    )
