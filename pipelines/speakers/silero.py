"""Silero's voice activity detector, streamed: where it hears speech, and so where segmentation bridged a pause."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from coaching.errors import MissingEngine
from pipelines.audio import RATE, Audio, Samples
from pipelines.progress import Progress
from pipelines.speakers.networks import FRAME, session
from pipelines.speakers.windows import FIRST_FRAME_S

Likely = npt.NDArray[np.float32]

STEP = 512
"""Samples a probability: 32 ms."""

_CONTEXT = 64
"""Samples before each step that the network sees again."""

_CHUNK = STEP * 1875
"""Samples read at once: a minute."""


class Silero:
    """The detector, fed in order; it remembers what it heard before.

    The model file is faster-whisper's, but read without importing that package: its own wrapper starts anew with every
    call, so it wants the whole recording at once, and the import costs 25 MB for nothing else that is needed here.
    """

    def __init__(self) -> None:
        """Raises MissingEngine where faster-whisper is not installed."""
        spec = find_spec("faster_whisper")
        folders = list(spec.submodule_search_locations or []) if spec else []
        found = [path for folder in folders for path in sorted(Path(folder, "assets").glob("silero_vad*.onnx"))]
        if not found:
            raise MissingEngine("The voice activity detector is not installed: install faster-whisper, then try again.")
        self._session = session(found[-1], ort=False)
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(_CONTEXT, np.float32)

    def speech(self, samples: Samples) -> Likely:
        """How likely each next 32 ms hold speech, 0 to 1, shape [n / 512]; `samples` is a multiple of 512 long."""
        heard = np.concatenate([self._context, samples])
        steps = np.lib.stride_tricks.sliding_window_view(heard, STEP + _CONTEXT)[::STEP]
        inputs = {"input": np.ascontiguousarray(steps), "h": self._h, "c": self._c}
        likely, self._h, self._c = self._session.run(None, inputs)
        self._context = heard[-_CONTEXT:]
        return np.asarray(likely, np.float32).reshape(-1)


def likelihood(audio: Audio, frames: int, progress: Progress) -> Likely:
    """How likely each of segmentation's first `frames` frames holds speech, 0 to 1: [frames]."""
    detector = Silero()
    heard = [np.zeros(0, np.float32)]
    for first in range(0, audio.samples, _CHUNK):
        samples = audio.read(first / RATE, (first + _CHUNK) / RATE)
        heard.append(detector.speech(np.pad(samples, (0, -len(samples) % STEP))))
        progress(min(1.0, (first + _CHUNK) / audio.samples))
    likely = np.concatenate([*heard, np.zeros(1, np.float32)])
    middle = ((np.arange(frames) + 0.5) * FRAME + FIRST_FRAME_S * RATE) // STEP
    return np.asarray(likely[np.minimum(middle.astype(int), len(likely) - 1)], np.float32)
