"""The conference: the moments of its agenda, one after the other on one screen, with the notes of both and the time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from coaching.coached import Whole
from coaching.cycles import LONGEST_TEXT
from coaching.people import Person
from coaching.services.cycles import OnAgenda
from coaching.services.cycles import agenda as on_agenda
from ui import session
from ui.screens import cycle_dialogs
from ui.screens.cycle import found
from ui.screens.cycle_parts import MISSING, clock
from ui.screens.frame import done

TICK_S = 10.0


def show() -> None:
    viewer = session.viewer()
    whole = found(viewer)
    if whole is None:
        return
    cycle = whole.cycle
    items = on_agenda(session.stores().lessons, viewer.id, whole.conference.agenda if whole.conference else ())
    st.html(
        f'<p class="sl-crumb"><a href="/cycle?cycle={cycle.id}">{escape(cycle.name)}</a></p>'
        '<h1 class="sl-h1">Conference</h1>'
    )
    left, right = st.columns([0.66, 0.34], gap="large")
    with left:
        _moments(cycle.id, items)
    with right:
        if cycle.closed is None:
            _write(viewer, whole)
        _step(viewer, whole)


def _moments(cycle: str, items: Sequence[OnAgenda]) -> None:
    if not items:
        st.html('<p class="sl-note">Nothing is on the agenda. Add moments on the page of the cycle.</p>')
        return
    key = f"conference-{cycle}"
    n = min(st.session_state.setdefault(key, 0), len(items) - 1)
    one, planned = items[n], items[n].item.minutes
    since = st.session_state.setdefault(f"{key}-{n}", session.now())
    if one.title is None:
        st.html(f'<p class="sl-note">{MISSING}</p>')
    else:
        asked = f'<p class="sl-lead">{escape(one.item.question)}</p>' if one.item.question else ""
        st.html(
            f'{_film(one)}<h2 class="sl-h2">'
            f"{escape(one.title)}</h2>{asked}"
            f'<p class="sl-soft"><a class="sl-at" href="/review?recording={one.item.recording}&t={one.start:.1f}">'
            f"{clock(one.start)}–{clock(one.stop)}</a> · chosen by {escape(one.by)}</p>"
        )

    def timer() -> None:
        spent = int((session.now() - since).total_seconds() // 60)
        over = " attn" if spent >= planned else ""
        where = f"Moment {n + 1} of {len(items)}"
        st.html(f'<p><span class="pill{over}" role="timer">{spent} of {planned} min</span> {where}</p>')

    with st.container():
        st.fragment(timer, run_every=TICK_S)()
    with st.container(horizontal=True, key="sl-conference-do"):
        if n and st.button("Before"):
            st.session_state[key] = n - 1
            st.rerun()
        if n < len(items) - 1 and st.button("Next moment", type="primary"):
            st.session_state[key] = n + 1
            st.rerun()


def _film(one: OnAgenda) -> str:
    """The moment's: of the lesson; or of the clip alone, where the lesson's was deleted."""
    viewer, stores, of = session.viewer(), session.stores(), f"/recordings/{one.item.recording}"
    film = f"{of}/web.mp4#t={one.start:.2f},{one.stop:.2f}"
    if gone := stores.lessons.recording(viewer.id, one.item.recording).gone:
        if one.item.note not in stores.retention.kept_clips(viewer.id, one.item.recording):
            return f'<p class="sl-note">{gone.sentence}</p>'
        film = f"{of}/kept/{one.item.note}.mp4"
    return f'<video class="sl-film" controls preload="metadata" src="{film}"></video>'


def _write(viewer: Person, whole: Whole) -> None:
    """What is written is kept as soon as somebody leaves the field."""
    store, cycle = session.stores().cycles, whole.cycle
    mine = next((one for one in whole.notes if one.author == viewer.id), None)
    shared = st.text_area(
        "Notes for both of you",
        mine.shared if mine else "",
        max_chars=LONGEST_TEXT,
        height=140,
        key="conference-shared",
    )
    private = st.text_area(
        "For yourself alone", mine.private if mine else "", max_chars=LONGEST_TEXT, height=90, key="conference-private"
    )
    if (shared.strip(), private.strip()) != ((mine.shared, mine.private) if mine else ("", "")):
        done(lambda: store.write(viewer.id, cycle.id, shared, private))
    before = whole.conference.decisions if whole.conference else ""
    decided = st.text_area("What you decide", before, max_chars=LONGEST_TEXT, height=110, key="conference-decided")
    if decided.strip() != before:
        done(lambda: store.decide(viewer.id, cycle.id, decided))


def _step(viewer: Person, whole: Whole) -> None:
    step, cycle = whole.action_step, whole.cycle
    with st.container(key="sl-action"):
        body = escape(step.body) if step else "Not written yet."
        st.html(f'<p class="sl-eyebrow">One action step</p><p class="sl-big">{body}</p>')
        if cycle.closed is None and st.button("Write the action step" if step is None else "Edit the step"):
            cycle_dialogs.action_step(viewer, whole)
        if cycle.closed is None and step and viewer.id not in step.agreed and st.button("I agree", type="primary"):
            session.stores().cycles.agree(viewer.id, cycle.id)
            st.rerun()
    held = whole.conference is not None and whole.conference.held is not None
    if cycle.closed is None and st.button(
        "We did not meet" if held else "We met", type="secondary" if held else "primary"
    ):
        session.stores().cycles.met(viewer.id, cycle.id, not held)
        st.rerun()
