"""The embedded diarizer: pyannote community-1's networks on the CPU, with our own windows and clustering.

Every stage streams: what stays in memory for the whole recording is a few bytes a frame and one vector a piece.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from coaching.spans import Span
from coaching.transcript import Segment
from pipelines.audio import RATE, Audio, Samples
from pipelines.progress import Progress
from pipelines.speakers import SpeakerCount, quiet
from pipelines.speakers.clustering import cluster
from pipelines.speakers.networks import FRAME, LOCAL_SPEAKERS, WINDOW, WINDOW_FRAMES, Local, Networks, Vector
from pipelines.speakers.pieces import Piece, add_speech, cut, cut_pauses, speakers_of, told_apart
from pipelines.speakers.silero import likelihood
from pipelines.speakers.windows import FIRST_FRAME_S, FRAME_S, HOP, HOP_FRAMES, Ids, runs, timeline, tracklets

T = TypeVar("T")
R = TypeVar("R")

MOST_THREADS = 4
"""Each thread's buffers take some 45 MB, and four are through a lesson in under a minute."""


def engine_version() -> str:
    return f"ONNX, from moonshine-voice {version('moonshine-voice')}"


class LocalDiarizer:
    """Tells the speakers apart on the CPU, without a network, a window at a time."""

    name = "pyannote community-1"

    def __init__(self, models_dir: Path, threads: int) -> None:
        """`models_dir` keeps the networks; up to `threads` calls run at once. The result is the same for any number.

        Raises MissingEngine where the networks are not installed, BadInput or OutOfSpace where `models_dir` cannot
        keep them.
        """
        self.version = engine_version()
        self._networks = Networks(models_dir)
        self._threads = min(threads, MOST_THREADS)

    def diarize(self, audio: Audio, *, speakers: SpeakerCount, progress: Progress) -> list[Segment]:
        """See `pipelines.speakers.Diarizer`."""
        frames = math.ceil(audio.samples / FRAME)
        local = self._segment(audio, range(_windows(frames)), None, _part(progress, 0.0, 0.3))
        ids = tracklets(local)
        voices = timeline(local, ids, frames)
        free = self._add_quiet(audio, voices, int(ids.max()) + 1, _part(progress, 0.3, 0.5))
        likely = likelihood(audio, frames, _part(progress, 0.5, 0.55))
        add_speech(voices, likely, free)
        cut_pauses(voices, likely)
        pieces = cut(voices)

        def embed(piece: Piece) -> Vector:
            first, end = (f * FRAME + round(FIRST_FRAME_S * RATE) for f in (piece.first, piece.end))
            return self._networks.embed(_samples(audio, first, end))

        found = self._map(embed, pieces, _part(progress, 0.55, 0.99))
        segments: list[Segment] = []
        if found:
            seconds = np.array([p.seconds for p in pieces])
            label = cluster(np.stack(found), seconds, told_apart(local, pieces), speakers)
            segments = _segments(speakers_of(voices, pieces, label), audio.duration)
        progress(1.0)
        return segments

    def _segment(
        self, audio: Audio, windows: Sequence[int], gain: npt.NDArray[np.float32] | None, progress: Progress
    ) -> Local:
        """The local voices of each of `windows`, in sound lifted by `gain` where given: [windows, 589, 3]."""

        def segment(w: int) -> Local:
            samples = _samples(audio, w * HOP, w * HOP + WINDOW)
            return self._networks.segment(samples if gain is None else quiet.lifted(samples, w * HOP, gain))

        found = self._map(segment, windows, progress)
        return np.stack(found) if found else np.zeros((0, WINDOW_FRAMES, LOCAL_SPEAKERS), np.uint8)

    def _add_quiet(self, audio: Audio, voices: Ids, free: int, progress: Progress) -> int:
        """Listen again to lifted sound where it is quiet and nobody was heard. In place; the next free tracklet."""
        gain = quiet.gains(quiet.levels(audio))
        if gain is None:
            return free
        wanted = quiet.unheard(voices, gain)
        count = _windows(len(voices))
        local = np.zeros((count, WINDOW_FRAMES, LOCAL_SPEAKERS), np.uint8)
        again = [w for w in range(count) if wanted[w * HOP_FRAMES : w * HOP_FRAMES + WINDOW_FRAMES].any()]
        local[again] = self._segment(audio, again, gain, progress)
        ids = tracklets(local) + free
        quiet.add(voices, timeline(local, ids, len(voices)), wanted)
        return int(ids.max()) + 1

    def _map(self, work: Callable[[T], R], items: Sequence[T], progress: Progress) -> list[R]:
        """`work` on each item, in order; leaves no thread running, not even when `progress` raises."""
        done: list[R] = []
        with ThreadPoolExecutor(self._threads) as pool:
            try:
                for result in pool.map(work, items):
                    done.append(result)
                    progress(len(done) / len(items))
            finally:
                pool.shutdown(cancel_futures=True)
        return done


def _windows(frames: int) -> int:
    """How many windows cover so many frames; the last one may reach beyond the end."""
    return max(0, math.ceil((frames - WINDOW_FRAMES) / HOP_FRAMES)) + 1


def _samples(audio: Audio, first: int, end: int) -> Samples:
    return audio.read(first / RATE, end / RATE)


def _part(progress: Progress, start: float, end: float) -> Progress:
    return lambda share: progress(start + (end - start) * share)


def _segments(who: Ids, duration: float) -> list[Segment]:
    """Each speaker's runs of frames, in order; speakers are numbered as they are first heard."""
    found = []
    for n in np.unique(who[who >= 0]).tolist():
        talks = (who == n).any(axis=1)
        for first, end in runs(talks):
            start, stop = (min(f * FRAME_S + FIRST_FRAME_S, duration) for f in (first, end))
            if talks[first] and start < stop:
                found.append((Span(start, stop), n))
    found.sort()
    order: dict[int, str] = {}
    for _, n in found:
        order.setdefault(n, f"S{len(order) + 1}")
    return [Segment(span, order[n]) for span, n in found]
