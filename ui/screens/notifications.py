"""What somebody is told of, the newest first, and how they want to be told: in the app, or by e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

import streamlit as st

from coaching.notifications import Kind, Notice, Preferences, Way
from coaching.people import Person
from ui import session
from ui.screens.frame import called, done
from ui.screens.watched import when

WAYS = {
    Way.AT_ONCE: "E-mail at once",
    Way.DIGEST: "In one e-mail a day",
    Way.APP: "Only here",
    Way.OFF: "Not at all",
}
SIGNS = {Kind.READY: "sl-ready", Kind.ATTENTION: "sl-warn"}
"""Of what nobody did."""

NO_MAIL = (
    '<p class="sl-note" role="status">This server sends no e-mail yet, so all of it stands here only. What you choose '
    "counts once it does; your administrator can set that up.</p>"
)


def show() -> None:
    viewer, notifications = session.viewer(), session.stores().notifications
    notices = notifications.mine(viewer.id)
    with st.container(horizontal=True, vertical_alignment="center", key="sl-notes-head"):
        st.html(
            '<h1 class="sl-h1">Notifications</h1><p class="sl-lead">Who did what. What a lesson is called and what was '
            "written stays in the lesson.</p>"
        )
        if any(one.read is None for one in notices) and st.button("Mark all as read"):
            notifications.read_all(viewer.id)
            st.rerun()
    with st.container(key="sl-notes"):
        with st.container():
            st.html(_list(notices, session.now()))
        with st.container():
            _choose(viewer, notifications.preferences(viewer.id))


def _list(notices: Sequence[Notice], now: datetime) -> str:
    if not notices:
        return (
            '<div class="sl-empty"><i class="sl-i sl-bell"></i><h2>Nothing yet</h2>'
            "<p>When somebody shares a lesson with you or comments on yours, it stands here.</p></div>"
        )
    return f'<ul class="sl-notices" aria-label="Notifications">{"".join(_row(one, now) for one in notices)}</ul>'


def _row(one: Notice, now: datetime) -> str:
    sign = escape(called(one.who)) if one.by else f'<i class="sl-i {SIGNS.get(one.kind, "sl-bell")}"></i>'
    new = "" if one.read else ' class="new"'
    at = when(one.made, now)
    unread = "" if one.read else '<span class="sl-unseen">New: </span>'
    return (
        f'<li{new}><a href="/notifications/{one.id}"><i class="av" aria-hidden="true">{sign}</i>'
        f"<span><p>{unread}{escape(one.sentence)}</p><small>{at[:1].upper()}{at[1:]}</small></span><i></i></a></li>"
    )


def _choose(viewer: Person, now: Preferences) -> None:
    if session.settings().smtp is None:
        st.html(NO_MAIL)
    with st.form("told", border=False):
        st.html("<h2>How you are told</h2>")
        digest = _hour("The e-mail of the day comes at", now.digest)
        calm = st.checkbox("Quiet hours, in which no e-mail comes", now.quiet is not None)
        begin, end = now.quiet or Preferences().quiet or (0, 0)
        with st.container(horizontal=True):
            quiet = (_hour("From", begin), _hour("To", end))
        st.html(
            f'<p class="sl-soft">Hours are those of {escape(now.zone.replace("_", " "))}, where this browser is.</p>'
        )
        chosen = {
            kind: st.selectbox(
                f"When {kind.when}", list(WAYS), list(WAYS).index(now.way(kind)), format_func=WAYS.__getitem__
            )
            for kind in Kind
        }
        if st.form_submit_button("Save", type="primary"):
            wish = Preferences(chosen, quiet if calm else None, digest, now.zone)
            if done(lambda: session.stores().notifications.prefer(viewer.id, wish)):
                st.html('<p class="sl-soft" role="status">Saved.</p>')


def _hour(label: str, hour: int) -> int:
    return st.selectbox(label, range(24), hour, format_func=lambda one: f"{one}:00")
