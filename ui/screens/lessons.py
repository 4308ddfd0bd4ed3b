"""The library: a person's lessons, the newest first, each with where it stands."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from coaching.errors import SecondLookError
from coaching.ports import RecordingFacts
from coaching.services.lessons import retry
from ui import session
from ui.screens import bring
from ui.screens.cards import Shown, card, is_open, shown

A_PAGE = 24
"""Cards at once: eight rows on a desk."""

EVERY_S = 3.0
"""How often a library asks anew while something in it is at work."""

NOBODY_WORKS_S = 60.0
"""Without a sign of life of any worker for so long, what waits would wait for ever: people are told."""

ALL = "All"


def show() -> None:
    st.html('<h1 class="sl-h1">Your lessons</h1><p class="sl-lead">Every recording starts out visible only to you.</p>')
    bring.show()
    mine = session.stores().lessons.mine(session.viewer().id)
    if not mine:
        st.html(
            '<div class="sl-empty"><i class="sl-i sl-play"></i><h2>Your first lesson goes here</h2>'
            "<p>Only you will see it.</p></div>"
        )
        return
    live = any(map(is_open, mine))
    st.fragment(_library, run_every=EVERY_S if live else None)(live, [mine])


def _library(live: bool, read: list[list[RecordingFacts]]) -> None:
    """The part that is shown anew by itself while something is at work. `read` has what the page just read, once."""
    viewer, stores = session.viewer(), session.stores()
    mine = read.pop() if read else stores.lessons.mine(viewer.id)
    if live and not any(map(is_open, mine)):
        st.rerun()  # the whole page: nothing has to ask any more
    counts = Counter(shown(facts) for facts in mine)
    with st.container(horizontal=True, vertical_alignment="center", key="sl-filters"):
        chosen = st.session_state.get("kind")
        kinds = [ALL, *(kind for kind in Shown if counts[kind] or kind == chosen)]
        kind = st.pills(
            "Show",
            kinds,
            default=ALL,
            required=True,
            key="kind",
            format_func=lambda k: f"{k} {len(mine) if k == ALL else counts[k]}",
            label_visibility="collapsed",
        )
        text = st.text_input(
            "Search your lessons", key="text", placeholder="Search your lessons", label_visibility="collapsed"
        )
    found = [f for f in mine if kind in (ALL, shown(f)) and text.strip().casefold() in f.name.casefold()]
    if counts[Shown.AT_WORK] and not any(w.idle_s < NOBODY_WORKS_S for w in stores.jobs.workers()):
        st.html(
            '<p class="sl-note" role="status">Nothing is analysing lessons at the moment, so what waits does not '
            "begin. Your administrator can start a worker.</p>"
        )
    if not found:
        st.html('<p class="sl-note" role="status">No lesson of yours is like that.</p>')
    now = datetime.now(_zone())
    many = st.session_state.setdefault("many", A_PAGE)
    with st.container(key="sl-cards"):
        for facts in found[:many]:
            _card(facts, now)
    if len(found) > many and st.button(f"Show more of {len(found)} lessons"):
        st.session_state["many"] = many + A_PAGE
        st.rerun(scope="fragment")


def _card(facts: RecordingFacts, now: datetime) -> None:
    with st.container(key=f"sl-card-{facts.id}"):
        st.html(card(facts, now))
        if shown(facts) is Shown.ATTENTION and st.button("Retry", key=f"retry-{facts.id}"):
            stores = session.stores()
            try:
                retry(stores.lessons, stores.jobs, session.viewer().id, facts.id)
            except SecondLookError as error:
                st.error(str(error))
            else:
                st.rerun()


def _zone() -> ZoneInfo:
    """The reader's own, as the browser says it."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")
