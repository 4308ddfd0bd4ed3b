"""Which opted-out students of its class were not in a lesson: a dialog of its owner's."""

from __future__ import annotations

import streamlit as st

from coaching.people import Person
from ui import session
from ui.screens.frame import done, plain

ASKS = (
    '<p class="sl-soft">Take the tick away from whoever was absent, or is never in the picture and never heard. When '
    "none of them is in the lesson, it is as if nobody were opted out.</p>"
)
NOBODY = (
    "<p>No student of this lesson’s class is opted out on its day.</p>"
    '<p><a class="sl-lk" href="/classes">My classes</a></p>'
)


def show(viewer: Person, recording: str) -> None:
    store = session.stores().consents
    students = store.present(viewer.id, recording)
    if not students:
        st.html(NOBODY)
        return
    with st.form("present", border=False):
        st.html(ASKS)
        there = {
            one.id: st.checkbox(
                f"{_label(one.called)} was there", recording not in one.absent_from, key=f"there-{recording}-{one.id}"
            )
            for one in students
        }
        absent = [id for id, was in there.items() if not was]
        if st.form_submit_button("Save", type="primary") and done(
            lambda: store.set_absent(viewer.id, recording, absent)
        ):
            st.session_state.pop("doing", None)
            st.rerun()


def _label(called: str) -> str:
    """Dots as they are: what is read aloud of a checkbox is no Markdown."""
    return plain(called).replace("\\.", ".")
