"""Who is the teacher: a rule over what was heard, with how sure it is and why. A person may always say otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from coaching.errors import BadInput
from coaching.lesson import RoleGuess
from coaching.transcript import Role, Transcript

WEIGHTS = {"talk": 0.5, "spread": 0.25, "questions": 0.15, "first": 0.1}
"""What each sign counts for. Talk leads (teachers speak 70-80% of the time); the others settle a close call."""

SURE_ENOUGH = 0.15
"""Below this lead over the next speaker nobody is called the teacher: a wrong role would turn every measure round. To
speak first is worth less, so it never decides alone."""

FEWEST_QUESTIONS = 5
"""With fewer questions in the lesson, who asked them says nothing."""

LEAST_OF_MOST = 0.5
"""A teacher speaks at least this share of what the most talkative voice does, whatever else speaks for it."""

BLOCK_S = 60.0
"""Spread is counted in minutes: a teacher is heard in most of them, a student with a long report in few."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a speaker being the teacher, each 0 to 1."""

    speaker: str
    talk: float
    spread: float
    questions: float
    first: float

    @property
    def score(self) -> float:
        return sum(weight * float(getattr(self, sign)) for sign, weight in WEIGHTS.items())


def signs(transcript: Transcript) -> list[Signs]:
    """The signs of every speaker, strongest first."""
    seconds = {s.id: transcript.seconds(s.id) for s in transcript.speakers}
    asked = {
        s.id: sum(u.text.count("?") for u in transcript.utterances if u.speaker == s.id) for s in transcript.speakers
    }
    blocks = max(1, round(transcript.duration / BLOCK_S))
    heard = {
        (u.speaker, block)
        for u in transcript.utterances
        for block in range(int(u.span.start / BLOCK_S), int(u.span.end / BLOCK_S) + 1)
    }
    first = transcript.utterances[0].speaker if transcript.utterances else ""
    all_s, all_q = sum(seconds.values()), sum(asked.values())
    found = [
        Signs(
            speaker=s.id,
            talk=seconds[s.id] / all_s if all_s else 0.0,
            spread=sum((s.id, block) in heard for block in range(blocks)) / blocks,
            questions=asked[s.id] / all_q if all_q >= FEWEST_QUESTIONS else 0.0,
            first=float(s.id == first),
        )
        for s in transcript.speakers
    ]
    return sorted(found, key=lambda s: -s.score)


def guess_teacher(transcript: Transcript, choice: str | None = None) -> RoleGuess:
    """The speaker taken for the teacher; `choice` (`first`, `most` or a speaker's id) overrides the rule.

    Its confidence is one half plus the lead over the next voice, at most .99, or 1 where a person chose. It orders
    guesses and is not calibrated: of guesses at .8 not 8 in 10 need be right. Raises BadInput where `choice` names
    nobody in this lesson.
    """
    if not transcript.utterances:
        return RoleGuess(None, 0.0, "nobody was heard")
    ranked = signs(transcript)
    if choice == "first":
        return RoleGuess(next(s.speaker for s in ranked if s.first), 1.0, "you said that the teacher speaks first")
    if choice == "most":
        return RoleGuess(max(ranked, key=lambda s: s.talk).speaker, 1.0, "you said that the teacher speaks most")
    if choice is not None:
        if choice not in {s.speaker for s in ranked}:
            there = ", ".join(sorted(s.speaker for s in ranked))
            raise BadInput(f"There is no speaker {choice!r} in this lesson. Those heard are: {there}.")
        return RoleGuess(choice, 1.0, "you said who the teacher is")
    best = ranked[0]
    if len(ranked) == 1:
        return RoleGuess(best.speaker, 0.6, "only one voice was heard")
    lead = best.score - ranked[1].score
    if best.talk < LEAST_OF_MOST * max(s.talk for s in ranked):
        lead = 0.0
    sure = min(0.99, 0.5 + lead)
    if lead < SURE_ENOUGH:
        return RoleGuess(None, sure, "no voice stands out; say who the teacher is with --teacher")
    return RoleGuess(best.speaker, sure, _because(best))


def with_teacher(transcript: Transcript, teacher: str | None) -> Transcript:
    """The transcript with the teacher's role, and everybody else a student; without a teacher every role is unknown.

    Names stay as people gave them.
    """
    others = Role.STUDENT if teacher else Role.UNKNOWN
    return transcript.with_roles({s.id: Role.TEACHER if s.id == teacher else others for s in transcript.speakers})


def _because(s: Signs) -> str:
    parts = [f"this voice speaks {s.talk:.0%} of the talk", f"is heard in {s.spread:.0%} of the minutes"]
    if s.questions:
        parts.append(f"asks {s.questions:.0%} of the questions")
    if s.first:
        parts.append("speaks first")
    return ", ".join(parts[:-1]) + " and " + parts[-1]
