"""Made lessons in two sets that share no voice, seed, noise or room, and what this pipeline hears in each.

`tools/make_lesson.py` of the shared folder makes the talk. Together the sets are what the prior is made of; each tests
the coverage of the ranges that the other alone gives. What was heard is kept in the work folder under a key made of
everything that it depends on, so that any measure can be computed again without listening again.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
from collections.abc import Callable, Container, Iterator
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from io import StringIO
from itertools import count, islice
from pathlib import Path

from made_rooms import spoil
from scoring import read_rttm

from coaching.quality import AudioQuality
from coaching.settings import load_settings
from coaching.spans import Span
from coaching.transcript import Segment, Speaker, Transcript, Utterance, utterance_spans
from pipelines import align
from pipelines.adapters import choose
from pipelines.audio import Audio
from pipelines.lesson import Options
from pipelines.progress import silent
from pipelines.quality import assess
from pipelines.speakers.roles import guess_teacher, with_teacher

ROOT = Path(__file__).resolve().parents[1]
MINUTES = 4.0
SETS = ("one", "other")

NOISES = {"one": ("hum", "pink", "hum", "pink", "babble"), "other": ("fan", "brown", "fan", "brown", "babble")}
STEADY, BABBLE = frozenset(("hum", "pink", "fan", "brown")), frozenset(("babble",))
"""Noises, and people who talk in the background: the diarizer hears them as well, so they are told of apart."""

BABBLING = {"one": 12, "other": 16}
"""How many people babble: of the set's own, and none of them a student of that lesson where there are enough."""

_MILD, _HARD = (None, (0.3, 10.0), (0.5, 6.0)), ((0.9, 3.0), (0.6, 3.0))
ROOMS: dict[str, tuple[tuple[float, float] | None, ...]] = {
    "one": (*_MILD * 3, None, *_HARD * 2),
    "other": ((0.4, 8.0), (0.7, 4.0)),
}
"""Reverberation time (s), and by how many dB the direct sound is louder; None: the maker's own room alone.

Two lessons in each, then the next. The first set's hard rooms came last, after its mild ones alone had given a range of
the number of turns that was too narrow for the other set.
"""


@dataclass(frozen=True)
class Recipe:
    """What a made lesson is made of; `kind` says whose voices, noises and rooms."""

    kind: str
    seed: int
    students: int
    snr: float
    far: float
    overlap: float
    noise: str
    room: tuple[float, float] | None
    minutes: float = MINUTES


@dataclass(frozen=True)
class Heard:
    """The truth of a made lesson, and what the pipeline heard of it: both with roles, without words."""

    recipe: Recipe
    truth: Transcript
    found: Transcript
    quality: AudioQuality
    cpu_s: float


def recipes(kind: str, lessons: int, noises: Container[str] = STEADY) -> Iterator[Recipe]:
    """The first recipes of a set with one of `noises`. Any first few of them are spread over all levels."""
    return islice((r for i in count() if (r := _recipe(kind, i)).noise in noises), lessons)


def _recipe(kind: str, i: int) -> Recipe:
    snr, far, overlap, students = (((i + 1) * step + 0.37 * SETS.index(kind)) % 1 for step in _STEPS)
    return Recipe(
        kind,
        seed=(1000 if kind == "one" else 5000) + i,
        students=3 + int(12 * students),
        snr=round(3 + 22 * snr, 1),
        far=round(4 + 12 * far, 1),
        overlap=round(0.3 * overlap, 3),
        noise=NOISES[kind][i % len(NOISES[kind])],
        room=ROOMS[kind][i // 2 % len(ROOMS[kind])],
    )


_STEPS = tuple(1.1673039782614187**-k for k in (1, 2, 3, 4))
"""Powers of the root of x^5 = x + 1, which spread points most evenly over four levels (Roberts, 2018)."""


def hear(recipe: Recipe, shared: Path, work: Path) -> Heard:
    """What the pipeline hears of the lesson: from the work folder, or by making it and listening."""
    kept = work / f"{recipe.kind}-{recipe.seed}-{_key(recipe, shared)}.json"
    if not kept.exists():
        work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=work) as folder:
            raw = json.dumps(_listen(recipe, shared, work, Path(folder)))
        kept.with_suffix(".part").write_text(raw)
        kept.with_suffix(".part").rename(kept)
    return _read(recipe, json.loads(kept.read_text()))


