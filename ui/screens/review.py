"""A lesson, looked at again: its head, and the stage, which is one component that no rerun touches."""

from __future__ import annotations

import math
from html import escape

import streamlit as st

from coaching.access import Action, NotThere, decide
from coaching.library import Listed, Shown, shown
from coaching.people import Person
from coaching.recordings import is_id
from ui import session
from ui.screens import film, lesson_dialogs
from ui.screens.cards import kept, meta, who
from ui.screens.frame import no_such_lesson

STAGE = """
const styles = ["stage", "panel"].map((name) => new Promise((done) => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: `/assets/${name}.css`, onload: done, onerror: done });
  document.head.append(link);
}));
await Promise.all(styles);
const { mount } = await import(location.origin + "/assets/built/stage.js");
const stages = new WeakMap();
export default ({ parentElement, data }) => {
  const before = stages.get(parentElement);
  if (before?.recording !== data.recording) {
    before?.unmount();
    stages.set(parentElement, { recording: data.recording, unmount: mount(parentElement, data) });
  }
  return () => {
    stages.get(parentElement)?.unmount();
    stages.delete(parentElement);
  };
};
"""
"""Streamlit calls this at every rerun; the stage is mounted once for a recording, and its film goes on playing."""

WIDE = """<style>
.stApp .stMainBlockContainer{max-width:1536px!important;padding-bottom:24px!important}
.stApp .st-key-sl-nav{margin-bottom:2px}
</style>"""
"""Of this page alone. Not by `:has(...)`: with it, each change in the stage is one of everything on the page."""

_stage = st.components.v2.component("secondlook_stage", js=STAGE, isolate_styles=False)


def show() -> None:
    st.html(WIDE)
    viewer = session.viewer()
    recording = st.query_params.get("recording", "")
    try:
        listed = session.stores().lessons.listed(viewer.id, recording if is_id(recording) else "")
    except NotThere:
        no_such_lesson()
        return
    _head(viewer, listed)
    if viewer.id != listed.owner:
        st.html(f'<p class="sl-told">{escape(listed.owner_called)} can see which parts you play, and when.</p>')
    for cycle, step in session.stores().cycles.tried_in(viewer.id, listed.id):
        st.html(
            f'<p class="sl-tried"><b>One action step:</b> {escape(step.body)} '
            f'<a class="sl-lk" href="/cycle?cycle={cycle.id}">The cycle</a></p>'
        )
    _film(viewer, listed)
    if listed.duration is None:
        st.html(f'<div class="sl-empty"><h2>{_why_not_yet(listed)}</h2><p>You can close this page.</p></div>')
    else:
        with st.container(key="sl-stage"):
            _stage(key=f"stage-{listed.id}", data={"recording": listed.id, "t": _moment()})
    lesson_dialogs.opened(viewer)


def _head(viewer: Person, listed: Listed) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="sl-review-head"):
        st.html(
            '<nav class="sl-crumbs" aria-label="Where you are"><a href="/">Lessons</a><span aria-hidden="true">/'
            f'</span><h1>{escape(listed.name)}</h1><span class="sl-soft">{meta(listed, session.now())}</span></nav>'
        )
        may = {a: decide(viewer.id, a, listed.owner, listed.given).allowed for a in (Action.MEASURE, Action.SHARE)}
        way = f'<a class="btn" href="/insights?recording={listed.id}">Insights</a>'
        numbers = way if may[Action.MEASURE] and listed.duration is not None else ""
        st.html(f'<div class="sl-acts">{kept(listed)}{who(listed, viewer.id)}{numbers}</div>', width="content")
        if may[Action.SHARE] and st.button("Sharing…", key="sl-sharing"):
            lesson_dialogs.begin("Share…", listed.id)


def _film(viewer: Person, listed: Listed) -> None:
    """Its owner is told here too that its film is about to go, and keeps it with one press."""
    of_film = session.stores().retention.film(viewer.id, listed.id)
    if not (note := film.told(of_film, session.now())):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="sl-film"):
        st.html(note)
        if film.can_protect(of_film) and st.button("Protect", key="sl-protect") and film.protect(viewer, listed.id):
            st.rerun()


def _why_not_yet(listed: Listed) -> str:
    match shown(listed.run):
        case Shown.ATTENTION:
            return "This lesson needs attention. Your lessons say why."
        case _:
            return "This lesson is still being analysed."


def _moment() -> float | None:
    """Where the address says to begin, in seconds."""
    try:
        found = float(st.query_params.get("t", ""))
    except ValueError:
        return None
    return found if math.isfinite(found) and found >= 0 else None
