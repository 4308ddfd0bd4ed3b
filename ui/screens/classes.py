"""A teacher's classes: what the families of each agreed to, and who may not be seen by others."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from coaching.access import NotThere
from coaching.consents import (
    LONGEST_CALLED,
    LONGEST_NOTE,
    WORDS,
    Agreed,
    ClassOf,
    Consent,
    OptOut,
    holding,
    year_end,
)
from coaching.people import Membership, Person
from coaching.recordings import LONGEST_CLASS
from ui import session
from ui.screens.frame import done, plain

LEAD = "What the families of each class agreed to, and which students nobody else may see. Only you read this page."
NOTHING = (
    '<p class="sl-note">No classes yet. Add one, and write down what its families agreed to before you film; or name '
    "one when you bring its first lesson.</p>"
)
RULE = (
    '<p class="sl-soft">A lesson with one of these students is for you and your coach: nobody else to whom you gave it '
    "sees it until the student is off the list, or was not in that lesson. Clips in which you had faces covered can be "
    "shown all the same.</p>"
)
SHORT = "Write initials or a short name, so that you know who it is: not more. Nobody else reads it."
DAYS = "DD.MM.YYYY"


def show() -> None:
    viewer, store = session.viewer(), session.stores().consents
    found = store.classes(viewer.id)
    if not teaches(viewer) and not found:
        st.html(
            '<div class="sl-empty"><h1>There is nothing here for you</h1><p>This page is for teachers, about their '
            "own classes.</p></div>"
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="sl-classes-head"):
        st.html(f'<h1 class="sl-h1">My classes</h1><p class="sl-lead">{LEAD}</p>')
        if teaches(viewer) and st.button("Add a class", key="add-class"):
            _add(viewer)
    _undo(viewer)
    if not found:
        st.html(NOTHING)
    for one in found:
        with st.container(key=f"sl-class-{one.id}"):
            _class(viewer, one)


def teaches(viewer: Person) -> bool:
    return any(what is Membership.TEACHER for _, what in viewer.memberships)


def way(viewer: Person) -> None:
    """The way there from the library, for whoever teaches."""
    if teaches(viewer):
        st.html('<p><a class="sl-lk" href="/classes">My classes</a></p>')


def _class(viewer: Person, one: ClassOf) -> None:
    today = session.now().date()
    many = f"{one.lessons} lesson{'' if one.lessons == 1 else 's'}"
    link = f'<a class="sl-lk" href="/?class={one.id}">{many}</a>' if one.lessons else "No lessons yet"
    st.html(
        f'<h2>{escape(one.name)}</h2><p class="sl-soft">{escape(one.school)} · {link}</p>'
        f"<h3>What families agreed to</h3>{_agreed(holding(one.consents, today), one.consents, today)}"
    )
    with st.container(horizontal=True, key=f"sl-class-do-{one.id}"):
        if st.button("Write down a consent", key=f"write-{one.id}", help=plain(one.name)):
            _write(viewer, one)
        if one.consents and st.button("All of them", key=f"all-{one.id}", type="tertiary", help=plain(one.name)):
            _all(viewer, one)
    st.html(f"<h3>Opted out</h3>{RULE if one.opted_out else ''}")
    for student in one.opted_out:
        with st.container(horizontal=True, vertical_alignment="center", key=f"sl-student-{student.id}"):
            st.html(f'<p><b>{escape(student.called)}</b> <span class="sl-soft">{_days(student)}</span></p>')
            name = plain(student.called)
            if st.button("Change the days", key=f"days-{student.id}", type="tertiary", help=name):
                _opt_out(viewer, one, student)
            if st.button("Take off", key=f"off-{student.id}", type="tertiary", help=name):
                _take_off(viewer, one, student)
    if not one.opted_out:
        st.html('<p class="sl-soft">Nobody.</p>')
    with st.container(horizontal=True, key=f"sl-class-do-out-{one.id}"):
        if st.button("Opt a student out", key=f"out-{one.id}", help=plain(one.name)):
            _opt_out(viewer, one, None)


def _agreed(now: Consent | None, written: tuple[Consent, ...], today: date) -> str:
    if now is not None:
        return _said(now)
    if not written:
        return '<p class="sl-soft">Nothing is written down yet.</p>'
    ended = max((one.until for one in written if one.until < today), default=None)
    if ended is None:
        return f'<p class="sl-soft">From {_day(min(one.since for one in written))} on. Nothing holds today.</p>'
    return (
        f'<p><span class="pill attn">It ended on {_day(ended)}</span></p>'
        '<p class="sl-soft">Ask the families anew before you film.</p>'
    )


def _said(one: Consent) -> str:
    note = f'<p class="sl-soft">{escape(one.note)}</p>' if one.note else ""
    by = f" by {escape(one.by)}" if one.by else ""
    when = f" on {_day(one.made.astimezone(session.zone()).date())}" if one.made else ""
    return (
        f"<p><b>{WORDS[one.agreed]}</b></p><p class='sl-soft'>For lessons from {_day(one.since)} to {_day(one.until)}. "
        f"Written down{by}{when}.</p>{note}"
    )


def _days(one: OptOut) -> str:
    if one.since and one.until:
        return f"in lessons from {_day(one.since)} to {_day(one.until)}"
    if one.since:
        return f"in lessons from {_day(one.since)} on"
    return f"in lessons until {_day(one.until)}" if one.until else "in every lesson"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _undo(viewer: Person) -> None:
    """The way back for whoever took somebody off the list, until they go elsewhere."""
    if not (gone := st.session_state.get("taken_off")):
        return
    of, name, student = gone
    with st.container(horizontal=True, vertical_alignment="center", key="sl-undo-off"):
        st.html(f'<p role="status">“{escape(student.called)}” is off the list of {escape(name)}.</p>')
        if st.button("Undo", key="undo-off"):
            put = student.called, student.since, student.until, student.absent_from
            del st.session_state["taken_off"]
            if done(lambda: session.stores().consents.opt_out(viewer.id, of, *put)):
                st.rerun()


def _take_off(viewer: Person, one: ClassOf, student: OptOut) -> None:
    try:
        gone = session.stores().consents.take_off(viewer.id, student.id)
    except NotThere:  # in another window
        st.rerun()
    st.session_state["taken_off"] = one.id, one.name, gone
    st.rerun()


@st.dialog("Add a class")
def _add(viewer: Person) -> None:
    with st.form("class", border=False):
        name = st.text_input("What do you call it?", max_chars=LONGEST_CLASS, placeholder="Period 2, Algebra")
        if st.form_submit_button("Add", type="primary") and done(
            lambda: session.stores().consents.add_class(viewer.id, name)
        ):
            st.rerun()


@st.dialog("Write down a consent")
def _write(viewer: Person, one: ClassOf) -> None:
    today = session.now().date()
    before, choices = holding(one.consents, today), list(Agreed)
    with st.form("consent", border=False):
        agreed = st.radio(
            f"What did the families of {plain(one.name)} agree to?",
            choices,
            index=choices.index(before.agreed) if before else 0,
            format_func=WORDS.__getitem__,
        )
        with st.container(horizontal=True):
            since = st.date_input("For lessons from", today, format=DAYS)
            until = st.date_input("To", year_end(today), format=DAYS, help="A school year ends. Then ask anew.")
        note = st.text_area("A note", max_chars=LONGEST_NOTE, placeholder="The signed forms are in the office.")
        st.html('<p class="sl-soft">Who did not agree, or agreed to less than the others, is opted out by name.</p>')
        if st.form_submit_button("Save", type="primary") and done(
            lambda: session.stores().consents.write(viewer.id, one.id, agreed or choices[0], since, until, note)
        ):
            st.rerun()


@st.dialog("What was written down")
def _all(viewer: Person, one: ClassOf) -> None:
    for consent in one.consents:
        with st.container(border=True, key=f"sl-consent-{consent.id}"):
            st.html(_said(consent))
            if st.button("It was wrong: strike it out", key=f"strike-{consent.id}", type="tertiary"):
                session.stores().consents.strike(viewer.id, consent.id)
                st.rerun()
    st.html('<p class="sl-soft">On a day on which two would hold, the one that began last does.</p>')


@st.dialog("A student who may not be seen")
def _opt_out(viewer: Person, one: ClassOf, student: OptOut | None) -> None:
    with st.form("opt-out", border=False):
        if student is None:
            called = st.text_input("Student", max_chars=LONGEST_CALLED, placeholder="M. K.")
            st.html(f'<p class="sl-soft">{SHORT}</p>')
        else:
            called = student.called
            st.html(f"<p><b>{escape(called)}</b></p>")
        st.html('<p class="sl-soft">In every lesson of this class; or only in those of some days:</p>')
        with st.container(horizontal=True):
            since = st.date_input("From", student.since if student else None, format=DAYS)
            until = st.date_input("Until", student.until if student else None, format=DAYS, help="They left the class.")
        if st.form_submit_button("Save", type="primary") and done(
            lambda: session.stores().consents.opt_out(viewer.id, one.id, called, since, until)
        ):
            st.session_state.pop("taken_off", None)
            st.rerun()