def _key(recipe: Recipe, shared: Path) -> str:
    """Changes with the recipe, with how lessons are made, and with what listens."""
    sources = [shared / "tools" / "make_lesson.py", ROOT / "scripts" / "made_rooms.py"]
    sources += [ROOT / "pipelines" / "align.py", ROOT / "pipelines" / "quality.py"]
    sources += sorted((ROOT / "pipelines" / "speakers").glob("*.py"))
    digest = hashlib.sha256(repr(recipe).encode())
    for path in sources:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def voices(kind: str, shared: Path) -> tuple[list[Path], list[Path]]:
    """The people of a set: folders of those with much to read, and files of those with one sentence.

    Every second one of each, by name, so that no person is in both sets.
    """
    here, first = shared / "data" / "voices", SETS.index(kind)
    many = sorted(d for d in (here / "adults_many").iterdir() if d.is_dir())
    return many[first::2], sorted((here / "adults_one").glob("*.flac"))[first::2]


def make(recipe: Recipe, shared: Path, work: Path, folder: Path) -> Path:
    """Make the lesson in `folder`: its sound, whose path is returned, and its truth beside it as RTTM."""
    wav = folder / "lesson.wav"
    levels = {"minutes": recipe.minutes, "students": recipe.students, "far": recipe.far, "overlap": recipe.overlap}
    told = [f"--{name}={value}" for name, value in (levels | {"snr": 60, "seed": recipe.seed}).items()]
    _maker(shared)([str(folder / "lesson"), *told, f"--voices={_linked(recipe.kind, shared, work)}"])
    there = {s.speaker.removeprefix("student_") for s in read_rttm(wav.with_suffix(".rttm"))}
    apart = [path for path in voices(recipe.kind, shared)[1] if path.stem.split("-")[0] not in there]
    spoil(wav, recipe.snr, recipe.noise, recipe.room, apart[: BABBLING[recipe.kind]], recipe.seed)
    return wav


def _linked(kind: str, shared: Path, work: Path) -> Path:
    """A folder in which the lesson maker finds the voices of a set, and no others."""
    folder = work / "voices" / kind
    for name, people in zip(("adults_many", "adults_one"), voices(kind, shared), strict=True):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for path in people:
            if not (folder / name / path.name).exists():
                (folder / name / path.name).symlink_to(path.resolve())
    return folder


@cache
def _maker(shared: Path) -> Callable[[list[str]], None]:
    """The shared lesson maker's own command in this process, so that it cuts every voice into pieces only once."""
    sys.path.append(str(shared / "tools"))
    maker = import_module("make_lesson")
    maker.spoken_pieces = cache(maker.spoken_pieces)  # type: ignore[attr-defined]

    def run(arguments: list[str]) -> None:
        before, sys.argv = sys.argv, ["make_lesson.py", *arguments]
        try:
            with redirect_stdout(StringIO()):
                maker.main()
        finally:
            sys.argv = before

    return run


def _listen(recipe: Recipe, shared: Path, work: Path, folder: Path) -> dict[str, object]:
    wav = make(recipe, shared, work, folder)
    before = _cpu_s()
    audio = Audio(wav)
    diarizer = choose("embedded", load_settings()).diarizer
    found = align.to_utterances(diarizer.diarize(audio, speakers=Options().speakers, progress=silent))
    transcript = align.to_transcript(audio.duration, found, {}, "en")
    teacher = guess_teacher(transcript).teacher
    quality = assess(audio, with_teacher(transcript, teacher))
    return {
        "recipe": asdict(recipe),
        "duration": audio.duration,
        "truth": [(s.span.start, s.span.end, s.speaker) for s in read_rttm(wav.with_suffix(".rttm"))],
        "found": [(s.span.start, s.span.end, s.speaker) for s in found],
        "teacher": teacher,
        "quality": asdict(quality),
        "cpu_s": _cpu_s() - before,
    }


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _read(recipe: Recipe, raw: dict[str, list[tuple[float, float, str]]]) -> Heard:
    return Heard(
        recipe,
        _transcript(raw["duration"], utterance_spans(_segments(raw["truth"])), "teacher"),
        _transcript(raw["duration"], _segments(raw["found"]), raw["teacher"]),
        AudioQuality(**raw["quality"]),
        raw["cpu_s"],
    )


def _segments(raw: list[tuple[float, float, str]]) -> list[Segment]:
    return [Segment(Span(start, end), who) for start, end, who in raw]


def _transcript(duration: float, spoken: list[Segment], teacher: str | None) -> Transcript:
    people = tuple(Speaker(who) for who in dict.fromkeys(s.speaker for s in spoken))
    said = tuple(Utterance(s.span, s.speaker) for s in spoken)
    return with_teacher(Transcript(duration, people, said, "en"), teacher)


def main() -> None:
    """made_lessons.py WORK SHARED COUNT: listen to both sets in turn, so that what there is when stopped is of both."""
    work, shared, lessons = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    for pair in zip(recipes("one", lessons), recipes("other", lessons), strict=True):
        for recipe in pair:
            heard = hear(recipe, shared, work)
            print(recipe, heard.quality, round(heard.cpu_s, 1), flush=True)


if __name__ == "__main__":
    main()
