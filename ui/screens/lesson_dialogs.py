"""What an owner does with a lesson, each in a dialog of its own: its name, its labels, who can see it, deleting it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape

import streamlit as st

from coaching.access import NotThere
from coaching.library import LONGEST_NAME, MOST_TAGS, Receipt, size
from coaching.people import Person
from coaching.recordings import LONGEST_TAG
from coaching.services.lessons import delete
from ui import session
from ui.screens import film, present, sharing
from ui.screens.frame import done

GONE = (
    "the recording and every copy of it",
    "transcript, measures and corrections",
    "notes and comments, yours and those of others",
    "with whom it was shared",
)


def begin(doing: str, recording: str) -> None:
    """Open a dialog: by the whole page, which leaves it alone when the library is shown anew."""
    st.session_state["doing"] = doing, recording
    st.rerun()


def show(viewer: Person) -> None:
    """The dialog that is open, if there is one, and the way to what was deleted."""
    if session.stores().lessons.receipts(viewer.id) and st.button("Deleted lessons", key="sl-deleted", type="tertiary"):
        st.session_state["doing"] = "receipts", ""
    opened(viewer)


def opened(viewer: Person) -> None:
    """The dialog that is open, if there is one."""
    doing, recording = st.session_state.get("doing", ("", ""))
    if doing == "receipts":
        receipts = session.stores().lessons.receipts(viewer.id)
        st.dialog("Deleted lessons", on_dismiss=_end)(_receipts)(receipts)
    elif doing:
        title, dialog = OFFERED[doing]
        st.dialog(title, on_dismiss=_end)(_about)(dialog, recording)


def _end() -> None:
    st.session_state.pop("doing", None)


def _close() -> None:
    _end()
    st.rerun()


def _about(dialog: Callable[[Person, str], None], recording: str) -> None:
    """A dialog about a lesson that may be gone meanwhile, in another window."""
    try:
        dialog(session.viewer(), recording)
    except NotThere:
        st.html('<p class="sl-soft">This lesson is not there any more.</p>')


def _rename(viewer: Person, recording: str) -> None:
    lessons = session.stores().lessons
    with st.form("rename", border=False):
        name = st.text_input("Name", lessons.listed(viewer.id, recording).name, max_chars=LONGEST_NAME)
        if st.form_submit_button("Save", type="primary") and done(lambda: lessons.rename(viewer.id, recording, name)):
            _close()


def _label(viewer: Person, recording: str) -> None:
    lessons = session.stores().lessons
    lesson, labels = lessons.listed(viewer.id, recording), lessons.labels(viewer.id)
    with st.form("label", border=False):
        classes = [called for _, called in labels.classes]
        called = st.selectbox(
            "Class",
            classes,
            index=classes.index(lesson.class_name) if lesson.class_name in classes else None,
            placeholder="Choose one, or write a new one",
            accept_new_options=True,
        )
        taught = st.date_input("Taught on", lesson.taught, format="DD.MM.YYYY")
        tags = st.multiselect(
            "Tags",
            sorted({*labels.tags, *lesson.tags}, key=str.casefold),
            list(lesson.tags),
            accept_new_options=True,
            max_selections=MOST_TAGS,
            placeholder="Choose or write words to find it by",
            help=f"Words to find it by, of up to {LONGEST_TAG} characters.",
        )
        said = called, taught, tuple(tags)
        if st.form_submit_button("Save", type="primary") and done(
            lambda: lessons.describe(viewer.id, recording, *said)
        ):
            _close()


def _delete(viewer: Person, recording: str) -> None:
    lessons = session.stores().lessons
    receipt = st.session_state.get("receipt")
    if receipt and receipt[0] == recording:
        st.html(f'<p role="status"><b>Deleted.</b> {_removed(receipt[1])}</p>{_save(receipt[1])}')
        if st.button("Close", key="sl-close"):
            _close()
        return
    lesson = lessons.listed(viewer.id, recording)
    gone = "".join(f"<li>{one}</li>" for one in GONE)
    st.html(
        f'<p>“<b>{escape(lesson.name)}</b>” is removed from this server for good:</p><ul class="sl-list">{gone}</ul>'
        '<p class="sl-soft">This cannot be undone. You keep a receipt.</p>'
    )
    with st.container(horizontal=True):
        if st.button("Delete this lesson", key="sl-delete"):
            data = session.settings().data_dir
            st.session_state["receipt"] = recording, delete(lessons, data, viewer.id, recording)
            st.rerun()
        if st.button("Keep it", key="sl-keep"):
            _close()


def _receipts(receipts: list[Receipt]) -> None:
    rows = "".join(
        f"<li><div><b>{escape(one.name)}</b><br>{one.deleted:%-d %b %Y}. {_removed(one)}</div>{_save(one)}</li>"
        for one in receipts
    )
    st.html(f'<ul class="sl-receipts">{rows}</ul>')


def _removed(receipt: Receipt) -> str:
    return f"{receipt.files} {'file' if receipt.files == 1 else 'files'}, {size(receipt.bytes)}, removed."


def _save(receipt: Receipt) -> str:
    label = escape(f"Save the receipt for {receipt.name}")
    return f'<a class="sl-lk" href="/receipts/{receipt.id}" download aria-label="{label}">Save the receipt</a>'


OFFERED: Mapping[str, tuple[str, Callable[[Person, str], None]]] = {
    "Rename": ("Rename this lesson", _rename),
    "Class, day and tags": ("Class, day and tags", _label),
    "Share…": ("Who can see this lesson", sharing.show),
    sharing.ABSENT: ("Who was not there", present.show),
    "Its film…": ("How long its film is kept", film.show),
    "Delete…": ("Delete this lesson?", _delete),
}
"""What a card's menu offers: its words, the dialog's title, and the dialog."""
