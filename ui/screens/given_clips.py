"""The clips that somebody was given by themselves: one component, like the review stage; and the way there."""

from __future__ import annotations

import streamlit as st

from coaching.people import Person
from ui import session

PAGE = """
const styles = ["stage", "panel", "given"].map((name) => new Promise((done) => {
  const link = document.createElement("link");
  Object.assign(link, { rel: "stylesheet", href: `/assets/${name}.css`, onload: done, onerror: done });
  document.head.append(link);
}));
await Promise.all(styles);
const { mount } = await import(location.origin + "/assets/built/given.js");
const pages = new WeakMap();
export default ({ parentElement }) => {
  if (!pages.has(parentElement)) pages.set(parentElement, mount(parentElement));
  return () => {
    pages.get(parentElement)?.();
    pages.delete(parentElement);
  };
};
"""
"""Streamlit calls this at every rerun; the page is mounted once."""

_page = st.components.v2.component("secondlook_given", js=PAGE, isolate_styles=False)


def show() -> None:
    session.viewer()
    st.html(
        '<h1 class="sl-h1" tabindex="-1">Clips shared with you</h1><p class="sl-lead">These moments of a lesson, and '
        "what was said in them. Nothing else of the lesson is shared with you here.</p>"
    )
    with st.container(key="sl-given-clips"):
        _page(key="given-clips")


def way(viewer: Person) -> int:
    """The way there from the library, where there are any; how many."""
    many = len(session.stores().lessons.clips_for_me(viewer.id))
    if many:
        st.html(f'<p><a class="sl-lk" href="/clips">Clips shared with you ({many})</a></p>')
    return many
