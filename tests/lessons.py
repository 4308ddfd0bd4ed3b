"""Lessons for tests: one drawn by hand, one as long as a double period, one that means harm."""

from __future__ import annotations

import random
from collections.abc import Sequence

from coaching.lesson import Engine, Lesson, Recording, RoleGuess
from coaching.metrics import measure_lesson
from coaching.quality import AudioQuality, limits
from coaching.spans import Span
from coaching.transcript import Role, Speaker, Transcript, Utterance, Word

SPEAKERS = (Speaker("S1", Role.TEACHER), Speaker("S2", Role.STUDENT), Speaker("S3", Role.STUDENT))

CLEAR = AudioQuality(speech_db=-24.0, noise_db=-52.0, teacher_db=-22.0, student_db=-30.0, unsure=0.04)

ENGINES = (
    Engine("speakers", "local", "community-1", "the only one that runs on this machine"),
    Engine("words", "moonshine tiny-en", "0.0.73"),
)


def said(start: float, end: float, speaker: str, text: str = "", confidence: float | None = None) -> Utterance:
    return Utterance(Span(start, end), speaker, text, confidence)


#        0         10        20        30        40        50        60
#        |         |         |         |         |         |         |
# S1     ======   ==     ==        ====   ====          ========              teacher
# S2           ==            ====  -                                          student; - is 0.7 s over the teacher
# S3                =                        ===              ==              student; the last without words
DRAWN: tuple[Utterance, ...] = (
    said(0.0, 6.0, "S1", "Good morning. Look at these two fractions. What do you notice?", 0.93),
    said(8.5, 10.0, "S2", "They have the same top number.", 0.71),
    said(11.0, 13.0, "S1", "The same top number. How do you know which one is bigger?", 0.9),
    said(16.5, 17.5, "S3", "Fifths.", 0.31),
    said(18.5, 20.0, "S1", "Is it wider?", 0.88),
    said(21.0, 25.0, "S2", "Because the pieces are bigger if you cut it in five.", 0.66),
    said(26.0, 30.0, "S1", "The pieces are bigger. Ten times six is?", 0.9),
    said(26.4, 27.1, "S2", "Oh, wait!", 0.4),
    Utterance(
        Span(33.0, 37.0),
        "S1",
        "Does that make sense?",
        0.7,
        (
            Word("Does", Span(33.0, 33.4), 0.9),
            Word("that", Span(33.4, 34.0), 0.3),
            Word("make", Span(34.0, 35.0), 0.4),
            Word("sense?", Span(35.0, 37.0), 0.9),
        ),
    ),
    said(38.0, 41.0, "S3", "I don’t agree with “five” & <b>eight</b>.", 0.8),
    said(46.0, 54.0, "S1", "Let us write that down, right? You have a minute.", 0.95),
    said(52.0, 54.5, "S3"),
)


def lesson(
    utterances: Sequence[Utterance] = DRAWN,
    speakers: Sequence[Speaker] = SPEAKERS,
    duration: float = 60.0,
    quality: AudioQuality = CLEAR,
    name: str = "Comparing fractions",
    language: str | None = "en",
) -> Lesson:
    """A lesson with these utterances, its measures computed as the pipeline does."""
    transcript = Transcript(duration, tuple(speakers), tuple(utterances), language)
    return Lesson(
        recording=Recording(name, duration, (f"{name}.mp4",), "mov,mp4,m4a", "h264", "aac", recorded="2026-11-19"),
        transcript=transcript,
        quality=quality,
        roles=RoleGuess("S1", 0.92, "spoke most, all through the lesson, and asked the questions"),
        engines=ENGINES,
        measures=measure_lesson(transcript, quality),
        limits=tuple(dict.fromkeys(limits(quality, transcript).values())),
        stages={"sound": 1.2, "speakers": 4.5, "words": 5.25, "measures": 0.01},
    )


