"""The embedded recognizer: Moonshine tiny (English), from the wheel that carries it; nothing is downloaded."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from coaching.errors import MissingEngine
from coaching.spans import Span, total
from coaching.transcript import Heard
from pipelines.audio import RATE, Audio, Samples
from pipelines.progress import Progress
from pipelines.speech import joined
from pipelines.speech.cuts import quietest_cut, with_padding
from pipelines.speech.greedy import SHORTEST, Network
from pipelines.speech.guard import believable, confidence
from pipelines.speech.quotes import without_stray_quotes
from pipelines.speech.tokens import Pieces
from pipelines.speech.vocabulary import Listed, favour, spelled

WHEEL = "moonshine-voice"
MODEL = Path("assets", "tiny-en")
LONGEST_S = 20.0
"""Longer speech is cut: the encoder's memory grows with the square of the length (70 MB more at 24 s than at 12)."""
EARLIEST_CUT_S = 10.0
"""No piece but the last is shorter than this, so that cuts are few and have many pauses to choose from."""


def engine_version() -> str:
    return version(WHEEL)


class Moonshine:
    """A Transcriber for English. Sessions are made once and shared by `threads` threads; the words are the same
    whatever their number. It gives no word times.

    Raises MissingEngine where the wheel, or the model in it, is not there.
    """

    name = "moonshine-tiny-en"

    def __init__(self, threads: int) -> None:
        folder = _model_folder()
        self.version = engine_version()
        self._threads = max(1, threads)
        self._pieces = Pieces(folder / "tokenizer.bin")
        self._network = Network(folder)

    def speaks(self, language: str) -> bool:
        return language.split("-")[0].lower() == "en"

    def transcribe(
        self,
        audio: Audio,
        spans: Sequence[Span],
        *,
        language: str,
        vocabulary: Sequence[str],
        progress: Progress,
    ) -> list[Heard]:
        """See Transcriber. In a language it does not speak it would invent English: every text is empty then."""
        if not self.speaks(language):
            progress(1.0)
            return [Heard()] * len(spans)
        listed = Listed(spelled(vocabulary, self._pieces))
        stopped = threading.Event()
        heard = [Heard()] * len(spans)
        whole, done = total(spans) or 1.0, 0.0
        with ThreadPoolExecutor(self._threads, thread_name_prefix="moonshine") as pool:
            try:  # around the handing out too: Ctrl-C may come there, and thousands of spans would still be heard
                padded = with_padding(spans, audio.duration)
                waiting = {pool.submit(self._hear, audio, span, listed, stopped): i for i, span in enumerate(padded)}
                for future in as_completed(waiting):
                    i = waiting[future]
                    heard[i] = future.result()
                    done += spans[i].duration
                    progress(min(1.0, done / whole))
            except BaseException:
                stopped.set()
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        progress(1.0)
        return heard

    def _hear(self, audio: Audio, span: Span, listed: Listed, stopped: threading.Event) -> Heard:
        """What was said in `span`, piece by piece where it is long."""
        parts: list[Heard] = []
        start = span.start
        while start < span.end and not stopped.is_set():
            samples = audio.read(start, min(span.end, start + LONGEST_S))
            if start + LONGEST_S < span.end:
                samples = samples[: quietest_cut(samples, EARLIEST_CUT_S)]
            if not len(samples):
                break
            parts.append(self._hear_piece(samples, listed))
            start += len(samples) / RATE
        return joined(parts)

    def _hear_piece(self, samples: Samples, listed: Listed) -> Heard:
        if len(samples) < SHORTEST:
            return Heard()
        sound = self._network.encode(samples)
        guess = favour(self._network, sound, self._network.write(sound, watch=listed.firsts), listed)
        text = without_stray_quotes(self._pieces.text(guess.ids))
        if not believable(guess, text):
            return Heard()
        return Heard(text, confidence(guess))


def _model_folder() -> Path:
    found = find_spec("moonshine_voice")  # looks it up without importing it, which would load its 40 MB library
    for place in (found.submodule_search_locations or []) if found else []:
        if (Path(place) / MODEL / "encoder_model.ort").is_file():
            return Path(place) / MODEL
    raise MissingEngine(f"The embedded speech recognizer is not installed. Install {WHEEL}==0.0.73, then try again.")
