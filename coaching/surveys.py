"""Short surveys by a school: a few questions to its teachers or coaches, answered without a name. Pure.

What was answered is shown once it is over, all at once, and of a question that five or more answered: never while it
goes on, since two looks before and after somebody's answer would show it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from coaching.comments import is_plain
from coaching.cycles import check_text
from coaching.errors import BadInput
from coaching.months import FEWEST_TEACHERS

FEWEST = FEWEST_TEACHERS
"""Answers to a question from which on they are shown, and people who must be asked."""

MOST_QUESTIONS = 8
LONGEST_TITLE, LONGEST_QUESTION, LONGEST_END, LONGEST_WORDS = 80, 240, 40, 1000
"""Characters: of its name, a question, the words at an end of a scale, and an answer in words."""

POINTS = range(1, 6)
"""Of a scale."""

LONGEST_DAYS = 60
"""How long one is open at most."""


@dataclass(frozen=True, slots=True)
class Question:
    """On a scale where `low` and `high`, the words at its ends, are given; in words of one's own where neither is."""

    text: str
    low: str = ""
    high: str = ""

    @property
    def scale(self) -> bool:
        return bool(self.low)


AGREES = "Not at all", "Fully"
STARTERS = (
    Question("Coaching helps me", *AGREES),
    Question("I have time for it", *AGREES),
    Question("I decide what I work on", *AGREES),
    Question("I can try things that may go wrong", *AGREES),
    Question("Watching my own lessons is worth the time", *AGREES),
    Question("I know who sees what of my lessons", *AGREES),
    Question("What should stay as it is?"),
    Question("What would make coaching easier for you?"),
)
"""To begin with; whoever asks changes them."""


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """`until` is its last day, in the school's time zone."""

    school: str
    title: str
    questions: tuple[Question, ...]
    teachers: bool
    coaches: bool
    until: date


def checked(new: NewSurvey, today: date) -> NewSurvey:
    """Without surplus space. Raises BadInput with what is missing."""
    title = " ".join(check_text(new.title, LONGEST_TITLE, what="A survey’s name").split())
    if not title or not is_plain(title, LONGEST_TITLE):
        raise BadInput("Give the survey a name.")
    if not 1 <= len(new.questions) <= MOST_QUESTIONS:
        raise BadInput(f"Ask 1 to {MOST_QUESTIONS} questions.")
    questions = tuple(map(_question, new.questions))
    if len({one.text.casefold() for one in questions}) < len(questions):
        raise BadInput("A question is there twice.")
    if not (new.teachers or new.coaches):
        raise BadInput("Choose whom you ask.")
    if not today <= new.until <= today + timedelta(days=LONGEST_DAYS):
        raise BadInput(f"Choose a last day from today on, within {LONGEST_DAYS} days.")
    return replace(new, title=title, questions=questions)


def _question(one: Question) -> Question:
    text = " ".join(check_text(one.text, LONGEST_QUESTION, what="A question").split())
    if not text or not is_plain(text, LONGEST_QUESTION):
        raise BadInput("A question has no words yet.")
    ends = (check_text(end, LONGEST_END, what="An end of a scale") for end in (one.low, one.high))
    low, high = (" ".join(end.split()) for end in ends)
    if bool(low) != bool(high):
        raise BadInput(f"Name both ends of the scale of “{text}”.")
    if not (is_plain(low, LONGEST_END) and is_plain(high, LONGEST_END)):
        raise BadInput(f"Name the ends of the scale of “{text}” in plain words.")
    return Question(text, low, high)


def ends(until: date, zone: str) -> float:
    """The end of its last day there, in seconds since 1970."""
    return datetime.combine(until + timedelta(days=1), time(), ZoneInfo(zone)).timestamp()


Answer = int | str | None
"""A point of a scale, words, or nothing."""


def checked_answers(questions: Sequence[Question], answers: Sequence[Answer]) -> list[tuple[int, int | str]]:
    """Those that are given, each with the position of its question. Raises BadInput."""
    if len(answers) != len(questions):
        raise BadInput("These are not the answers to these questions.")
    given = []
    for n, (question, answer) in enumerate(zip(questions, answers, strict=True)):
        found = _answer(question, answer)
        if found is not None:
            given.append((n, found))
    if not given:
        raise BadInput("Answer one question or more.")
    return given


def _answer(question: Question, answer: Answer) -> int | str | None:
    if answer is None:
        return None
    if question.scale:
        if isinstance(answer, bool) or not isinstance(answer, int) or answer not in POINTS:
            raise BadInput(f"Choose {POINTS[0]} to {POINTS[-1]} for “{question.text}”.")
        return answer
    words = check_text(str(answer).replace("\r\n", "\n"), LONGEST_WORDS, what="An answer")
    if not is_plain(words, LONGEST_WORDS):
        raise BadInput(f"Your answer to “{question.text}” holds signs that cannot be shown.")
    return words or None


@dataclass(frozen=True, slots=True)
class Result:
    """What was answered to a question; nothing where it is not `shown`, since too few did. `points` are how many chose
    each of `POINTS`; `words` are in no order that tells anything."""

    question: Question
    shown: bool
    answers: int = 0
    points: tuple[int, ...] = ()
    words: tuple[str, ...] = ()


def result(question: Question, answers: Iterable[int | str]) -> Result:
    given = list(answers)
    if len(given) < FEWEST:
        return Result(question, shown=False)
    if question.scale:
        often = Counter(given)
        return Result(question, True, len(given), points=tuple(often[point] for point in POINTS))
    return Result(question, True, len(given), words=tuple(map(str, given)))


@dataclass(frozen=True, slots=True)
class Survey:
    """One as somebody sees it. `own`: they ask it, and know how many are `asked`; to everybody else that is None.
    `may_answer`: they are asked, and have not answered, and it is not over."""

    id: str
    school: str
    """What it is called."""
    title: str
    by: str
    own: bool
    questions: tuple[Question, ...]
    ends: datetime
    over: bool
    answered: bool
    may_answer: bool
    may_delete: bool
    asked: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A school at which somebody may ask: how many they would ask there, without themselves."""

    school: str
    called: str
    zone: str
    teachers: int
    coaches: int
    both: int
    """Fewer than the two together where somebody is both."""

    def asked(self, teachers: bool, coaches: bool) -> int:
        return self.both if teachers and coaches else self.teachers if teachers else self.coaches if coaches else 0


class Surveys(Protocol):
    """`viewer` is the id of the person who asks the store. A survey is there for those whom it asks, for the leaders of
    its school, and for whoever made it; for everybody else it is not (`coaching.access.NotThere`)."""

    def places(self, viewer: str) -> list[Place]:
        """The schools at which they may ask, by name."""
        ...

    def ask(self, viewer: str, new: NewSurvey) -> str:
        """Its id; those who are asked are told. Raises BadInput, also where fewer than `FEWEST` would be asked."""
        ...

    def mine(self, viewer: str) -> list[Survey]:
        """All that are there for them: those to answer first, then the newest end first."""
        ...

    def one(self, viewer: str, survey: str) -> Survey: ...

    def answer(self, viewer: str, survey: str, answers: Sequence[Answer]) -> None:
        """One for each question, once and for good: nobody knows afterwards which were theirs. Raises BadInput."""
        ...

    def results(self, viewer: str, survey: str) -> list[Result]:
        """By question. Raises BadInput while it is not over."""
        ...

    def delete(self, viewer: str, survey: str) -> None:
        """It goes with all its answers, for everybody. Who asked may; an admin where nobody is left who did."""
        ...
