"""How lessons are looked for. What is set stands in the address; the widgets show what stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from coaching.library import Labels, Page, Shown, Whose
from coaching.people import Person
from ui import session
from ui.screens.asked import ALL, CALLED, KINDS, Asked

NO_CLASS, NO_TAG = "Any class", "Any tag"


def show(viewer: Person, said: Asked, page: Page, coming: Mapping[Shown, int], today: date) -> None:
    """`coming` counts the lessons on their way here, which are not among the page's."""
    with st.container(horizontal=True, vertical_alignment="center", key="sl-filters"):
        counts = _counts(page, coming)
        _follow("show", said.kind)
        st.pills(
            "Show",
            [kind for kind in KINDS if counts[kind] or kind in (ALL, said.kind)],
            required=True,
            key="show",
            format_func=lambda kind: f"{CALLED[kind]} {counts[kind]}",
            label_visibility="collapsed",
            wrap=True,
            on_change=_says("show"),
        )
        _follow("text", said.text)
        st.text_input(
            "Search your lessons",
            key="text",
            placeholder="Search your lessons",
            label_visibility="collapsed",
            on_change=_says("text"),
        )
        label = f"Filters, {said.hidden} set" if said.hidden else "Filters"
        with st.popover(label, key="sl-more", on_change="rerun") as more:
            if more.open:
                _more(session.stores().lessons.labels(viewer.id), said, today)


def _more(labels: Labels, said: Asked, today: date) -> None:
    classes = dict(labels.classes)
    _choice(
        "Class", "class", {NO_CLASS: "", **{id: id for id in classes}}, said.of_class, lambda id: classes.get(id, id)
    )
    _choice("Tag", "tag", {NO_TAG: "", **{tag: tag for tag in labels.tags}}, said.tag, str)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, name, value in (("From", "from", said.since), ("To", "to", said.until)):
            _follow(name, value)
            st.date_input(label, key=name, format="DD.MM.YYYY", on_change=_says(name))
    with st.container(horizontal=True):
        if st.button("This month", key="sl-month"):
            _say({"from": today.replace(day=1).isoformat(), "to": ""})
        if st.button("Clear filters", key="sl-clear", disabled=not said.hidden):
            _say(dict.fromkeys(("class", "tag", "from", "to"), ""))


def _choice(label: str, name: str, options: dict[str, str], said: str, called: Callable[[str], str]) -> None:
    values = list(options.values())
    _follow(name, said if said in values else "")
    nothing = next(iter(options))
    st.selectbox(
        label, values, key=name, format_func=lambda one: called(one) if one else nothing, on_change=_says(name)
    )


def _follow(widget: str, said: object) -> None:
    """Have a widget show what the address says; one that does already is left alone, for somebody may be typing."""
    if widget not in st.session_state or st.session_state[widget] != said:
        st.session_state[widget] = said


def _says(name: str) -> Callable[[], None]:
    """What a widget of this name does when somebody changes it."""

    def put() -> None:
        value = st.session_state.get(name)
        _write({name: "" if value in (None, ALL) else str(value)})

    return put


def _say(values: dict[str, str]) -> None:
    _write(values)
    st.rerun(scope="fragment")


def _write(values: dict[str, str]) -> None:
    st.session_state.pop("many", None)
    for name, value in values.items():
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


def _counts(page: Page, coming: Mapping[Shown, int]) -> dict[str, int]:
    counts = {ALL: page.all + sum(coming.values())}
    for name, kind in KINDS.items():
        if isinstance(kind, Shown):
            counts[name] = page.shown.get(kind, 0) + coming.get(kind, 0)
        elif isinstance(kind, Whose):
            counts[name] = page.whose.get(kind, 0)
    return counts
