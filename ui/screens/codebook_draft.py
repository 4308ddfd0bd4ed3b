"""A codebook while somebody changes it: nothing is kept until they save it, as its next version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from coaching.codebooks import (
    LONGEST_BOOK,
    LONGEST_LABEL,
    LONGEST_MEANING,
    Codebook,
    Colour,
    Label,
    category_moved,
    checked,
    label_moved,
    with_label,
    without_label,
)
from coaching.people import Person
from ui import session
from ui.screens.frame import done, plain
from ui.screens.labels import described

DRAFT = "codebook_draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """`id` and `before`, the version that there is, of one that is changed; without them it is a new one."""

    codebook: Codebook
    id: str | None = None
    before: int = 0
    school_id: str | None = None


def begin(draft: Draft) -> None:
    st.session_state[DRAFT] = draft
    st.session_state["draft-name"] = draft.codebook.name
    st.rerun()


def show(viewer: Person) -> bool:
    """The codebook that is being changed, if there is one; whether there is."""
    draft = st.session_state.get(DRAFT)
    if draft is None:
        return False
    st.html(
        f'<h1 class="sl-h1" tabindex="-1">{"Change a codebook" if draft.id else "A new codebook"}</h1>'
        '<p class="sl-lead">Nothing is kept until you save it.</p>'
    )
    with st.container(horizontal=True, key="sl-draft-head"):
        name = st.text_input("What it is called", key="draft-name", max_chars=LONGEST_BOOK)
        school = draft.school_id if draft.id else _place(viewer)
    with st.container(key="sl-draft"):
        for category, labels in draft.codebook.categories.items():
            _category(draft, category)
            for label in labels:
                _row(draft, label)
    if st.button("Add a label"):
        _edit(draft, None)
    with st.container(horizontal=True, key="sl-draft-do"):
        words = f"Save as version {draft.before + 1}" if draft.id else "Save"
        if st.button(words, type="primary", disabled=not draft.codebook.labels):
            _save(viewer, replace(draft, codebook=replace(draft.codebook, name=name), school_id=school))
        if st.button("Leave without saving"):
            _end()
    return True


def _place(viewer: Person) -> str | None:
    places = session.stores().codebooks.places(viewer.id)
    if len(places) == 1:
        return None
    names = {place.school_id: place.name for place in places}
    return st.selectbox("Whose it is", list(names), format_func=names.__getitem__, key="draft-place")


def _category(draft: Draft, category: str) -> None:
    with st.container(key=f"sl-draft-row-category-{_key(category)}"):
        st.html(f'<h2 class="sl-category">{escape(category)}</h2>')
        match st.menu_button(
            f"More for {plain(category)}", ["Move up", "Move down"], key=f"menu-of-{_key(category)}", type="tertiary"
        ):
            case "Move up":
                _becomes(draft, category_moved(draft.codebook, category, -1))
            case "Move down":
                _becomes(draft, category_moved(draft.codebook, category, 1))


def _row(draft: Draft, label: Label) -> None:
    with st.container(key=f"sl-draft-row-{_key(label.name)}"):
        st.html(f'<div class="sl-label">{described(label)}</div>')
        match st.menu_button(
            f"More for {plain(label.name)}",
            ["Change", "Move up", "Move down", "Take out"],
            key=f"menu-draft-{_key(label.name)}",
            type="tertiary",
        ):
            case "Change":
                _edit(draft, label)
            case "Move up":
                _becomes(draft, label_moved(draft.codebook, label.name, -1))
            case "Move down":
                _becomes(draft, label_moved(draft.codebook, label.name, 1))
            case "Take out":
                _becomes(draft, without_label(draft.codebook, label.name))


def _key(name: str) -> str:
    """A name as a part of a class."""
    return name.encode().hex()


@st.dialog("A label")
def _edit(draft: Draft, label: Label | None) -> None:
    categories = list(draft.codebook.categories)
    before = label or Label(categories[-1] if categories else "", "")
    with st.form("label", border=False):
        name = st.text_input("Label", before.name, max_chars=LONGEST_LABEL)
        category = st.selectbox(
            "Category",
            categories,
            index=categories.index(before.category) if before.category in categories else None,
            placeholder="Choose one, or write a new one",
            accept_new_options=True,
        )
        meaning = st.text_area("What it means", before.meaning, max_chars=LONGEST_MEANING)
        with st.container(key="sl-colours"):
            colour = st.pills(
                "Colour", list(Colour), default=before.colour, required=True, format_func=lambda one: one.capitalize()
            )
        scale = st.text_input(
            "Scale, if it has one",
            "; ".join(before.scale),
            placeholder="some; most; all",
            help="Two to seven points from little to much, with semicolons between them.",
        )
        sent = st.form_submit_button("Keep" if label else "Add", type="primary")
    points = tuple(point for point in (point.strip() for point in scale.split(";")) if point)
    new = with_label(
        draft.codebook, Label(category or "", name, meaning, colour, points), label.name if label else None
    )
    made: list[Codebook] = []
    if sent and done(lambda: made.append(checked(replace(new, name="Draft")))):
        _becomes(draft, replace(made[0], name=draft.codebook.name))


def _becomes(draft: Draft, codebook: Codebook) -> None:
    st.session_state[DRAFT] = replace(draft, codebook=codebook)
    st.rerun()


def _save(viewer: Person, draft: Draft) -> None:
    codebooks = session.stores().codebooks
    made = [draft.id]

    def keep() -> None:
        if draft.id is None:
            made[0] = codebooks.make(viewer.id, draft.school_id, draft.codebook)
        else:
            codebooks.change(viewer.id, draft.id, draft.before, draft.codebook)

    if done(keep):
        st.session_state["codebook_said"] = f"“{draft.codebook.name.strip()}” is saved."
        st.query_params.from_dict({"codebook": str(made[0])})
        _end()


def _end() -> None:
    del st.session_state[DRAFT]
    st.rerun()
