"""The Whisper adapter itself, with the real engine and a tiny random model: windows, languages, and a full memory."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile as sf

from coaching.errors import MissingEngine, OutOfMemory
from coaching.spans import Span
from coaching.transcript import Heard, Word
from pipelines.audio import RATE, Audio
from pipelines.progress import silent
from pipelines.speech import whisper
from pipelines.speech.whisper import Whisper

FULL = "CUDA failed with error out of memory"


@pytest.fixture(scope="module")
def engine(whisper_model):
    return Whisper(str(whisper_model), models_dir=whisper_model, threads=1, token=None, batch=None)


@pytest.fixture(scope="module")
def audio(tmp_path_factory):
    path = tmp_path_factory.mktemp("sound") / "noise.wav"
    sf.write(path, np.random.default_rng(1).normal(0, 0.1, 100 * RATE), RATE, subtype="PCM_16")
    return Audio(path)


def listen(engine, audio, spans, language="en", progress=silent):
    return engine.transcribe(audio, spans, language=language, vocabulary=("numerator",), progress=progress)


def windows(audio, *spans):
    return [w.utterances for w in whisper._windows(audio, [Span(*s) for s in spans])]


def test_neighbours_with_a_pause_are_heard_together(audio):
    #  AAAA..BBBB.....CC      gaps of 0.6 s (one window) and 2.4 s (another)
    assert windows(audio, (0, 4), (4.6, 8), (10.4, 12)) == [(0, 1), (2,)]


def test_different_people_are_not_heard_together(audio):
    #  AAAA.BBBB              a gap of 0.3 s: A and B are two voices, and their words must not be mixed up
    #  CCCCCCCC               C and D overlap
    #      DDDD..EEEE         E follows D, with a pause
    assert windows(audio, (0, 4), (4.3, 8)) == [(0,), (1,)]
    assert windows(audio, (20, 28), (24, 28), (28.6, 32)) == [(0,), (1, 2)]


def test_long_speech_is_cut_and_windows_never_grow_too_long(audio):
    assert windows(audio, (0, 70)) == [(0,)] * 3
    assert windows(audio, (0, 20), (21, 32)) == [(0,), (1,)]
    assert all(w.span.duration <= whisper.WINDOW_S for w in whisper._windows(audio, [Span(0, 95)]))


def test_words_are_shared_out_by_their_times():
    #  0....1....2....3....4
    #  AAAAAA          BBBBBB    A 0 to 1.2, B 3.2 to 4.4; "you" is stretched over the pause
    words = [
        Word(" Do", Span(0.1, 0.5), 0.9),
        Word(" you?", Span(0.5, 3.3), 0.4),
        Word(" Yes.", Span(3.3, 4.6), 0.8),
    ]
    window = whisper._Window(Span(0, 4.5), (0, 1))
    asked, answered = whisper._shared_out(window, words, [Span(0, 1.2), Span(3.2, 4.4)], "en")
    assert asked.text == "Do you?"
    assert asked.words == (Word("Do", Span(0.1, 0.5), 0.9), Word("you?", Span(0.5, 1.2), 0.4))
    assert asked.confidence == pytest.approx(0.6)  # (0.9 x 0.4) ^ 1/2
    assert answered == Heard("Yes.", pytest.approx(0.8), (Word("Yes.", Span(3.3, 4.4), 0.8),))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (" Thank you for watching!", "en"),
        (" 字幕", "en"),
        (" so so so so so so so", "de"),
        (" More than anybody can say in half a second", "en"),
    ],
)
def test_what_nobody_said_is_left_out(text, language):
    heard = whisper._shared_out(
        whisper._Window(Span(0, 1), (0,)), [Word(text, Span(0, 0.5), 0.9)], [Span(0, 0.5)], language
    )
    assert heard == [Heard()]


def test_other_letters_are_no_error_in_other_languages():
    (heard,) = whisper._shared_out(
        whisper._Window(Span(0, 2), (0,)),
        [Word(" Что", Span(0, 1), 0.9), Word(" это?", Span(1, 2), 0.9)],
        [Span(0, 2)],
        "ru",
    )
    assert heard.text == "Что это?"


def test_many_languages_are_spoken(engine, audio):
    assert engine.speaks("de")
    assert engine.speaks("pt-BR")
    assert listen(engine, audio, [Span(0, 4)], language="de")[0].text
    assert listen(engine, audio, [Span(0, 4)], language="tlh") == [Heard()]


def test_a_full_memory_halves_the_batch_and_goes_on(engine, audio, monkeypatch):
    spans = [Span(t, t + 4) for t in range(0, 96, 8)]  # 12 windows
    expected = listen(engine, audio, spans)
    encode, sizes = engine._model.encode, []

    def small(features):
        sizes.append(len(features))
        if len(features) > 3:
            raise RuntimeError(FULL)
        return encode(features)

    monkeypatch.setattr(engine._model, "encode", small)
    monkeypatch.setattr(engine, "_batch", 12)
    shares: list[float] = []
    assert listen(engine, audio, spans, progress=shares.append) == expected
    assert sizes == [12, 6, 3, 3, 3, 3]
    assert shares == sorted(shares)
    assert listen(engine, audio, spans[:4]) == expected[:4]
    assert sizes[6:] == [3, 1]  # what did not fit once is not tried again


def test_a_memory_too_small_for_anything_is_said_plainly(engine, audio, monkeypatch):
    def full(_features):
        raise RuntimeError(FULL)

    monkeypatch.setattr(engine._model, "encode", full)
    monkeypatch.setattr(engine, "_batch", 4)
    with pytest.raises(OutOfMemory, match="even for 30 seconds at a time"):
        listen(engine, audio, [Span(0, 4), Span(10, 14)])


def test_other_errors_are_not_hidden(engine, audio, monkeypatch):
    def broken(_features):
        raise RuntimeError("CUDA driver version is insufficient for CUDA runtime version")

    monkeypatch.setattr(engine._model, "encode", broken)
    with pytest.raises(RuntimeError, match="driver version"):
        listen(engine, audio, [Span(0, 4)])


def test_a_library_of_the_gpu_that_is_not_there_says_what_to_do(engine, audio, monkeypatch):
    def missing(_features):
        raise RuntimeError("Library libcublas.so.12 is not found or cannot be loaded")

    monkeypatch.setattr(engine._model, "encode", missing)
    with pytest.raises(MissingEngine, match=r"docs/settings\.md"):
        listen(engine, audio, [Span(0, 4)])


def test_a_model_that_does_not_fit_is_loaded_in_a_smaller_precision(whisper_model, monkeypatch):
    import faster_whisper

    asked = []

    class Card(faster_whisper.WhisperModel):
        def __init__(self, model, *, compute_type, **options):
            asked.append(compute_type)
            if compute_type == "int8":
                raise RuntimeError(FULL)
            super().__init__(model, compute_type=compute_type, **options)

    monkeypatch.setattr(faster_whisper, "WhisperModel", Card)
    whisper._model(str(whisper_model), "cpu")
    assert asked == ["int8", "float32"]


def test_a_broken_model_says_what_to_do(tmp_path):
    for name in whisper.FILES:
        (tmp_path / name).write_text("{}")
    with pytest.raises(MissingEngine, match="correct SECONDLOOK_WHISPER_MODEL"):
        Whisper(str(tmp_path), models_dir=tmp_path, threads=1, token=None, batch=None)


def test_a_memory_that_does_not_even_hold_the_model_is_said_plainly(whisper_model, monkeypatch):
    def full(*_args, **_options):
        raise RuntimeError(FULL)

    monkeypatch.setattr("faster_whisper.WhisperModel", full)
    with pytest.raises(OutOfMemory, match="SECONDLOOK_WHISPER_MODEL"):
        Whisper(str(whisper_model), models_dir=whisper_model, threads=1, token=None, batch=None)
