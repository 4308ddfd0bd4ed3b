"""The stages of one lesson in order: sound, speakers, words, measures, and the files that are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coaching.errors import BadInput, NothingHeard
from coaching.lesson import Lesson, Recording, RoleGuess
from coaching.metrics import measure_lesson
from coaching.quality import limits
from coaching.transcript import Transcript
from pipelines import align, media, outputs
from pipelines.adapters import Adapters
from pipelines.audio import Audio
from pipelines.folder import work_folder
from pipelines.progress import Step, Tracker
from pipelines.quality import assess
from pipelines.speakers import SpeakerCount
from pipelines.speakers.roles import guess_teacher, with_teacher

WEIGHTS = {"sound": 1.0, "speakers": 70.0, "words": 26.0, "measures": 1.0, "report": 2.0}
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
    with work_folder(out, outputs.FILES) as work:
        tracker = Tracker(WEIGHTS, tell)
        lesson = _run(infos, work, options, adapters, tracker)
        outputs.write(lesson, out, work)
    tracker.finish()
    return lesson


def _run(
    infos: Sequence[media.MediaInfo], work: Path, options: Options, adapters: Adapters, tracker: Tracker
) -> Lesson:
    extracted = media.extract_audio(infos, work / "sound.wav", track=options.track, progress=tracker.stage("sound"))
    audio = Audio(work / "sound.wav")
    transcript = _listen(audio, options, adapters, tracker, infos[0].name)
    tracker.stage("measures")
    roles, notes = _roles(transcript, options)
    transcript = with_teacher(transcript, roles.teacher)
    quality = assess(audio, transcript)
    measures = measure_lesson(transcript, quality)
    withheld = limits(quality, transcript)
    tracker.stage("report")
    return Lesson(
        recording=_recording(infos, extracted, notes),
        transcript=transcript,
        quality=quality,
        roles=roles,
        engines=adapters.described(),
        measures=measures,
        limits=tuple(dict.fromkeys(withheld.values())),
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


def _roles(transcript: Transcript, options: Options) -> tuple[RoleGuess, tuple[str, ...]]:
    """Who is taken for the teacher, and what the person who asked should know of it.

    Speakers have no names before they are heard, so only now can somebody turn out not to be there: that is a note, for
    an hour's lesson is not thrown away over it.
    """
    notes = []
    least, found = options.speakers.least or 0, len(transcript.speakers)
    if found < least:
        notes.append(f"You said that at least {least} people speak; only {found} could be told apart.")
    try:
        roles = guess_teacher(transcript, options.teacher)
    except BadInput as error:
        notes.append(f"{error} The machine's own guess was taken.")
        roles = guess_teacher(transcript)
    return roles, tuple(notes)


def _recording(infos: Sequence[media.MediaInfo], extracted: media.Extracted, notes: tuple[str, ...]) -> Recording:
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
        notes=(*extracted.notes, *notes),
    )
