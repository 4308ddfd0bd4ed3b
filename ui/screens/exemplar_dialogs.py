"""Publishing a clip in a school's library of exemplars, and linking one to a goal."""

from __future__ import annotations

from html import escape

import streamlit as st

from coaching.clips import LONGEST_TITLE
from coaching.exemplars import LONGEST_TO_SEE, MOST_LOOK_FORS, Choice, Exemplar, NewExemplar, Place
from coaching.people import Person
from coaching.spans import clock
from ui import session
from ui.screens.frame import done
from ui.screens.shared import sees

NO_CLIPS = (
    '<p class="sl-note">You have no clip that could be published. Make one on the page of a lesson: press I where it '
    "begins and O where it ends.</p>"
)
KEPT = ("The rest of the lesson", "Notes, comments and measures", "The names that you gave voices")


@st.dialog("Publish a clip", width="large")
def publish(viewer: Person, again: Exemplar | None = None) -> None:
    store = session.stores().exemplars
    place = _place(store.places(viewer.id), again)
    choices = {one.clip: one for one in store.choices(viewer.id, place.school)}
    if not choices:
        st.html(NO_CLIPS)
        return
    ids = list(choices)
    clip = st.selectbox(
        "Which clip",
        ids,
        index=ids.index(again.clip) if again and again.clip in choices else None,
        placeholder="Choose one of your clips",
        format_func=lambda id: _called(choices[id]) if id in choices else id,
    )
    if clip is None:
        return
    chosen = choices[clip]
    if chosen.why_not:
        way = f' <a class="sl-lk" href="{_faces(chosen)}">Cover faces</a>' if chosen.bare else ""
        way = way or ' <a class="sl-lk" href="/classes">Your classes</a>'
        st.html(f'<p class="sl-note" role="status">{escape(chosen.why_not)}{way}</p>')
        return
    with st.form(f"publish-{clip}", border=False):
        name = st.text_input("What it is called here", again.name if again else chosen.name, max_chars=LONGEST_TITLE)
        to_see = st.text_area(
            "What to look for in it",
            again.to_see if again else "",
            max_chars=LONGEST_TO_SEE,
            placeholder="Count how long I wait after the question, and who answers then.",
        )
        known = [*dict.fromkeys([*place.look_fors, *(again.look_fors if again else ())])]
        looks = st.multiselect(
            "Look-fors",
            known,
            again.look_fors if again else (),
            max_selections=MOST_LOOK_FORS,
            placeholder="Up to three, if you like",
        )
        picture = "faces covered" if chosen.covered else "faces as they were taken"
        seen = [
            f"{clock(chosen.span.duration)} of video, {picture}",
            "What was said in it, and every voice",
            "Your name",
        ]
        st.html(sees(f"Teachers and coaches at {place.called}", seen, KEPT))
        if st.form_submit_button("Publish", type="primary") and done(
            lambda: store.publish(viewer.id, NewExemplar(chosen.clip, place.school, name, to_see, tuple(looks)))
        ):
            st.rerun()


def _place(places: list[Place], again: Exemplar | None) -> Place:
    by_id = {one.school: one for one in places}
    if again and again.school in by_id:
        return by_id[again.school]
    if len(places) == 1:
        return places[0]
    chosen = st.selectbox("School", list(by_id), format_func=lambda id: by_id[id].called)
    return by_id[chosen]


def _called(one: Choice) -> str:
    return f"{one.name} · {one.lesson} · {clock(one.span.start)}–{clock(one.span.end)}"


def _faces(one: Choice) -> str:
    return f"/faces?clip={one.clip}"


@st.dialog("Link to a goal")
def tie(viewer: Person, one: Exemplar) -> None:
    stores = session.stores()
    cycles = {each.id: each for each in stores.cycles.cycles(viewer.id) if each.closed is None}
    if not cycles:
        st.html('<p class="sl-note">You have no open coaching cycle. Begin one, then link this to its goal.</p>')
        return
    chosen = st.selectbox("Which goal", list(cycles), format_func=lambda id: cycles[id].goal or cycles[id].name)
    st.html('<p class="sl-soft">It stands beside the goal, for you and whom you work with in this cycle.</p>')
    if st.button("Link it", type="primary") and done(lambda: stores.exemplars.tie(viewer.id, one.id, chosen, True)):
        st.toast("It stands beside the goal now.")
        st.rerun()
