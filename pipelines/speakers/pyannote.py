"""pyannote.audio 4's own diarization pipeline, community-1, on a GPU (or, slowly, on the processor)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import SecretStr

from coaching.errors import MissingEngine, OutOfMemory
from coaching.spans import Span
from coaching.transcript import Segment
from pipelines import gpu, hub
from pipelines.audio import RATE, Audio, Samples
from pipelines.progress import Progress
from pipelines.speakers import SpeakerCount

SETTING = "SECONDLOOK_DIARIZER_MODEL"
FILES = ("config.yaml",)
"""What a folder must hold; the file names the networks beside it."""

BATCH = {"cuda": 32, "cpu": 4}
"""Windows that the networks see at once, as in community-1's own configuration; on the processor more are no faster."""

BLOCK_S = 60.0
"""The file is read in blocks of this length: the whole of it is in memory once, and not twice."""

REMEDY = "Install a torch with CUDA, or update the GPU's driver: docs/settings.md says how."

PARTS = {"segmentation": (0.0, 0.3), "embeddings": (0.3, 0.95)}
"""The share of the work that each of pyannote's steps is done with; the others take no time."""


def engine_name(model: str) -> str:
    return f"pyannote {Path(model).name.removeprefix('speaker-diarization-')}"


def engine_version() -> str:
    return f"pyannote.audio {version('pyannote.audio')}"


class PyannoteDiarizer:
    """A Diarizer, loaded once. It takes the first GPU where torch finds one.

    The whole sound is in memory while it works (90 minutes are 350 MB), and so are pyannote's tables (up to 1 GB).
    The voice prints that it makes are dropped with each call. Raises MissingEngine or OutOfMemory.
    """

    def __init__(self, model: str, *, models_dir: Path, threads: int, token: SecretStr | None) -> None:
        self.name, self.version = engine_name(model), engine_version()
        hub.no_telemetry()
        with _calm():
            try:
                import torch
                from pyannote.audio import Pipeline
            except (ImportError, OSError, RuntimeError) as error:
                raise MissingEngine(
                    f"pyannote.audio is not there, or its torch and torchaudio do not fit together "
                    f"({type(error).__name__}). Install the three anew: docs/settings.md says how."
                ) from None
            torch.set_num_threads(threads)
            device = gpu.device(torch.cuda.is_available(), "torch", REMEDY)
            place = hub.folder(model)

            def fetch() -> Any:
                secret = token.get_secret_value() if token else None
                return Pipeline.from_pretrained(str(place or model), token=secret, cache_dir=str(models_dir / "hub"))

            self._pipeline = hub.load(model, SETTING, fetch)
            self._fit(BATCH[device])
            try:
                self._pipeline.to(torch.device(device))
            except RuntimeError as error:
                if not gpu.out_of_memory(error):
                    raise
                raise self._too_small() from None

    def diarize(self, audio: Audio, *, speakers: SpeakerCount, progress: Progress) -> list[Segment]:
        """See `pipelines.speakers.Diarizer`. Where the memory does not hold a batch, it starts again with half."""
        segments: list[Segment] = []
        told = _Told(progress)
        told.share(0.0)
        if audio.samples:
            import torch

            sound = {"waveform": torch.from_numpy(_whole(audio))[None], "sample_rate": RATE}
            segments = _segments(self._annotation(sound, speakers, told), audio.duration)
            torch.cuda.empty_cache()  # the recognizer needs room on the same GPU
        told.share(1.0)
        return segments

    def _annotation(self, sound: dict[str, Any], speakers: SpeakerCount, told: _Told) -> Any:
        """pyannote's own answer, without the voice prints: overlapping speech belongs to each who speaks."""
        import torch

        least = speakers.least
        while True:
            try:
                with _calm():
                    found = self._pipeline(sound, min_speakers=least, max_speakers=speakers.most, hook=told.step)
                return found.speaker_diarization
            except ValueError as error:
                if least is None or "n_clusters" not in str(error):
                    raise
                least = None  # There is too little speech to make so many voices of it.
                continue
            except (RuntimeError, MemoryError) as error:
                if not gpu.out_of_memory(error):
                    raise
            if self._batch == 1:
                raise self._too_small()
            self._fit(self._batch // 2)
            torch.cuda.empty_cache()

    def _fit(self, batch: int) -> None:
        self._batch = batch
        self._pipeline.segmentation_batch_size = self._pipeline.embedding_batch_size = batch

    def _too_small(self) -> OutOfMemory:
        return OutOfMemory(
            f"The memory is too small for {self.name}. Close other programs that use it, or use --engine embedded."
        )


class _Told:
    """Progress out of pyannote's steps; never less than before, also where the work begins again."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._done = progress, -1.0

    def share(self, done: float) -> None:
        if done > self._done:
            self._done = done
            self._progress(done)

    def step(
        self, name: str, _made: object, *, completed: int | None = None, total: int | None = None, **_: Any
    ) -> None:
        if name in PARTS and completed is not None and total:
            start, end = PARTS[name]
            self.share(start + (end - start) * min(1.0, completed / total))


@contextmanager
def _calm() -> Iterator[None]:
    """Without the libraries' advice: on decoding, which they are not asked for, on TF32, and on short recordings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _whole(audio: Audio) -> Samples:
    sound = np.zeros(audio.samples, np.float32)
    step = round(BLOCK_S * RATE)
    for first in range(0, audio.samples, step):
        block = audio.read(first / RATE, (first + step) / RATE)
        sound[first : first + len(block)] = block
    return sound


def _segments(annotation: Any, duration: float) -> list[Segment]:
    """pyannote's tracks in our words: joined where one speaker's touch, and within the recording."""
    found = []
    for label in annotation.labels():
        for track in annotation.label_timeline(label).support():
            start, end = max(0.0, float(track.start)), min(float(track.end), duration)
            if start < end:
                found.append(Segment(Span(start, end), str(label)))
    return sorted(found, key=lambda s: (s.span, s.speaker))
