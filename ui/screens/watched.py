"""What somebody played of a lesson, as its owner sees it: in words, and as a bar that leads to each part."""

from __future__ import annotations

from datetime import datetime

from coaching.notes import View
from coaching.spans import clock, cover, total
from ui.screens.cards import day

FINEST = 1 / 150
"""Of the lesson: what lies nearer together is one stretch in the bar, so that each can be hit."""


def played(view: View | None, recording: str, duration: float | None, now: datetime) -> str:
    """`now` is in the reader's own time."""
    if view is None:
        return '<p class="sl-soft">Has played nothing there yet.</p>'
    seconds = total(view.spans)
    whole = f" of {clock(duration)} ({_percent(seconds, duration)})" if duration else ""
    what = f"Played {clock(seconds)}{whole}" if view.spans else "Looked through it without playing"
    said = f'<p class="sl-soft">{what}. First {when(view.first, now)}, last {when(view.last, now)}.</p>'
    return said + (_bar(view, recording, duration) if duration and view.spans else "")


def when(moment: datetime, now: datetime) -> str:
    """Within a sentence: today at 14:02; on Thu 19 Nov at 9:30."""
    at = moment.astimezone(now.tzinfo)
    said = day(at.date(), now.date())
    said = f"on {said}" if " " in said else said.lower()
    return f"{said} at {at.hour}:{at:%M}"


def _percent(seconds: float, duration: float) -> str:
    share = 100 * seconds / duration
    return "under 1%" if share < 1 else f"{min(100, share):.0f}%"


def _bar(view: View, recording: str, duration: float) -> str:
    parts = "".join(
        f'<a href="/review?recording={recording}&amp;t={span.start:.1f}" aria-label="Play from {clock(span.start)}, '
        f'played up to {clock(span.end)}" style="left:{100 * span.start / duration:.2f}%;'
        f'width:{100 * span.duration / duration:.2f}%"></a>'
        for span in cover(view.spans, fill=FINEST * duration)
    )
    return f'<div class="sl-played" role="group" aria-label="What was played">{parts}</div>'
