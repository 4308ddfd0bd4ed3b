"""What the recording of a lesson shows, in words and pictures: one component, like the review stage."""

from __future__ import annotations

import streamlit as st

from coaching.access import Action, NotThere, decide
from coaching.recordings import is_id
from ui import session
from ui.screens.frame import no_such_lesson

PAGE = """
const styles = ["stage", "panel", "insights", "ear-card"].map((name) => new Promise((done) => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: `/assets/${name}.css`, onload: done, onerror: done });
  document.head.append(link);
}));
await Promise.all(styles);
const { mount } = await import(location.origin + "/assets/built/insights.js");
const pages = new WeakMap();
export default ({ parentElement, data }) => {
  const before = pages.get(parentElement);
  if (before?.recording !== data.recording) {
    before?.unmount();
    pages.set(parentElement, { recording: data.recording, unmount: mount(parentElement, data) });
  }
  return () => {
    pages.get(parentElement)?.unmount();
    pages.delete(parentElement);
  };
};
"""
"""Streamlit calls this at every rerun; the page is mounted once for a recording."""

_page = st.components.v2.component("secondlook_insights", js=PAGE, isolate_styles=False)


def show() -> None:
    viewer = session.viewer()
    recording = st.query_params.get("recording", "")
    try:
        listed = session.stores().lessons.listed(viewer.id, recording if is_id(recording) else "")
    except NotThere:
        listed = None
    if listed is None or not decide(viewer.id, Action.MEASURE, listed.owner, listed.given).allowed:
        no_such_lesson()
    elif listed.duration is None:
        st.html('<div class="sl-empty"><h2>This lesson is not analysed yet.</h2><p>You can close this page.</p></div>')
    else:
        with st.container(key="sl-insights"):
            _page(key=f"insights-{listed.id}", data={"recording": listed.id})
