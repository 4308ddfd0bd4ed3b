"""Clips of a lesson, given by themselves: whom and which its owner chooses, and who has which."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape

import streamlit as st

from coaching.clips import Clip
from coaching.given_clips import ClipsGiven
from coaching.people import Person
from coaching.spans import Span, clock, cover, total
from ui import session
from ui.screens.frame import done, plain
from ui.screens.shared import called, sees, sleeps

NO_CLIPS = (
    '<p class="sl-note">You have made no clip of this lesson yet. Make one on its page: press I where it begins and O '
    "where it ends.</p>"
)
WHOLE_TOO = (
    '<p class="sl-soft">They have the whole lesson too. When you stop sharing that, these clips stay with them until '
    "you take them back.</p>"
)


def give(viewer: Person, recording: str, whole: Collection[str], gave: Sequence[ClipsGiven]) -> None:
    """`whole` are the ids of those who have the whole lesson: they need no clips."""
    lessons = session.stores().lessons
    clips, have = _own(viewer, recording), {*whole, *(one.person.id for one in gave)}
    others = {one.email: one for one in lessons.colleagues(viewer.id) if one.id not in have}
    if not clips:
        st.html(NO_CLIPS)
        return
    if not others:
        nobody = "Everybody at your school who could see them has them or the whole lesson."
        st.html(f'<p class="sl-note">{nobody if have else "There is no other teacher or coach yet."}</p>')
        return
    email = st.selectbox(
        "Share clips with",
        list(others),
        index=None,
        placeholder="Choose a teacher or a coach",
        format_func=lambda one: called(others[one]) if one in others else one,
    )
    chosen = _ticks(f"new-{recording}-{len(gave)}", clips, ())
    seen = [f"{_video(clips, chosen)}, with what was said in it"] if chosen else ["Nothing: choose a clip"]
    kept = ["The rest of the lesson", "Notes and comments", "The talk ribbon and the measures"]
    st.html(sees(called(others[email]) if email in others else "They", seen, kept))
    ways = ", ".join(f'<a href="/faces?clip={one.id}" target="_self">{escape(one.name)}</a>' for one in clips)
    st.html(f'<p class="sl-soft">Cover faces before you share a clip: {ways}.</p>')
    if st.button("Share", type="primary", disabled=email is None or not chosen) and done(
        lambda: lessons.give_clips(viewer.id, recording, email or "", chosen)
    ):
        st.rerun(scope="fragment")


def who_has_them(viewer: Person, recording: str, whole: Collection[str], gave: Sequence[ClipsGiven]) -> None:
    if not gave:
        return
    clips = _own(viewer, recording)
    st.html('<h3 class="sl-h3">Who has clips only</h3>')
    for one in gave:
        _given(viewer, recording, clips, one, one.person.id in whole)


def _own(viewer: Person, recording: str) -> list[Clip]:
    """Only these can be given: who makes a clip says where it ends."""
    return [one for one in session.stores().lessons.clips(viewer.id, recording) if one.author == viewer.id]


def _given(viewer: Person, recording: str, clips: Sequence[Clip], given: ClipsGiven, whole: bool) -> None:
    """Somebody to whom clips were given: which, and the ways to change that and to take them back."""
    lessons, person = session.stores().lessons, given.person
    key = f"clips-{recording}-{person.id}"
    with st.container(border=True, key=f"sl-given-{key}"):
        many = f"{len(given.clips)} clip{'' if len(given.clips) == 1 else 's'}"
        st.html(f'<b>{escape(called(person))}</b><p class="sl-soft">{many}, {_video(clips, given.clips)}.</p>')
        if not given.good:
            st.html(sleeps(given.kept_close))
        elif whole:
            st.html(WHOLE_TOO)
        # Under another key once it is another, so that what is shown is what was given.
        wanted = _ticks(f"{key}-{'-'.join(sorted(given.clips))}", clips, given.clips)
        more, less = wanted - given.clips, given.clips - wanted
        name = plain(called(person))
        with st.container(horizontal=True):
            nothing = not (more or less)
            changes = st.button("Save", key=f"save-{key}", disabled=nothing, help=f"Which clips {name} has")
            stops = st.button("Take the clips back", key=f"stop-{key}")

    def change() -> None:
        # What is taken back first: somebody who works here no more can be given nothing, and it must still be possible.
        if less:
            lessons.take_back_clips(viewer.id, recording, person.id, less)
        if more:
            lessons.give_clips(viewer.id, recording, person.email, more)

    if stops:
        lessons.take_back_clips(viewer.id, recording, person.id)
    if stops or (changes and done(change)):
        st.rerun(scope="fragment")


def _ticks(key: str, clips: Sequence[Clip], on: Collection[str]) -> set[str]:
    return {
        one.id
        for one in clips
        if st.toggle(f"{plain(one.name)}, {clock(one.start)}–{clock(one.stop)}", one.id in on, key=f"{key}-{one.id}")
    }


def _video(clips: Sequence[Clip], chosen: Collection[str]) -> str:
    """How much of the lesson's film these are: `2 min 54 s of video`."""
    spans = cover(Span(one.start, one.stop) for one in clips if one.id in chosen)
    minutes, seconds = divmod(max(1, round(total(spans))), 60)
    return f"{minutes} min {seconds} s of video" if minutes else f"{seconds} s of video"
