"""What the embedded recognizer adds to its network: padding, languages, favoured words."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import soundfile as sf

import pipelines.speech.moonshine as adapter
from coaching.errors import MissingEngine
from coaching.spans import Span
from coaching.transcript import Heard
from pipelines.audio import Audio
from pipelines.media import extract_audio, probe
from pipelines.progress import silent
from pipelines.speech.cuts import with_padding
from pipelines.speech.moonshine import Moonshine

NAMES = ["Siobhan", "Xiomara", "Nguyen", "Aaliyah", "Mateo", "Jamal", "Priya", "Imani", "Theo", "Asha", "Wei", "Texas"]
TERMS = ["rhombus", "denominator", "photosynthesis", "parallelogram", "quotient"]


@pytest.fixture(scope="module")
def engine() -> Moonshine:
    return Moonshine(2)


def close(spans: list[Span], *expected: tuple[float, float]) -> bool:
    return [(s.start, s.end) for s in spans] == [pytest.approx(e) for e in expected]


def test_padding_stops_in_the_middle_of_the_gap_to_other_speech() -> None:
    # seconds  0         1         2         3
    #          |    a----a b----b            |     a 0.5-1.0, b 1.2-1.7; gap 0.2: each takes half of it
    # padded      aaaaaaaabbbbbbbbbb               0.15 where nobody is near
    assert close(with_padding([Span(0.5, 1.0), Span(1.2, 1.7)], 3.0), (0.35, 1.1), (1.1, 1.85))


def test_padding_never_grows_into_overlapping_speech_nor_out_of_the_recording() -> None:
    # seconds  0         1         2
    #          a---------a                a 0-1: nothing before 0;  b starts inside it: no padding at its end
    #                 b------------b      b 0.7-2.0: no padding at its start; the recording ends at 2.1
    assert close(with_padding([Span(0, 1), Span(0.7, 2.0)], 2.1), (0, 1), (0.7, 2.1))


def test_padding_keeps_the_order_it_was_given() -> None:
    assert close(with_padding([Span(5, 6), Span(1, 2)], 9), (4.85, 6.15), (0.85, 2.15))


def test_another_language_keeps_its_time_without_words(engine: Moonshine, tmp_path: Path) -> None:
    sf.write(tmp_path / "a.wav", [0.0] * 16_000, 16_000, subtype="PCM_16")
    spans = [Span(0, 0.4), Span(0.5, 1)]
    heard = engine.transcribe(Audio(tmp_path / "a.wav"), spans, language="es", vocabulary=(), progress=silent)
    assert heard == [Heard(), Heard()]
    assert (engine.speaks("en-GB"), engine.speaks("de")) == (True, False)


def real(path: Path, tmp_path: Path) -> Audio:
    samples, rate = sf.read(path, dtype="float32")
    assert rate == 16_000
    sf.write(tmp_path / "real.wav", samples, rate, subtype="PCM_16")
    return Audio(tmp_path / "real.wav")


def test_a_listed_name_is_heard_where_the_sound_allows_it(engine: Moonshine, shared: Path, tmp_path: Path) -> None:
    audio = real(shared / "talk" / "telephone.wav", tmp_path)
    span = [Span(14.444, 17.769)]  # "And I'm Sheila in Texas, originally from Chicago."
    (without,) = engine.transcribe(audio, span, language="en", vocabulary=(), progress=silent)
    (listed,) = engine.transcribe(audio, span, language="en", vocabulary=NAMES + TERMS, progress=silent)
    assert "Texas" not in without.text
    assert "Texas" in listed.text
    assert not [w for w in NAMES + TERMS if w in listed.text and w != "Texas"]


def test_a_list_changes_nothing_where_no_listed_word_was_said(engine: Moonshine, shared: Path, tmp_path: Path) -> None:
    for path in sorted((shared / "voices" / "adults_one").glob("*.flac"))[:3]:
        audio = real(path, tmp_path)
        span = [Span(0, audio.duration)]
        without = engine.transcribe(audio, span, language="en", vocabulary=(), progress=silent)
        assert engine.transcribe(audio, span, language="en", vocabulary=NAMES + TERMS, progress=silent) == without
        assert without[0].text


def test_without_its_model_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "find_spec", lambda _name: None)
    with pytest.raises(MissingEngine, match="Install moonshine-voice"):
        Moonshine(1)


def test_a_quoted_sentence_comes_without_its_quote_marks(engine: Moonshine, sample: Path, tmp_path: Path) -> None:
    """The network writes both of these in quotes, or with one."""
    recording = probe(sample / "sample-lesson.mp4")
    extract_audio([recording], tmp_path / "sample.wav", track=None, progress=silent)
    spans = [Span(133.18, 136.775), Span(190.89, 196.335)]
    heard = engine.transcribe(Audio(tmp_path / "sample.wav"), spans, language="en", vocabulary=(), progress=silent)
    assert heard[0].text.startswith("Oh, I only looked")
    assert heard[1].text.endswith("for us?")
    assert '"' not in heard[0].text + heard[1].text


def test_interrupted_while_work_is_handed_out(
    engine: Moonshine, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C comes at the 20th of 40 spans: the two threads finish what they began, and the rest is never heard."""
    audio = real(shared / "voices" / "adults_one" / "1040-133433-0000.flac", tmp_path)
    heard: list[object] = []
    hear_piece = engine._hear_piece

    def counted(*arguments: Any) -> Heard:
        heard.append(arguments)
        return hear_piece(*arguments)

    class Interrupted(ThreadPoolExecutor):
        given = 0

        def submit(self, *arguments: Any, **named: Any) -> Future[Any]:
            self.given += 1
            if self.given == 20:
                raise KeyboardInterrupt
            return super().submit(*arguments, **named)

    monkeypatch.setattr(engine, "_hear_piece", counted)
    monkeypatch.setattr(adapter, "ThreadPoolExecutor", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine.transcribe(audio, [Span(0, 2)] * 40, language="en", vocabulary=(), progress=silent)
    assert len(heard) <= 4
