"""The stages of a run, each a plain function that reads what the stages before it left and writes into its own folder.

They run in a worker's child process (`pipelines/work/child.py`), know no database, and may be ended at any moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from coaching.errors import BadRecording
from coaching.exports import document
from coaching.lesson import Engine, Lesson, Recording
from coaching.metrics.measure import undefined
from coaching.recordings import Stage
from coaching.spans import Span
from coaching.transcript import Heard, Segment, Word
from pipelines import align, lesson, media
from pipelines.adapters import Adapters
from pipelines.audio import Audio
from pipelines.media import renditions
from pipelines.progress import Progress
from pipelines.speakers.activity import speech_only
from pipelines.speakers.roles import with_teacher

LESSON = "lesson.json"
"""What the stage `measures` leaves: the worker puts it into the database."""

NO_SPEAKERS = (
    "The voices could not be told apart in this run, so nobody's talk was measured. Finding the speakers can be run "
    "again by itself."
)


@dataclass(frozen=True, slots=True)
class Task:
    """One stage of one run. `artefacts` are the folders of the stages before it; `failed` why one is missing."""

    stage: Stage
    folder: Path
    files: tuple[Path, ...]
    names: tuple[str, ...]
    options: Mapping[str, Any]
    artefacts: Mapping[Stage, Path]
    failed: Mapping[Stage, str]
    threads: int = 1

    def infos(self) -> list[media.MediaInfo]:
        return [media.probe(f) for f in self.files]

    def audio(self) -> Audio:
        return Audio(self.artefacts[Stage.SOUND] / "sound.wav")

    def lengths(self) -> list[float] | None:
        """The seconds of sound of each file, where they are known already: that is where the parts are joined."""
        return self.read(Stage.SOUND)["lengths"] if Stage.SOUND in self.artefacts else None

    def read(self, stage: Stage) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.artefacts[stage] / f"{stage}.json").read_text(encoding="utf-8"))
        return found

    def write(self, document: Mapping[str, Any]) -> None:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
        (self.folder / f"{self.stage}.json").write_text(text, encoding="utf-8")

    def asked(self) -> lesson.Options:
        return lesson.asked(self.options)


Engines = Callable[[str], Adapters]
"""The engines for a choice of `--engine`, kept warm between tasks."""

Run = Callable[[Task, Engines, Progress], None]


def sound(task: Task, _engines: Engines, progress: Progress) -> None:
    infos = task.infos()
    extracted = media.extract_audio(infos, task.folder / "sound.wav", track=task.asked().track, progress=progress)
    described = asdict(lesson.describe(infos, extracted, task.names))
    task.write({"recording": described, "lengths": list(extracted.lengths)})


def speakers(task: Task, engines: Engines, progress: Progress) -> None:
    chosen = engines(task.options.get("engine", "auto"))
    utterances = lesson.find_speakers(task.audio(), task.asked(), chosen.diarizer, progress, task.names[0])
    task.write({"engine": asdict(chosen.speakers.described()), "utterances": _written(utterances)})


def words(task: Task, engines: Engines, progress: Progress) -> None:
    """Where the speakers are missing, the words are written down all the same, for one voice that is everybody's."""
    chosen, asked, audio = engines(task.options.get("engine", "auto")), task.asked(), task.audio()
    if Stage.SPEAKERS in task.failed:
        utterances = list(lesson.spoken(speech_only(audio, lambda share: progress(0.1 * share)), task.names[0]))
    else:
        utterances = _utterances(task.read(Stage.SPEAKERS))
    speaks = chosen.transcriber.speaks(asked.language)
    heard = lesson.write_down(audio, utterances, asked, chosen.transcriber, _rising(progress)) if speaks else {}
    task.write(
        {
            "engine": asdict(chosen.words.described()),
            "language": asked.language if speaks else None,
            "utterances": _written(utterances),
            "heard": {i: asdict(h) for i, h in heard.items()},
        }
    )


def measures(task: Task, _engines: Engines, _progress: Progress) -> None:
    """Puts together what is there. Raises BadRecording where neither speakers nor words are."""
    if len(task.failed) == 2:
        raise BadRecording(task.failed[Stage.WORDS])
    found = {stage: task.read(stage) for stage in (Stage.SPEAKERS, Stage.WORDS) if stage not in task.failed}
    utterances = _utterances(found[Stage.WORDS if Stage.WORDS in found else Stage.SPEAKERS])
    written = found.get(Stage.WORDS, {"heard": {}, "language": None})
    heard = {int(i): _heard(h) for i, h in written["heard"].items()}
    audio = task.audio()
    transcript = align.to_transcript(audio.duration, utterances, heard, written["language"])
    described = {**task.read(Stage.SOUND)["recording"]}
    described = {k: tuple(v) if isinstance(v, list) else v for k, v in described.items()}
    engines = tuple(Engine(**f["engine"]) for f in found.values())
    done = lesson.measure(audio, transcript, Recording(**described), task.asked(), engines)
    if Stage.SPEAKERS in task.failed:
        done = _without_speakers(done)
    (task.folder / LESSON).write_text(document.to_json(done), encoding="utf-8")


def _without_speakers(done: Lesson) -> Lesson:
    """Speech activity alone misses talk in noise and joins voices: its times find words, and measure nothing."""
    nobody = replace(done.roles, teacher=None, confidence=0.0, why=NO_SPEAKERS)
    withheld = tuple(undefined(m.name, m.unit, NO_SPEAKERS) for m in done.measures)
    transcript = with_teacher(done.transcript, None)
    return replace(done, transcript=transcript, roles=nobody, measures=withheld, limits=(NO_SPEAKERS,))


def web(task: Task, _engines: Engines, progress: Progress) -> None:
    renditions.web_video(task.infos(), task.folder, progress, threads=task.threads, lengths=task.lengths())


def audio(task: Task, _engines: Engines, progress: Progress) -> None:
    renditions.audio_only(task.infos(), task.folder, progress, lengths=task.lengths())


def poster(task: Task, _engines: Engines, progress: Progress) -> None:
    made = renditions.poster(task.infos(), task.folder, progress, lengths=task.lengths())
    if made:
        task.write({"at_s": made.at_s, "warnings": list(made.warnings)})


def sprite(task: Task, _engines: Engines, progress: Progress) -> None:
    renditions.sprite(task.infos(), task.folder, progress, lengths=task.lengths())


def peaks(task: Task, _engines: Engines, progress: Progress) -> None:
    renditions.peaks(task.audio(), task.folder, progress)


STAGES: Mapping[Stage, Run] = {
    Stage.SOUND: sound,
    Stage.SPEAKERS: speakers,
    Stage.WORDS: words,
    Stage.MEASURES: measures,
    Stage.WEB: web,
    Stage.AUDIO: audio,
    Stage.POSTER: poster,
    Stage.SPRITE: sprite,
    Stage.PEAKS: peaks,
}


def _written(utterances: Any) -> list[list[Any]]:
    return [[u.span.start, u.span.end, u.speaker] for u in utterances]


def _utterances(found: Mapping[str, Any]) -> list[Segment]:
    return [Segment(Span(start, end), speaker) for start, end, speaker in found["utterances"]]


def _heard(found: Mapping[str, Any]) -> Heard:
    words = tuple(Word(w["text"], Span(**w["span"]) if w["span"] else None, w["confidence"]) for w in found["words"])
    return Heard(found["text"], found["confidence"], words)


def _rising(progress: Progress) -> Progress:
    """A recognizer's share, never below the tenth that finding speech may have told before it."""
    return lambda share: progress(max(0.1, share))
