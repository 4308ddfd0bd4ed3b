"""How long films are kept at a school, for its admins: what is decided, of how many films it is so, and deciding it."""

from __future__ import annotations

from html import escape

import streamlit as st

from coaching.retention import LONGEST, SHORTEST, Forecast, Policy, SchoolPolicy
from ui import session
from ui.screens.cards import day
from ui.screens.frame import done, plain

FOR_GOOD, SOME_DAYS = "For good", "For some days"
USUAL = 365
"""Days that are offered first."""

WHAT = (
    "After so many days the film goes: the recording, its video, sound and pictures. Transcript, measures, comments "
    "and coaching cycles stay. Each teacher is told two weeks before, and again two days before. Lessons of a cycle "
    "that goes on wait for its end; of somebody who works at two schools, the longer time counts."
)
SAVED = "It is decided. Nothing is deleted for two weeks, in which you can set it back."


def show() -> None:
    """Where somebody administers schools: what each decided, and the way to decide otherwise."""
    viewer, retention = session.viewer(), session.stores().retention
    schools = retention.schools(viewer.id)
    st.html('<h2 class="sl-h2">How long films are kept</h2>')
    if said := st.session_state.pop("keeping_said", ""):
        st.html(f'<p class="sl-note" role="status">{escape(said)}</p>')
    with st.container(key="sl-keeping"):
        for school in schools:
            with st.container(horizontal=True, vertical_alignment="center", key=f"sl-keeps-{school.id}"):
                name = f"<b>{escape(school.name)}:</b> " if len(schools) > 1 else ""
                st.html(f"<p>{name}{_decided(school.policy)}{_counts(school)}</p>")
                label = f"Change for {plain(school.name)}" if len(schools) > 1 else "Change how long"
                if st.button(label, key=f"keeps-{school.id}"):
                    _decide(school)


def _decided(policy: Policy) -> str:
    if policy.days is None:
        return "Films are kept for good."
    clips = "films of clips stay" if policy.keep_clips else "films of clips go too"
    own = "teachers can protect a film" if policy.may_protect else "teachers cannot protect a film"
    return f"Films are kept for {policy.days} days; {clips}; {own}."


def _counts(school: SchoolPolicy) -> str:
    """Of how many films it is so, and never of whose."""
    told = (
        (school.warned, "to be deleted soon, as their teachers were told"),
        (school.protected, "protected"),
        (school.in_use, "in a coaching cycle that goes on"),
        (school.held, "held, since the film of a clip could not be made"),
        (school.gone, "deleted"),
    )
    parts = [f"{many} {what}" for many, what in told if many]
    return f'<br><span class="sl-soft">{"; ".join(parts)}.</span>' if parts and school.policy.days is not None else ""


@st.dialog("How long films are kept")
def _decide(school: SchoolPolicy) -> None:
    viewer, retention, before = session.viewer(), session.stores().retention, school.policy
    st.html(f'<h3 class="sl-called">{escape(school.name)}</h3><p class="sl-meta">{WHAT}</p>')
    how = st.radio("Films are kept", (FOR_GOOD, SOME_DAYS), index=int(before.days is not None), horizontal=True)
    days = None
    if how == SOME_DAYS:
        days = int(st.number_input("Days after a lesson is added", SHORTEST, LONGEST, before.days or USUAL, step=1))
    clips = st.checkbox("Keep a film of each clip", before.keep_clips)
    own = st.checkbox("Teachers can protect a film", before.may_protect)
    policy = Policy(days, clips, own)
    if days is not None:
        st.html(f'<p class="sl-note" role="status">{_would(retention.forecast(viewer.id, school.id, policy))}</p>')
    if st.button("Save", type="primary", key="sl-keeping-save") and done(
        lambda: retention.set(viewer.id, school.id, policy)
    ):
        st.session_state["keeping_said"] = SAVED
        st.rerun()


def _would(found: Forecast) -> str:
    if found.first is None:
        return "No film would be deleted: there is none, or each of them waits for something."
    when = day(found.first.astimezone(session.zone()).date(), session.now().date())
    many = "One film would go first" if found.films == 1 else f"{found.films} films would go first"
    return f"{many}, on {when}. Until then you can set it back."
