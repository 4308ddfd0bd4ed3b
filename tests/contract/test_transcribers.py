"""What every Transcriber keeps to, whoever made it. Add an engine to `ENGINES` and all of this holds for it too.

Whether an engine hears right can only be asked of a model that was trained: those are in `TRAINED`. The others have the
real networks with random weights.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

import jiwer
import numpy as np
import pytest
import soundfile as sf
from scipy.signal import resample_poly

from coaching.errors import Cancelled
from coaching.spans import Span
from coaching.transcript import Heard
from pipelines.audio import RATE, Audio
from pipelines.progress import Progress, silent
from pipelines.speech import MOST_TERMS, Transcriber
from pipelines.speech.moonshine import Moonshine
from pipelines.speech.whisper import Whisper

JFK = "And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country."

Make = Callable[[int], Transcriber]


def moonshine(_request: pytest.FixtureRequest) -> Make:
    return Moonshine


def whisper(request: pytest.FixtureRequest) -> Make:
    folder = request.getfixturevalue("whisper_model")
    return lambda threads: Whisper(str(folder), models_dir=folder, threads=threads, token=None, batch=None)


ENGINES: dict[str, Callable[[pytest.FixtureRequest], Make]] = {"moonshine": moonshine, "whisper": whisper}
"""Each gives what makes its engine for so many threads."""
TRAINED = ["moonshine"]
of_the_trained = pytest.mark.parametrize("make", TRAINED, indirect=True, scope="module")


@pytest.fixture(scope="module", params=ENGINES)
def make(request: pytest.FixtureRequest) -> Make:
    return ENGINES[request.param](request)


@pytest.fixture(scope="module")
def engine(make: Callable[[int], Transcriber]) -> Transcriber:
    return make(2)


def converted(path: Path, folder: Path) -> Audio:
    samples, rate = sf.read(path, dtype="float32", always_2d=True)
    return written(resample_poly(samples.mean(axis=1), RATE, rate), folder / f"{path.stem}.wav")


def written(samples: np.ndarray, path: Path) -> Audio:
    sf.write(path, samples, RATE, subtype="PCM_16")
    return Audio(path)


@pytest.fixture(scope="module")
def jfk(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Audio:
    return converted(shared / "talk" / "jfk.flac", tmp_path_factory.mktemp("jfk"))


@pytest.fixture(scope="module")
def telephone(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Audio:
    return converted(shared / "talk" / "telephone.wav", tmp_path_factory.mktemp("telephone"))


@pytest.fixture(scope="module")
def said(shared: Path) -> list[tuple[Span, str]]:
    """Who said what in the telephone call: the true spans and words, from its STM file."""
    lines = [line.split(None, 5) for line in (shared / "talk" / "telephone.stm").read_text().splitlines()]
    return [(Span(float(start), float(end)), text) for _, _, _, start, end, text in lines]


def listen(
    engine: Transcriber, audio: Audio, *spans: Span, language: str = "en", progress: Progress = silent
) -> list[Heard]:
    return engine.transcribe(audio, spans, language=language, vocabulary=(), progress=progress)


def plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def test_says_who_it_is(engine: Transcriber) -> None:
    assert engine.name
    assert engine.version
    assert engine.speaks("en")
    assert not engine.speaks("tlh")  # Klingon


@of_the_trained
def test_a_clear_sentence_is_heard(engine: Transcriber, jfk: Audio) -> None:
    (heard,) = listen(engine, jfk, Span(0, jfk.duration))
    assert jiwer.wer(plain(JFK), plain(heard.text)) < 0.2
    assert heard.confidence is None or heard.confidence > 0.6


@of_the_trained
def test_a_telephone_call_is_heard_turn_by_turn(
    engine: Transcriber, telephone: Audio, said: list[tuple[Span, str]]
) -> None:
    heard = listen(engine, telephone, *(span for span, _ in said))
    words = " ".join(plain(text) for _, text in said)
    assert jiwer.wer(words, " ".join(plain(h.text) for h in heard)) < 0.35
    assert plain(heard[0].text) == "hello"  # half a second, one true word: it stays
    assert sum("?" in h.text for h in heard) >= 1


@of_the_trained
def test_one_for_one_and_in_order(engine: Transcriber, telephone: Audio) -> None:
    early, late = Span(8.916, 9.798), Span(20.173, 21.475)  # "I didn't know you were there.", "I'm in New Jersey ..."
    first = listen(engine, telephone, early, late, early)
    assert [("know" in h.text, "Jersey" in h.text) for h in first] == [(True, False), (False, True), (True, False)]


def test_one_for_one(engine: Transcriber, telephone: Audio, said: list[tuple[Span, str]]) -> None:
    spans = [span for span, _ in said]
    heard = listen(engine, telephone, *spans, Span(0, 0), *reversed(spans))
    assert len(heard) == 2 * len(spans) + 1
    assert any(h.text for h in heard)
    assert heard[len(spans)] == Heard()


def test_word_times_lie_within_their_utterance_and_the_words_are_its_text(
    engine: Transcriber, telephone: Audio, said: list[tuple[Span, str]]
) -> None:
    spans = [span for span, _ in said]
    for span, heard in zip(spans, listen(engine, telephone, *spans), strict=True):
        if heard.words:
            assert " ".join(w.text for w in heard.words) == heard.text
        times = [w.span for w in heard.words if w.span]
        assert all(span.start <= t.start <= t.end <= span.end for t in times)
        assert times == sorted(times)


def test_nothing_asked_nothing_heard(engine: Transcriber, jfk: Audio) -> None:
    shares: list[float] = []
    assert listen(engine, jfk, progress=shares.append) == []
    assert shares[-1] == 1


@of_the_trained
@pytest.mark.parametrize("seconds", [0.3, 0.8, 3.0, 10.0])
@pytest.mark.parametrize("kind", ["silence", "noise", "quiet noise", "hum", "tone", "knocks"])
def test_no_words_where_nobody_speaks(engine: Transcriber, tmp_path: Path, kind: str, seconds: float) -> None:
    n, rng = int(seconds * RATE), np.random.default_rng(7)
    t, noise = np.arange(n) / RATE, rng.standard_normal(n)
    knocks = noise * np.exp(-((t * 3) % 1) * 25)
    hum = sum(np.sin(2 * np.pi * 50 * k * t) / k for k in (1, 2, 3, 5))
    sounds = {
        "silence": np.zeros(n),
        "noise": 0.1 * noise,
        "quiet noise": 0.003 * noise,
        "hum": 0.1 * hum,
        "tone": 0.2 * np.sin(2 * np.pi * 880 * t),
        "knocks": 0.2 * knocks,
    }
    audio = written(sounds[kind], tmp_path / "nobody.wav")
    assert listen(engine, audio, Span(0, seconds)) == [Heard()]


@pytest.mark.parametrize("span", [Span(3, 3), Span(3, 3.01), Span(10.9, 14), Span(500, 501)])
def test_slivers_and_what_lies_outside_are_empty(engine: Transcriber, jfk: Audio, span: Span) -> None:
    assert [h.text for h in listen(engine, jfk, span)] == [""]


def test_progress_never_falls_and_ends_at_one(
    engine: Transcriber, telephone: Audio, said: list[tuple[Span, str]]
) -> None:
    shares: list[float] = []
    listen(engine, telephone, *(span for span, _ in said), progress=shares.append)
    assert shares == sorted(shares)
    assert shares[0] > 0
    assert shares[-1] == 1
    assert len(shares) >= len(said)


def test_cancelling_stops_at_once_and_leaves_no_thread(engine: Transcriber, telephone: Audio) -> None:
    calls: list[float] = []

    def cancel(share: float) -> None:
        calls.append(share)
        raise Cancelled

    threads = set(threading.enumerate())
    with pytest.raises(Cancelled):
        listen(engine, telephone, *(Span(t / 10, t / 10 + 3) for t in range(200)), progress=cancel)
    assert len(calls) == 1
    assert set(threading.enumerate()) <= threads


def test_the_words_do_not_depend_on_threads(
    make: Make, engine: Transcriber, telephone: Audio, said: list[tuple[Span, str]]
) -> None:
    spans = [span for span, _ in said]
    assert listen(make(1), telephone, *spans) == listen(engine, telephone, *spans)


def test_confidence_is_a_share(engine: Transcriber, telephone: Audio, said: list[tuple[Span, str]]) -> None:
    for heard in listen(engine, telephone, *(span for span, _ in said)):
        assert heard.confidence is None or 0 <= heard.confidence <= 1
        assert heard.text or heard.confidence is None


def test_a_full_vocabulary_does_no_harm(engine: Transcriber, jfk: Audio) -> None:
    terms = [f"term number {n} of the lesson" for n in range(MOST_TERMS)]
    span = Span(0, jfk.duration)
    (heard,) = engine.transcribe(jfk, [span], language="en", vocabulary=terms, progress=silent)
    assert heard.text


@of_the_trained
def test_long_speech_is_heard_whole(engine: Transcriber, jfk: Audio, tmp_path: Path) -> None:
    once = jfk.read(0, jfk.duration)
    audio = written(np.tile(once, 5), tmp_path / "long.wav")
    (heard,) = listen(engine, audio, Span(0, audio.duration))
    assert jiwer.wer(" ".join([plain(JFK)] * 5), plain(heard.text)) < 0.2
