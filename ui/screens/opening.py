"""An administrator opens a lesson with a reason; what they hold open; and what its owner reads of that."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from html import escape

import streamlit as st

from coaching.access import NotThere
from coaching.openings import LONGEST_REASON, Opening
from coaching.people import Person
from ui import session
from ui.screens.frame import done
from ui.screens.shared import called
from ui.screens.watched import played, when

ASKS = (
    "<p><b>Open this lesson for an hour?</b> {who} is told that you did, and reads your reason. You see the video, "
    "what was said, and notes for all who see it; no measures, and you can change and save nothing.</p>"
)
GONE = "This lesson is not there any more."


def ask(viewer: Person, recording: str, whose: str, asked: str, said: str) -> None:
    """In the place of a row of the jobs; `asked` is where the session says which row asks, `said` what came of it."""
    state = st.session_state
    with st.container(key=f"sl-ask-open-{recording}"):
        st.html(ASKS.format(who=escape(whose)))
        reason = st.text_area("Why must you look inside?", key=f"why-{recording}", max_chars=LONGEST_REASON, height=80)
        with st.container(horizontal=True):
            yes = st.button("Open it", key=f"yes-open-{recording}", type="primary")
            over = st.button("Leave it closed", key=f"no-open-{recording}")
        if yes:
            try:
                over = done(lambda: session.stores().openings.open(viewer.id, recording, reason))
            except NotThere:
                state[said], over = GONE, True
    if over:
        state[asked] = None
        st.rerun(scope="fragment")


def held(viewer: Person) -> frozenset[str]:
    """Shows what they opened and is still open; which recordings that is."""
    openings, now = session.stores().openings, session.now()
    found = {one.recording: one for one in openings.mine(viewer.id)}
    for one in found.values():
        with st.container(horizontal=True, vertical_alignment="center", key=f"sl-opened-{one.recording}"):
            link = f'<a href="/review?recording={one.recording}">Lesson {one.recording[:8]}</a>'
            st.html(f"<p class='sl-note'>{link} is open for you until {_clock(one.ends, now)}.</p>")
            if st.button("Close it", key=f"close-{one.recording}"):
                with suppress(NotThere):  # its hour was over in this very moment
                    openings.close(viewer.id, one.recording)
                st.rerun(scope="fragment")
    return frozenset(found)


def told(viewer: Person, recording: str) -> str:
    """For the owner: who opened it, why, and what they played."""
    stores, now = session.stores(), session.now()
    found = stores.openings.of(viewer.id, recording)
    if not found:
        return ""
    views = {view.person: view for view in stores.lessons.views(viewer.id, recording)}
    duration = stores.lessons.listed(viewer.id, recording).duration
    rows = "".join(
        f'<div class="sl-ended"><b>{escape(called(one.who))}</b><p class="sl-soft">{_span(one, now)} Their reason: '
        f"“{escape(one.reason)}”</p>{played(views.get(one.who.id), recording, duration, now)}</div>"
        for one in found
    )
    return f'<h3 class="sl-h3">Opened by an administrator</h3>{rows}'


def _span(one: Opening, now: datetime) -> str:
    until = "It is open until" if one.ends > now else "It closed at"
    return f"Opened {when(one.opened, now)}. {until} {_clock(one.ends, now)}."


def _clock(moment: datetime, now: datetime) -> str:
    at = moment.astimezone(now.tzinfo)
    return f"{at.hour}:{at:%M}"
