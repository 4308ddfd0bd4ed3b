"""Clips of a lesson, given by themselves: whom and which its owner chooses, and who has which."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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

CLOSED = "They can’t be given this clip as it is."


def give(viewer: Person, recording: str, whole: Collection[str], gave: Sequence[ClipsGiven]) -> None:
    """`whole` are the ids of those who have the whole lesson: they need no clips."""
    lessons = session.stores().lessons
    clips, have = _own(viewer, recording), {*whole, *(one.person.id for one in gave)}
    if not clips:
        st.html(NO_CLIPS)
        return
    takers, colleagues = lessons.clip_takers(viewer.id, recording), lessons.colleagues(viewer.id)
    anybody = frozenset[str]().union(*takers.values())
    others = {one.email: one for one in colleagues if one.id in anybody and one.id not in have}
    if not others:
        _nobody(bool(colleagues), bool(have & anybody))
        if session.stores().consents.standing(viewer.id, recording).may_be_shown(covered=True):
            st.html(_covering(clips))
        return
    email = st.selectbox(
        "Share clips with",
        list(others),
        index=None,
        placeholder="Choose a teacher or a coach",
        format_func=lambda one: called(others[one]) if one in others else one,
    )
    whom = others.get(email or "")
    chosen = _ticks(f"new-{recording}-{len(gave)}", clips, (), _may(takers, whom))
    seen = [f"{_video(clips, chosen)}, with what was said in it"] if chosen else ["Nothing: choose a clip"]
    kept = ["The rest of the lesson", "Notes and comments", "The talk ribbon and the measures"]
    st.html(sees(called(whom) if whom else "They", seen, kept))
    st.html(_covering(clips))
    if st.button("Share", type="primary", disabled=email is None or not chosen) and done(
        lambda: lessons.give_clips(viewer.id, recording, email or "", chosen)
    ):
        st.rerun(scope="fragment")


def _nobody(colleagues: bool, have: bool) -> None:
    words = "There is no other teacher or coach yet."
    if have:
        words = "Everybody at your school who could see them has them or the whole lesson."
    elif colleagues:
        words = "There is nobody at your school to whom you could give one of your clips as they are."
    st.html(f'<p class="sl-note">{words}</p>')


def _covering(clips: Sequence[Clip]) -> str:
    ways = ", ".join(f'<a href="/faces?clip={one.id}" target="_self">{escape(one.name)}</a>' for one in clips)
    return f'<p class="sl-soft">Cover faces before you share a clip: {ways}.</p>'


def who_has_them(viewer: Person, recording: str, whole: Collection[str], gave: Sequence[ClipsGiven]) -> None:
    if not gave:
        return
    clips, takers = _own(viewer, recording), session.stores().lessons.clip_takers(viewer.id, recording)
    st.html('<h3 class="sl-h3">Who has clips only</h3>')
    for one in gave:
        _given(viewer, recording, clips, one, one.person.id in whole, _may(takers, one.person))


def _own(viewer: Person, recording: str) -> list[Clip]:
    """Only these can be given: who makes a clip says where it ends."""
    return [one for one in session.stores().lessons.clips(viewer.id, recording) if one.author == viewer.id]


def _may(takers: Mapping[str, Collection[str]], person: Person | None) -> Collection[str]:
    """The clips that they can be given; all, where nobody is chosen."""
    return [clip for clip, people in takers.items() if person is None or person.id in people]


def _given(
    viewer: Person, recording: str, clips: Sequence[Clip], given: ClipsGiven, whole: bool, may: Collection[str]
) -> None:
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
        wanted = _ticks(f"{key}-{'-'.join(sorted(given.clips))}", clips, given.clips, may)
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


def _ticks(key: str, clips: Sequence[Clip], on: Collection[str], may: Collection[str]) -> set[str]:
    """Those that are on: of what `may` be given, and of what was."""
    return {one.id for one in clips if _tick(f"{key}-{one.id}", one, one.id in on, one.id in may)}


def _tick(key: str, clip: Clip, on: bool, may: bool) -> bool:
    name, closed = f"{plain(clip.name)}, {clock(clip.start)}–{clock(clip.stop)}", not (may or on)
    if closed:  # also where it was on before another person was chosen
        st.session_state[key] = False
    return st.toggle(name, on, key=key, disabled=closed, help=CLOSED if closed else None)


def _video(clips: Sequence[Clip], chosen: Collection[str]) -> str:
    """How much of the lesson's film these are: `2 min 54 s of video`."""
    spans = cover(Span(one.start, one.stop) for one in clips if one.id in chosen)
    minutes, seconds = divmod(max(1, round(total(spans))), 60)
    return f"{minutes} min {seconds} s of video" if minutes else f"{seconds} s of video"
