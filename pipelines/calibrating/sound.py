"""The recording that a lesson was made of: found again, known again by its length and loudness, and cut into clips."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from coaching.errors import BadInput, one_line
from coaching.lesson import Lesson
from coaching.spans import Span, clock
from pipelines import media
from pipelines.audio import RATE, Audio
from pipelines.quality import assess

SAME_LENGTH_S = 0.1
"""The same sound decoded by another ffmpeg may be a few frames longer or shorter."""

SAME_DB = 1.0
"""So far the levels of one sound may differ between decoders; other recordings differ by more in one level at least."""


def find(lesson: Lesson, folder: Path, named: Sequence[Path]) -> list[Path]:
    """The files of the recording: those `named`, or else where they are usually beside the results.

    Raises BadInput that says where was looked, if they are not there.
    """
    if named:
        return list(named)
    files = lesson.recording.files
    # Somebody else may have written lesson.json: a name leads into no other folder.
    if files and all(f == Path(f).name and f not in ("", "..") for f in files):
        for place in dict.fromkeys(p.resolve() for p in (folder, folder.parent, Path.cwd())):
            if all((place / f).is_file() for f in files):
                return [place / f for f in files]
    wanted = ", ".join(one_line(f) for f in files) or "the recording"
    raise BadInput(
        f"The recording is needed to play clips of it, and {wanted} is not beside the results. Say where it is with "
        "--recording FILE."
    )


def extract(lesson: Lesson, files: Sequence[Path], out: Path, track: int | None) -> Audio:
    """The recording's sound as the lesson was made of it. Raises BadInput where it is another one."""
    media.extract_audio([media.probe(f) for f in files], out, track=track, progress=lambda _done: None)
    audio = Audio(out)
    names = ", ".join(media.printable(f) for f in files)
    length = lesson.transcript.duration
    if abs(audio.duration - length) > SAME_LENGTH_S:
        raise BadInput(
            f"{names} is {clock(audio.duration)} long, and the lesson {clock(length)}: it is another recording, or was "
            "changed since. Name the one that was analysed with --recording, or analyse this one."
        )
    if not _as_loud(audio, lesson):
        raise BadInput(
            f"{names} does not sound like what was analysed: it is another recording, was changed since, or another of "
            "its sound tracks was used (--track N). Name the right one with --recording."
        )
    return audio


def _as_loud(audio: Audio, lesson: Lesson) -> bool:
    now, then = assess(audio, lesson.transcript), lesson.quality
    pairs = ((now.speech_db, then.speech_db), (now.noise_db, then.noise_db))
    return all(a is None or b is None or abs(a - b) <= SAME_DB for a, b in pairs)


def clip(audio: Audio, span: Span) -> bytes:
    """A stretch of the sound as a WAV file, as loud as it can be: far students are to be heard in it too."""
    samples = audio.read(span.start, span.end)
    peak = float(np.abs(samples).max()) if len(samples) else 0.0
    louder = min(LOUDER, 0.9 / peak) if peak > 0 else 1.0
    whole = np.clip(np.rint(samples * louder * 32767), -32768, 32767).astype("<i2")
    with io.BytesIO() as file:
        with wave.open(file, "wb") as wav:
            wav.setparams((1, 2, RATE, len(whole), "NONE", ""))
            wav.writeframes(whole.tobytes())
        return file.getvalue()


LOUDER = 8.0
"""18 dB: a quiet clip is not made a roar of noise."""
