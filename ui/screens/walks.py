"""Learning walks: what others saw in one's classroom, what one saw oneself, and what the school sees of all of it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from coaching.access import VISITORS, NotThere, Part
from coaching.months import FEWEST_TEACHERS
from coaching.people import Person
from coaching.walks import LONGEST_ANSWER, Month, Months, Walk
from ui import session, walks
from ui.screens.coaching import day
from ui.screens.frame import done, plain
from ui.screens.shared import called, you_and

LEAD = "Short visits without a camera. The visited teacher reads them first, and nobody else until they pass one on."
HIDDEN = (
    f"Hidden: fewer than {FEWEST_TEACHERS} teachers were visited by others than you. From {FEWEST_TEACHERS} on, nobody "
    "can be picked out."
)
COUNTED = (
    "Whole months, counted once, a week after their end. Nobody sees more than this: not who was visited, by whom, or "
    "what was written."
)
AT_FIRST = 10
"""Visits of a kind that are shown before somebody asks for all."""

HEADS = {
    Part.TEACHER: "Visits to you",
    Part.READER: "Passed on to you",
    Part.VISITOR: "Your visits to others",
}


def show() -> None:
    viewer, store = session.viewer(), session.stores().walks
    may = any(what in VISITORS for _, what in viewer.memberships)
    found = store.mine(viewer.id)
    if not may and not found:
        st.html(
            '<div class="sl-empty"><h1>There is nothing here for you</h1><p>Learning walks are for the teachers, '
            "coaches and leaders of a school.</p></div>"
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="sl-walks-head"):
        st.html(f'<h1 class="sl-h1">Learning walks</h1><p class="sl-lead">{LEAD}</p>')
        if may:
            st.html('<a class="btn primary" href="/walk/" target="_self">Visit a classroom</a>', width="content")
    if not found:
        st.html('<p class="sl-note">No visits yet. When somebody visits you, what they saw stands here at once.</p>')
    for part, head in HEADS.items():
        if own := [one for one in found if one.part is part]:
            with st.container():
                st.html(f'<h2 class="sl-h2">{head}</h2>')
                whole = len(own) <= AT_FIRST or st.toggle(f"Show all {len(own)}", key=f"all-{part}")
                for one in own if whole else own[:AT_FIRST]:
                    _walk(viewer, one)
    for school in store.months(viewer.id):
        with st.container():
            _months(school)


def _walk(viewer: Person, one: Walk) -> None:
    with st.container(key=f"sl-walk-{one.id}"):
        st.html(_said(one))
        with st.container(horizontal=True, key=f"sl-walk-do-{one.id}"):
            about = plain(f"{one.visitor}, {_day(one)}")
            if one.part is Part.TEACHER:
                if st.button("Change your answer" if one.answer else "Answer", key=f"answer-{one.id}", help=about):
                    _answer(viewer, one)
                if st.button("Pass on", key=f"pass-{one.id}", help=about):
                    _pass_on(viewer, one)
                if st.button("Delete", key=f"delete-{one.id}", type="tertiary", help=about):
                    _remove(viewer, one, "Delete it")
            elif one.may_take_back and st.button("Take it back", key=f"back-{one.id}", type="tertiary"):
                _remove(viewer, one, "Take it back")


def _said(one: Walk) -> str:
    who = one.teacher if one.part is Part.VISITOR else one.visitor
    line = " · ".join(word for word in (_day(one), one.place) if word)
    if one.part is Part.READER:
        line = f"To {one.teacher} · {line}"
    seen = "".join(f"<dt>{escape(s.look_for)}</dt><dd>{_lines(s.evidence)}</dd>" for s in one.seen)
    photo = f'<img src="/walks/{one.id}/photo.jpg" alt="A photo of this visit" loading="lazy">' if one.photo else ""
    whose = "Your answer" if one.part is Part.TEACHER else f"{escape(one.teacher)} answered"
    answer = f'<p class="sl-eyebrow">{whose}</p><p>{_lines(one.answer)}</p>' if one.answer else ""
    return (
        f'<article><h3>{escape(who)}</h3><p class="sl-soft">{escape(line)}</p>'
        f'<dl class="sl-said">{seen}</dl>{photo}{answer}{_who_sees(one)}</article>'
    )


def _who_sees(one: Walk) -> str:
    if one.part is Part.READER:
        return ""
    if one.part is Part.VISITOR:
        names = f"You and {one.teacher}, and whom they pass it on to"
    else:
        names = you_and([one.visitor, *map(called, one.readers)])
    return f'<p><span class="pill"><i class="sl-i sl-lock"></i>{escape(names)}</span></p>'


@st.dialog("Your answer")
def _answer(viewer: Person, one: Walk) -> None:
    with st.form("walk-answer", border=False):
        st.html(f'<p class="sl-soft">{escape(one.visitor)} reads it, and so does whom you pass this visit on to.</p>')
        text = st.text_area("What do you say to it?", one.answer, max_chars=LONGEST_ANSWER)
        if st.form_submit_button("Save", type="primary") and done(
            lambda: session.stores().walks.answer(viewer.id, one.id, text)
        ):
            st.rerun()


@st.dialog("Pass it on")
def _pass_on(viewer: Person, one: Walk) -> None:
    stores, have = session.stores(), {person.id for person in one.readers}
    for person in one.readers:
        with st.container(horizontal=True, vertical_alignment="center", key=f"sl-reads-{person.id}"):
            st.html(f"<p><b>{escape(called(person))}</b> reads it.</p>")
            if st.button("Stop", key=f"stop-{person.id}", help=f"Not to {plain(called(person))} any more"):
                stores.walks.pass_on_no_more(viewer.id, one.id, person.id)
                st.rerun()
    others = {p.email: p for p in stores.lessons.colleagues(viewer.id) if p.id not in have}
    email = st.selectbox(
        "To whom",
        list(others),
        index=None,
        placeholder="Choose a teacher or a coach",
        format_func=lambda one: called(others[one]) if one in others else one,
    )
    st.html('<p class="sl-soft">They read all of this visit, with your answer. Leaders see nothing of it.</p>')
    if st.button("Pass it on", type="primary", disabled=email is None) and done(
        lambda: stores.walks.pass_on(viewer.id, one.id, email or "")
    ):
        st.rerun()


@st.dialog("Is it to go?")
def _remove(viewer: Person, one: Walk, yes: str) -> None:
    st.html("<p>Its words and its photo go for everybody, for good.</p>")
    if st.button(yes, type="primary"):
        try:
            if done(lambda: walks.remove(session.stores().walks, session.settings().data_dir, viewer.id, one.id)):
                st.rerun()
        except NotThere:
            st.rerun()


def _months(school: Months) -> None:
    rows = "".join(map(_month, school.months)) or '<li class="sl-soft">No month with visits is counted yet.</li>'
    st.html(
        f'<section class="sl-look"><h2>What is seen at {escape(school.school)}</h2><p class="sl-soft">{COUNTED}</p>'
        f'<ul class="sl-looked">{rows}</ul></section>'
    )


def _month(month: Month) -> str:
    head = f"<b>{month.first:%B %Y}</b>"
    if not month.shown:
        return f'<li>{head}<p class="sl-soft">{HIDDEN}</p></li>'
    return f'<li>{head}<p class="sl-soft">{month.visits} visits.</p>{_bars(month.seen, month.visits)}</li>'


def _bars(seen: Sequence[tuple[str, int]], visits: int) -> str:
    rows = (
        f"<li><span>{escape(name)}</span><span>{often} of {visits}</span>"
        f'<meter aria-hidden="true" max="{visits}" value="{often}"></meter></li>'
        for name, often in seen
    )
    return f'<ul class="sl-often">{"".join(rows)}</ul>'


def _day(one: Walk) -> str:
    at = one.visited.astimezone(session.zone())
    return f"{day(at.date())}, {at:%H:%M}"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
