"""What a stretch of the lesson was like: one voice at a time, several at once, or quiet. From speech activity alone.

Rules on three numbers of a window that anybody can look up in the talk ribbon, with hysteresis so that a stretch does
not flicker. It describes and does not judge: quiet is not idle, several voices are no noise, and nothing is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from coaching.metrics.talk import RibbonBar, talk_ribbon
from coaching.quality import NO_TEACHER, AudioQuality, limits, why_no_teacher
from coaching.spans import Span
from coaching.transcript import Transcript

BAR_S = 10.0
WINDOW = 3
"""Bars: 30 s decide on the ten in their middle. In a shorter window every pause would be quiet work."""

SHORTEST = 4
"""Bars. The windows of a shorter stretch hold as much of its neighbours as of itself."""

QUIET_FROM, QUIET_STAYS = 0.75, 0.60
"""Share of the window without speech from which quiet begins, and down to which it stays."""

SEVERAL_FROM, SEVERAL_STAYS = 0.15, 0.08
"""Share of the speech with two voices or more from which several at once begin, and down to which they stay."""

FULL = 0.05
"""Share of silence at or under which hardly a pause is left. Many voices fill each other's pauses, and of them at once
the diarizer finds few; so there SEVERAL_FULL is enough for several, and only up to ONE_FULL it is one voice."""
SEVERAL_FULL, ONE_FULL = 0.04, 0.02

ONE_FROM, ONE_STAYS = 0.10, 0.15
"""The same share, under which one voice at a time begins, and under which it stays, if there are pauses. All of these
were chosen on the made lessons DEV of scripts/bench_activity.py."""


TOO_SHORT = "It is too short to be told from what lies beside it."


class Activity(StrEnum):
    WHOLE_CLASS = "whole class"
    SEVERAL_AT_ONCE = "several at once"
    QUIET = "quiet"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Shares:
    """Of a stretch, 0 to 1: `silence` of its time; `at_once` (two voices or more) and `teacher` alone of its speech."""

    silence: float
    at_once: float
    teacher: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one kind, with the numbers that decided it, and in words why."""

    span: Span
    kind: Activity
    shares: Shares
    why: str


def activity(transcript: Transcript, quality: AudioQuality) -> tuple[Stretch, ...]:
    """The whole lesson in stretches: whole-class talk, several voices at once, quiet, or "cannot tell".

    For every ten seconds the window of 30 s round them decides. Quiet: nobody speaks in 75% of it or more (60% once it
    is quiet). Several at once, as in group work, but also in a choir: two or more speak in 15% of its speech or more
    (8% once they do; 4% where hardly a pause is left). Whole class: in less than 10% (15% once it is; 2% where hardly a
    pause is left). All between cannot be told; nor can a stretch of under 40 s, unless it interrupts one of another
    kind, whose it then is; nor talk of one at a time where no teacher is known, since it may be one table's; nor
    anything where the recording is too poor for silence and several voices. A recording of under 30 s has no stretches.
    No range: how often it is right was only measured on made lessons (docs/benchmarks.md).
    """
    bars = talk_ribbon(transcript, BAR_S)
    if len(bars) < WINDOW:
        return ()
    withheld = limits(quality, transcript)
    if reason := withheld.get("several_voices") or withheld.get("silence"):
        return (_stretch(bars, Activity.CANNOT_TELL, reason),)
    kinds: list[Activity] = []
    for i in range(len(bars)):
        first = min(max(i - WINDOW // 2, 0), len(bars) - WINDOW)
        kinds.append(_kind(_shares(bars[first : first + WINDOW]), kinds[-1] if kinds else None))
    no_teacher = why_no_teacher(transcript) is not None
    found, at = [], 0
    for kind, length in _smoothed(kinds):
        mine = bars[at : at + length]
        at += length
        if kind is Activity.WHOLE_CLASS and no_teacher:
            found.append(_stretch(mine, Activity.CANNOT_TELL, NO_TEACHER))
        elif kind is Activity.CANNOT_TELL and length < SHORTEST:
            found.append(_stretch(mine, kind, TOO_SHORT))
        else:
            found.append(_stretch(mine, kind))
    return tuple(found)


def _shares(bars: Sequence[RibbonBar]) -> Shares:
    seconds = sum(b.span.duration for b in bars)
    silence = sum(b.silence for b in bars)
    speech = max(seconds - silence, 1e-9)
    return Shares(silence / seconds, sum(b.several for b in bars) / speech, sum(b.teacher for b in bars) / speech)


def _kind(w: Shares, before: Activity | None) -> Activity:
    """The kind of a window; the kind before stays as long as it may."""
    if w.silence >= (QUIET_STAYS if before is Activity.QUIET else QUIET_FROM):
        return Activity.QUIET
    full = w.silence <= FULL
    several = SEVERAL_FULL if full else SEVERAL_STAYS if before is Activity.SEVERAL_AT_ONCE else SEVERAL_FROM
    if w.at_once >= several:
        return Activity.SEVERAL_AT_ONCE
    if w.at_once < (ONE_FULL if full else ONE_STAYS if before is Activity.WHOLE_CLASS else ONE_FROM):
        return Activity.WHOLE_CLASS
    return Activity.CANNOT_TELL


def _smoothed(kinds: Sequence[Activity]) -> list[tuple[Activity, int]]:
    """Runs as (kind, bars). A short run inside another kind is that kind's; any other short run cannot be told."""
    runs = _runs([(kind, 1) for kind in kinds])
    for i in range(1, len(runs) - 1):
        if runs[i][1] < SHORTEST and runs[i - 1][0] is runs[i + 1][0]:
            runs[i] = (runs[i - 1][0], runs[i][1])
    runs = _runs(runs)
    return _runs([(kind if bars >= SHORTEST else Activity.CANNOT_TELL, bars) for kind, bars in runs])


def _runs(parts: Sequence[tuple[Activity, int]]) -> list[tuple[Activity, int]]:
    return [(kind, sum(bars for _, bars in run)) for kind, run in groupby(parts, key=lambda part: part[0])]


def _stretch(bars: Sequence[RibbonBar], kind: Activity, why: str = "") -> Stretch:
    shares = _shares(bars)
    return Stretch(bars[0].span | bars[-1].span, kind, shares, why or _why(kind, shares))


def _why(kind: Activity, s: Shares) -> str:
    once, quiet = f"{100 * s.at_once:.0f}%", f"{100 * s.silence:.0f}%"
    return {
        Activity.WHOLE_CLASS: f"Mostly one voice at a time: in {once} of the talk two or more spoke at once.",
        Activity.SEVERAL_AT_ONCE: f"In {once} of the talk two or more spoke at once.",
        Activity.QUIET: f"Nobody spoke in {quiet} of it.",
        Activity.CANNOT_TELL: f"It lies between the others: nobody spoke in {quiet} of it, and in {once} of the talk "
        "two or more spoke at once.",
    }[kind]
