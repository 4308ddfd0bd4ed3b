"""The stages of one lesson in order: sound, speakers, words, measures, and the files that are written."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coaching.errors import BadInput, NothingHeard, OutOfSpace
from coaching.lesson import Lesson, Recording
from coaching.metrics import measure_lesson
from coaching.quality import limits
from coaching.transcript import Transcript
from pipelines import align, media, outputs
from pipelines.adapters import Adapters
from pipelines.audio import Audio
from pipelines.progress import Step, Tracker
from pipelines.quality import assess
from pipelines.speakers import SpeakerCount
from pipelines.speakers.roles import guess_teacher, with_teacher

WEIGHTS = {"sound": 6.0, "speakers": 40.0, "words": 50.0, "measures": 3.0, "report": 1.0}
"""Each stage's usual share of the time, for the time left; docs/benchmarks.md has what they cost."""

LEAST_SPEECH_S = 1.0
"""Less speech than this in a whole recording is nobody speaking."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who asks knows of the lesson, and wants."""

    language: str = "en"
    vocabulary: tuple[str, ...] = ()
    speakers: SpeakerCount = field(default_factory=SpeakerCount)
    teacher: str | None = None
    track: int | None = None


def analyse(
    files: Sequence[Path], out: Path, options: Options, adapters: Adapters, tell: Callable[[Step], None]
) -> Lesson:
    """Analyse the parts of one lesson, in order, and write everything known of it into the folder `out`.

    Raises BadRecording, BadInput, OutOfSpace or Cancelled with the sentence that people read. Whatever is raised,
    KeyboardInterrupt too: nothing is half-written, no child lives on, and no temporary file stays.
    """
    infos = [media.probe(f) for f in files]
    made = _make_folder(out)
    try:
        with tempfile.TemporaryDirectory(prefix=".secondlook-", dir=out) as work:
            tracker = Tracker(WEIGHTS, tell)
            lesson = _run(infos, Path(work), options, adapters, tracker)
            outputs.write(lesson, out, Path(work))
            tracker.finish()
            return lesson
    except BaseException as error:
        if made:
            shutil.rmtree(made, ignore_errors=True)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(f"The disk of {out} is full. Make space, then try again; nothing was written.") from None
        raise


def _run(
    infos: Sequence[media.MediaInfo], work: Path, options: Options, adapters: Adapters, tracker: Tracker
) -> Lesson:
    extracted = media.extract_audio(infos, work / "sound.wav", track=options.track, progress=tracker.stage("sound"))
    audio = Audio(work / "sound.wav")
    transcript = _listen(audio, options, adapters, tracker, infos[0].path.name)
    tracker.stage("measures")
    roles = guess_teacher(transcript, options.teacher)
    transcript = with_teacher(transcript, roles.teacher)
    quality = assess(audio, transcript)
    measures = measure_lesson(transcript, quality)
    tracker.stage("report")
    return Lesson(
        recording=_recording(infos, extracted),
        transcript=transcript,
        quality=quality,
        roles=roles,
        engines=adapters.described(),
        measures=measures,
        limits=tuple(dict.fromkeys(limits(quality, transcript).values())),
        stages=dict(tracker.seconds),
    )


def _listen(audio: Audio, options: Options, adapters: Adapters, tracker: Tracker, name: str) -> Transcript:
    """Who speaks when, then what they say: only where somebody speaks, speaker by speaker."""
    segments = adapters.diarizer.diarize(audio, speakers=options.speakers, progress=tracker.stage("speakers"))
    utterances = align.to_utterances(segments)
    if sum(u.span.duration for u in utterances) < LEAST_SPEECH_S:
        raise NothingHeard(
            f"No speech was heard in {name}. Check that the microphone was on and near, and try another recording."
        )
    progress = tracker.stage("words")
    if not adapters.transcriber.speaks(options.language):
        return align.to_transcript(audio.duration, utterances, {}, None)
    indices = align.audible(utterances)
    heard = adapters.transcriber.transcribe(
        audio,
        [utterances[i].span for i in indices],
        language=options.language,
        vocabulary=options.vocabulary,
        progress=progress,
    )
    return align.to_transcript(audio.duration, utterances, dict(zip(indices, heard, strict=True)), options.language)


def _recording(infos: Sequence[media.MediaInfo], extracted: media.Extracted) -> Recording:
    first = infos[0]
    return Recording(
        name=first.path.stem,
        duration_s=extracted.duration_s,
        files=tuple(i.path.name for i in infos),
        container=first.container,
        video=first.video,
        audio=first.audio_tracks[0].codec if first.audio_tracks else "",
        tracks=len(first.audio_tracks),
        recorded=first.recorded.isoformat() if first.recorded else None,
        notes=extracted.notes,
    )


def _make_folder(out: Path) -> Path | None:
    """Make `out`; the topmost folder that had to be made for it, so that it can be taken away again, or None."""
    missing = [p for p in (out, *out.parents) if not p.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise BadInput(f"{out} is a file. Name a folder for the results with --out.") from None
    except PermissionError:
        raise BadInput(f"The folder {out} cannot be made: no permission. Name another with --out.") from None
    return missing[-1] if missing else None
