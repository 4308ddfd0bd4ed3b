"""How well the lesson was recorded, which measures that takes away, and what the reader should know first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coaching import languages
from coaching.spans import total
from coaching.transcript import Role, Transcript

SNR_FLOOR_DB = -6.0
"""Noise of four times the power of speech: nothing so bad was ever measured, so nothing is claimed of it."""

STUDENT_FLOOR_DB = -3.0
"""Students fainter than this against the noise are mostly missed: on made lessons at -5 and -7 dB the teacher's share
was 6 and 10 points too high, at -1 dB 1 point (docs/benchmarks.md). Such noise is mostly low, below the voices."""

STUDENT_FAINT_DB = 9.0
"""Students closer than this to the noise are heard in part: said in a note, and the numbers stay."""

STUDENT_BELOW_TEACHER_DB = 15.0
"""Students this much fainter than the teacher lose quiet answers even in a quiet room."""

NOISY_DB = 8.0
"""Below this signal-to-noise ratio the made benchmark lessons' errors grow (see coaching/metrics/prior.py)."""

CLIPPED = 0.01
"""From 1% of speech at full scale on, one hears it, and the recognizer suffers."""

UNSURE_BELOW = 0.7
"""Recognized speech with a confidence under this counts as unsure: about a quarter of its words are wrong there."""

UNSURE_FLOOR = 0.50
"""More unsure or wordless speech than this, and the kind of a question cannot be read off its words any more."""

UNSURE_NOTE = 0.20
"""More unsure or wordless speech than this is said in a note: kinds fall from .72 to about .66 right
(docs/measures.md)."""

SPEECH_MEASURES = ("teacher_talk", "student_talk", "several_voices", "silence", "turns", "longest_teacher_talk")
"""Need speech activity and no words."""
WAIT_MEASURES = ("wait_time_1", "wait_time_1_long", "wait_time_2", "wait_time_2_long")
KIND_MEASURES = ("open_share", "reason_questions")
UPTAKE_MEASURES = ("uptake", "restating", "follow_up")
WORD_MEASURES = (
    "questions",
    *KIND_MEASURES,
    "wait_time_1",
    "wait_time_1_long",
    "student_response",
    *UPTAKE_MEASURES,
)
"""Need the words: wait time I starts at a question, and a question is known by its words."""
TEACHER_MEASURES = ("teacher_talk", "student_talk", "longest_teacher_talk", *WORD_MEASURES, *WAIT_MEASURES)
"""Need to know which voice is the teacher's."""
STUDENT_MEASURES = (*SPEECH_MEASURES, "student_response", *WAIT_MEASURES, *UPTAKE_MEASURES)
"""Go wrong where students are not heard; the teacher's questions do not."""

SHORT_LESSON_S = 600.0
"""In a recording shorter than this, one voice alone is more likely voices that were not told apart than nobody else."""

NO_TEACHER = (
    "It is not known which voice is the teacher’s, so the teacher’s talk and questions cannot be told from the "
    "students’. Say who the teacher is to see them."
)
NO_WORDS = "The words of this lesson were not recognized, so its questions and answers are not known."
NO_LANGUAGE = (
    "The lesson’s language is not one that words are recognized in here (only English is), so its questions and "
    "answers are not known."
)
ONE_VOICE = "Only one voice was heard in this short recording, so how the talk was shared cannot be said."
TOO_LOUD = "The room or the recording was too noisy to tell speech from noise, so who spoke when would be a guess."
STUDENTS_TOO_FAR = "The microphone was too far from the students to say how much they spoke."
TOO_UNSURE = (
    "The recognizer was unsure of too many words to tell kinds of questions, or words that were taken up. Lessons "
    "recorded closer to the voices show them."
)

NEXT_TIME = (
    "Next time, put the phone in the middle of the room, nearer to the students than to you, on something soft and "
    "away from fans and projectors."
)


@dataclass(frozen=True, slots=True)
class AudioQuality:
    """What the microphone gave. Levels are dB below full scale (0 is the loudest a file can hold).

    `speech_db`, `noise_db`: typical level of speech and of the quiet between; None where there is none to measure.
    `student_db`: typical level of the students' speech; `clipped`: share (0 to 1) of speech at full scale;
    `unsure`: share (0 to 1) of the speech in which the recognizer was unsure or found no words, None where it does not
    say.
    """

    speech_db: float | None
    noise_db: float | None
    clipped: float = 0.0
    teacher_db: float | None = None
    student_db: float | None = None
    unsure: float | None = None

    @property
    def snr_db(self) -> float | None:
        """Speech over noise, dB; None where either is missing."""
        return _over(self.speech_db, self.noise_db)

    @property
    def student_snr_db(self) -> float | None:
        """Students' speech over noise, dB; None where either is missing."""
        return _over(self.student_db, self.noise_db)


def why_no_teacher(transcript: Transcript) -> str | None:
    """The reason why measures of the teacher cannot be given, or None where a teacher is known and speaks."""
    return None if transcript.of(Role.TEACHER) else NO_TEACHER


def why_no_words(transcript: Transcript) -> str | None:
    """The reason why measures of the teacher's words cannot be given; None where there are words of
    theirs in a language with rules (one that is not said is taken for English)."""
    if reason := why_no_teacher(transcript):
        return reason
    if not any(u.text for u in transcript.of(Role.TEACHER)):
        unheard = transcript.language is None and not any(u.text for u in transcript.utterances)
        return NO_LANGUAGE if unheard else NO_WORDS
    return None if languages.knows(transcript.language) else no_rules()


