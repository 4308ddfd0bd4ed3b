"""Whisper by faster-whisper, on a GPU or on the processor: many languages, word times, and your vocabulary.

Everything it hears lies in windows of 30 s, one utterance or a few of them, many windows at once.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import SecretStr

from coaching.errors import MissingEngine, OutOfMemory
from coaching.spans import Span
from coaching.transcript import PAUSE_S, Heard, Word
from pipelines import gpu, hub
from pipelines.align import SHORTEST_S, assign_words
from pipelines.audio import RATE, Audio
from pipelines.progress import Progress
from pipelines.speech import joined
from pipelines.speech.cuts import quietest_cut, with_padding
from pipelines.speech.guard import sayable

SETTING = "SECONDLOOK_WHISPER_MODEL"
FILES = ("model.bin", "config.json", "tokenizer.json")
"""What a folder must hold. Without its tokenizer faster-whisper would download one."""

WINDOW_S = 30.0
"""Whisper sees 30 s at a time; a shorter stretch costs as much."""
EARLIEST_CUT_S = 20.0
"""No piece of long speech but the last is shorter."""
LETTERS_PER_S = 30.0
"""Nobody speaks faster: a longer text is invented ..."""
SPARE_LETTERS = 15
"""... though a short stretch may hold a whole word more."""
JOIN_S = 2.0
"""Utterances with pauses of `PAUSE_S` to this between them are heard in one window: context, at a lower cost. Those
nearer to each other are of different people, and word times are not good enough to tell whose a word is."""

BATCH = {"cuda": 16, "cpu": 4}
"""Windows heard at once. On the processor more are no faster, and Ctrl-C waits for the batch."""
PRECISIONS = {"cuda": ("float16", "int8_float16", "float32"), "cpu": ("int8", "float32")}
"""The first that the device knows and has the memory for."""

UNLIKELY = -1.0
"""A text with a lower mean log-probability has failed, says Whisper's paper (section 4.5), and so has one that ..."""
REPETITIVE = 2.4
"""... is compressed by more than this. Whisper would guess again; nothing is the better answer here."""
NO_SPEECH = 0.6
"""Whisper's own probability that nobody speaks, from which an unsure text is left out ..."""
UNSURE = -0.7
"""... where its mean log-probability is lower than this."""


@dataclass(frozen=True, slots=True)
class _Window:
    """Sound that is heard at once, and the indices of the utterances in it."""

    span: Span
    utterances: tuple[int, ...]


def engine_name(model: str) -> str:
    return f"whisper {Path(model).name.removeprefix('faster-whisper-')}"


def engine_version() -> str:
    return f"faster-whisper {version('faster-whisper')}"


class Whisper:
    """A Transcriber, loaded once. It takes the first GPU where there is one.

    `model` is a folder or a name of the hub; `batch` the windows heard at once, by the device if None; it is halved
    where the memory does not hold them, and stays so. Raises MissingEngine or OutOfMemory.
    """

    def __init__(
        self, model: str, *, models_dir: Path, threads: int, token: SecretStr | None, batch: int | None
    ) -> None:
        self.name, self.version = engine_name(model), engine_version()
        hub.no_telemetry()
        _preload_cublas()
        import ctranslate2

        usable = ctranslate2.get_cuda_device_count() > 0
        device = gpu.device(usable, "CTranslate2", "Update the GPU's driver.")
        self._batch = batch or BATCH[device]
        place = hub.folder(model)

        def fetch() -> Any:
            return _model(
                str(place or model),
                device,
                cpu_threads=threads,
                download_root=str(models_dir / "hub"),
                use_auth_token=token.get_secret_value() if token else None,
            )

        try:
            self._model = hub.load(model, SETTING, fetch)
        except RuntimeError as error:
            if not gpu.out_of_memory(error):
                raise
            raise self._too_small() from None

    def speaks(self, language: str) -> bool:
        return _code(language) in self._model.supported_languages

    def transcribe(
        self,
        audio: Audio,
        spans: Sequence[Span],
        *,
        language: str,
        vocabulary: Sequence[str],
        progress: Progress,
    ) -> list[Heard]:
        """See Transcriber. As many terms of `vocabulary` are favoured, first ones first, as Whisper's prompt holds."""
        parts: list[list[Heard]] = [[] for _ in spans]
        windows = _windows(audio, spans) if self.speaks(language) else []
        done = 0
        while done < len(windows):
            batch = windows[done : done + self._batch]
            try:
                found = self._hear(audio, batch, _code(language), ", ".join(vocabulary))
            except (RuntimeError, MemoryError) as error:
                if "libcublas" in str(error) or "libcudnn" in str(error):
                    raise MissingEngine(
                        f"The GPU's libraries are not all installed ({error}). docs/settings.md says how to get them."
                    ) from None
                if not gpu.out_of_memory(error):
                    raise
                if len(batch) == 1:
                    raise self._too_small() from None
                self._batch = len(batch) // 2
                continue
            for window, words in zip(batch, found, strict=True):
                done += 1
                for i, heard in zip(window.utterances, _shared_out(window, words, spans, language), strict=True):
                    parts[i].append(heard)
                    progress(done / len(windows))
        progress(1.0)
        return [joined(p) for p in parts]

    def _too_small(self) -> OutOfMemory:
        return OutOfMemory(
            f"The memory is too small for {self.name}, even for 30 seconds at a time. Close other programs "
            f"that use it, or set {SETTING} to a smaller model."
        )

    def _hear(self, audio: Audio, windows: Sequence[_Window], language: str, hints: str) -> list[list[Word]]:
        """The words of each window, in order, with their times in the recording; text as it is written, spaces too."""
        from faster_whisper import BatchedInferencePipeline

        # Each window has 30 s of its own here, so that what is found says by its time whose it is.
        sound = np.zeros(round(len(windows) * WINDOW_S * RATE), np.float32)
        clips = []
        for n, window in enumerate(windows):
            samples = audio.read(window.span.start, window.span.end)
            first = round(n * WINDOW_S * RATE)
            sound[first : first + len(samples)] = samples
            clips.append({"start": n * WINDOW_S, "end": n * WINDOW_S + len(samples) / RATE})
        segments, _ = BatchedInferencePipeline(self._model).transcribe(
            sound,
            language=language,
            hotwords=hints or None,
            word_timestamps=True,
            clip_timestamps=clips,
            batch_size=len(windows),
        )
        found: list[list[Word]] = [[] for _ in windows]
        for segment in segments:
            n = int(segment.seek / 100 / WINDOW_S)
            if _failed(segment):
                continue
            shift = windows[n].span.start - n * WINDOW_S
            for w in segment.words or ():
                start, end = (round(float(t) + shift, 3) for t in (w.start, w.end))
                found[n].append(Word(w.word, Span(start, max(start, end)), min(1.0, float(w.probability))))
        return found


