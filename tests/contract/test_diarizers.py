"""What every Diarizer keeps to, whoever made it. Add an engine to `ENGINES` and all of this holds for it too.

Whether an engine hears right can only be asked of a model that was trained: those are in `TRAINED`. The others have the
real networks with random weights.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from pyannote.core import Annotation, Timeline
from pyannote.core import Segment as Stretch
from pyannote.metrics.diarization import DiarizationErrorRate
from scipy.signal import resample_poly

from coaching.errors import Cancelled
from coaching.settings import load_settings
from coaching.transcript import Segment
from pipelines.audio import RATE, Audio
from pipelines.progress import Progress, silent
from pipelines.speakers import Diarizer, SpeakerCount
from pipelines.speakers.local import LocalDiarizer
from pipelines.speakers.pyannote import PyannoteDiarizer

Make = Callable[[int], Diarizer]


def local(_request: pytest.FixtureRequest) -> Make:
    return lambda threads: LocalDiarizer(load_settings().models_dir, threads)


def pyannote(request: pytest.FixtureRequest) -> Make:
    folder = request.getfixturevalue("diarizer_model")
    return lambda threads: PyannoteDiarizer(str(folder), models_dir=folder, threads=threads, token=None)


ENGINES: dict[str, Callable[[pytest.FixtureRequest], Make]] = {"local": local, "pyannote": pyannote}
"""Each gives what makes its engine for so many threads."""
TRAINED = ["local"]
of_the_trained = pytest.mark.parametrize("make", TRAINED, indirect=True, scope="module")


@pytest.fixture(scope="module", params=ENGINES)
def make(request: pytest.FixtureRequest) -> Make:
    return ENGINES[request.param](request)


@pytest.fixture(scope="module")
def engine(make: Make) -> Diarizer:
    return make(2)


def written(samples: np.ndarray, path: Path) -> Audio:
    sf.write(path, samples, RATE, subtype="PCM_16")
    return Audio(path)


@pytest.fixture(scope="module")
def telephone(engine: Diarizer, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Audio:
    """Thirty seconds; for whoever was not trained, the first twelve: it takes long to hear nothing in them."""
    samples, rate = sf.read(shared / "talk" / "telephone.wav", dtype="float32", always_2d=True)
    if isinstance(engine, PyannoteDiarizer):
        samples = samples[: 12 * rate]
    folder = tmp_path_factory.mktemp("telephone")
    return written(resample_poly(samples.mean(axis=1), RATE, rate), folder / "telephone.wav")


@pytest.fixture(scope="module")
def found(engine: Diarizer, telephone: Audio) -> list[Segment]:
    return listen(engine, telephone)


def listen(
    engine: Diarizer, audio: Audio, speakers: SpeakerCount | None = None, progress: Progress = silent
) -> list[Segment]:
    return engine.diarize(audio, speakers=speakers or SpeakerCount(), progress=progress)


def voices(segments: list[Segment]) -> set[str]:
    return {s.speaker for s in segments}


def test_says_who_it_is(engine: Diarizer) -> None:
    assert engine.name
    assert engine.version


@of_the_trained
def test_tells_two_people_on_a_telephone_apart(shared: Path, found: list[Segment]) -> None:
    truth, heard, whole = Annotation(), Annotation(), Timeline([Stretch(0, 30)])
    for line in (shared / "talk" / "telephone.rttm").read_text().splitlines():
        _, _, _, start, length, _, _, who, *_ = line.split()
        truth[Stretch(float(start), float(start) + float(length)), who + start] = who
    for i, s in enumerate(found):
        heard[Stretch(s.span.start, s.span.end), i] = s.speaker

    assert len(voices(found)) == 2
    assert DiarizationErrorRate(collar=0.0)(truth, heard, uem=whole) < 0.06


def test_segments_are_in_order_and_within_the_recording(found: list[Segment], telephone: Audio) -> None:
    assert found
    assert found == sorted(found, key=lambda s: (s.span, s.speaker))
    assert all(0 <= s.span.start < s.span.end <= telephone.duration for s in found)


def test_a_speaker_never_overlaps_himself(found: list[Segment]) -> None:
    for speaker in voices(found):
        for a, b in pairwise(s.span for s in found if s.speaker == speaker):
            assert a.end <= b.start


def test_labels_hold_no_spaces(found: list[Segment]) -> None:
    assert all(label and not any(c.isspace() for c in label) for label in voices(found))


def test_the_same_again_and_with_any_number_of_threads(
    make: Make, engine: Diarizer, telephone: Audio, found: list[Segment]
) -> None:
    assert listen(engine, telephone) == found
    assert listen(make(1), telephone) == found


@of_the_trained
@pytest.mark.parametrize("count", [1, 2, 3])
def test_finds_as_many_speakers_as_it_is_told(engine: Diarizer, telephone: Audio, count: int) -> None:
    assert len(voices(listen(engine, telephone, SpeakerCount(count, count)))) == count


@of_the_trained
def test_at_most_and_at_least_are_kept_apart(engine: Diarizer, telephone: Audio) -> None:
    assert len(voices(listen(engine, telephone, SpeakerCount(most=1)))) == 1
    assert len(voices(listen(engine, telephone, SpeakerCount(least=3)))) >= 3
    assert len(voices(listen(engine, telephone, SpeakerCount(most=5)))) == 2


def test_never_more_speakers_than_there_can_be(engine: Diarizer, telephone: Audio) -> None:
    assert len(voices(listen(engine, telephone, SpeakerCount(most=1)))) == 1


def test_more_speakers_than_can_be_told_apart_do_no_harm(engine: Diarizer, telephone: Audio) -> None:
    assert listen(engine, telephone, SpeakerCount(least=30))


@of_the_trained
def test_silence_has_no_speakers(engine: Diarizer, tmp_path: Path) -> None:
    assert listen(engine, written(np.zeros(20 * RATE, np.float32), tmp_path / "silent.wav")) == []


@of_the_trained
def test_noise_has_no_speakers(engine: Diarizer, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 20 * RATE)
    heard = listen(engine, written(noise, tmp_path / "noise.wav"))
    assert sum(s.span.duration for s in heard) < 1.0


@pytest.mark.parametrize("samples", [0, 1, 400, RATE, 10 * RATE + 1])
def test_takes_recordings_of_any_length(engine: Diarizer, telephone: Audio, tmp_path: Path, samples: int) -> None:
    audio = written(telephone.read(2, 15)[:samples], tmp_path / "short.wav")
    assert all(s.span.end <= audio.duration for s in listen(engine, audio))


def test_progress_never_falls_and_ends_at_one(engine: Diarizer, telephone: Audio) -> None:
    seen: list[float] = []
    listen(engine, telephone, progress=seen.append)
    assert seen == sorted(seen)
    assert 0 <= seen[0] < 0.5
    assert seen[-1] == 1.0


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7])
def test_stops_where_it_is_told_to_and_leaves_no_thread(engine: Diarizer, telephone: Audio, share: float) -> None:
    before = threading.active_count()

    def stop(done: float) -> None:
        if done >= share:
            raise Cancelled

    with pytest.raises(Cancelled):
        listen(engine, telephone, progress=stop)
    assert threading.active_count() == before