def no_rules() -> str:
    """The reason where the words are in a language without rules; it names those that have some."""
    known = languages.names()
    return f"Questions and taken-up words are found by rules for {known}, and this lesson is in another language."


def unsure_share(transcript: Transcript) -> float | None:
    """The share of the seconds of speech without words or under `UNSURE_BELOW`; None where no confidence was given."""
    if not any(u.confidence is not None for u in transcript.utterances):
        return None
    # Where the recognizer gives no confidence with its words, it did not say that it was unsure.
    unsure = (
        u for u in transcript.utterances if not u.text or (u.confidence is not None and u.confidence < UNSURE_BELOW)
    )
    return total(u.span for u in unsure) / total(u.span for u in transcript.utterances)


def limits(quality: AudioQuality, transcript: Transcript) -> Mapping[str, str]:
    """Which measures are withheld from this lesson, by name, each with the reason that people read.

    The first reason that applies is the one given: the room's noise, students too faint, no teacher, one voice alone,
    no words, unsure words. What the microphone does not say (None) withholds nothing. Where `open_share` is withheld,
    the kinds of single questions are not to be shown either, and where `questions` is, no question.
    """
    withheld: dict[str, str] = {}

    def withhold(names: tuple[str, ...], reason: str) -> None:
        for name in names:
            withheld.setdefault(name, reason)

    if quality.snr_db is not None and quality.snr_db < SNR_FLOOR_DB:
        withhold(STUDENT_MEASURES, TOO_LOUD)
    if quality.student_snr_db is not None and quality.student_snr_db < STUDENT_FLOOR_DB:
        withhold(STUDENT_MEASURES, STUDENTS_TOO_FAR)
    if reason := why_no_teacher(transcript):
        withhold(TEACHER_MEASURES, reason)
    if transcript.duration < SHORT_LESSON_S and len({u.speaker for u in transcript.utterances}) == 1:
        withhold(("teacher_talk", "student_talk"), ONE_VOICE)
    if reason := why_no_words(transcript):
        withhold(WORD_MEASURES, reason)
    if quality.unsure is not None and quality.unsure > UNSURE_FLOOR:
        withhold((*KIND_MEASURES, *UPTAKE_MEASURES), TOO_UNSURE)
    return withheld


def quality_notes(quality: AudioQuality, transcript: Transcript) -> tuple[str, ...]:
    """What the reader should know before the numbers: plain sentences, the weightiest first; none where all is well."""
    notes: list[str] = []
    if _students_faint(quality):
        notes.append(
            "Student speech is probably undercounted. The microphone was far from the students, so quiet answers may "
            "be missing or count as silence."
        )
    if quality.snr_db is not None and quality.snr_db < NOISY_DB:
        notes.append(
            f"There was much noise: speech was {_louder(quality.snr_db)} than the quiet moments. "
            "The ranges are wider for it."
        )
    if quality.clipped >= CLIPPED:
        notes.append(
            f"The recording was too loud for the microphone in {_percent(quality.clipped)} of the speech. Those words "
            "may be wrong. Move the phone a little away from the loudest voice."
        )
    if quality.unsure is not None and quality.unsure > UNSURE_NOTE:
        notes.append(
            f"In {_percent(quality.unsure)} of the speech the recognizer was unsure or found no words. Check a "
            "question’s words before you rely on its kind. If another language was spoken, say which with --language."
        )
    if why_no_teacher(transcript) and transcript.utterances:
        notes.append("It is not known which voice is yours, so nothing here is counted as the teacher’s.")
    elif not transcript.of(Role.STUDENT) and transcript.utterances:
        notes.append("No student was heard. They may have been too far from the microphone.")
    if _students_faint(quality) or (quality.snr_db is not None and quality.snr_db < NOISY_DB):
        notes.append(NEXT_TIME)
    return tuple(notes)


def placing(quality: AudioQuality, transcript: Transcript) -> tuple[str, ...]:
    """Where to put the phone next time, what this recording asks for first: plain sentences."""
    advice = [NEXT_TIME]
    if quality.clipped >= CLIPPED:
        advice.append("Keep it an arm’s length and more from the loudest voice; this time it was too loud at times.")
    if quality.snr_db is not None and quality.snr_db < NOISY_DB:
        advice.append(
            "Close the windows and the door if you can, and turn off what hums: this time there was much noise."
        )
    if transcript.utterances and not transcript.of(Role.STUDENT):
        advice.append("Put it where you would stand to hear the quietest student.")
    return (
        *advice,
        "Lay it with its microphone, at the edge with the charging socket, towards the class, and nothing over it.",
        "For group work, choose one table and leave it there: from there that table is heard, and the others are not.",
        "Record half a minute first, with somebody speaking from the far corner, and listen whether you can follow.",
    )


def _over(level: float | None, floor: float | None) -> float | None:
    return None if level is None or floor is None else level - floor


def _students_faint(quality: AudioQuality) -> bool:
    over_noise = quality.student_snr_db
    below_teacher = _over(quality.teacher_db, quality.student_db)
    return (over_noise is not None and over_noise < STUDENT_FAINT_DB) or (
        below_teacher is not None and below_teacher > STUDENT_BELOW_TEACHER_DB
    )


def _louder(db: float) -> str:
    return f"only {round(db)} dB louder" if round(db) > 0 else "no louder"


def _percent(share: float) -> str:
    return f"{round(100 * share)}%"