def _model(model: str, device: str, **options: Any) -> Any:
    """faster-whisper's model in the best precision that fits."""
    import ctranslate2
    from faster_whisper import WhisperModel

    known = ctranslate2.get_supported_compute_types(device)
    *better, last = [p for p in PRECISIONS[device] if p in known]
    for precision in better:
        try:
            return WhisperModel(model, device=device, compute_type=precision, **options)
        except RuntimeError as error:
            if not gpu.out_of_memory(error):
                raise
    return WhisperModel(model, device=device, compute_type=last, **options)


def _preload_cublas() -> None:
    """CTranslate2 asks the system for cuBLAS 12 by name, and pip puts it where the system does not look."""
    found = find_spec("nvidia")
    for place in (found.submodule_search_locations or []) if found else []:
        library = Path(place, "cublas", "lib", "libcublas.so.12")
        if library.is_file():
            ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)


def _code(language: str) -> str:
    return language.split("-")[0].lower()


def _windows(audio: Audio, spans: Sequence[Span]) -> list[_Window]:
    """The windows in which all of `spans` are heard: neighbours together, long ones in pieces, in order of start."""
    padded = with_padding(spans, audio.duration)
    groups: list[list[int]] = []
    for i in sorted(range(len(spans)), key=lambda i: padded[i]):
        if min(spans[i].end, audio.duration) - spans[i].start < SHORTEST_S:
            continue
        if groups:
            pause = spans[i].start - spans[groups[-1][-1]].end
            whole = padded[i].end - padded[groups[-1][0]].start
            if PAUSE_S <= pause <= JOIN_S and whole <= WINDOW_S:
                groups[-1].append(i)
                continue
        groups.append([i])
    return [
        _Window(span, tuple(group))
        for group in groups
        for span in _pieces(audio, Span(padded[group[0]].start, padded[group[-1]].end))
    ]


def _pieces(audio: Audio, span: Span) -> list[Span]:
    """`span` in pieces of at most `WINDOW_S`."""
    pieces = []
    start = span.start
    while span.end - start > WINDOW_S:
        cut = start + quietest_cut(audio.read(start, start + WINDOW_S), EARLIEST_CUT_S) / RATE
        pieces.append(Span(start, cut))
        start = cut
    return [*pieces, Span(start, span.end)]


def _failed(segment: Any) -> bool:
    """Whether Whisper itself would not believe this text."""
    return bool(
        segment.avg_logprob < UNLIKELY
        or segment.compression_ratio > REPETITIVE
        or (segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < UNSURE)
    )


def _shared_out(window: _Window, words: Sequence[Word], spans: Sequence[Span], language: str) -> list[Heard]:
    """What was heard in each of the window's utterances: its words, their times within it, and how sure they are."""
    own = [spans[i] for i in window.utterances]
    theirs: list[list[Word]] = [[] for _ in own]
    for word, n in zip(words, assign_words(own, [w.span for w in words if w.span]), strict=True):
        theirs[n].append(word)
    heard = []
    for span, said in zip(own, theirs, strict=True):
        text = "".join(w.text for w in said).strip()
        too_long = len(text) > SPARE_LETTERS + LETTERS_PER_S * span.duration
        if too_long or not sayable(text, english=_code(language) == "en"):
            heard.append(Heard())
            continue
        sure = math.exp(sum(math.log(max(w.confidence or 0.0, 1e-6)) for w in said) / len(said))
        inside = tuple(Word(w.text.strip(), _within(w.span, span), w.confidence) for w in said)
        heard.append(Heard(text, sure, inside))
    return heard


def _within(time: Span | None, span: Span) -> Span:
    """A word's time, without what lies outside its utterance."""
    start, end = (time.start, time.end) if time else (span.start, span.end)
    return Span(min(max(start, span.start), span.end), max(min(end, span.end), span.start))
