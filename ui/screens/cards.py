"""A lesson in the library: what stands on its card, from what is known of the recording, and nothing else."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from html import escape

from coaching.ports import RecordingFacts
from coaching.recordings import LISTENING, RunState, Stage, StageState, standing
from coaching.spans import clock

WORDS = {
    Stage.SOUND: "Taking the sound out",
    Stage.SPEAKERS: "Finding who speaks when",
    Stage.WORDS: "Transcribing",
    Stage.MEASURES: "Measuring",
}


class Shown(StrEnum):
    """What the library can be filtered by."""

    READY = "Ready"
    AT_WORK = "In progress"
    ATTENTION = "Needs attention"


def shown(facts: RecordingFacts) -> Shown:
    """A lesson that is ready, but of which something failed for good, needs attention too."""
    run = facts.run
    if run.state in (RunState.WAITING, RunState.RUNNING):
        return Shown.AT_WORK
    if run.state is RunState.READY and not any(s.state is StageState.FAILED for s in run.stages):
        return Shown.READY
    return Shown.ATTENTION


def is_open(facts: RecordingFacts) -> bool:
    """Whether its card may change by itself: pictures come after the lesson is ready."""
    return not facts.run.over


def day(moment: datetime, now: datetime) -> str:
    """A day as people say it: Today, Yesterday, Thu 19 Nov, Thu 19 Nov 2025. Both moments in the reader's own time."""
    days = (now.date() - moment.date()).days
    if days in (0, 1):
        return ("Today", "Yesterday")[days]
    return f"{moment:%a} {moment.day} {moment:%b}" + (f" {moment.year}" if moment.year != now.year else "")


def card(facts: RecordingFacts, now: datetime) -> str:
    """The card's inside, without its button."""
    when = facts.added.astimezone(now.tzinfo)
    return (
        f'<article class="sl-card">{_poster(facts)}<div class="sl-body">'
        f'<div><h2 class="sl-name">{escape(facts.name)}</h2><p class="sl-meta">{day(when, now)}</p></div>'
        f'{_state(facts)}<div class="sl-end"><span class="pill"><i class="sl-i sl-lock"></i>Only you</span>'
        f"{_watch(facts)}</div></div></article>"
    )


def _done(facts: RecordingFacts, stage: Stage) -> bool:
    return any(s.stage is stage and s.state is StageState.DONE and s.artefact for s in facts.run.stages)


def _poster(facts: RecordingFacts) -> str:
    inside = '<span class="sl-none"></span>'
    if _done(facts, Stage.POSTER):
        inside = f'<img src="/recordings/{facts.id}/poster.jpg" alt="" loading="lazy">'
    if facts.duration is not None:
        inside += f'<span class="sl-dur">{clock(facts.duration)}</span>'
    return f'<div class="sl-poster">{inside}</div>'


def _state(facts: RecordingFacts) -> str:
    match shown(facts):
        case Shown.AT_WORK:
            return _progress(facts)
        case Shown.ATTENTION:
            return _attention(facts)
    source = f"/recordings/{facts.id}/ribbon.svg"
    return f'<img class="sl-ribbon" src="{source}" alt="Talk ribbon: who spoke when" loading="lazy">'


def _progress(facts: RecordingFacts) -> str:
    at = standing(facts.run)
    if at.state is RunState.WAITING:
        what, left = "Waiting", "starts by itself"
    else:
        what = f"{WORDS.get(at.stage, 'Working') if at.stage else 'Working'} {at.percent:.0f}%"
        left = "" if at.seconds_left is None else f"about {_time_left(at.seconds_left)} left"
    return (
        f'<div><div class="sl-row"><b>{what}</b><span>{left}</span></div>'
        f'<div class="sl-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{at.percent:.0f}" aria-label="{what}"><i style="width:{at.percent:.0f}%"></i></div></div>'
    )


def _attention(facts: RecordingFacts) -> str:
    run = facts.run
    if run.state is RunState.CANCELLED:
        head, why = "Stopped", "Somebody stopped the analysis."
    else:
        head = "Needs attention"
        failed = [s for s in run.stages if s.state is StageState.FAILED]
        failed.sort(key=lambda s: s.stage not in LISTENING)
        why = run.reason or next((s.reason for s in failed if s.reason), "Something could not be done.")
    return f'<div class="sl-attn"><b><i class="sl-i sl-warn"></i>{head}</b>{escape(why)} The recording is safe.</div>'


def _watch(facts: RecordingFacts) -> str:
    if _done(facts, Stage.WEB):
        label = escape(f"Watch {facts.name}")
        return f'<a class="sl-lk" href="/recordings/{facts.id}/web.mp4" aria-label="{label}">Watch</a>'
    return ""


def _time_left(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
