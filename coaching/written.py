"""Transcripts from elsewhere: rows of who said what, and perhaps when, as a `Transcript` that can be measured.

Nothing is invented. Rows without times are put in their order and get no measure that needs to know when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from coaching.errors import BadInput
from coaching.exports.text import plain
from coaching.metrics import Measure, find_questions, measure_lesson
from coaching.metrics.measure import undefined
from coaching.metrics.question_kinds import Kind
from coaching.metrics.uptake import exchanges, restates, uptake_strength
from coaching.quality import KIND_MEASURES, UPTAKE_MEASURES, WAIT_MEASURES, AudioQuality, why_no_words
from coaching.readers.lines import Line
from coaching.spans import Span
from coaching.transcript import Role, Speaker, Transcript, Utterance, join_utterances

FROM_ROWS = (*KIND_MEASURES, *UPTAKE_MEASURES)
"""Need the words and their order, and no times."""

UNKNOWN_QUALITY = AudioQuality(None, None)
"""Nobody heard the recording here."""

NO_TIMES = "The transcript has no times, and this needs to know when somebody speaks."
NO_PAUSES = (
    "In this transcript a row begins where the one before ends, so its times are those of captions: pauses, and voices "
    "at the same time, are not known."
)
PAUSE_MEASURES = ("several_voices", "silence", *WAIT_MEASURES)

CAPTIONED = 0.9
"""Where at least this share of rows begins the moment the row before ends, the times are not those of the speech."""
FEWEST_ROWS = 10
"""Fewer rows may well follow each other without a pause."""
SAME_MOMENT_S = 0.001

TELLING = (
    Kind.REASON, Kind.RELATING, Kind.OPEN, Kind.WH_FACT, Kind.YES_NO, Kind.CHECKING, Kind.MANAGEMENT, Kind.ECHO,
    Kind.TAG,
)  # fmt: skip
"""Of several questions in a row the first of these is shown: what asks most of the students stands before the rest."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the rules say of a row.

    `question`, `restating`: whether the teacher asks one here, restates a student here; None where this cannot be known
    (no teacher, no rules for the language). `kind`, `decided_by`: of the most telling question (`TELLING`). `uptake`:
    see `coaching.metrics.uptake`; None where no student spoke just before.
    """

    question: bool | None
    kind: Kind | None = None
    decided_by: str = ""
    restating: bool | None = None
    uptake: float | None = None


@dataclass(frozen=True)
class Written:
    """A transcript from elsewhere: `utterances` are its rows in their order, `transcript` has them in that of time.

    `untimed` says why there are no times, where there are none: then places in the order stand for moments, and the
    length of the transcript is its number of rows. `notes` are plain sentences on what the reader should know.
    """

    transcript: Transcript
    utterances: tuple[Utterance, ...]
    untimed: str | None = None
    notes: tuple[str, ...] = ()


LONGEST_WORD = 2000
"""Characters. No word, and no address of a web page, is longer: something else than talk stands there."""


def written(lines: Sequence[Line], roles: Sequence[Role], language: str = "en") -> Written:
    """The transcript of `lines` with their `roles`. With times it lasts from its first start to its last end.

    Raises BadInput, with the row, for a text that is no talk.
    """
    for line in lines:
        if len(line.text) > LONGEST_WORD and max(map(len, line.text.split()), default=0) > LONGEST_WORD:
            raise BadInput(
                f"The text of {line.place} has a word of more than {LONGEST_WORD:,} characters: it is no talk."
            )
    voices = _voices(lines, roles)
    untimed = _why_untimed(lines, voices)
    notes = []
    if untimed:
        spans = [Span(float(n), float(n)) for n in range(len(lines))]
        length = float(len(lines))
    else:
        first = min(line.start for line in lines if line.start is not None)
        spans = [Span((line.start or 0.0) - first, (line.end or 0.0) - first) for line in lines]
        length = max(span.end for span in spans)
        notes.append("The lesson is taken to last from the start of its first row to the end of its last.")
        if all(t is not None and t == int(t) for line in lines for t in (line.start, line.end)):
            notes.append("All times are whole seconds, so a pause may be off by as much as a second.")
    utterances = tuple(
        Utterance(span, voice.id, line.text if line.text.strip() else "")
        for span, voice, line in zip(spans, voices, lines, strict=True)
    )
    speakers = tuple({voice.id: voice for voice in voices}.values())
    return Written(Transcript(length, speakers, utterances, language), utterances, untimed, tuple(notes))


def measure_written(transcript: Written) -> tuple[Measure, ...]:
    """Every measure of a transcript from elsewhere, in the order of `measure_lesson`.

    Those of questions and taken-up words come from the rows. All others come from when somebody speaks: the rows of a
    voice less than half a second apart are one utterance there, as everywhere. Without times they are withheld, with
    the reason; the number of questions then has no value, since it is one in ten minutes, but keeps its components. The
    spans of the evidence are then places in the order of the rows, never to be shown as times.
    """
    rows = measure_lesson(transcript.transcript, UNKNOWN_QUALITY)
    if transcript.untimed:
        return tuple(_without_times(m, transcript.untimed) for m in rows)
    spoken = measure_lesson(_joined(transcript.transcript), UNKNOWN_QUALITY)
    captions = _are_captions(transcript.utterances)
    return tuple(
        undefined(s.name, s.unit, NO_PAUSES)
        if captions and s.name in PAUSE_MEASURES
        else (row if row.name in (*FROM_ROWS, "questions") else s)
        for row, s in zip(rows, spoken, strict=True)
    )


def marks(transcript: Written) -> list[Marks]:
    """What the rules say of each row, in the order of the rows."""
    if why_no_words(transcript.transcript):
        return [Marks(None) for _ in transcript.utterances]
    found = [Marks(question=False, restating=False) for _ in transcript.utterances]
    row = {id(u): n for n, u in enumerate(transcript.utterances)}
    for q in find_questions(transcript.transcript):
        n = row[id(q.utterance)]
        before = found[n].kind
        if before is None or TELLING.index(q.kind) < TELLING.index(before):
            found[n] = replace(found[n], question=True, kind=q.kind, decided_by=q.decided_by)
    language = transcript.transcript.language
    for e in exchanges(transcript.transcript):
        student, teacher = e.student.utterances[-1], e.teacher.utterances[0]
        n = row[id(teacher)]
        found[n] = replace(
            found[n],
            restating=restates(student.text, teacher.text, language),
            uptake=uptake_strength(e.student.text, e.teacher.text, language),
        )
    return found


OF_RECORDINGS = (", as far as one microphone can tell", " The recognizer misses many words of students.")


def without_recording(sentence: str) -> str:
    """A sentence of `coaching.metrics.sentences` without what it says of microphones and recognizers."""
    for part in OF_RECORDINGS:
        sentence = sentence.replace(part, "")
    return sentence


MOST_AT_ONCE = 40
"""Voices without names that may overlap: a class. Of more at once, the times cannot be right."""


def _voices(lines: Sequence[Line], roles: Sequence[Role]) -> list[Speaker]:
    """The voice of each line. Students without names who overlap are several; a teacher without a name is one."""
    known: dict[tuple[Role, str], Speaker] = {}
    free: dict[tuple[Role, str], float] = {}  # when each voice ends
    found = []
    for line, role in zip(lines, roles, strict=True):
        key = (role, line.speaker.casefold())
        if not line.speaker and role is not Role.TEACHER and line.start is not None:
            n = 1
            while n < MOST_AT_ONCE and free.get((role, f" {n}"), line.start) > line.start:
                n += 1
            key = (role, f" {n}")
            free[key] = max(line.end or line.start, line.start)
        if key not in known:
            known[key] = Speaker(f"speaker_{len(known) + 1}", role, plain(line.speaker))
        found.append(known[key])
    return found


def _why_untimed(lines: Sequence[Line], voices: Sequence[Speaker]) -> str | None:
    """Why the times cannot be used, or None."""
    missing = [line for line in lines if line.start is None or line.end is None]
    if all(line.start is None and line.end is None for line in lines):
        return NO_TIMES
    if missing:
        return (
            f"Not every row has a start and an end of its own ({missing[0].place} has not), so the times were not used."
        )
    last: dict[str, Line] = {}
    for line, voice in sorted(zip(lines, voices, strict=True), key=lambda pair: (pair[0].start, pair[0].end)):
        before = last.get(voice.id)
        if before and (line.start or 0.0) < (before.end or 0.0) - SAME_MOMENT_S:
            return (
                f"By its times {line.place} begins before {before.place} of the same voice has ended, so the times "
                "were not used."
            )
        last[voice.id] = line
    return None


def _joined(transcript: Transcript) -> Transcript:
    of: dict[str, list[Utterance]] = {}
    for u in transcript.utterances:
        of.setdefault(u.speaker, []).append(u)
    return replace(transcript, utterances=tuple(u for theirs in of.values() for u in join_utterances(theirs)))


def _are_captions(utterances: Sequence[Utterance]) -> bool:
    ordered = sorted(u.span for u in utterances)
    touching = sum(abs(b.start - a.end) < SAME_MOMENT_S for a, b in pairwise(ordered))
    return len(ordered) >= FEWEST_ROWS and touching >= CAPTIONED * (len(ordered) - 1)


def _without_times(m: Measure, untimed: str) -> Measure:
    if m.name in FROM_ROWS:
        return m
    if m.name != "questions" or m.value is None:
        return undefined(m.name, m.unit, m.reason if m.reason and m.name == "questions" else untimed)
    components = {name: number for name, number in m.components.items() if name != "duration_s"}
    count = round(components["questions"])
    many = "1 question was" if count == 1 else f"{count} questions were"
    reason = f"{many} found. How many in ten minutes is not known: {untimed[0].lower()}{untimed[1:]}"
    return replace(m, value=None, interval=None, components=components, reason=reason)
