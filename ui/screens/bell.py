"""The bell in the head of every page: how much is new. It also learns where its reader is, for the hours of e-mails."""

from __future__ import annotations

import streamlit as st

from ui import session

EVERY_S = 60.0
"""How often it looks."""


def show() -> None:
    with st.container(key="sl-bell"):
        st.fragment(_bell, run_every=EVERY_S)()


def _bell() -> None:
    viewer, notifications = session.viewer(), session.stores().notifications
    zone = session.zone().key
    if st.context.timezone and st.session_state.get("told_zone") != zone:
        st.session_state["told_zone"] = zone
        notifications.at(viewer.id, zone)
    many = notifications.unread(viewer.id)
    count = f'<b aria-hidden="true">{many if many < 100 else "99+"}</b>' if many else ""
    label = f"Notifications, {many} new" if many else "Notifications"
    inside = f'<i class="sl-i sl-bell"></i>{count}'
    st.html(f'<a class="bell" href="/notifications" aria-label="{label}">{inside}</a>', width="content")
