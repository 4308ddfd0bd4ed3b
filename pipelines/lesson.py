"""The stages of one lesson in order: sound, speakers, words, measures, and the files that are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coaching.errors import BadInput, NothingHeard
from coaching.lesson import Engine, Lesson, Recording, RoleGuess
from coaching.metrics import measure_lesson
from coaching.quality import limits
from coaching.transcript import Heard, Segment, Transcript
from pipelines import align, media, outputs
from pipelines.adapters import Adapters
from pipelines.audio import Audio
from pipelines.folder import work_folder
from pipelines.progress import Progress, Step, Tracker
from pipelines.quality import assess
from pipelines.speakers import Diarizer, SpeakerCount
from pipelines.speakers.roles import guess_teacher, with_teacher
from pipelines.speech import Transcriber

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


def asked(kept: Mapping[str, Any]) -> Options:
    """The options as they are kept with a run; what is missing there has its default."""
    return Options(
        language=kept.get("language", "en"),
        vocabulary=tuple(kept.get("vocabulary", ())),
        speakers=SpeakerCount(kept.get("speakers_least"), kept.get("speakers_most")),
        teacher=kept.get("teacher"),
        track=kept.get("track"),
    )


def analyse(
    files: Sequence[Path],
    out: Path,
    options: Options,
    adapters: Adapters,
    tell: Callable[[Step], None],
    correct: Callable[[Lesson], Lesson] | None = None,
) -> Lesson:
    """Analyse the parts of one lesson, in order, and write everything known of it into the folder `out`.

    `correct`: what is known of its room from before, put over what was found.

    Raises BadRecording, BadInput, OutOfSpace or Cancelled with the sentence that people read. Whatever is raised,
    KeyboardInterrupt too: nothing is half-written, no child lives on, and no temporary file stays.
    """
    infos = [media.probe(f) for f in files]
    with work_folder(out, outputs.FILES) as work:
        tracker = Tracker(WEIGHTS, tell)
        lesson = _run(infos, work, options, adapters, tracker)
        lesson = correct(lesson) if correct else lesson
        outputs.write(lesson, out, work)
    tracker.finish()
    return lesson


def _run(
    infos: Sequence[media.MediaInfo], work: Path, options: Options, adapters: Adapters, tracker: Tracker
) -> Lesson:
    extracted = media.extract_audio(infos, work / "sound.wav", track=options.track, progress=tracker.stage("sound"))
    audio = Audio(work / "sound.wav")
    speaks = adapters.transcriber.speaks(
        options.language
    )  # first: what cannot be loaded is not found out minutes later
    utterances = find_speakers(audio, options, adapters.diarizer, tracker.stage("speakers"), infos[0].name)
    progress = tracker.stage("words")
    heard = write_down(audio, utterances, options, adapters.transcriber, progress) if speaks else {}
    tracker.stage("measures")
    transcript = align.to_transcript(audio.duration, utterances, heard, options.language if speaks else None)
    recording = describe(infos, extracted, [info.path.name for info in infos])
    lesson = measure(audio, transcript, recording, options, adapters.described())
    tracker.stage("report")
    return replace(lesson, stages=dict(tracker.seconds))


def find_speakers(
    audio: Audio, options: Options, diarizer: Diarizer, progress: Progress, name: str
) -> Sequence[Segment]:
    """Who speaks when, as utterances. Raises NothingHeard, which names the recording `name`, where nobody does."""
    return spoken(diarizer.diarize(audio, speakers=options.speakers, progress=progress), name)


def spoken(segments: Sequence[Segment], name: str) -> Sequence[Segment]:
    """Segments as utterances. Raises NothingHeard, which names the recording `name`, where nobody speaks."""
    utterances = align.to_utterances(segments)
    if sum(u.span.duration for u in utterances) < LEAST_SPEECH_S:
        raise NothingHeard(
            f"No speech was heard in {name}. Check that the microphone was on and near, and try another recording."
        )
    return utterances


def write_down(
    audio: Audio, utterances: Sequence[Segment], options: Options, transcriber: Transcriber, progress: Progress
) -> dict[int, Heard]:
    """What is said in each utterance, by its index: only where somebody speaks, speaker by speaker."""
    indices = align.audible(utterances)
    heard = transcriber.transcribe(
        audio,
        [utterances[i].span for i in indices],
        language=options.language,
        vocabulary=options.vocabulary,
        progress=progress,
    )
    return dict(zip(indices, heard, strict=True))


def measure(
    audio: Audio, transcript: Transcript, recording: Recording, options: Options, engines: tuple[Engine, ...]
) -> Lesson:
    """The lesson of a transcript without roles yet: the teacher is found, quality assessed, everything measured."""
    roles, notes = _roles(transcript, options)
    transcript = with_teacher(transcript, roles.teacher)
    quality = assess(audio, transcript)
    return Lesson(
        recording=replace(recording, notes=(*recording.notes, *notes)),
        transcript=transcript,
        quality=quality,
        roles=roles,
        engines=engines,
        measures=measure_lesson(transcript, quality),
        limits=tuple(dict.fromkeys(limits(quality, transcript).values())),
    )


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


def describe(infos: Sequence[media.MediaInfo], extracted: media.Extracted, names: Sequence[str]) -> Recording:
    """What was brought; `names` are its files as their owner calls them."""
    first = infos[0]
    return Recording(
        name=Path(names[0]).stem,
        duration_s=extracted.duration_s,
        files=tuple(names),
        container=first.container,
        video=first.video,
        audio=first.audio_tracks[0].codec if first.audio_tracks else "",
        tracks=len(first.audio_tracks),
        recorded=first.recorded.isoformat() if first.recorded else None,
        notes=extracted.notes,
    )