ASKED = (
    "What do you notice about these two?",
    "How do you know that it is bigger?",
    "Why did you put the three there?",
    "What is six times seven?",
    "Is this one half of the whole?",
    "Do you agree with what Ana just said?",
    "Any questions so far?",
    "Which one of them comes first on the number line?",
    "Can you sit down, please?",
    "It goes below the line, right?",
    "What would happen if we cut it again?",
)
TOLD = (
    "So let us look at the number line on the board and find where three fifths would go.",
    "Okay, take out your notebooks and open them at the page from yesterday.",
    "The bottom number tells us into how many pieces the whole was cut.",
    "I want you to talk with your neighbour for a minute and write down one idea.",
    "Thank you. I hear that the pieces get smaller when there are more of them.",
)
ANSWERED = (
    "Because the pieces are bigger when you cut it in fewer.",
    "Forty two.",
    "It is bigger, because if you share it with five people everybody gets more.",
    "I think it goes between zero and one, but closer to one.",
    "Yes.",
    "They have the same top number.",
    "We tried it with paper and it was not the same.",
)


def long_lesson(minutes: float, seed: int = 1, students: int = 8, quality: AudioQuality = CLEAR) -> Lesson:
    """A made-up lesson with the rhythm of a real one: explaining, asking, waiting, answering, quiet work."""
    draw = random.Random(seed)
    speakers = (Speaker("S01", Role.TEACHER), *(Speaker(f"S{n:02}", Role.STUDENT) for n in range(2, students + 2)))
    found: list[Utterance] = []
    now, end = 1.0, minutes * 60

    def speak(speaker: str, text: str, wait: float) -> None:
        nonlocal now
        start = now + wait
        now = start + max(0.5, len(text) / 15 * draw.uniform(0.85, 1.2))
        found.append(said(start, now, speaker, text, draw.betavariate(8, 2)))

    while now < end - 60:
        if draw.random() < 0.05:
            now += draw.uniform(10, 45)
        for _ in range(draw.choice((0, 1, 1, 2, 3))):
            speak("S01", draw.choice(TOLD), draw.uniform(0.55, 1.2))
        speak("S01", draw.choice(ASKED), draw.uniform(0.55, 1.0))
        if draw.random() < 0.75:
            student = f"S{draw.randrange(2, students + 2):02}"
            text = draw.choice(ANSWERED)
            speak(student, "" if draw.random() < 0.1 else text, min(12.0, draw.expovariate(0.5)))
            if draw.random() < 0.15:
                other = f"S{(int(student[1:]) - 1) % students + 2:02}"
                start = max(found[-1].span.start, now - 1.5)
                found.append(said(start, now + 0.6, other, "No, look.", 0.4))
                now += 0.6
            if draw.random() < 0.3:
                speak("S01", text.removeprefix("Because ").capitalize(), draw.uniform(0.6, 3.0))
    made = lesson(found, speakers, end, quality)
    return Lesson(**{**made.__dict__, "roles": RoleGuess("S01", 0.97, made.roles.why)})


def waiting(seconds: float, questions: int = 20) -> Lesson:
    """Questions of a teacher's that are answered after so many seconds, some a little sooner, some a little later."""
    found: list[Utterance] = []
    for n in range(questions):
        start = 15.0 * n
        after = start + 3.0 + seconds + 0.1 * (n % 3 - 1)
        found.append(said(start, start + 3.0, "S1", ASKED[n % 3], 0.9))
        found.append(said(after, after + 4.0, "S2", ANSWERED[0], 0.8))
    return lesson(found, duration=15.0 * questions, name=f"Waits of {seconds} s")


HARM = '</script><script>document.title="harmed"</script><img src=x onerror="document.title=1"> "\'{{7*7}} ]]> --> \x00'
HARM += "\x1b"


def hostile() -> Lesson:
    """A lesson in which every text that a stranger could have written means harm."""
    speakers = (Speaker("S1", Role.TEACHER, HARM), Speaker("</v>&S2", Role.STUDENT, "=HYPERLINK(1)"))
    texts = (
        f"{HARM} What do you notice?",
        "=2+5",
        "+1",
        "-1",
        "@here",
        "\t=1",
        "1\r\n00:00:01,000 --> 00:00:02,000\r\nx",
        "＝1",
    )
    spoken = [said(3.0 * n, 3.0 * n + 2, speakers[n % 2].id, text, 0.4) for n, text in enumerate(texts)]
    made = lesson(spoken, speakers, 40.0, name=HARM)
    notes = Recording(HARM, 40.0, (f"../{HARM}.mp4", "\udcff.mp4"), HARM, HARM, HARM, 2, notes=(HARM,))
    engine = Engine(HARM, HARM, HARM, HARM)
    return Lesson(**{**made.__dict__, "recording": notes, "roles": RoleGuess("S1", 0.5, HARM), "engines": (engine,)})
