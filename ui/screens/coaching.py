"""Coaching cycles: what waits for whoever looks, oldest first, the next conferences, and all the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from html import escape

import streamlit as st

from coaching.access import COLLEAGUES
from coaching.cadence import Cadence, Timing, is_late, timing
from coaching.coached import School
from coaching.cycles import Cycle, Stage, waits_for
from coaching.people import Person
from ui import session
from ui.screens import cycle_dialogs

LEAD = "A goal, a lesson, your own look first, a conversation, and one thing to try."
NOTHING = (
    '<div class="sl-empty"><i class="sl-i sl-people"></i><h2>No coaching cycle yet</h2><p>Begin one with a coach, with '
    "a colleague, or by yourself.</p></div>"
)


def show() -> None:
    viewer, store = session.viewer(), session.stores().cycles
    if not any(what in COLLEAGUES for _, what in viewer.memberships):
        st.html(
            '<div class="sl-empty"><h1>There is nothing here for you</h1><p>Coaching cycles are between teachers and '
            "their coaches.</p></div>"
        )
        return
    cycles, schools = store.cycles(viewer.id), {one.id: one for one in store.schools(viewer.id)}
    with st.container(horizontal=True, vertical_alignment="bottom", key="sl-coaching-head"):
        st.html(f'<h1 class="sl-h1">Coaching</h1><p class="sl-lead">{LEAD}</p>')
        with st.container(horizontal=True, key="sl-coaching-do"):
            if st.button("Begin a cycle", type="primary"):
                cycle_dialogs.begin(viewer)
            if any(one.may_change for one in schools.values()) and st.button("How we coach"):
                cycle_dialogs.how_we_coach([one for one in schools.values() if one.may_change])
            st.html('<a class="btn" href="/progress">Your progress</a>', width="content")
            st.html('<a class="btn" href="/walks">Learning walks</a>', width="content")
            st.html('<a class="btn" href="/exemplars">Exemplars</a>', width="content")
            st.html('<a class="btn" href="/surveys">Surveys</a>', width="content")
    if not cycles:
        st.html(NOTHING)
        return
    now = session.now()
    _next(cycles, now)
    mine = [one for one in cycles if one.closed is None and one.part_of(viewer.id) in waits_for(one)]
    others = [one for one in cycles if one.closed is None and one not in mine]
    over = [one for one in cycles if one.closed is not None]
    for head, found in (("Waits for you", mine), ("Waits for somebody else", others), ("Over", over)):
        if found:
            st.html(f'<h2 class="sl-h2">{head}</h2>{_list(found, viewer, schools, now)}')


def _next(cycles: Sequence[Cycle], now: datetime) -> None:
    """The conferences that come."""
    found = [(one.meets, one) for one in cycles if one.meets and one.meets > now and one.closed is None]
    coming = sorted(found, key=lambda each: each[0])
    rows = []
    for meets, one in coming:
        at = meets.astimezone(now.tzinfo)
        when = f"{day(at.date())}, {at:%H:%M}"
        rows.append(f'<li><a href="/cycle?cycle={one.id}"><b>{when}</b><span>{escape(one.name)}</span></a></li>')
    if rows:
        st.html(f'<h2 class="sl-h2">You meet</h2><ul class="sl-cycles">{"".join(rows)}</ul>')


def _list(cycles: Sequence[Cycle], viewer: Person, schools: dict[str, School], now: datetime) -> str:
    return f'<ul class="sl-cycles">{"".join(_row(one, viewer, schools.get(one.school), now) for one in cycles)}</ul>'


def _row(cycle: Cycle, viewer: Person, school: School | None, now: datetime) -> str:
    cadence = school.cadence if school else Cadence()
    stage = "Over" if cycle.closed else "Paused" if cycle.paused else cycle.plan[cycle.here].called
    since = (cadence.day(now) - cadence.day(cycle.closed or cycle.paused or cycle.entered)).days
    whose, pill = with_whom(cycle, viewer), due(cycle, cadence, cadence.day(now))
    return (
        f'<li><a href="/cycle?cycle={cycle.id}"><b>{escape(cycle.name)}</b><span>{escape(whose)}</span>'
        f"<span>{escape(stage)}, {_since(since)}</span>{pill}</a></li>"
    )


def with_whom(cycle: Cycle, viewer: Person) -> str:
    if cycle.alone:
        return "By yourself"
    if viewer.id == cycle.teacher:
        return f"With {cycle.partner_called}"
    return f"{cycle.teacher_called}’s lesson"


def _since(days: int) -> str:
    return "since today" if days <= 0 else "since yesterday" if days == 1 else f"for {days} days"


def due(cycle: Cycle, cadence: Cadence, today: date) -> str:
    """A pill, where somebody should know."""
    if cycle.paused is not None:
        return f'<span class="pill">Paused{f" until {day(cycle.goes_on)}" if cycle.goes_on else ""}</span>'
    if cycle.closed is not None or cycle.due is None:
        return ""
    if cycle.stage is Stage.NOTES and is_late(cadence, since := cadence.day(cycle.entered), today):
        return f'<span class="pill attn">{cadence.school_days(since, today)} school days without an answer</span>'
    when = timing(cadence, cycle.due, today)
    if when is Timing.IN_TIME:
        return f'<span class="pill">Until {day(cycle.due)}</span>'
    word = "Due" if when is Timing.SOON else "Was due"
    return f'<span class="pill attn">{word} {day(cycle.due)}</span>'


def day(when: date) -> str:
    """Thu 26 Nov."""
    return f"{when:%a} {when.day} {when:%b}"
